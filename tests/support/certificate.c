// SPDX-License-Identifier: Apache-2.0
#include "tests/support/certificate.h"

#include <stdio.h>
#include <stdlib.h>

struct zt_statement zt_sample_statement(void)
{
    static struct zt_statement_claim claims[] = {
        {"state", "婚姻状况", "20", false},
        {"spouse_name", "配偶姓名", "李测试", true},
        {"registered_on", "登记日期", "2019-05-20", true},
    };
    static struct zt_statement_source sources[] = {
        {"ca.marriage_registration", "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0", 3,
         ZT_SAMPLE_NOW - 60000, "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"},
    };
    return (struct zt_statement){
        .id = ZT_SAMPLE_ID,
        .type = "ca_marriage",
        .title_zh = "婚姻登记信息证明",
        .title_en = "Proof of marriage registration",
        .issuer = "civil_affairs",
        .issuer_zh = "测试民政局",
        .issuer_uscc = ZT_PKI_USCC,
        .holder_id_type = "111",
        .holder_number = "370703198512319996",
        .holder_name = "王测试",
        .issued_at = ZT_SAMPLE_NOW,
        .valid_from = "2026-11-22",
        .valid_to = "2026-12-21",
        .item = "hpf.withdraw.commercial-loan",
        .item_zh = "商业贷款提取公积金",
        .purpose = "P-HPF-01",
        .case_no = "HPF20261122000001",
        .restriction_zh = "仅限用于所载事项",
        .objection_zh = "如有异议，请联系签发机构",
        .claims = claims,
        .claim_count = 3,
        .sources = sources,
        .source_count = 1,
        .ledger_index = 4711,
    };
}

static void must(enum zt_err rc, const struct zt_fault *fault)
{
    if (rc == ZT_OK)
        return;
    fprintf(stderr, "certificate: %s %s %s %s\n", zt_err_name(rc), fault->rule, fault->place, fault->text);
    abort();
}

void zt_sample_certificate(const struct zt_statement *statement, const struct zt_pki *pki,
                           struct zt_buf *compact)
{
    struct zt_buf input, disclosures;
    struct zt_fault fault = {.code = ZT_OK};
    uint8_t sig[ZT_SIG_LEN];
    struct zt_bytes chain[] = {pki->chain[0], pki->chain[1]};
    struct zt_signing_key key = {"civil_affairs-test", zt_key_alg(pki->leaf), chain, 2};
    zt_buf_init(&input, ZT_STATEMENT_MAX);
    zt_buf_init(&disclosures, ZT_STATEMENT_MAX);
    zt_buf_init(compact, ZT_STATEMENT_MAX);
    must(zt_statement_prepare(statement, &key, &input, &disclosures, &fault), &fault);
    must(zt_sign(pki->leaf, zt_buf_bytes(&input), sig), &fault);
    must(zt_statement_finish(zt_buf_bytes(&input), sig, zt_buf_bytes(&disclosures), compact), &fault);
    zt_buf_fini(&input);
    zt_buf_fini(&disclosures);
}
