// SPDX-License-Identifier: Apache-2.0
// 公安: residents (人口基本信息), table t_rk_jbxx.
#include <string.h>

#include "adapters/departments/tables.h"

static const struct zt_map_field resident_fields[] = {
    {.field = "id_type", .column = "zjlx"},
    {.field = "id_no", .column = "zjhm"},
    {.field = "name", .column = "xm"},
    {.field = "former_name", .column = "cym"},
    {.field = "gender", .column = "xb"},
    {.field = "birth_date", .column = "csrq"},
    {.field = "ethnicity", .column = "mz"},
    {.field = "nationality", .column = "gj"},
    {.field = "birth_place", .column = "csd"},
    {.field = "marital_declared", .column = "byzk"},
    {.field = "education", .column = "whcd"},
    {.field = "card_valid_from", .column = "yxqs"},
    {.field = "card_valid_to", .column = "yxqz", .blank = "长期"},
    {.field = "issuing_authority", .column = "qfjg"},
    {.field = "death_mark", .column = "swbz"},
    {.field = "address", .column = "hjdz"},
};

// GB 11643: a citizen number says birthday and sex; a register that says otherwise has mixed up two people.
static void check_resident(struct zt_build *b)
{
    const struct zt_field *type = zt_build_get(b, "id_type"), *number = zt_build_get(b, "id_no");
    const struct zt_field *birth = zt_build_get(b, "birth_date"), *gender = zt_build_get(b, "gender");
    if (!type || !number || strcmp(type->text, "111") != 0 ||
        zt_id_check(ZT_ID_CITIZEN, number->text, b->emit->today, NULL) != ZT_OK)
        return; // another document, or a number that the catalogue refuses with its own rule
    char day[ZT_DATE_LEN + 1];
    zt_citizen_birth_date(number->text, day);
    if (birth && strcmp(birth->text, day) != 0)
        zt_build_refuse(b, "resident.birth-date", "csrq", "is not the birthday that the citizen number says");
    bool known = gender && (gender->text[0] == '1' || gender->text[0] == '2');
    if (known && zt_citizen_is_female(number->text) != (gender->text[0] == '2'))
        zt_build_refuse(b, "resident.sex", "xb", "is not the sex that the citizen number says");
}

static const struct zt_mapping mappings[] = {
    {.record_type = "ps.resident_identity",
     .key = "rybh",
     .changed = "gxsj",
     .fields = resident_fields,
     .field_count = ZT_COUNT(resident_fields),
     .extra = check_resident},
};
static const struct zt_dataset datasets[] = {
    {"resident", "人口基本信息", "residents"},
};

ZT_TABLE_PLUGIN("public_security", "公安", "public security", datasets, mappings)
