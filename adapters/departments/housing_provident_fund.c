// SPDX-License-Identifier: Apache-2.0
// 公积金: units (dwjc), personal accounts (grzh) and withdrawals (tqjl), JSON lines in the names of JGJ/T
// 320.
#include <string.h>

#include "adapters/departments/tables.h"

static const struct zt_map_field unit_fields[] = {
    {.field = "usc_code", .column = "tyshxydm"},
    {.field = "org_name", .column = "dwmc"},
    {.field = "unit_acct", .column = "dwzh", .as = ZT_AS_NARROW},
    {.field = "status", .column = "dwzhzt"},
    {.field = "start_month", .column = "kjyf", .as = ZT_AS_MONTH},
    {.field = "paid_to", .column = "jznn", .as = ZT_AS_MONTH},
    {.field = "ratio_unit", .column = "dwjcbl"},
    {.field = "ratio_person", .column = "grjcbl"},
    {.field = "headcount", .column = "jcrs"},
    {.field = "monthly_amount", .column = "yjce"},
    {.field = "arrears_months", .column = "qjys"},
    {.field = "handler", .column = "jbr"},
};
static const struct zt_map_field account_fields[] = {
    {.field = "id_type", .column = "zjlx"},
    {.field = "id_no", .column = "zjhm"},
    {.field = "name", .column = "xm"},
    {.field = "personal_acct", .column = "grzh", .as = ZT_AS_NARROW},
    {.field = "unit_acct", .column = "dwzh", .as = ZT_AS_NARROW},
    {.field = "status", .column = "grzhzt"},
    {.field = "open_date", .column = "khrq"},
    {.field = "base", .column = "jcjs"},
    {.field = "ratio", .column = "jcbl"},
    {.field = "unit_month", .column = "dwjcje"},
    {.field = "person_month", .column = "grjcje"},
    {.field = "balance", .column = "grzhye"},
    {.field = "frozen_amount", .column = "djje"},
    {.field = "paid_to", .column = "jzny", .as = ZT_AS_MONTH},
    {.field = "cont_months", .column = "lxzcjcys"},
    {.field = "phone", .column = "sjhm", .as = ZT_AS_NARROW},
    {.field = "bank_acct", .column = "grckzhhm", .as = ZT_AS_NARROW},
};
static const struct zt_map_field withdrawal_fields[] = {
    {.field = "id_type", .column = "zjlx"},
    {.field = "id_no", .column = "zjhm"},
    {.field = "name", .column = "xm"},
    {.field = "withdrawal_no", .column = "tqbh", .as = ZT_AS_NARROW},
    {.field = "reason", .column = "tqyy"},
    {.field = "amount", .column = "tqje"},
    {.field = "available", .column = "ktqe"},
    {.field = "loan_no", .column = "jkhtbh", .as = ZT_AS_NARROW},
    {.field = "house_key", .column = "fwbh"},
    {.field = "window_from", .column = "tqqq"},
    {.field = "window_to", .column = "tqqz"},
    {.field = "applied_on", .column = "sqrq"},
    {.field = "paid_on", .column = "zfrq"},
    {.field = "payee_acct", .column = "skzh", .as = ZT_AS_NARROW},
    {.field = "spouse_id_no", .column = "pozjhm"},
    {.field = "state", .column = "zt"},
};

// Money that cannot be: the rule that pays out rests on these two.
static void check_account(struct zt_build *b)
{
    const struct zt_field *balance = zt_build_get(b, "balance"), *frozen = zt_build_get(b, "frozen_amount");
    if (balance && balance->number < 0)
        zt_build_refuse(b, "account.balance", "grzhye", "is negative");
    if (balance && frozen && (frozen->number < 0 || frozen->number > balance->number))
        zt_build_refuse(b, "account.frozen", "djje", "is negative, or more than the balance");
}

static void check_withdrawal(struct zt_build *b)
{
    const struct zt_field *amount = zt_build_get(b, "amount");
    if (amount && amount->number <= 0)
        zt_build_refuse(b, "withdrawal.amount", "tqje", "is not positive");
}

static const struct zt_mapping mappings[] = {
    {.record_type = "hf.unit_account",
     .changed = "gxsj",
     .fields = unit_fields,
     .field_count = ZT_COUNT(unit_fields)},
    {.record_type = "hf.personal_account",
     .changed = "gxsj",
     .fields = account_fields,
     .field_count = ZT_COUNT(account_fields),
     .extra = check_account},
    {.record_type = "hf.withdrawal",
     .changed = "gxsj",
     .fields = withdrawal_fields,
     .field_count = ZT_COUNT(withdrawal_fields),
     .extra = check_withdrawal},
};
static const struct zt_dataset datasets[] = {
    {"unit", "单位缴存登记", "units"},
    {"account", "个人缴存账户", "personal accounts"},
    {"withdrawal", "提取记录", "withdrawals"},
};

ZT_TABLE_PLUGIN("housing_provident_fund", "住房公积金", "housing provident fund", datasets, mappings)
