// SPDX-License-Identifier: Apache-2.0
#include "proto/codecs.h"

#include <string.h>

#include "desk.pb-c.h"
#include "ledger.pb-c.h"
#include "lookup.pb-c.h"
#include "publish.pb-c.h"
#include "record.pb-c.h"
#include "signer.pb-c.h"

#define BYTES(text)                                                                                          \
    {                                                                                                        \
        (const uint8_t *)(text), sizeof(text) - 1                                                            \
    }
#define HASH_A    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define HASH_B    "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB"
#define HASH_C    "CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC"
#define SIGNATURE HASH_A HASH_B

static struct zt_subject subjects[] = {
    {"111", "370702199001011234", "张三"},
    {"001", "91370700MA3TEST00X", "潍坊市某公司"},
};
static struct zt_field fields[] = {
    {.tag = 1, .kind = ZT_VALUE_TEXT, .text = "已婚"},
    {.tag = 2, .kind = ZT_VALUE_NUMBER, .number = -12345678901},
    {.tag = 300, .kind = ZT_VALUE_BLOB, .blob = BYTES("\0\1\2")},
};
const struct zt_record sample_record = {
    .type = "civil_affairs.marriage",
    .key = "J370702-2015-000123",
    .subjects = subjects,
    .subject_count = 2,
    .version = 1 << 20,
    .state = ZT_STATE_CHANGED,
    .valid_from = "2015-05-20",
    .valid_to = "2099-12-31",
    .updated_at = 1763786491005,
    .deleted = false,
    .region = "370702",
    .fields = fields,
    .field_count = 3,
};
static const struct zt_record tombstone = {
    .type = "t", .key = "k", .subjects = subjects, .subject_count = 1, .deleted = true};
static const struct zt_record least_record = {.type = "t", .key = "k", .state = ZT_STATE_VALID};

static const struct zt_hello hello = {"civil_affairs.marriage", "zt-adapter 0.1.0"};
static const struct zt_hello least_hello = {.source = "s"};
static const struct zt_welcome welcome = {"tax.income", 77, BYTES("file:3"), "publish.denied",
                                          "ask the office"};
static const struct zt_welcome least_welcome = {.source = "s"};

static struct zt_bytes two_records[] = {BYTES("record one"), BYTES("record two")};
static const struct zt_batch batch = {
    .source = "tax.taxpayer",
    .seq = 12,
    .cursor = BYTES("row 1000"),
    .made_at = 1763786491005,
    .records = two_records,
    .record_count = 2,
    .key_id = "tax-2026",
    .alg = ZT_SM2,
    .signature = BYTES(SIGNATURE),
};
static const struct zt_batch least_batch = {
    .source = "s",
    .seq = 1,
    .records = two_records,
    .record_count = 1,
    .key_id = "k",
    .alg = ZT_ES256,
    .signature = BYTES(SIGNATURE),
};
static const struct zt_heartbeat heartbeat = {"pboc.loan", BYTES("c"), 1763786491005, 1763786490000, 12, 3};
static const struct zt_heartbeat least_heartbeat = {.source = "s"};
static struct zt_reject rejects[] = {{7, "gb11643.check", "the last digit does not fit"}, {999, "a", "b"}};
static const struct zt_ack ack = {"pboc.loan", 9, true, 5, 2, rejects, 2, "publish.gap", "start again"};
static const struct zt_ack least_ack = {.source = "s"};

static const char *asked_fields[] = {"marital_status", "spouse_name"};
static struct zt_claim claims[] = {{"name", "张三"}, {"amount", "12345.67"}};
const struct zt_request sample_request = {
    .id = "0123456789abcde",
    .time = 1763786491005,
    .mode = ZT_MODE_ISSUE,
    .item = "hf-withdrawal-loan",
    .purpose = "withdrawal",
    .case_no = "2026-000123",
    .officer = "wf-0815",
    .subject = {"111", "370702199001011234", "张三"},
    .type = "civil_affairs.marriage",
    .fields = asked_fields,
    .field_count = 2,
    .claims = claims,
    .claim_count = 2,
    .consent = "eyJhbGciOiJFUzI1NiJ9.e30.sig",
    .key = "J370702-2015-000123",
    .alg = ZT_ES256,
};
static const struct zt_request least_request = {.mode = ZT_MODE_FETCH};

