// SPDX-License-Identifier: Apache-2.0
#include <string.h>

#include "base/log.h"
#include "broker/counter/texts.h"
#include "broker/desk/internal.h"

// The desk's own rules; all others are told in the words of the counter.
static const struct zt_rule_text texts[] = {
    {"desk.role", ZT_STATUS_DENIED,
     "本单位的身份不能进行此项操作:审计机关可检索和取证,运维单位可查看状态和重载目录。",
     "Your role may not do this: auditors search and prove, operators see status and reload."},
    {"desk.reason", ZT_STATUS_INVALID, "未填写查阅理由(审计项目编号或工单号)。",
     "The reason is missing: the file number of the audit or of the work order."},
    {"desk.busy", ZT_STATUS_TROUBLE, "等待处理的请求过多,请稍后重试。",
     "Too many questions are waiting. Ask again in a moment."},
    {"desk.reloading", ZT_STATUS_TROUBLE, "目录正在重载,请等待其完成后再试。",
     "The catalogue is being reloaded. Wait until that is done."},
    {"desk.limit", ZT_STATUS_INVALID, "每页条数应为1至200。", "A page has 1 to 200 entries."},
    {"desk.", ZT_STATUS_INVALID, "请求内容不符合接口规范,请检查程序版本。",
     "The question does not follow the interface. Have the software's version checked."},
    {"filter.", ZT_STATUS_INVALID, "检索条件不符合接口规范,请检查。",
     "A search condition does not follow the interface. Check it."},
    {"ledger.unsealed", ZT_STATUS_UNKNOWN, "该条目尚未纳入已签名的检查点,请一秒后再试。",
     "The entry is not covered by a signed checkpoint yet. Ask again in a second."},
    {"ledger.absent", ZT_STATUS_NONE, "台账中没有该序号的条目。", "The ledger has no entry of that number."},
    {"ledger.damage", ZT_STATUS_TROUBLE, "台账读取或校验失败,请立即通知运维人员。",
     "The ledger cannot be read or fails its check. Tell the operators at once."},
    {"reload.", ZT_STATUS_INVALID, "新目录有误,未启用,原目录继续有效;详情见英文说明。", ""},
};

static const struct zt_rule_text *find(const char *rule)
{
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i].rule);
        bool family = texts[i].rule[len - 1] == '.';
        if (family ? strncmp(rule, texts[i].rule, len) == 0 : strcmp(rule, texts[i].rule) == 0)
            return &texts[i];
    }
    return zt_rule_text(rule);
}

void zt_desk_refuse(struct zt_desk_answer *answer, const char *rule)
{
    const struct zt_rule_text *text = find(rule);
    struct zt_desk_answer bare = {
        .status = text->status, .rule = rule, .text_zh = text->zh, .text_en = text->en};
    memcpy(bare.id, answer->id, sizeof bare.id);
    *answer = bare;
}

void zt_desk_trouble(struct zt_desk_answer *answer, enum zt_err code)
{
    zt_log_error("ZT-DESK-TROUBLE", "a question could not be answered: %s", zt_err_name(code));
    zt_desk_refuse(answer, code == ZT_E_CORRUPT || code == ZT_E_IO ? "ledger.damage" : "trouble.desk");
}

void zt_desk_ok(struct zt_desk_answer *answer)
{
    answer->status = ZT_STATUS_OK;
    answer->rule = answer->text_zh = answer->text_en = "";
}
