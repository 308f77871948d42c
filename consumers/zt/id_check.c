// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/id/id.h"
#include "consumers/zt/commands.h"
#include "consumers/zt/json.h"
#include "consumers/zt/print.h"

static void put_region(enum zt_id_kind kind, const char *value)
{
    struct zt_region region = zt_region_of(kind == ZT_ID_USCC ? value + 2 : value);
    if (region.province[0])
        zt_put_rowf("行政区划 region", "%s%s%s", region.province, region.city, region.county);
}

// What a valid number says by itself.
static void put_parts(enum zt_id_kind kind, const char *value)
{
    char date[ZT_DATE_LEN + 1];
    if (kind == ZT_ID_CITIZEN || kind == ZT_ID_HMT_RESIDENT) {
        zt_citizen_birth_date(value, date);
        zt_put_row("出生日期 born", date);
        zt_put_row("性别 sex", zt_citizen_is_female(value) ? "女 female" : "男 male");
    }
    if (kind == ZT_ID_CITIZEN || kind == ZT_ID_USCC)
        put_region(kind, value);
}

static void put_people(enum zt_id_kind kind, const char *value, const struct zt_fault *fault, bool valid,
                       bool show)
{
    char shown[ZT_LICENCE_MAX];
    zt_put_row("证件号码 number", zt_shown_number(value, show, shown, sizeof shown));
    zt_put_rowf("证件种类 kind", "%s %s%s%s", zt_id_kind_name_zh(kind), zt_id_kind_name(kind),
                *zt_id_kind_code(kind) ? ", GB/T 36903: " : "", zt_id_kind_code(kind));
    zt_put_row("结果 result", valid ? "有效 valid" : "无效 invalid");
    if (valid) {
        put_parts(kind, value);
        return;
    }
    zt_put_row("未通过的规则 rule", fault->rule);
    zt_put_rowf("位置 position", "%s", fault->place);
    zt_put_row("说明 what is wrong", fault->text);
}

static enum zt_exit run(const struct zt_cli *cli, const struct zt_args *args)
{
    const char *value = args->words[0], *kind_name = zt_arg(args, "kind");
    enum zt_id_kind kind = zt_id_guess(value);
    struct zt_fault fault = {.rule = ""};
    char today[ZT_DATE_LEN + 1];
    if (kind_name && zt_id_kind_parse(kind_name, &kind) != ZT_OK)
        return zt_usage(
            args,
            "no kind \"%s\": citizen, hmt-resident, foreign-permanent, uscc, passport, home-return, "
            "taiwan-permit, licence, or a GB/T 36903 code",
            kind_name);
    zt_date_of_ms(zt_now_ms(), today);
    bool valid = zt_id_check(kind, value, today, &fault) == ZT_OK;
    if (cli->json)
        zt_json_put(json_pack("{ss ss ss sb ss ss ss}", "kind", zt_id_kind_name(kind), "kind_zh",
                              zt_id_kind_name_zh(kind), "code", zt_id_kind_code(kind), "valid", valid, "rule",
                              fault.rule, "position", valid ? "" : fault.place, "text",
                              valid ? "" : fault.text));
    else
        put_people(kind, value, &fault, valid, zt_arg_flag(args, "show-numbers"));
    return valid ? ZT_EXIT_YES : ZT_EXIT_NO;
}

static const struct zt_option options[] = {
    {"kind", "KIND", "what it is (otherwise guessed from its form)", false},
    {"show-numbers", NULL, "do not mask the number", false},
    {NULL, NULL, NULL, false},
};

const struct zt_command zt_command_id_check = {
    .name = "id check",
    .operands = "VALUE",
    .least = 1,
    .most = 1,
    .zh = "校验证件号码或证照标识",
    .en = "check an identifier and name the rule that it breaks",
    .options = {options},
    .run = run,
};
