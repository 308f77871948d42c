// SPDX-License-Identifier: Apache-2.0
#include "adapters/host/batch.h"

#include "base/net/net.h"
#include "base/test_support.h"
#include "proto/wire.h"

static struct zt_key *key;
static struct zt_row_records row;
static struct zt_draft draft;
static struct zt_outgoing out;
static struct zt_fault fault;

static int make_key(void **state)
{
    (void)state;
    return zt_key_new(ZT_SM2, &key) == ZT_OK ? 0 : -1;
}

static int drop_key(void **state)
{
    (void)state;
    zt_key_destroy(&key);
    return 0;
}

static int enter(void **state)
{
    (void)state;
    memset(&out, 0, sizeof out);
    memset(&fault, 0, sizeof fault);
    zt_row_records_init(&row);
    zt_draft_init(&draft, 10);
    return 0;
}

static int leave(void **state)
{
    (void)state;
    zt_row_records_fini(&row);
    zt_row_records_fini(&row);
    zt_draft_fini(&draft);
    zt_draft_fini(&draft);
    zt_outgoing_fini(&out);
    zt_outgoing_fini(&out);
    return 0;
}

// A record whose only field is a text of `len` letters.
static enum zt_err add_record(const char *id, size_t len)
{
    static char text[ZT_RECORD_MAX_TEXT + 2];
    struct zt_subject subject = {"111", "370202199003079980", "x"};
    struct zt_field fields[ZT_RECORD_MAX_FIELDS];
    size_t count = 0;
    memset(text, 'x', sizeof text - 1);
    for (; len > 0; count++) {
        size_t part = len < ZT_RECORD_MAX_TEXT ? len : ZT_RECORD_MAX_TEXT;
        fields[count] = (struct zt_field){
            .tag = (uint32_t)count + 1, .kind = ZT_VALUE_TEXT, .text = text + sizeof text - 1 - part};
        len -= part;
    }
    struct zt_record record = {.type = "hf.unit_account",
                               .key = id,
                               .subjects = &subject,
                               .subject_count = 1,
                               .version = 1,
                               .state = ZT_STATE_VALID,
                               .valid_from = "",
                               .valid_to = "",
                               .region = "",
                               .fields = fields,
                               .field_count = count};
    return zt_row_records_add(&row, &record, &fault);
}

static void put_row(const char *id, size_t len, const char *place)
{
    zt_row_records_reset(&row);
    assert_int_equal(add_record(id, len), ZT_OK);
    assert_true(zt_draft_fits(&draft, &row));
    assert_int_equal(zt_draft_add(&draft, &row, place), ZT_OK);
}

static enum zt_err close_draft(uint64_t seq, const char *cursor)
{
    struct zt_signer signer = {key, "key-1"};
    return zt_draft_close(&draft, "tax.payment", seq, zt_bytes_str(cursor), &signer, &out, &fault);
}

static void parse(struct zt_arena *arena, struct zt_batch *batch)
{
    enum zt_wire_type type;
    struct zt_bytes body;
    zt_arena_init(arena, 64 * 1024 * 1024);
    assert_int_equal(zt_wire_open(zt_buf_bytes(&out.frame), &type, &body, &fault), ZT_OK);
    assert_int_equal(type, ZT_WIRE_BATCH);
    assert_int_equal(zt_batch_parse(body, arena, batch, &fault), ZT_OK);
}

static void the_frame_holds_the_rows_and_a_signature_that_holds(void **state)
{
    (void)state;
    put_row("a", 10, "f.csv:2");
    put_row("b", 20, "f.csv:3");
    assert_int_equal(close_draft(7, "cursor"), ZT_OK);
    assert_int_equal(draft.count, 0);
    assert_int_equal(out.seq, 7);
    assert_string_equal(zt_outgoing_place(&out, 0), "f.csv:2");
    assert_string_equal(zt_outgoing_place(&out, 1), "f.csv:3");
    assert_string_equal(zt_outgoing_place(&out, 2), "");

    struct zt_arena arena;
    struct zt_batch batch;
    parse(&arena, &batch);
    assert_string_equal(batch.source, "tax.payment");
    assert_int_equal(batch.seq, 7);
    assert_string_equal(batch.key_id, "key-1");
    assert_true(zt_bytes_equal(batch.cursor, zt_bytes_str("cursor")));
    assert_int_equal(batch.record_count, 2);
    struct zt_record record;
    assert_int_equal(zt_record_parse(batch.records[1], &arena, &record, &fault), ZT_OK);
    assert_string_equal(record.key, "b");

    struct zt_buf message;
    uint8_t root[ZT_HASH_LEN];
    zt_buf_init(&message, 1024);
    assert_int_equal(zt_batch_signed_bytes(&batch, &message, root), ZT_OK);
    assert_int_equal(zt_verify(key, zt_buf_bytes(&message), batch.signature), ZT_OK);
    message.data[message.len - 1] ^= 1;
    assert_int_equal(zt_verify(key, zt_buf_bytes(&message), batch.signature), ZT_E_CRYPTO);
    zt_buf_fini(&message);
    zt_arena_fini(&arena);
}

