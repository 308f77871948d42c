// SPDX-License-Identifier: Apache-2.0
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

#include "base/net/net.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"
#include "consumers/zt/print.h"

// A key that is in use is never written over: whoever wants another one moves the old one away.
static enum zt_err check_free(const char *stem, struct zt_fault *fault)
{
    static const char *const suffixes[] = {".key", ".pub"};
    char path[PATH_MAX];
    for (size_t i = 0; i < 2; i++) {
        if (snprintf(path, sizeof path, "%s%s", stem, suffixes[i]) >= (int)sizeof path)
            return zt_fault_set(fault, ZT_E_LIMIT, "key.path", stem, "the file name is too long");
        if (access(path, F_OK) == 0)
            return zt_fault_set(fault, ZT_E_STATE, "key.exists", path,
                                "there is a key already; move it away first");
    }
    return ZT_OK;
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_curve_keys keys = {.public_text = ""};
    struct zt_fault fault;
    enum zt_err rc = check_free(args->words[0], &fault);
    if (rc == ZT_OK && (rc = zt_curve_keys_new(&keys)) != ZT_OK)
        zt_fault_set(&fault, rc, "key.make", "", "the cryptographic library made no key");
    if (rc == ZT_OK)
        rc = zt_curve_keys_save(&keys, args->words[0], &fault);
    if (rc == ZT_OK && cli->json)
        zt_json_put(json_pack("{ss ss}", "name", args->words[0], "public", keys.public_text));
    else if (rc == ZT_OK)
        zt_put_row("公钥 public key", keys.public_text);
    zt_curve_keys_wipe(&keys);
    return rc == ZT_OK ? ZT_EXIT_YES : zt_fail(cli, &fault);
}

const struct zt_command zt_command_key_curve = {
    .name = "key curve",
    .operands = "NAME",
    .least = 1,
    .most = 1,
    .zh = "生成 CURVE 密钥对",
    .en = "make a CURVE key pair: NAME.key (mode 0400) and NAME.pub",
    .run = run,
};
