// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "broker/desk/internal.h"

#define SKEW_MS ((int64_t)5 * 60 * 1000)

static bool is_empty(const char *text)
{
    return !text || !text[strspn(text, " \t\r\n")];
}

static const char *check_who(struct zt_desk *desk, struct zt_question *question)
{
    question->party = zt_catalogue_party(desk->catalogue, question->user);
    if (!question->party)
        return "party.unknown";
    return question->party->revoked ? "party.revoked" : NULL;
}

static const char *check_request(const struct zt_desk *desk, const struct zt_question *question)
{
    const struct zt_desk_request *request = question->request;
    const struct zt_desk_act_info *info = zt_desk_act_info(request->act);
    int64_t skew = desk->options->skew_ms > 0 ? desk->options->skew_ms : SKEW_MS;
    if (!info || !(question->party->roles & info->roles))
        return "desk.role";
    if (request->time < desk->now - skew || request->time > desk->now + skew)
        return "request.time";
    if (is_empty(request->officer))
        return "request.officer";
    return is_empty(request->reason) ? "desk.reason" : NULL;
}

const char *zt_question_admit(struct zt_desk *desk, struct zt_question *question)
{
    const char *rule = check_who(desk, question);
    if (rule)
        return rule;
    // What did not parse is told its own rule, but only to somebody who may ask here at all.
    if (!(question->party->roles & (ZT_ROLE_AUDITOR | ZT_ROLE_OPERATOR)))
        return "desk.role";
    if (!question->request)
        return question->rule;
    rule = check_request(desk, question);
    if (rule)
        return rule;
    return desk->waiting_count >= ZT_DESK_WAITING ? "desk.busy" : NULL;
}