static struct zt_found found[] = {
    {"civil_affairs.marriage",
     "k1",
     3,
     ZT_STATE_VALID,
     "2015-05-20",
     "2099-12-31",
     fields,
     3,
     {1763786491005, "civil_affairs.marriage", 86400, ZT_FRESH}},
    {.type = "t", .fields = fields, .field_count = 1},
};
static struct zt_field_verdict verdicts[] = {{"name", ZT_MATCH}, {"amount", ZT_MISMATCH}};
const struct zt_answer sample_answer = {
    .id = "0123456789abcde",
    .status = ZT_STATUS_OK,
    .rule = "policy.ok",
    .text_zh = "已查到",
    .text_en = "found",
    .found = found,
    .found_count = 2,
    .verdicts = verdicts,
    .verdict_count = 2,
    .certificate = "eyJ0.eyJ1.c2ln~WyJzIl0~",
    .certificate_id = "1.2.156.3005.2.1",
    .freshness = {1763786400000, "civil_affairs.marriage", 86400, ZT_STALE},
    .ledger_index = 4711,
    .ledger_hash = "0123456789abcdef0123456789abcde",
};
static const struct zt_answer least_answer = {.status = ZT_STATUS_INVALID};

static uint32_t asked[] = {1, 2, 300}, given[] = {1, 300};
const struct zt_entry sample_entry = {
    .kind = ZT_ENTRY_ISSUE,
    .time = 1763786491005,
    .party = "wf.housing",
    .officer = "wf-0815",
    .item = "hf-withdrawal-loan",
    .purpose = "withdrawal",
    .case_no = "2026-000123",
    .subject = BYTES("PPPPPPPPPPPPPPPP"),
    .type = "civil_affairs.marriage",
    .mode = ZT_MODE_ISSUE,
    .asked = asked,
    .given = given,
    .asked_count = 3,
    .given_count = 2,
    .status = ZT_STATUS_OK,
    .rule = "policy.ok",
    .as_of = 1763786400000,
    .fresh = ZT_FRESH,
    .request_id = BYTES("0123456789abcdef"),
    .request_hash = BYTES(HASH_A),
    .answer_hash = BYTES(HASH_B),
    .intent = 4711,
    .certificate = "1.2.156.3005.2.1",
    .note = "catalogue 9f86d081",
};
static const struct zt_entry least_entry = {.kind = ZT_ENTRY_CONFIG};

static struct zt_bytes hashes[] = {BYTES(HASH_A), BYTES(HASH_C)};
static const struct zt_append append = {5, two_records, 2};
static const struct zt_append least_append = {0, two_records, 1};
static const struct zt_appended appended = {5, 4711, hashes, 2, ZT_E_IO};
static const struct zt_appended least_appended = {0};

static const struct zt_desk_request desk_request = {
    .id = "0123456789abcde",
    .time = 1763786491005,
    .act = ZT_DESK_SEARCH,
    .officer = "audit-1",
    .reason = "file 2026-77",
    .filter =
        {
            .subject = {"111", "370702199001011234", "张三"},
            .party = "wf.housing",
            .officer = "wf-0815",
            .item = "hf-withdrawal-loan",
            .purpose = "withdrawal",
            .type = "civil_affairs.marriage",
            .case_no = "2026-000123",
            .kind = ZT_ENTRY_ANSWER,
            .status = ZT_STATUS_TROUBLE + 1,
            .from = 1763700000000,
            .to = 1763800000000,
        },
    .cursor = 1000,
    .limit = 200,
    .index = 4711,
};
static const struct zt_desk_request least_desk_request = {.act = ZT_DESK_STATUS};
static struct zt_desk_line lines[] = {{1, BYTES("entry one")}, {2, BYTES("entry two")}};
static struct zt_desk_source sources[] = {{"tax.income", 1, 2, 3, 4, 5, 6, ZT_STALE}};
static struct zt_desk_stat stats[] = {{"ledger.size", 4712}, {"store.records", 80000}};
static const struct zt_desk_answer desk_answer = {
    .id = "0123456789abcde",
    .status = ZT_STATUS_OK,
    .rule = "desk.ok",
    .text_zh = "好",
    .text_en = "fine",
    .lines = lines,
    .line_count = 2,
    .next_cursor = 3,
    .more = true,
    .checkpoint = "zhitong.test/log\n3\nAAAA\n\n— zhitong.test/log AAAA\n",
    .proof = hashes,
    .proof_count = 2,
    .leaf = BYTES("entry one"),
    .sources = sources,
    .source_count = 1,
    .stats = stats,
    .stat_count = 2,
    .ledger_index = 4712,
    .ledger_hash = "0123456789abcdef0123456789abcde",
};
static const struct zt_desk_answer least_desk_answer = {0};

