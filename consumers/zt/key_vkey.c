// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>

#include "certs/note.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    const char *name = zt_arg(args, "name"), *public_path = zt_arg(args, "pub"),
               *private_path = zt_arg(args, "key");
    if (!public_path == !private_path)
        return zt_usage(args, "one of --pub FILE and --key FILE is needed");
    struct zt_key *key = NULL;
    struct zt_fault fault;
    struct zt_buf vkey;
    zt_buf_init(&vkey, 512);
    enum zt_err rc = public_path ? zt_key_load_public(public_path, &key, &fault)
                                 : zt_key_load_private(private_path, &key, &fault);
    if (rc == ZT_OK && zt_key_alg(key) != ZT_ED25519)
        rc = zt_fault_set(&fault, ZT_E_INPUT, "key.kind", public_path ? public_path : private_path,
                          "a ledger key is an Ed25519 key");
    if (rc == ZT_OK && (rc = zt_note_vkey(key, name, &vkey)) != ZT_OK)
        zt_fault_set(&fault, rc, "note.name", name, "the name has blanks or '+', is empty or too long");
    if (rc == ZT_OK && cli->json)
        zt_json_put(json_pack("{ss}", "vkey", zt_buf_text(&vkey)));
    else if (rc == ZT_OK)
        printf("%s\n", zt_buf_text(&vkey));
    zt_buf_fini(&vkey);
    zt_key_destroy(&key);
    return rc == ZT_OK ? ZT_EXIT_YES : zt_fail(cli, &fault);
}

static const struct zt_option options[] = {
    {"name", "NAME", "origin of the ledger, e.g. zhitong.example/ledger/weifang", true},
    {"pub", "FILE", "Ed25519 public key, PEM", false},
    {"key", "FILE", "Ed25519 private key, PEM", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_key_vkey = {
    .name = "key vkey",
    .operands = "",
    .zh = "输出账本验证公钥 (C2SP vkey)",
    .en = "print the verifier key of a ledger in the text form of C2SP",
    .options = {options},
    .run = run,
};
