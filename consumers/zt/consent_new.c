// SPDX-License-Identifier: Apache-2.0
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "certs/consent.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"
#include "consumers/zt/subject.h"
#include "consumers/zt/text_file.h"

#define MINUTES_MAX (7 * 24 * 60) // a consent is for a matter at hand

static bool copy_name(const char *from, size_t len, char to[static ZT_CONSENT_TEXT])
{
    if (len == 0 || len >= ZT_CONSENT_TEXT)
        return false;
    memcpy(to, from, len);
    to[len] = 0;
    return true;
}

static bool copy_scope(const char *list, struct zt_consent *consent)
{
    for (;;) {
        size_t len = strcspn(list, ",");
        if (consent->scope_count == ZT_CONSENT_SCOPE_MAX ||
            !copy_name(list, len, consent->scope[consent->scope_count]))
            return false;
        consent->scope_count++;
        if (!list[len])
            return true;
        list += len + 1;
    }
}

static enum zt_err fill_subject(const char *text, struct zt_consent *consent)
{
    struct zt_arena arena;
    struct zt_subject subject;
    zt_arena_init(&arena, 1024);
    enum zt_err rc = zt_subject_parse(text, &arena, &subject);
    if (rc == ZT_OK)
        rc = zt_consent_subject(subject.id_type, subject.number, consent->subject);
    zt_arena_fini(&arena);
    return rc;
}

static const char *fill(const struct zt_args *args, struct zt_consent *consent)
{
    static const struct {
        const char *option;
        size_t offset;
    } names[] = {{"kid", offsetof(struct zt_consent, key_id)},
                 {"issuer", offsetof(struct zt_consent, issuer)},
                 {"consumer", offsetof(struct zt_consent, consumer)},
                 {"purpose", offsetof(struct zt_consent, purpose)}};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = zt_arg(args, names[i].option);
        if (!copy_name(value, strlen(value), (char *)consent + names[i].offset))
            return names[i].option;
    }
    if (fill_subject(zt_arg(args, "subject"), consent) != ZT_OK)
        return "subject";
    return copy_scope(zt_arg(args, "scope"), consent) ? NULL : "scope";
}

static enum zt_err make(const struct zt_args *args, struct zt_consent *consent, struct zt_buf *token,
                        struct zt_fault *fault)
{
    struct zt_key *key = NULL;
    enum zt_err rc = zt_key_load_private(zt_arg(args, "key"), &key, fault);
    if (rc == ZT_OK) {
        consent->alg = zt_key_alg(key);
        rc = zt_consent_sign(key, consent, token, fault);
    }
    zt_key_destroy(&key);
    return rc;
}

static void tell(const struct zt_cli *cli, const struct zt_args *args, const struct zt_consent *consent,
                 struct zt_buf *token)
{
    const char *out = zt_arg(args, "out");
    if (cli->json)
        zt_json_put(json_pack("{ss ss? so so ss}", "token", zt_buf_text(token), "out", out, "issued_at",
                              zt_json_time(consent->issued_at), "expires_at",
                              zt_json_time(consent->expires_at), "alg", zt_sig_alg_name(consent->alg)));
    else if (!out)
        printf("%s\n", zt_buf_text(token));
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    struct zt_consent consent = {.scope_count = 0};
    struct zt_fault fault;
    struct zt_buf token;
    int64_t minutes;
    const char *out = zt_arg(args, "out"), *wrong = fill(args, &consent);
    if (wrong)
        return zt_usage(args, "--%s does not have the form that is needed", wrong);
    if (zt_arg_number(args, "minutes", 1, MINUTES_MAX, 30, &minutes) != ZT_OK)
        return ZT_EXIT_USAGE;
    consent.issued_at = zt_now_ms();
    consent.expires_at = consent.issued_at + minutes * 60000;
    zt_buf_init(&token, ZT_CONSENT_MAX);
    enum zt_err rc = make(args, &consent, &token, &fault);
    if (rc == ZT_OK && out)
        rc = zt_text_write(out, zt_buf_text(&token), &fault);
    if (rc == ZT_OK)
        tell(cli, args, &consent, &token);
    zt_buf_fini(&token);
    return rc == ZT_OK ? ZT_EXIT_YES : zt_fail(cli, &fault);
}

static const struct zt_option options[] = {
    {"key", "PEM", "private key of the identity provider (ES256 or SM2)", true},
    {"kid", "ID", "its key id", true},
    {"issuer", "PARTY", "party id of the identity provider", true},
    {"subject", "KIND:NUMBER", "who consents, e.g. 111:<number>", true},
    {"consumer", "PARTY", "who may ask", true},
    {"purpose", "CODE", "what for", true},
    {"scope", "TYPE[,TYPE]", "record or certificate types", true},
    {"minutes", "N", "how long it holds (default 30, at most 10080)", false},
    {"out", "FILE", "where it goes (otherwise standard output)", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_consent_new = {
    .name = "consent new",
    .operands = "",
    .zh = "以身份认证平台的密钥签发授权凭证",
    .en = "sign a consent token as an identity provider would",
    .options = {options},
    .run = run,
};
