// SPDX-License-Identifier: Apache-2.0
// 税务: taxpayers (nsrdj), payments (jsjl) and individual income tax (grsds), CSV files with Chinese
// headings.
#include <string.h>

#include "adapters/departments/tables.h"

static const struct zt_code_map taxpayer_states[] = {
    {"正常", "01"}, {"停业", "02"}, {"非正常", "03"}, {"注销", "04"}, {"清算", "05"}};
static const struct zt_code_map vat_types[] = {{"一般纳税人", "1"}, {"小规模纳税人", "2"}};

static const struct zt_map_field taxpayer_fields[] = {
    {.field = "usc_code", .column = "统一社会信用代码"},
    {.field = "org_name", .column = "纳税人名称"},
    {.field = "taxpayer_no", .column = "纳税人识别号", .as = ZT_AS_NARROW},
    {.field = "reg_no", .column = "登记序号", .as = ZT_AS_NARROW},
    {.field = "state",
     .column = "纳税人状态",
     .codes = taxpayer_states,
     .code_count = ZT_COUNT(taxpayer_states)},
    {.field = "vat_type",
     .column = "增值税纳税人类型",
     .codes = vat_types,
     .code_count = ZT_COUNT(vat_types)},
    {.field = "legal_rep", .column = "法定代表人"},
    {.field = "industry", .column = "行业代码"},
    {.field = "authority", .column = "主管税务机关", .as = ZT_AS_NARROW},
    {.field = "registered_on", .column = "登记日期"},
    {.field = "cancelled_on", .column = "注销日期"},
};
static const struct zt_map_field payment_fields[] = {
    {.field = "id_type", .constant = "001"},
    {.field = "id_no", .column = "纳税人识别号"},
    {.field = "name", .column = "纳税人名称"},
    {.field = "voucher_no", .column = "电子税票号", .as = ZT_AS_NARROW},
    {.field = "tax_type", .column = "征收项目"},
    {.field = "tax_item", .column = "征收品目", .as = ZT_AS_NARROW},
    {.field = "period_from", .column = "税款所属期起"},
    {.field = "period_to", .column = "税款所属期止"},
    {.field = "taxable", .column = "计税依据"},
    {.field = "amount", .column = "实缴金额"},
    {.field = "paid_on", .column = "缴款日期"},
    {.field = "treasury", .column = "国库"},
    {.field = "refund_flag", .column = "退税标志"},
};
static const struct zt_map_field income_fields[] = {
    {.field = "id_type", .column = "证件类型"},
    {.field = "id_no", .column = "证件号码"},
    {.field = "name", .column = "姓名"},
    {.field = "withholder_usc", .column = "扣缴义务人"},
    {.field = "period", .column = "税款所属期", .as = ZT_AS_MONTH},
    {.field = "income_item", .column = "所得项目"},
    {.field = "income", .column = "收入额"},
    {.field = "taxable", .column = "应纳税所得额"},
    {.field = "paid", .column = "已缴税额"},
    {.field = "paid_on", .column = "缴款日期"},
};

static void check_taxpayer(struct zt_build *b)
{
    const struct zt_field *state = zt_build_get(b, "state"), *cancelled = zt_build_get(b, "cancelled_on");
    if (state && (strcmp(state->text, "04") == 0) != (cancelled != NULL))
        zt_build_refuse(b, "taxpayer.cancelled", "注销日期",
                        "must be there when, and only when, the state is 注销");
    if (state && strcmp(state->text, "04") == 0)
        b->record.state = ZT_STATE_CANCELLED;
}

static void check_payment(struct zt_build *b)
{
    const struct zt_field *from = zt_build_get(b, "period_from"), *to = zt_build_get(b, "period_to");
    if (from && to && strcmp(from->text, to->text) > 0)
        zt_build_refuse(b, "payment.period", "税款所属期止", "is before the period's beginning");
}

static const struct zt_mapping mappings[] = {
    {.record_type = "tx.taxpayer_registration",
     .key = "登记序号",
     .changed = "更新时间",
     .fields = taxpayer_fields,
     .field_count = ZT_COUNT(taxpayer_fields),
     .extra = check_taxpayer},
    {.record_type = "tx.tax_payment",
     .key = "电子税票号",
     .changed = "更新时间",
     .fields = payment_fields,
     .field_count = ZT_COUNT(payment_fields),
     .extra = check_payment},
    {.record_type = "tx.individual_income_tax",
     .key = "申报流水号",
     .changed = "更新时间",
     .fields = income_fields,
     .field_count = ZT_COUNT(income_fields)},
};
static const struct zt_dataset datasets[] = {
    {"taxpayer", "纳税人登记", "taxpayers"},
    {"payment", "缴税记录", "tax payments"},
    {"income", "个人所得税", "individual income tax"},
};

ZT_TABLE_PLUGIN("tax", "税务", "tax", datasets, mappings)
