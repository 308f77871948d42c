// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "consumers/zt/cli.h"
#include "consumers/zt/json.h"

enum zt_exit zt_fail(const struct zt_cli *cli, const struct zt_fault *fault)
{
    if (cli->json)
        zt_json_put(json_pack("{s{ss ss ss ss}}", "error", "code", zt_err_name(fault->code), "rule",
                              fault->rule, "place", fault->place, "text", fault->text));
    else
        fprintf(stderr, "zt: %s%s%s (%s)\n", fault->place, fault->place[0] ? ": " : "", fault->text,
                fault->rule);
    return ZT_EXIT_TROUBLE;
}
