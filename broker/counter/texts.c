// SPDX-License-Identifier: Apache-2.0
#include "broker/counter/texts.h"

#include <string.h>

// In the order in which the rules are tried. INVALID: the question must be mended. DENIED: a right is
// missing. UNKNOWN: nobody can say now. NONE: known, and there is nothing. TROUBLE: our side.
static const struct zt_rule_text texts[] = {
    // who
    {"party.unknown", ZT_STATUS_DENIED, "本系统未登记接入单位,请联系数据共享管理员办理登记。",
     "Your system is not registered here. Ask the data-sharing administrator to register it."},
    {"party.revoked", ZT_STATUS_DENIED, "本系统的接入资格已停用,请联系数据共享管理员。",
     "Your system's registration has been withdrawn. Contact the data-sharing administrator."},
    {"party.role", ZT_STATUS_DENIED, "本系统没有查询身份,不能在此窗口查询;请使用为查询登记的系统。",
     "Your system is not registered to look things up. Use the system that is registered for it."},
    // the question
    {"wire.", ZT_STATUS_INVALID, "报文格式不符合接口规范,请系统维护人员检查程序版本。",
     "The message does not follow the interface. Have the software's version checked."},
    {"lookup.", ZT_STATUS_INVALID, "请求内容缺失或超过长度限制,请对照接口规范检查。",
     "A part of the question is missing or too long. Check it against the interface."},
    {"claim.", ZT_STATUS_INVALID, "待核对内容缺少字段名,或内容过长。",
     "A value to compare has no field name or is too long."},
    {"request.time", ZT_STATUS_INVALID, "请求时间与本系统相差超过允许范围,请校准本机时钟后重试。",
     "The time of the question is too far off. Set the clock of your computer and ask again."},
    {"request.repeat", ZT_STATUS_INVALID, "该请求编号刚刚已使用过,请用新的请求编号重新查询。",
     "This request number was used a moment ago. Ask again under a new request number."},
    {"request.mode", ZT_STATUS_INVALID, "查询方式无效,应为核验、查询、开具或办件核对。",
     "The mode is not one of verify, fetch, issue, resolve."},
    {"request.item", ZT_STATUS_INVALID, "未填写办理事项,或事项编码过长。",
     "The service item is missing or its code is too long."},
    {"request.purpose", ZT_STATUS_INVALID, "未填写使用目的,或目的编码过长。",
     "The purpose is missing or its code is too long."},
    {"request.case", ZT_STATUS_INVALID, "未填写办件编号,或编号过长(最多64字节)。",
     "The case number is missing or longer than 64 bytes."},
    {"request.officer", ZT_STATUS_INVALID, "未填写经办人,或经办人编号过长(最多64字节)。",
     "The officer is missing or longer than 64 bytes."},
    {"request.type", ZT_STATUS_INVALID, "未填写数据类型或证明类型,或编码过长。",
     "The record type or certificate type is missing or too long."},
    {"request.claims", ZT_STATUS_INVALID, "核验须填写1至64项待核对内容,其他方式不得填写。",
     "Verify needs 1 to 64 values to compare; the other modes take none."},
    {"request.fields", ZT_STATUS_INVALID, "查询字段最多64项,请逐项列明;其他方式不填写字段。",
     "Name at most 64 fields when fetching; the other modes take none."},
    {"request.alg", ZT_STATUS_INVALID, "签名算法无效,应为 ES256 或 SM2。",
     "The signature algorithm must be ES256 or SM2."},
    // what for, what
    {"item.unknown", ZT_STATUS_INVALID, "没有该办理事项,请核对事项编码。",
     "There is no such service item. Check its code."},
    {"purpose.unknown", ZT_STATUS_INVALID, "没有该使用目的,请核对目的编码。",
     "There is no such purpose. Check its code."},
    {"purpose.item", ZT_STATUS_INVALID, "该事项不包含此使用目的,请选择该事项规定的目的。",
     "This purpose does not belong to the item. Choose one that the item names."},
    {"type.unknown", ZT_STATUS_INVALID, "没有该数据类型或证明类型,请核对编码。",
     "There is no such record type or certificate type. Check its id."},
    {"field.unknown", ZT_STATUS_INVALID, "该数据类型没有所填字段,请核对字段名。",
     "The record type has no field of that name. Check the names."},
    // right
    {"grant.none", ZT_STATUS_DENIED, "本单位未获准为该事项使用此项数据或证明;如确需使用,请申请授权。",
     "Your organisation has no grant for this item and type. Apply for one if it is needed."},
    {"grant.expired", ZT_STATUS_DENIED, "授权尚未生效或已过期,请申请续期。",
     "The grant is not in force yet or has ended. Apply for its renewal."},
    {"grant.mode", ZT_STATUS_DENIED, "授权不包含此种方式(核验、查询、开具、办件核对),请改用已授权的方式。",
     "The grant does not cover this mode. Use a mode that it names."},
    {"grant.purpose", ZT_STATUS_DENIED, "授权不包含此使用目的。", "The grant does not cover this purpose."},
    {"grant.officer", ZT_STATUS_DENIED, "该经办人不在授权名单内,请由获授权人员办理。",
     "This officer is not covered by the grant. Let a covered officer ask."},
    {"grant.field", ZT_STATUS_DENIED, "所填字段中有未获授权的字段,请去掉后重试或申请授权。",
     "At least one of the fields is not granted. Leave it out or apply for it."},
    // consent
    {"consent.needed", ZT_STATUS_DENIED, "须先取得当事人本人授权,请引导当事人刷脸或扫码授权后再查询。",
     "The person's consent is needed first. Have it given by face or code, then ask again."},
    {"consent.", ZT_STATUS_DENIED, "当事人授权凭证无效、已过期或与本次查询不符,请重新取得授权。",
     "The consent does not hold, has ended, or is for something else. Have it given again."},
    // whom
    {"subject.missing", ZT_STATUS_INVALID, "未填写查询对象的证件类型或号码。",
     "The subject's document type or number is missing."},
    {"subject.id-type", ZT_STATUS_INVALID, "证件类型代码无效,请按 GB/T 36903 填写。",
     "The document type is not a code of GB/T 36903."},
    {"subject.kind", ZT_STATUS_INVALID, "查询对象与数据类型不符(自然人、单位或物),请核对。",
     "The subject is not of the kind that the type is about (person, organisation, thing)."},
    {"subject.name", ZT_STATUS_INVALID, "姓名与证件号码不一致,请核对当事人证件。",
     "The name does not belong to this number. Check the person's document."},
    {"subject.", ZT_STATUS_INVALID, "查询对象的证件类型、号码或姓名过长。",
     "The subject's document type, number or name is too long."},
    {"gb11643.", ZT_STATUS_INVALID, "公民身份号码填写有误,请逐位核对。",
     "The citizen identity number is not valid. Check it digit by digit."},
    {"gb32100.", ZT_STATUS_INVALID, "统一社会信用代码填写有误,请逐位核对。",
     "The unified social credit code is not valid. Check it character by character."},
    {"gbt36904.", ZT_STATUS_INVALID, "电子证照标识填写有误,请核对。",
     "The licence identifier is not valid. Check it."},
    {"foreign.", ZT_STATUS_INVALID, "外国人永久居留身份证号码填写有误,请核对。",
     "The foreign permanent resident number is not valid. Check it."},
    {"passport.", ZT_STATUS_INVALID, "护照号码填写有误,请核对。",
     "The passport number is not valid. Check it."},
    {"home-return.", ZT_STATUS_INVALID, "港澳居民来往内地通行证号码填写有误,请核对。",
     "The home-return permit number is not valid. Check it."},
    {"taiwan-permit.", ZT_STATUS_INVALID, "台湾居民来往大陆通行证号码填写有误,请核对。",
     "The Taiwan permit number is not valid. Check it."},
    {"id.", ZT_STATUS_INVALID, "证件号码填写有误,请核对。", "The document number is not valid. Check it."},
    {"value.", ZT_STATUS_INVALID, "待核对内容的格式不符合该字段要求,请核对填写。",
     "A value to compare does not have the form that its field asks for. Check it."},
    // what is known
    {"record.none", ZT_STATUS_NONE, "数据来源完整且为最新,没有查到该项记录。",
     "There is no such record; the source is complete and fresh."},
    {"record.many", ZT_STATUS_INVALID, "查到多条记录,请填写记录编号(如合同号、账号)后再查询。",
     "There are several records. Name the one you mean by its key (contract or account number)."},
    {"record.not-in-force", ZT_STATUS_NONE, "有记录但均已失效、撤销或注销,不能据此开具证明。",
     "There are records but none is in force, so no certificate can rest on them."},
    {"record.corrupt", ZT_STATUS_TROUBLE, "记录校验未通过,已停止提供并报告管理员,请稍后再试。",
     "A stored record fails its check; it is not served and the operator is told. Try later."},
    {"source.none", ZT_STATUS_UNKNOWN, "目前没有部门提供此类数据,无法判断有无,请按规定由当事人提交材料。",
     "No department provides this yet, so nobody can say. Take the person's own papers."},
    {"fresh.unknown", ZT_STATUS_UNKNOWN, "数据来源从未报送,无法判断有无,请稍后再试或人工核实。",
     "The source has never reported, so nobody can say. Try later or ask the department."},
    {"fresh.stale", ZT_STATUS_UNKNOWN, "数据来源超过时限未更新,结果不可靠,请稍后再试或人工核实。",
     "The source has been silent for too long to rely on it. Try later or ask the department."},
    {"fresh.incomplete", ZT_STATUS_UNKNOWN, "未查到记录,但数据来源尚未确认完整,不能视为没有,请人工核实。",
     "Nothing was found, but the source has not shown to be complete. It does not mean no."},
    {"fresh.served-stale", ZT_STATUS_UNKNOWN, "请注意:数据来源超过时限未更新,结果以所示时间为准。",
     "Mind the age: the source has been silent beyond its limit; this was so at the time shown."},
    {"answer.size", ZT_STATUS_INVALID, "结果过大,请减少字段或填写记录编号后重试。",
     "The answer is too large. Ask for fewer fields, or name one record by its key."},
    // certificates
    {"issue.exists", ZT_STATUS_NONE, "查到相应记录,不能开具“无”此项记录的证明。",
     "There is such a record, so a certificate of none cannot be issued."},
    {"issue.size", ZT_STATUS_TROUBLE, "证明内容过多,无法开具,请联系管理员。",
     "The certificate would be too large. Tell the administrator."},
    {"issue.busy", ZT_STATUS_TROUBLE, "正在开具的证明过多,请稍后重试。",
     "Too many certificates are being made. Ask again in a moment."},
    {"issue.identifier", ZT_STATUS_TROUBLE, "无法生成电子证照标识,请联系管理员核对证明目录。",
     "The licence identifier cannot be made. Have the catalogue checked."},
    {"signer.timeout", ZT_STATUS_TROUBLE, "签章服务没有按时应答,证明未开具,请稍后重试。",
     "The signing service did not answer in time; no certificate was made. Ask again."},
    {"signer.", ZT_STATUS_TROUBLE, "签章服务不能签发该部门的证明,请联系管理员。",
     "The signing service cannot sign for that department. Tell the administrator."},
    // our side
    {"ledger.entry", ZT_STATUS_TROUBLE, "本次查询无法完整记入台账,未提供任何数据,请联系管理员。",
     "The ledger entry cannot be written in full, so nothing was given. Tell the administrator."},
    {"trouble.", ZT_STATUS_TROUBLE, "系统内部故障,未提供任何数据,请稍后重试。",
     "Something failed on our side; nothing was given. Ask again later."},
};
static const struct zt_rule_text general = {"", ZT_STATUS_TROUBLE, "查询未能完成,请联系管理员。",
                                            "The question could not be answered. Tell the administrator."};

const struct zt_rule_text zt_rule_text_bug = {
    "trouble.bug", ZT_STATUS_TROUBLE, "系统内部故障,未提供任何数据,请稍后重试。",
    "Something failed on our side; nothing was given. Ask again later."};

const struct zt_rule_text *zt_rule_text(const char *rule)
{
    const struct zt_rule_text *family = &general;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        size_t len = strlen(texts[i].rule);
        if (strcmp(texts[i].rule, rule) == 0)
            return &texts[i];
        if (texts[i].rule[len - 1] == '.' && strncmp(texts[i].rule, rule, len) == 0)
            family = &texts[i];
    }
    return family;
}

const struct zt_rule_text *zt_rule_texts(size_t *count)
{
    *count = sizeof texts / sizeof *texts;
    return texts;
}
