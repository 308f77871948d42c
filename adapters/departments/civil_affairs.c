// SPDX-License-Identifier: Apache-2.0
// 民政: marriages and divorces (婚姻登记), table t_hy_djxx. One row is one act: a wedding (IA), a divorce
// (IB), a certificate issued again (ICA, ICB). Whether two people are married follows from the last act.
#include <string.h>

#include "adapters/departments/tables.h"

static const struct zt_map_field marriage_fields[] = {
    {.field = "cert_no", .column = "jlhzzh"},         {.field = "op_type", .column = "ywlx"},
    {.field = "man_id_no", .column = "nanfsfzjhm"},   {.field = "man_name", .column = "nanfxm"},
    {.field = "man_birth", .column = "nanfcsrq"},     {.field = "man_nation", .column = "nanfgj"},
    {.field = "woman_id_no", .column = "nvfsfzjhm"},  {.field = "woman_name", .column = "nvfxm"},
    {.field = "woman_birth", .column = "nvfcsrq"},    {.field = "woman_nation", .column = "nvfgj"},
    {.field = "reg_date", .column = "djrq"},          {.field = "reg_office", .column = "djjg"},
    {.field = "status_before", .column = "hyzk"},     {.field = "divorce_case_no", .column = "lhpjah"},
    {.field = "divorce_effective", .column = "jarq"},
};

static void check_marriage(struct zt_build *b)
{
    const struct zt_field *man = zt_build_get(b, "man_id_no"), *woman = zt_build_get(b, "woman_id_no");
    if (man && woman && strcmp(man->text, woman->text) == 0)
        zt_build_refuse(b, "marriage.same-person", "nvfsfzjhm", "is the man's number too");
    const struct zt_field *act = zt_build_get(b, "op_type"),
                          *effective = zt_build_get(b, "divorce_effective");
    const struct zt_field *registered = zt_build_get(b, "reg_date");
    if (effective && act && strcmp(act->text, "IB") != 0)
        zt_build_refuse(b, "marriage.divorce-date", "jarq", "stands in an act that is no divorce");
    if (registered && strcmp(registered->text, b->emit->today) > 0)
        zt_build_refuse(b, "marriage.future", "djrq", "lies in the future");
}

static const struct zt_mapping mappings[] = {
    {.record_type = "ca.marriage_registration",
     .key = "djxh",
     .changed = "gxsj",
     .region = "djjgxzqh",
     .fields = marriage_fields,
     .field_count = ZT_COUNT(marriage_fields),
     .extra = check_marriage},
};
static const struct zt_dataset datasets[] = {
    {"marriage", "婚姻登记", "marriages and divorces"},
};

ZT_TABLE_PLUGIN("civil_affairs", "民政", "civil affairs", datasets, mappings)
