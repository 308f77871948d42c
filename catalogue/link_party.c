// SPDX-License-Identifier: Apache-2.0
// Parties: who may connect, in which role, with which keys.
#include <string.h>

#include "catalogue/build.h"

static const char *const role_words[] = {"producer", "consumer", "auditor",
                                         "operator", "identity", "gateway"};

// Who watches must not be who is watched, and who vouches for a consent must not be who profits from it.
static const struct {
    unsigned one, other;
} exclusions[] = {
    {ZT_ROLE_AUDITOR, ~(unsigned)ZT_ROLE_AUDITOR},
    {ZT_ROLE_OPERATOR, ~(unsigned)ZT_ROLE_OPERATOR},
    {ZT_ROLE_IDENTITY, ZT_ROLE_CONSUMER | ZT_ROLE_GATEWAY},
};

static void link_roles(struct zt_build *b, const struct zt_place *party_at, const struct zt_raw_party *raw,
                       struct zt_party *party)
{
    struct zt_place list = zt_place_in(party_at, "roles");
    if (!raw->role_count)
        zt_report(b, &list, "catalogue.empty", "a party has at least one role");
    for (unsigned i = 0; i < raw->role_count; i++) {
        struct zt_place at = zt_place_in(party_at, "roles[%u]", i);
        int role = zt_check_word(b, &at, "catalogue.role", raw->roles[i], role_words,
                                 sizeof role_words / sizeof *role_words);
        if (role >= 0)
            party->roles |= 1U << role;
    }
    for (size_t i = 0; i < sizeof exclusions / sizeof *exclusions; i++)
        if ((party->roles & exclusions[i].one) && (party->roles & exclusions[i].other)) {
            zt_report(
                b, &list, "catalogue.roles-exclude",
                "auditor, operator and the roles that are watched exclude each other, so do identity and "
                "consumer; make two parties");
            return;
        }
}

static void link_party(struct zt_build *b, const struct zt_place *at, const struct zt_raw_party *raw,
                       struct zt_party *party)
{
    party->id = zt_keep(b, raw->id);
    party->name_zh = zt_keep(b, raw->name_zh);
    party->name_en = zt_keep(b, raw->name_en);
    party->uscc = zt_keep(b, raw->uscc);
    party->revoked = raw->revoked;
    bool named = zt_enter(b, at, "id", &b->c->party_by_id, party->id, party);
    zt_check_text(b, at, "name_zh", raw->name_zh);
    zt_check_text(b, at, "name_en", raw->name_en);
    struct zt_place key = zt_place_in(at, "uscc");
    if (zt_check_text(b, at, "uscc", raw->uscc))
        zt_check_uscc(b, &key, raw->uscc);
    key = zt_place_in(at, "department");
    if (zt_text_is(raw->department)) {
        party->department = zt_catalogue_department(b->c, raw->department);
        if (!party->department)
            zt_report_unknown(b, &key, ZT_FILE_DEPARTMENTS, "department", raw->department,
                              &b->c->department_by_id);
    }
    link_roles(b, at, raw, party);
    if (named)
        zt_link_party_keys(b, at, raw, party);
}

void zt_link_parties(struct zt_build *b)
{
    size_t total = 0, keys = 0;
    const struct zt_raw_file *file;
    for (file = zt_build_next(b, ZT_FILE_PARTIES, NULL); file;
         file = zt_build_next(b, ZT_FILE_PARTIES, file)) {
        const struct zt_raw_parties *raw = file->data;
        total += raw->count;
        for (unsigned i = 0; i < raw->count; i++)
            keys += raw->list[i].signing_key_count;
    }
    b->c->parties = zt_room(b, total, sizeof *b->c->parties);
    zt_room_index(b, &b->c->party_by_id, total);
    zt_room_index(b, &b->c->party_by_curve, total);
    zt_room_index(b, &b->c->party_by_signing_key, keys);
    if (b->err != ZT_OK)
        return;
    for (file = zt_build_next(b, ZT_FILE_PARTIES, NULL); file;
         file = zt_build_next(b, ZT_FILE_PARTIES, file)) {
        const struct zt_raw_parties *raw = file->data;
        for (unsigned i = 0; i < raw->count && b->err == ZT_OK; i++) {
            struct zt_place at = zt_place_of(file, "parties[%u]", i);
            link_party(b, &at, &raw->list[i], &b->c->parties[b->c->party_count++]);
        }
    }
    zt_link_sources(b);
}
