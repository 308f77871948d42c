// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "base/id/id.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    char licence[ZT_LICENCE_MAX];
    struct zt_fault fault;
    int64_t version;
    if (zt_arg_number(args, "version", 1, 999, 1, &version) != ZT_OK)
        return ZT_EXIT_USAGE;
    if (zt_licence_make(zt_arg(args, "type-code"), zt_arg(args, "issuer"), zt_arg(args, "serial"),
                        (unsigned)version, licence, &fault) != ZT_OK) {
        zt_fail(cli, &fault);
        return ZT_EXIT_USAGE; // what was given does not make an identifier
    }
    if (cli->json)
        zt_json_put(json_pack("{ss}", "identifier", licence));
    else
        printf("%s\n", licence);
    return ZT_EXIT_YES;
}

static const struct zt_option options[] = {
    {"type-code", "T", "type code: 18 characters of the body that defines it, 3 digits", true},
    {"issuer", "I", "unified social credit code of the issuer", true},
    {"serial", "S", "serial number, 0-9 A-Z", true},
    {"version", "V", "version of the licence, 1 to 999 (default 1)", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_id_make = {
    .name = "id make",
    .operands = "",
    .zh = "生成电子证照标识 (GB/T 36904)",
    .en = "make a licence identifier of GB/T 36904",
    .options = {options},
    .run = run,
};
