// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/batch.h"

#include <stdlib.h>
#include <string.h>

#include "base/clock.h"
#include "base/net/net.h"

// What the envelope costs at most: head, source, cursor, key id, signature, and tag and length of each
// record.
#define ENVELOPE      ((size_t)2048)
#define PER_RECORD    ((size_t)6)
#define RECORDS_BYTES (ZT_FRAME_BATCH - ENVELOPE - PER_RECORD * ZT_BATCH_MAX_RECORDS)
#define PLACES_BYTES  ((size_t)512 * 1024)
#define PLACE_LEN     ((size_t)255) // longer ones are cut: they are for people

void zt_row_records_init(struct zt_row_records *records)
{
    zt_buf_init(&records->bytes, RECORDS_BYTES);
    records->count = 0;
}

void zt_row_records_fini(struct zt_row_records *records)
{
    zt_buf_fini(&records->bytes);
}

void zt_row_records_reset(struct zt_row_records *records)
{
    zt_buf_reset(&records->bytes);
    records->count = 0;
}

enum zt_err zt_row_records_add(struct zt_row_records *records, const struct zt_record *record,
                               struct zt_fault *fault)
{
    if (records->count == ZT_ROW_RECORDS_MAX)
        return zt_fault_set(fault, ZT_E_LIMIT, "plugin.records", "", "one row makes more than %d records",
                            ZT_ROW_RECORDS_MAX);
    struct zt_buf one; // the encoder wants a buffer of its own
    zt_buf_init(&one, ZT_RECORD_MAX);
    enum zt_err rc = zt_record_encode(record, &one);
    if (rc == ZT_OK) {
        zt_buf_put(&records->bytes, one.data, one.len);
        rc = records->bytes.err;
    }
    zt_buf_fini(&one);
    if (rc == ZT_E_LIMIT || rc == ZT_E_INPUT)
        return zt_fault_set(fault, ZT_E_INPUT, "record.size", record->type,
                            "a record of this row is larger than a record may be");
    if (rc != ZT_OK)
        return zt_fault_set(fault, rc, "record.encode", record->type, "cannot be encoded");
    records->ends[records->count++] = records->bytes.len;
    return ZT_OK;
}

void zt_draft_init(struct zt_draft *draft, size_t max_records)
{
    draft->max_records = max_records < ZT_BATCH_MAX_RECORDS ? max_records : ZT_BATCH_MAX_RECORDS;
    zt_buf_init(&draft->bytes, RECORDS_BYTES);
    zt_buf_init(&draft->places, PLACES_BYTES);
    draft->count = 0;
    draft->rows = 0;
}

void zt_draft_fini(struct zt_draft *draft)
{
    zt_buf_fini(&draft->bytes);
    zt_buf_fini(&draft->places);
    draft->count = 0;
}

void zt_draft_reset(struct zt_draft *draft)
{
    zt_buf_reset(&draft->bytes);
    zt_buf_reset(&draft->places);
    draft->count = 0;
    draft->rows = 0;
}

bool zt_draft_fits(const struct zt_draft *draft, const struct zt_row_records *records)
{
    // An empty draft takes any row: a row's records may be more than `max_records`, never more than a frame.
    return draft->count == 0 || (draft->count + records->count <= draft->max_records &&
                                 draft->bytes.len + records->bytes.len <= RECORDS_BYTES);
}

enum zt_err zt_draft_add(struct zt_draft *draft, const struct zt_row_records *records, const char *place)
{
    size_t start = draft->bytes.len, place_at = draft->places.len;
    size_t place_len = strnlen(place, PLACE_LEN);
    if (draft->count + records->count > ZT_BATCH_MAX_RECORDS)
        return ZT_E_LIMIT;
    zt_buf_put(&draft->bytes, records->bytes.data, records->bytes.len);
    zt_buf_put(&draft->places, place, place_len);
    zt_buf_put_u8(&draft->places, 0);
    if (draft->bytes.err != ZT_OK || draft->places.err != ZT_OK)
        return draft->bytes.err != ZT_OK ? draft->bytes.err : draft->places.err;
    for (size_t i = 0; i < records->count; i++) {
        draft->ends[draft->count] = start + records->ends[i];
        draft->places_at[draft->count++] = place_at;
    }
    draft->rows++;
    return ZT_OK;
}

void zt_outgoing_fini(struct zt_outgoing *outgoing)
{
    zt_buf_fini(&outgoing->frame);
    zt_buf_fini(&outgoing->cursor);
    zt_buf_fini(&outgoing->places);
}

const char *zt_outgoing_place(struct zt_outgoing *outgoing, size_t index)
{
    return index < outgoing->count ? zt_buf_text(&outgoing->places) + outgoing->places_at[index] : "";
}

static enum zt_err sign(struct zt_batch *batch, const struct zt_signer *signer, uint8_t *signature)
{
    struct zt_buf message;
    uint8_t root[ZT_HASH_LEN];
    zt_buf_init(&message, 1024);
    batch->key_id = signer->key_id;
    batch->alg = zt_key_alg(signer->key);
    enum zt_err rc = zt_batch_signed_bytes(batch, &message, root);
    if (rc == ZT_OK)
        rc = zt_sign(signer->key, zt_buf_bytes(&message), signature);
    batch->signature = (struct zt_bytes){signature, ZT_SIG_LEN};
    zt_buf_fini(&message);
    return rc;
}

static enum zt_err encode(const struct zt_draft *draft, struct zt_batch *batch,
                          const struct zt_signer *signer, struct zt_buf *frame)
{
    uint8_t signature[ZT_SIG_LEN];
    struct zt_bytes *records = calloc(draft->count, sizeof *records);
    if (!records)
        return ZT_E_NOMEM;
    for (size_t i = 0; i < draft->count; i++) {
        size_t start = i ? draft->ends[i - 1] : 0;
        records[i] = (struct zt_bytes){draft->bytes.data + start, draft->ends[i] - start};
    }
    batch->records = records;
    batch->record_count = draft->count;
    enum zt_err rc = sign(batch, signer, signature);
    if (rc == ZT_OK)
        rc = zt_batch_encode(batch, frame);
    free(records);
    return rc;
}

enum zt_err zt_draft_close(struct zt_draft *draft, const char *source, uint64_t seq, struct zt_bytes cursor,
                           const struct zt_signer *signer, struct zt_outgoing *out, struct zt_fault *fault)
{
    struct zt_batch batch = {.source = source, .seq = seq, .cursor = cursor, .made_at = zt_now_ms()};
    struct zt_outgoing made = {.seq = seq, .count = draft->count};
    zt_buf_init(&made.frame, ZT_FRAME_BATCH);
    zt_buf_init(&made.cursor, ZT_CURSOR_MAX);
    enum zt_err rc = draft->count ? encode(draft, &batch, signer, &made.frame) : ZT_E_BUG;
    zt_buf_put(&made.cursor, cursor.data, cursor.len);
    if (rc == ZT_OK)
        rc = made.cursor.err;
    if (rc != ZT_OK) {
        zt_outgoing_fini(&made);
        return zt_fault_set(fault, rc, "batch.sign", source, "batch %llu cannot be made: %s",
                            (unsigned long long)seq, zt_err_name(rc));
    }
    made.places = draft->places; // the buffer moves over
    memcpy(made.places_at, draft->places_at, draft->count * sizeof *draft->places_at);
    zt_buf_init(&draft->places, PLACES_BYTES);
    zt_draft_reset(draft);
    *out = made;
    return ZT_OK;
}
