// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/subject.h"

#include <string.h>

static const char *check_number(const struct zt_view *view, const struct zt_subject *subject,
                                unsigned *subject_kind)
{
    if (strcmp(subject->id_type, ZT_ID_TYPE_THING) == 0) {
        *subject_kind = ZT_THING;
        return strnlen(subject->number, ZT_RECORD_KEY_MAX) < ZT_RECORD_KEY_MAX ? NULL : "id.length";
    }
    enum zt_id_kind kind;
    if (zt_id_kind_parse(subject->id_type, &kind) != ZT_OK || subject->id_type[0] < '0' ||
        subject->id_type[0] > '9' || kind == ZT_ID_LICENCE)
        return "subject.id-type";
    *subject_kind = kind == ZT_ID_USCC ? ZT_ORGANISATION : ZT_PERSON;
    struct zt_fault fault;
    if (zt_id_check(kind, subject->number, view->today, &fault) == ZT_OK)
        return NULL;
    const char *rule = zt_arena_strdup(view->arena, fault.rule);
    return rule ? rule : "id.malformed";
}

const char *zt_subject_take(const struct zt_view *view, struct zt_case *c)
{
    const struct zt_subject *subject = &c->request->subject;
    unsigned kind = 0, wanted = c->decision.record ? c->decision.record->subject_kind : 0;
    if (c->decision.cert)
        wanted = c->decision.cert->subject_kind;
    if (!subject->id_type || !subject->id_type[0] || !subject->number || !subject->number[0])
        return "subject.missing";
    const char *rule = check_number(view, subject, &kind);
    if (rule)
        return rule;
    if (wanted && !(kind & wanted))
        return "subject.kind";
    if (zt_pseudonym(view->store, subject->id_type, subject->number, c->subject) != ZT_OK)
        return "trouble.crypto";
    c->subject_known = true;
    return NULL;
}

const struct zt_subject *zt_subject_of(const struct zt_subject *asked, const struct zt_record *record)
{
    for (size_t i = 0; i < record->subject_count; i++) {
        const struct zt_subject *one = &record->subjects[i];
        if (strcmp(one->number, asked->number) == 0 && strcmp(one->id_type, asked->id_type) == 0)
            return one;
    }
    return NULL;
}

bool zt_subject_misnamed(const struct zt_subject *asked, const struct zt_record *record)
{
    if (!asked->name || !asked->name[0])
        return false;
    const struct zt_subject *one = zt_subject_of(asked, record);
    return one && one->name && one->name[0] && strcmp(one->name, asked->name) != 0;
}
