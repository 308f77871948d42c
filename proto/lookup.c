// SPDX-License-Identifier: Apache-2.0
#include "proto/lookup.h"

#include <string.h>

#include "lookup.pb-c.h"
#include "proto/parts.h"

#define WORD                                                                                                 \
    {                                                                                                        \
        .max = ZT_WORD_LEN                                                                                   \
    }
#define ID                                                                                                   \
    {                                                                                                        \
        .min = ZT_REQUEST_ID_LEN, .max = ZT_REQUEST_ID_LEN                                                   \
    }
#define TYPE                                                                                                 \
    {                                                                                                        \
        .max = ZT_RECORD_TYPE_MAX - 1                                                                        \
    }
#define KEY                                                                                                  \
    {                                                                                                        \
        .max = ZT_RECORD_KEY_MAX - 1                                                                         \
    }
#define DATE                                                                                                 \
    {                                                                                                        \
        .min = ZT_RECORD_DATE_LEN, .max = ZT_RECORD_DATE_LEN                                                 \
    }
#define TEXT                                                                                                 \
    {                                                                                                        \
        .max = ZT_TEXT_MAX - 1                                                                               \
    }

#define TAG_ID     1 // of RequestPb
#define TAG_FOUND  6 // of AnswerPb
#define KEY_LENGTH 2 // wire type of bytes

static const struct zt_limit claim_limits[] = {
    [1] = {.min = 1, .max = ZT_WORD_LEN, .required = true},
    [2] = {.max = ZT_RECORD_MAX_TEXT},
};
static const struct zt_shape claim_shape = ZT_SHAPE("claim", claim_pb, claim_limits, ZT_WIRE_FIELDS);

static const struct zt_limit request_limits[] = {
    [1] = {.min = ZT_REQUEST_ID_LEN, .max = ZT_REQUEST_ID_LEN, .required = true},
    [2] = {0},
    [3] = {.min = ZT_MODE_VERIFY, .max = ZT_MODE_RESOLVE, .required = true},
    [4] = WORD,
    [5] = WORD,
    [6] = WORD,
    [7] = WORD,
    [8] = {.sub = &zt_subject_shape},
    [9] = TYPE,
    [10] = {.min = 1, .max = ZT_WORD_LEN, .count = ZT_ASK_MAX},
    [11] = {.count = ZT_ASK_MAX, .sub = &claim_shape},
    [12] = {.max = ZT_CONSENT_LEN},
    [13] = KEY,
    [14] = {.max = ZT_SM2},
};
static const struct zt_shape request_shape = ZT_SHAPE("lookup", request_pb, request_limits, ZT_WIRE_FIELDS);

static const struct zt_limit freshness_limits[] = {
    [1] = {0},
    [2] = {.max = ZT_SOURCE_LEN},
    [3] = {0},
    [4] = {.max = ZT_STALE},
};
static const struct zt_shape freshness_shape =
    ZT_SHAPE("freshness", freshness_pb, freshness_limits, ZT_WIRE_FIELDS);

static const struct zt_limit found_limits[] = {
    [1] = {.min = 1, .max = ZT_RECORD_TYPE_MAX - 1, .required = true},
    [2] = KEY,
    [3] = {0},
    [4] = {.max = ZT_STATE_CANCELLED},
    [5] = DATE,
    [6] = DATE,
    [7] = {.count = ZT_RECORD_MAX_FIELDS, .sub = &zt_field_shape},
    [8] = {.sub = &freshness_shape},
};
static const struct zt_shape found_shape = ZT_SHAPE("found", found_pb, found_limits, ZT_WIRE_FIELDS);

static const struct zt_limit verdict_limits[] = {
    [1] = {.min = 1, .max = ZT_WORD_LEN, .required = true},
    [2] = {.max = ZT_MISMATCH},
};
static const struct zt_shape verdict_shape = ZT_SHAPE("verdict", verdict_pb, verdict_limits, ZT_WIRE_FIELDS);

static const struct zt_limit answer_limits[] = {
    [1] = ID,
    [2] = {.max = ZT_STATUS_TROUBLE},
    [3] = WORD,
    [4] = TEXT,
    [5] = TEXT,
    [6] = {.count = ZT_FOUND_MAX, .sub = &found_shape},
    [7] = {.count = ZT_ASK_MAX, .sub = &verdict_shape},
    [8] = {.max = ZT_CERTIFICATE_LEN},
    [9] = {.max = ZT_LICENCE_LEN},
    [10] = {.sub = &freshness_shape},
    [11] = {0},
    [12] = {.min = ZT_HASH_LEN, .max = ZT_HASH_LEN},
};
static const struct zt_shape answer_shape =
    ZT_SHAPE("answer", answer_pb, answer_limits, ZT_WIRE_FIELDS_ANSWER);

static enum zt_err check_request(const struct zt_request *request, struct zt_fault *fault)
{
    if (request->mode == ZT_MODE_ISSUE && request->alg == 0)
        return zt_fault_set(fault, ZT_E_INPUT, "lookup.alg", "alg",
                            "say with which algorithm the certificate is to be signed: ES256 or SM2");
    return ZT_OK;
}

