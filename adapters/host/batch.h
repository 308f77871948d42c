// SPDX-License-Identifier: Apache-2.0
// From rows to signed batches: a draft collects the encoded records of whole rows, and closes into a frame
// that is ready to be sent and, after a lost connection, sent again byte for byte.
//
// Rules: a row's records are never split over two batches, because the batch's cursor stands behind a row.
// Not thread safe. Limits: `batch_records` records, and as many bytes as one frame takes with its envelope.
#ifndef ZT_ADAPTERS_HOST_BATCH_H
#define ZT_ADAPTERS_HOST_BATCH_H

#include <stdbool.h>

#include "base/crypto/sign.h"
#include "proto/publish.h"

#define ZT_ROW_RECORDS_MAX 16 // records that a plugin may make of one row

// What one row became; filled by the plugin through zt_emit.add, thrown away when the row is bad.
struct zt_row_records {
    struct zt_buf bytes;
    size_t ends[ZT_ROW_RECORDS_MAX]; // of each record in `bytes`
    size_t count;
};
void zt_row_records_init(struct zt_row_records *records);
void zt_row_records_fini(struct zt_row_records *records); // idempotent
void zt_row_records_reset(struct zt_row_records *records);
// "plugin.records" when the row makes too many, "record.size" when one is larger than 48 KiB.
ZT_MUST_USE enum zt_err zt_row_records_add(struct zt_row_records *records, const struct zt_record *record,
                                           struct zt_fault *fault);

// The department's signing key.
struct zt_signer {
    struct zt_key *key; // owned by the caller
    const char *key_id;
};

struct zt_draft {
    size_t max_records;
    struct zt_buf bytes, places;
    size_t count;
    size_t ends[ZT_BATCH_MAX_RECORDS];      // of each record in `bytes`
    size_t places_at[ZT_BATCH_MAX_RECORDS]; // start of each record's place in `places`
    uint64_t rows;
};
void zt_draft_init(struct zt_draft *draft, size_t max_records);
void zt_draft_fini(struct zt_draft *draft); // idempotent
void zt_draft_reset(struct zt_draft *draft);
bool zt_draft_fits(const struct zt_draft *draft, const struct zt_row_records *records);
// The caller has asked zt_draft_fits. `place` is the row's, for records that the broker refuses.
ZT_MUST_USE enum zt_err zt_draft_add(struct zt_draft *draft, const struct zt_row_records *records,
                                     const char *place);

// A batch under way: frame and places, until its ACK.
struct zt_outgoing {
    uint64_t seq;
    struct zt_buf frame, cursor, places;
    size_t count;                           // records
    size_t places_at[ZT_BATCH_MAX_RECORDS]; // start of each record's place
    bool sent;
    int64_t sent_at; // monotonic ms
};
void zt_outgoing_fini(struct zt_outgoing *outgoing);                       // idempotent
const char *zt_outgoing_place(struct zt_outgoing *outgoing, size_t index); // of a record; "" for none

// Signs the draft as batch `seq` of `source`, with the cursor behind its last row, and empties it.
ZT_MUST_USE enum zt_err zt_draft_close(struct zt_draft *draft, const char *source, uint64_t seq,
                                       struct zt_bytes cursor, const struct zt_signer *signer,
                                       struct zt_outgoing *out, struct zt_fault *fault);

#endif
