// SPDX-License-Identifier: Apache-2.0
// What the tests of store, log and intake share: a store in a temporary folder, and records by hand.
#ifndef ZT_BROKER_STORE_STORE_FIXTURE_H
#define ZT_BROKER_STORE_STORE_FIXTURE_H

#include "base/crypto/hash.h"
#include "base/test_support.h"
#include "broker/store/internal.h"

struct zt_store_fixture {
    char dir[PATH_MAX], store_dir[PATH_MAX + 16], data[PATH_MAX + 32];
    struct zt_store *store;
    uint64_t map_size; // 0: 64 MiB
};

static const uint8_t fixture_key[ZT_NODE_KEY_LEN] = {1, 2, 3};

static inline enum zt_err fixture_try_open(struct zt_store_fixture *f, uint64_t map_size,
                                           struct zt_fault *fault)
{
    struct zt_store_options options = {
        .dir = f->store_dir, .map_size = map_size, .node_key = {fixture_key, sizeof fixture_key}};
    return zt_store_open(&options, &f->store, fault);
}

static inline void fixture_open(struct zt_store_fixture *f)
{
    struct zt_fault fault = {0};
    if (fixture_try_open(f, f->map_size ? f->map_size : (uint64_t)64 << 20, &fault) != ZT_OK)
        fail_msg("%s: %s", fault.rule, fault.text);
}

static inline void fixture_init(struct zt_store_fixture *f)
{
    make_test_dir(f->dir);
    snprintf(f->store_dir, sizeof f->store_dir, "%s/store", f->dir);
    snprintf(f->data, sizeof f->data, "%s/data.mdb", f->store_dir);
    fixture_open(f);
}

static inline void fixture_fini(struct zt_store_fixture *f)
{
    zt_store_close(&f->store);
    remove_test_dir(f->dir);
}

// A record about persons named by small numbers; `value` is its one field.
struct zt_made_record {
    struct zt_record record;
    struct zt_subject subjects[ZT_RECORD_MAX_SUBJECTS];
    struct zt_field field;
    char numbers[ZT_RECORD_MAX_SUBJECTS][24];
    struct zt_buf encoded;
};

static inline void make_record(struct zt_made_record *made, const char *type, const char *key,
                               uint64_t version, const char *value, const int *persons, size_t person_count)
{
    memset(made, 0, sizeof *made);
    for (size_t i = 0; i < person_count; i++) {
        snprintf(made->numbers[i], sizeof made->numbers[i], "P%d", persons[i]);
        made->subjects[i] = (struct zt_subject){.id_type = "111", .number = made->numbers[i], .name = ""};
    }
    made->field = (struct zt_field){.tag = 1, .kind = ZT_VALUE_TEXT, .text = value};
    made->record = (struct zt_record){.type = type,
                                      .key = key,
                                      .subjects = made->subjects,
                                      .subject_count = person_count,
                                      .version = version,
                                      .state = ZT_STATE_VALID,
                                      .valid_from = "",
                                      .valid_to = "",
                                      .deleted = value == NULL,
                                      .region = "",
                                      .fields = &made->field,
                                      .field_count = value ? 1 : 0};
    zt_buf_init(&made->encoded, ZT_RECORD_MAX);
    assert_int_equal(zt_record_encode(&made->record, &made->encoded), ZT_OK);
}

static inline void pseudonym_of(struct zt_store *store, int person, uint8_t out[static ZT_PSEUDONYM_LEN])
{
    char number[24];
    snprintf(number, sizeof number, "P%d", person);
    assert_int_equal(zt_pseudonym(store, "111", number, out), ZT_OK);
}

#endif