enum zt_err zt_request_encode(const struct zt_request *request, struct zt_buf *out)
{
    Zt__V1__ClaimPb claims[ZT_ASK_MAX], *claim_list[ZT_ASK_MAX];
    Zt__V1__SubjectPb subject;
    Zt__V1__RequestPb pb = ZT__V1__REQUEST_PB__INIT;
    if (request->field_count > ZT_ASK_MAX || request->claim_count > ZT_ASK_MAX)
        return ZT_E_LIMIT;
    enum zt_err rc = check_request(request, NULL);
    if (rc != ZT_OK)
        return rc;
    zt_subject_out(&request->subject, &subject);
    for (size_t i = 0; i < request->claim_count; i++) {
        zt__v1__claim_pb__init(&claims[i]);
        claims[i].field = zt_text_out(request->claims[i].field);
        claims[i].value = zt_text_out(request->claims[i].value);
        claim_list[i] = &claims[i];
    }
    pb.id = zt_bytes_out((struct zt_bytes){request->id, ZT_REQUEST_ID_LEN});
    pb.time = request->time;
    pb.mode = request->mode;
    pb.item = zt_text_out(request->item);
    pb.purpose = zt_text_out(request->purpose);
    pb.case_no = zt_text_out(request->case_no);
    pb.officer = zt_text_out(request->officer);
    pb.subject = &subject;
    pb.type = zt_text_out(request->type);
    pb.n_fields = request->field_count;
    pb.fields = (char **)request->fields;
    pb.n_claims = request->claim_count;
    pb.claims = claim_list;
    pb.consent = zt_text_out(request->consent);
    pb.key = zt_text_out(request->key);
    pb.alg = request->alg;
    return zt_shape_frame(&request_shape, ZT_WIRE_REQUEST, &pb.base, out);
}

enum zt_err zt_request_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_request *request,
                             struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__RequestPb *pb;
    ZT_TRY(zt_shape_unpack(&request_shape, body, arena, &pb, fault));
    struct zt_request found = {
        .time = pb->time,
        .mode = (enum zt_mode)pb->mode,
        .item = pb->item,
        .purpose = pb->purpose,
        .case_no = pb->case_no,
        .officer = pb->officer,
        .type = pb->type,
        .fields = (const char **)pb->fields,
        .field_count = pb->n_fields,
        .claim_count = pb->n_claims,
        .consent = pb->consent,
        .key = pb->key,
        .alg = (enum zt_sig_alg)pb->alg,
    };
    memcpy(found.id, pb->id.data, ZT_REQUEST_ID_LEN);
    zt_subject_in(pb->subject, &found.subject);
    ZT_TRY(zt_shape_array(arena, pb->n_claims, sizeof *found.claims, &found.claims, fault));
    for (size_t i = 0; i < pb->n_claims; i++)
        found.claims[i] = (struct zt_claim){pb->claims[i]->field, pb->claims[i]->value};
    ZT_TRY(check_request(&found, fault));
    *request = found;
out:
    return rc;
}

enum zt_err zt_request_peek(struct zt_bytes body, uint8_t id[static ZT_REQUEST_ID_LEN])
{
    static const uint8_t head[] = {TAG_ID << 3 | KEY_LENGTH, ZT_REQUEST_ID_LEN};
    if (body.len < sizeof head + ZT_REQUEST_ID_LEN || memcmp(body.data, head, sizeof head) != 0)
        return ZT_E_INPUT;
    memcpy(id, body.data + sizeof head, ZT_REQUEST_ID_LEN);
    return ZT_OK;
}

// NULL when there is nothing to say, so that it takes no bytes.
static Zt__V1__FreshnessPb *freshness_out(const struct zt_freshness *freshness, Zt__V1__FreshnessPb *pb)
{
    zt__v1__freshness_pb__init(pb);
    pb->as_of = freshness->as_of;
    pb->source = zt_text_out(freshness->source);
    pb->max_age = freshness->max_age;
    pb->state = freshness->state;
    return pb->as_of || pb->source[0] || pb->max_age || pb->state ? pb : NULL;
}

static struct zt_freshness freshness_in(const Zt__V1__FreshnessPb *pb)
{
    if (!pb)
        return (struct zt_freshness){.source = ""};
    return (struct zt_freshness){pb->as_of, pb->source, pb->max_age, (enum zt_fresh)pb->state};
}

static enum zt_err found_put(const struct zt_found *found, struct zt_buf *out)
{
    Zt__V1__FieldPb fields[ZT_RECORD_MAX_FIELDS], *list[ZT_RECORD_MAX_FIELDS];
    Zt__V1__FreshnessPb freshness;
    Zt__V1__FoundPb pb = ZT__V1__FOUND_PB__INIT;
    if (found->field_count > ZT_RECORD_MAX_FIELDS)
        return ZT_E_LIMIT;
    for (size_t i = 0; i < found->field_count; i++) {
        if (zt_field_out(&found->fields[i], &fields[i]) != ZT_OK)
            return ZT_E_INPUT;
        list[i] = &fields[i];
    }
    pb.type = zt_text_out(found->type);
    pb.key = zt_text_out(found->key);
    pb.version = found->version;
    pb.state = found->state;
    pb.valid_from = zt_text_out(found->valid_from);
    pb.valid_to = zt_text_out(found->valid_to);
    pb.n_fields = found->field_count;
    pb.fields = list;
    pb.freshness = freshness_out(&found->freshness, &freshness);
    zt_shape_put_element(TAG_FOUND, &pb.base, out);
    return ZT_OK;
}