static void a_full_draft_says_so(void **state)
{
    (void)state;
    for (int i = 0; i < 10; i++)
        put_row("a", 10, "p");
    assert_false(zt_draft_fits(&draft, &row));
    assert_int_equal(close_draft(1, ""), ZT_OK);
    assert_true(zt_draft_fits(&draft, &row));
}

static void rows_are_never_split(void **state)
{
    (void)state;
    for (int i = 0; i < 8; i++)
        put_row("a", 10, "p");
    zt_row_records_reset(&row);
    for (int i = 0; i < 3; i++)
        assert_int_equal(add_record("b", 10), ZT_OK);
    assert_false(zt_draft_fits(&draft, &row)); // 8 + 3 > 10
    assert_int_equal(close_draft(1, ""), ZT_OK);
    zt_row_records_reset(&row);
    for (int i = 0; i < ZT_ROW_RECORDS_MAX; i++)
        assert_int_equal(add_record("b", 10), ZT_OK);
    assert_true(zt_draft_fits(&draft, &row)); // more than a batch's 10, but one row
    assert_int_equal(zt_draft_add(&draft, &row, "q"), ZT_OK);
    zt_outgoing_fini(&out);
    assert_int_equal(close_draft(2, ""), ZT_OK);
    assert_int_equal(out.count, ZT_ROW_RECORDS_MAX);
    assert_string_equal(zt_outgoing_place(&out, ZT_ROW_RECORDS_MAX - 1), "q");
}

static void the_largest_draft_fits_into_a_frame(void **state)
{
    (void)state;
    zt_draft_fini(&draft);
    zt_draft_init(&draft, ZT_BATCH_MAX_RECORDS);
    zt_row_records_reset(&row);
    assert_int_equal(add_record("k", 47 * 1024), ZT_OK);
    while (zt_draft_fits(&draft, &row))
        assert_int_equal(zt_draft_add(&draft, &row, "p"), ZT_OK);
    for (int i = 0; i < 64; i++) { // fill the rest with small ones
        zt_row_records_reset(&row);
        assert_int_equal(add_record("k", 900), ZT_OK);
        if (zt_draft_fits(&draft, &row))
            assert_int_equal(zt_draft_add(&draft, &row, "p"), ZT_OK);
    }
    assert_in_range(draft.bytes.len, 1000 * 1024, ZT_FRAME_BATCH);
    char cursor[ZT_CURSOR_MAX + 1];
    memset(cursor, 'c', ZT_CURSOR_MAX);
    cursor[ZT_CURSOR_MAX] = 0;
    assert_int_equal(close_draft(UINT64_MAX, cursor), ZT_OK);
    assert_in_range(out.frame.len, 1000 * 1024, ZT_FRAME_BATCH);
}

static void a_thousand_small_records_fit(void **state)
{
    (void)state;
    zt_draft_fini(&draft);
    zt_draft_init(&draft, ZT_BATCH_MAX_RECORDS + 500);
    for (int i = 0; i < ZT_BATCH_MAX_RECORDS; i++)
        put_row("a", 850, "a place of ordinary length.csv:100");
    assert_false(zt_draft_fits(&draft, &row));
    assert_int_equal(close_draft(1, ""), ZT_OK);
    assert_int_equal(out.count, ZT_BATCH_MAX_RECORDS);
}

static void what_is_too_large_is_refused_with_a_rule(void **state)
{
    (void)state;
    assert_int_equal(add_record("k", 49 * 1024), ZT_E_INPUT);
    assert_string_equal(fault.rule, "record.size");
    for (int i = 0; i < ZT_ROW_RECORDS_MAX; i++)
        assert_int_equal(add_record("k", 1), ZT_OK);
    assert_int_equal(add_record("k", 1), ZT_E_LIMIT);
    assert_string_equal(fault.rule, "plugin.records");
    zt_row_records_reset(&row);
    assert_int_equal(row.count, 0);
    assert_int_equal(add_record("k", 1), ZT_OK);
}

static void an_empty_draft_or_a_long_cursor_is_no_batch(void **state)
{
    (void)state;
    assert_int_equal(close_draft(1, ""), ZT_E_BUG);
    put_row("a", 10, "p");
    char cursor[ZT_CURSOR_MAX + 2];
    memset(cursor, 'c', sizeof cursor - 1);
    cursor[sizeof cursor - 1] = 0;
    assert_int_not_equal(close_draft(1, cursor), ZT_OK);
    assert_string_equal(fault.rule, "batch.sign");
    assert_int_equal(draft.count, 1); // nothing is lost
    assert_int_equal(close_draft(1, "c"), ZT_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_frame_holds_the_rows_and_a_signature_that_holds, enter, leave),
        cmocka_unit_test_setup_teardown(a_full_draft_says_so, enter, leave),
        cmocka_unit_test_setup_teardown(rows_are_never_split, enter, leave),
        cmocka_unit_test_setup_teardown(the_largest_draft_fits_into_a_frame, enter, leave),
        cmocka_unit_test_setup_teardown(a_thousand_small_records_fit, enter, leave),
        cmocka_unit_test_setup_teardown(what_is_too_large_is_refused_with_a_rule, enter, leave),
        cmocka_unit_test_setup_teardown(an_empty_draft_or_a_long_cursor_is_no_batch, enter, leave),
    };
    return cmocka_run_group_tests(tests, make_key, drop_key);
}
