// SPDX-License-Identifier: Apache-2.0
#include "catalogue/words.h"

#include "base/text.h"

#define HOUR 3600U
#define DAY  (24U * HOUR)

const char *zt_share_words(char share)
{
    return share == 'U'   ? "无条件共享 unconditional"
           : share == 'C' ? "有条件共享 conditional"
                          : "不予共享 not shared";
}

const char *zt_refresh_words(unsigned refresh)
{
    static const char *const words[] = {"",
                                        "实时 at once",
                                        "每日 daily",
                                        "每周 weekly",
                                        "每月 monthly",
                                        "每季度 quarterly",
                                        "每半年 half-yearly",
                                        "每年 yearly"};
    return refresh < sizeof words / sizeof *words ? words[refresh] : "";
}

const char *zt_subject_words(enum zt_subject_kind kind)
{
    static const char *const words[] = {[ZT_PERSON] = "个人 person",
                                        [ZT_ORGANISATION] = "单位 organisation",
                                        [ZT_EITHER] = "个人或单位 person or organisation",
                                        [ZT_THING] = "物 thing"};
    return (size_t)kind < sizeof words / sizeof *words && words[kind] ? words[kind] : "";
}

const char *zt_need_words(enum zt_cert_need need)
{
    static const char *const words[] = {[ZT_NEED_SOME] = "须有 must exist",
                                        [ZT_NEED_MAYBE] = "如有则载 shown when it exists",
                                        [ZT_NEED_NONE] = "须无 must not exist"};
    return (size_t)need < sizeof words / sizeof *words && words[need] ? words[need] : "";
}

void zt_put_age(uint32_t seconds, struct zt_buf *out)
{
    if (seconds % DAY == 0)
        zt_buf_printf(out, "%u 天 days", seconds / DAY);
    else if (seconds % HOUR == 0)
        zt_buf_printf(out, "%u 小时 hours", seconds / HOUR);
    else
        zt_buf_printf(out, "%u 秒 seconds", seconds);
}

void zt_put_kind(const struct zt_field_type *field, struct zt_buf *out)
{
    zt_buf_put_str(out, zt_kind_name(field->kind));
    if (field->table)
        zt_buf_printf(out, " %s", field->table->id);
    else if (field->kind == ZT_KIND_DECIMAL)
        zt_buf_printf(out, " %u.%u", field->max_len, field->scale);
    else if (field->kind == ZT_KIND_ID && field->id_kind != ZT_ID_UNKNOWN)
        zt_buf_printf(out, " %s", zt_id_kind_name(field->id_kind));
    else if (field->max_len)
        zt_buf_printf(out, " %u", field->max_len);
    if (field->many)
        zt_buf_put_str(out, " []");
}

void zt_put_modes(unsigned modes, struct zt_buf *out)
{
    const char *between = "";
    for (unsigned mode = ZT_MODE_VERIFY; mode <= ZT_MODE_RESOLVE; mode++)
        if (modes & 1U << mode) {
            zt_buf_printf(out, "%s%s", between, zt_mode_name((enum zt_mode)mode));
            between = ", ";
        }
}

void zt_put_roles(unsigned roles, struct zt_buf *out)
{
    static const char *const words[] = {"数据提供 producer", "数据使用 consumer", "审计 auditor",
                                        "运维 operator",     "身份认证 identity", "网关 gateway"};
    const char *between = "";
    for (unsigned i = 0; i < sizeof words / sizeof *words; i++)
        if (roles & 1U << i) {
            zt_buf_printf(out, "%s%s", between, words[i]);
            between = ", ";
        }
}

static void put_values(const struct zt_condition *condition, struct zt_buf *out)
{
    for (size_t i = 0; i < condition->value_count; i++) {
        const struct zt_code *code = condition->field->table
                                         ? zt_code_table_find(condition->field->table, condition->values[i])
                                         : NULL;
        zt_buf_printf(out, "%s%s", i ? ", " : " ", condition->values[i]);
        if (code)
            zt_buf_printf(out, " %s", code->name_zh);
    }
}

void zt_put_condition(const struct zt_condition *condition, struct zt_buf *out)
{
    char number[32];
    zt_buf_printf(out, "%s %s %s", condition->field->name, condition->field->name_zh,
                  zt_condition_op_name(condition->op));
    put_values(condition, out);
    if (condition->op == ZT_IS_WITHIN)
        zt_buf_printf(out, " %d 月 months", condition->months);
    if (condition->op == ZT_IS_AT_MOST || condition->op == ZT_IS_AT_LEAST) {
        zt_format_decimal(condition->number, condition->field->scale, number);
        zt_buf_printf(out, " %s", number);
    }
}

void zt_put_rule(const struct zt_cert_rule *rule, struct zt_buf *out)
{
    zt_buf_put_str(out, zt_need_words(rule->need));
    if (rule->latest)
        zt_buf_printf(out, "; 以最新%s为准 newest by %s", rule->latest->name_zh, rule->latest->name);
    for (size_t i = 0; i < rule->condition_count; i++) {
        zt_buf_put_str(out, i ? ", " : "; ");
        zt_put_condition(&rule->conditions[i], out);
    }
}
