// SPDX-License-Identifier: Apache-2.0
#include "consumers/zt/question.h"

#include <string.h>

#include "certs/consent.h"
#include "consumers/zt/subject.h"
#include "consumers/zt/text_file.h"

#define TIMEOUT_MAX_MS 600000

const struct zt_option zt_question_options[] = {
    {"item", "CODE", "service item", true},
    {"purpose", "CODE", "what for", true},
    {"case", "NO", "case number", true},
    {"officer", "ID", "who asks (otherwise that of the profile)", false},
    {"subject", "KIND:NUMBER", "whom about, e.g. 111:<number> or uscc:<code>", true},
    {"name", "NAME", "the name to go with the number", false},
    {"consent", "FILE", "consent token of the person", false},
    {"timeout", "MS", "how long to wait for an answer (default 5000)", false},
    {"show-numbers", NULL, "do not mask identity numbers", false},
    {NULL, NULL, NULL, false},
};

static enum zt_exit read_consent(struct zt_session *session, const char *path, struct zt_request *request)
{
    struct zt_fault fault;
    struct zt_buf token;
    enum zt_exit status = ZT_EXIT_YES;
    request->consent = "";
    if (!path)
        return status;
    zt_buf_init(&token, ZT_CONSENT_MAX);
    enum zt_err rc = zt_text_read(path, &token, &fault);
    if (rc == ZT_OK && !(request->consent = zt_arena_strdup(&session->arena, zt_buf_text(&token))))
        rc = zt_fault_set(&fault, ZT_E_NOMEM, "zt.memory", path, "out of memory");
    if (rc != ZT_OK)
        status = zt_fail(session->cli, &fault);
    zt_buf_fini(&token);
    return status;
}

enum zt_exit zt_question_fill(struct zt_session *session, const struct zt_args *args, enum zt_mode mode,
                              struct zt_request *request, int *timeout_ms)
{
    const char *officer = zt_arg(args, "officer"), *name = zt_arg(args, "name");
    int64_t timeout;
    if (zt_arg_number(args, "timeout", 1, TIMEOUT_MAX_MS, ZT_CLIENT_TIMEOUT_MS, &timeout) != ZT_OK)
        return ZT_EXIT_USAGE;
    if (!officer)
        officer = session->profile->officer;
    if (!officer)
        return zt_usage(args, "--officer ID is needed: the profile names none");
    *request = (struct zt_request){.mode = mode,
                                   .item = zt_arg(args, "item"),
                                   .purpose = zt_arg(args, "purpose"),
                                   .case_no = zt_arg(args, "case"),
                                   .officer = officer,
                                   .type = "",
                                   .key = ""};
    if (zt_subject_parse(zt_arg(args, "subject"), &session->arena, &request->subject) != ZT_OK)
        return zt_usage(
            args, "--subject takes KIND:NUMBER, KIND a code of GB/T 36903 or citizen, uscc, passport, ...");
    if (name)
        request->subject.name = name;
    *timeout_ms = (int)timeout;
    return read_consent(session, zt_arg(args, "consent"), request);
}

enum zt_err zt_split_list(struct zt_session *session, const char *text, size_t max, const char ***list,
                          size_t *count)
{
    const char **parts = zt_arena_alloc(&session->arena, max * sizeof *parts);
    size_t used = 0;
    if (!parts)
        return ZT_E_NOMEM;
    for (;; text++) {
        size_t len = strcspn(text, ",");
        if (len == 0)
            return ZT_E_INPUT;
        if (used == max)
            return ZT_E_LIMIT;
        parts[used] = zt_arena_strndup(&session->arena, text, len);
        if (!parts[used++])
            return ZT_E_NOMEM;
        text += len;
        if (!*text)
            break;
    }
    *list = parts;
    *count = used;
    return ZT_OK;
}

enum zt_exit zt_status_exit(enum zt_status status)
{
    switch (status) {
    case ZT_STATUS_OK:
        return ZT_EXIT_YES;
    case ZT_STATUS_NONE:
    case ZT_STATUS_DENIED:
        return ZT_EXIT_NO;
    case ZT_STATUS_INVALID:
        return ZT_EXIT_USAGE;
    case ZT_STATUS_UNKNOWN:
    case ZT_STATUS_TROUBLE:
        break;
    }
    return ZT_EXIT_TROUBLE;
}