static enum zt_err found_in(const Zt__V1__FoundPb *pb, struct zt_arena *arena, struct zt_found *found,
                            struct zt_fault *fault)
{
    *found = (struct zt_found){
        .type = pb->type,
        .key = pb->key,
        .version = pb->version,
        .state = (enum zt_record_state)pb->state,
        .valid_from = pb->valid_from,
        .valid_to = pb->valid_to,
        .field_count = pb->n_fields,
        .freshness = freshness_in(pb->freshness),
    };
    return zt_fields_in(pb->fields, pb->n_fields, arena, &found->fields, fault);
}

// The parts behind `found`, in the order of their tags.
static void answer_tail_put(const struct zt_answer *answer, struct zt_buf *out)
{
    Zt__V1__VerdictPb verdicts[ZT_ASK_MAX], *list[ZT_ASK_MAX];
    Zt__V1__FreshnessPb freshness;
    Zt__V1__AnswerPb pb = ZT__V1__ANSWER_PB__INIT;
    for (size_t i = 0; i < answer->verdict_count; i++) {
        zt__v1__verdict_pb__init(&verdicts[i]);
        verdicts[i].field = zt_text_out(answer->verdicts[i].field);
        verdicts[i].verdict = answer->verdicts[i].verdict;
        list[i] = &verdicts[i];
    }
    pb.n_verdicts = answer->verdict_count;
    pb.verdicts = list;
    pb.certificate = zt_text_out(answer->certificate);
    pb.certificate_id = zt_text_out(answer->certificate_id);
    pb.freshness = freshness_out(&answer->freshness, &freshness);
    pb.ledger_index = answer->ledger_index;
    pb.ledger_hash = zt_fixed_out(answer->ledger_hash, ZT_HASH_LEN);
    zt_shape_put(&pb.base, out);
}

// Written in three parts, so that 64 records need no array of all their fields at once.
enum zt_err zt_answer_encode(const struct zt_answer *answer, struct zt_buf *out)
{
    Zt__V1__AnswerPb pb = ZT__V1__ANSWER_PB__INIT;
    if (answer->found_count > ZT_FOUND_MAX || answer->verdict_count > ZT_ASK_MAX)
        return ZT_E_LIMIT;
    pb.id = zt_fixed_out(answer->id, ZT_REQUEST_ID_LEN);
    pb.status = answer->status;
    pb.rule = zt_text_out(answer->rule);
    pb.text_zh = zt_text_out(answer->text_zh);
    pb.text_en = zt_text_out(answer->text_en);
    zt_wire_start(out, ZT_WIRE_ANSWER);
    zt_shape_put(&pb.base, out);
    for (size_t i = 0; i < answer->found_count; i++) {
        enum zt_err rc = found_put(&answer->found[i], out);
        if (rc != ZT_OK) {
            zt_buf_reset(out);
            return rc;
        }
    }
    answer_tail_put(answer, out);
    return zt_shape_frame_end(&answer_shape, ZT_WIRE_ANSWER, out);
}

enum zt_err zt_answer_parse(struct zt_bytes body, struct zt_arena *arena, struct zt_answer *answer,
                            struct zt_fault *fault)
{
    enum zt_err rc;
    Zt__V1__AnswerPb *pb;
    ZT_TRY(zt_shape_unpack(&answer_shape, body, arena, &pb, fault));
    struct zt_answer found = {
        .status = (enum zt_status)pb->status,
        .rule = pb->rule,
        .text_zh = pb->text_zh,
        .text_en = pb->text_en,
        .found_count = pb->n_found,
        .verdict_count = pb->n_verdicts,
        .certificate = pb->certificate,
        .certificate_id = pb->certificate_id,
        .freshness = freshness_in(pb->freshness),
        .ledger_index = pb->ledger_index,
    };
    zt_fixed_in(pb->id, found.id, ZT_REQUEST_ID_LEN);
    zt_fixed_in(pb->ledger_hash, found.ledger_hash, ZT_HASH_LEN);
    ZT_TRY(zt_shape_array(arena, pb->n_found, sizeof *found.found, &found.found, fault));
    for (size_t i = 0; i < pb->n_found; i++)
        ZT_TRY(found_in(pb->found[i], arena, &found.found[i], fault));
    ZT_TRY(zt_shape_array(arena, pb->n_verdicts, sizeof *found.verdicts, &found.verdicts, fault));
    for (size_t i = 0; i < pb->n_verdicts; i++)
        found.verdicts[i] =
            (struct zt_field_verdict){pb->verdicts[i]->field, (enum zt_verdict)pb->verdicts[i]->verdict};
    *answer = found;
out:
    return rc;
}