static const struct zt_sign_request sign_request = {
    .ticket = 8,
    .act = ZT_SIGN_MESSAGES,
    .issuer = "civil_affairs",
    .alg = ZT_SM2,
    .messages = two_records,
    .message_count = 2,
    .origin = "zhitong.test/log",
    .old_size = 10,
    .size = 20,
    .root = "0123456789abcdef0123456789abcde",
    .proof = hashes,
    .proof_count = 2,
};
static const struct zt_sign_request least_sign_request = {.act = ZT_SIGN_CHECKPOINT};
static struct zt_bytes signatures[] = {BYTES(SIGNATURE), BYTES(HASH_C HASH_A)};
static struct zt_bytes chain[] = {BYTES("leaf der"), BYTES("intermediate der")};
static const struct zt_sign_answer sign_answer = {
    .ticket = 8,
    .code = ZT_E_ABSENT,
    .rule = "signer.no-key",
    .text = "no key of that issuer",
    .key_id = "civil-2026",
    .alg = ZT_SM2,
    .signatures = signatures,
    .signature_count = 2,
    .chain = chain,
    .chain_count = 2,
    .note = BYTES("a note\n"),
};
static const struct zt_sign_answer least_sign_answer = {0};

#define WRAP(name)                                                                                           \
    static enum zt_err name##_out(const void *value, struct zt_buf *out)                                     \
    {                                                                                                        \
        return zt_##name##_encode(value, out);                                                               \
    }                                                                                                        \
    static enum zt_err name##_in(struct zt_bytes body, struct zt_arena *arena, void *value,                  \
                                 struct zt_fault *fault)                                                     \
    {                                                                                                        \
        return zt_##name##_parse(body, arena, value, fault);                                                 \
    }
WRAP(record)
WRAP(hello)
WRAP(welcome)
WRAP(batch)
WRAP(heartbeat)
WRAP(ack)
WRAP(request)
WRAP(answer)
WRAP(entry)
WRAP(append)
WRAP(appended)
WRAP(desk_request)
WRAP(desk_answer)
WRAP(sign_request)
WRAP(sign_answer)

#define CODEC(title, name, wire, full_value, least_value)                                                    \
    {                                                                                                        \
        title, wire, sizeof(struct zt_##name), &zt__v1__##name##_pb__descriptor, name##_out, name##_in,      \
            full_value, least_value                                                                          \
    }
const struct codec codecs[] = {
    CODEC("record", record, ZT_WIRE_NONE, &sample_record, &least_record),
    CODEC("tombstone", record, ZT_WIRE_NONE, &tombstone, &tombstone),
    CODEC("hello", hello, ZT_WIRE_HELLO, &hello, &least_hello),
    CODEC("welcome", welcome, ZT_WIRE_WELCOME, &welcome, &least_welcome),
    CODEC("batch", batch, ZT_WIRE_BATCH, &batch, &least_batch),
    CODEC("heartbeat", heartbeat, ZT_WIRE_HEARTBEAT, &heartbeat, &least_heartbeat),
    CODEC("ack", ack, ZT_WIRE_ACK, &ack, &least_ack),
    CODEC("request", request, ZT_WIRE_REQUEST, &sample_request, &least_request),
    CODEC("answer", answer, ZT_WIRE_ANSWER, &sample_answer, &least_answer),
    CODEC("entry", entry, ZT_WIRE_NONE, &sample_entry, &least_entry),
    CODEC("append", append, ZT_WIRE_LEDGER_APPEND, &append, &least_append),
    CODEC("appended", appended, ZT_WIRE_LEDGER_APPENDED, &appended, &least_appended),
    CODEC("desk_request", desk_request, ZT_WIRE_DESK_REQUEST, &desk_request, &least_desk_request),
    CODEC("desk_answer", desk_answer, ZT_WIRE_DESK_ANSWER, &desk_answer, &least_desk_answer),
    CODEC("sign_request", sign_request, ZT_WIRE_SIGN_REQUEST, &sign_request, &least_sign_request),
    CODEC("sign_answer", sign_answer, ZT_WIRE_SIGN_ANSWER, &sign_answer, &least_sign_answer),
};
const size_t codec_count = sizeof codecs / sizeof *codecs;

const struct codec *codec_named(const char *name)
{
    for (size_t i = 0; i < codec_count; i++)
        if (strcmp(codecs[i].name, name) == 0)
            return &codecs[i];
    return NULL;
}

size_t codec_head(const struct codec *codec)
{
    return codec->type == ZT_WIRE_NONE ? 0 : ZT_WIRE_HEAD;
}
