// SPDX-License-Identifier: Apache-2.0
// A record: what one department says about one or more subjects, in the types of the catalogue.
//
// Twin functions: zt_record_encode / zt_record_parse. The encoded bytes are what the department signs and
// what the store keeps; they are never re-encoded. Limits: 4 subjects, 256 fields, text of 12,288 bytes, 48
// KiB a record.
#ifndef ZT_PROTO_RECORD_H
#define ZT_PROTO_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

#define ZT_RECORD_MAX          ((size_t)48 * 1024)
#define ZT_RECORD_MAX_SUBJECTS 4
#define ZT_RECORD_MAX_FIELDS   256
#define ZT_RECORD_MAX_TEXT     12288 // 4,096 Chinese characters: a business scope has up to 4,000
#define ZT_RECORD_TYPE_MAX     64    // "hf.personal_account" and its NUL
#define ZT_RECORD_KEY_MAX      96 // the source's own key of the record, unique within its type, and its NUL

#define ZT_TEXT_MAX           512 // an explanation for people, and its NUL
#define ZT_RECORD_DATE_LEN    10  // or none
#define ZT_RECORD_REGION_LEN  12  // GB/T 2260 and its extension to towns and villages
#define ZT_SUBJECT_TYPE_LEN   8   // bytes, without NUL
#define ZT_SUBJECT_NUMBER_LEN 64
#define ZT_SUBJECT_NAME_LEN   256

// Whom it is about. id_type is a GB/T 36903 code ("111" citizen, "001" organisation, ...), or "000" for
// things that are found by their own key (an address code). `name` is optional ("").
struct zt_subject {
    const char *id_type;
    const char *number;
    const char *name;
};

enum zt_value_kind { ZT_VALUE_TEXT = 1, ZT_VALUE_NUMBER = 2, ZT_VALUE_BLOB = 3 };

// The catalogue says what a number means: integer, scaled decimal, fen, milliseconds UTC, or 0/1 for a
// boolean. Dates are text "YYYY-MM-DD", codes are text. A list is the same tag again.
struct zt_field {
    uint32_t tag;
    enum zt_value_kind kind;
    const char *text;
    int64_t number;
    struct zt_bytes blob;
};

enum zt_record_state {
    ZT_STATE_VALID = 1,
    ZT_STATE_CHANGED = 2,
    ZT_STATE_REVOKED = 3,
    ZT_STATE_CANCELLED = 4
};
const char *zt_record_state_name(enum zt_record_state state); // "valid", ...; "unknown"

struct zt_record {
    const char *type;
    const char *key;
    struct zt_subject *subjects;
    size_t subject_count;
    uint64_t version;           // rises with each change at the source; an older one than stored is ignored
    enum zt_record_state state; // 0 only in a tombstone
    const char *valid_from;     // YYYY-MM-DD or ""
    const char *valid_to;
    int64_t updated_at; // ms, when the source changed it
    bool deleted;       // a tombstone: subjects and key only
    const char *region; // GB/T 2260 code or ""
    struct zt_field *fields;
    size_t field_count;
};

// Bare bytes without a frame head, appended. Parse rules: "record.<field>", "subject.<field>",
// "field.<field>", "record.value" (a field without a value), "record.tombstone", "record.size", "wire.*".
ZT_MUST_USE enum zt_err zt_record_encode(const struct zt_record *record, struct zt_buf *out);
ZT_MUST_USE enum zt_err zt_record_parse(struct zt_bytes in, struct zt_arena *arena, struct zt_record *record,
                                        struct zt_fault *fault);
const struct zt_field *zt_record_field(const struct zt_record *record, uint32_t tag); // first, or NULL

#endif
