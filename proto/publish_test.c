// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "proto/codecs.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void check(const char *name, const struct limit_case *cases, size_t count)
{
    const struct codec *codec = codec_named(name);
    check_limits(codec, codec->full, NULL, cases, count);
    check_required(codec, codec->full, 1, "publish.source");
}

static void limits_of_the_small_ones(void **state)
{
    (void)state;
    static const struct limit_case hello[] = {
        {1, false, 1, 63, "publish.source"},
        {2, false, 0, 127, "publish.program"},
    };
    static const struct limit_case welcome[] = {
        {1, false, 1, 63, "publish.source"},
        {3, false, 0, 512, "publish.cursor"},
        {4, false, 0, 63, "publish.rule"},
        {5, false, 0, 511, "publish.text"},
    };
    static const struct limit_case heartbeat[] = {
        {1, false, 1, 63, "publish.source"},
        {2, false, 0, 512, "publish.cursor"},
    };
    check("hello", hello, COUNT(hello));
    check("welcome", welcome, COUNT(welcome));
    check("heartbeat", heartbeat, COUNT(heartbeat));
}

static void limits_of_a_batch(void **state)
{
    (void)state;
    static const struct limit_case batch[] = {
        {1, false, 1, 63, "publish.source"},     {3, false, 0, 512, "publish.cursor"},
        {5, false, 1, 49152, "publish.records"}, {6, false, 1, 63, "publish.key_id"},
        {7, true, 1, 3, "publish.alg"},          {8, false, 64, 64, "publish.signature"},
    };
    const struct codec *codec = codec_named("batch");
    check("batch", batch, COUNT(batch));
    check_required(codec, codec->full, 2, "publish.seq");
    check_required(codec, codec->full, 5, "publish.records");
    check_required(codec, codec->full, 6, "publish.key_id");
    check_required(codec, codec->full, 7, "publish.alg");
    check_required(codec, codec->full, 8, "publish.signature");
    check_count(codec, codec->full, 5, zt_bytes_str("r"), 1000, "publish.records");
}

static void limits_of_an_ack(void **state)
{
    (void)state;
    static const struct limit_case ack[] = {
        {1, false, 1, 63, "publish.source"},
        {3, true, 0, 1, "publish.taken"},
        {4, true, 0, UINT32_MAX, "publish.accepted"},
        {5, true, 0, UINT32_MAX, "publish.ignored"},
        {7, false, 0, 63, "publish.rule"},
        {8, false, 0, 511, "publish.text"},
    };
    static const struct limit_case reject[] = {
        {1, true, 0, 999, "reject.index"},
        {2, false, 0, 63, "reject.rule"},
        {3, false, 0, 511, "reject.text"},
    };
    static const struct nested in_reject = {6, {NULL, 0}};
    const struct codec *codec = codec_named("ack");
    check("ack", ack, COUNT(ack));
    check_limits(codec, codec->full, &in_reject, reject, COUNT(reject));
    check_count(codec, codec->full, 6, (struct zt_bytes){NULL, 0}, 1000, "publish.rejects");
}

// Every reject of a full batch with the longest texts must fit: an adapter has to learn about each.
static void the_largest_ack_fits(void **state)
{
    (void)state;
    static struct zt_reject rejects[ZT_BATCH_MAX_RECORDS];
    char rule[ZT_RULE_MAX], text[ZT_TEXT_MAX];
    memset(rule, 'r', sizeof rule - 1);
    memset(text, 't', sizeof text - 1);
    rule[sizeof rule - 1] = text[sizeof text - 1] = 0;
    for (uint32_t i = 0; i < ZT_BATCH_MAX_RECORDS; i++)
        rejects[i] = (struct zt_reject){i, rule, text};
    struct zt_ack ack = {"s", 1, true, 0, 0, rejects, ZT_BATCH_MAX_RECORDS, rule, text};
    struct zt_buf out;
    zt_buf_init(&out, ZT_WIRE_MAX_BATCH);
    assert_int_equal(zt_ack_encode(&ack, &out), ZT_OK);
    expect_taken(codec_named("ack"), (struct zt_bytes){out.data + ZT_WIRE_HEAD, out.len - ZT_WIRE_HEAD});
    ack.reject_count++;
    assert_int_equal(zt_ack_encode(&ack, &out), ZT_E_LIMIT);
    zt_buf_fini(&out);
}

static void a_batch_stays_within_its_frame(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("batch");
    struct zt_batch batch = *(const struct zt_batch *)codec->full;
    static uint8_t record[ZT_RECORD_MAX];
    struct zt_bytes records[30];
    struct zt_buf out;
    zt_buf_init(&out, 4 * ZT_WIRE_MAX_BATCH); // the buffer would take more
    for (size_t i = 0; i < COUNT(records); i++)
        records[i] = (struct zt_bytes){record, sizeof record};
    batch.records = records;
    batch.record_count = 21; // 1,032,192 bytes
    assert_int_equal(zt_batch_encode(&batch, &out), ZT_OK);
    batch.record_count = 22;
    assert_int_equal(zt_batch_encode(&batch, &out), ZT_E_LIMIT);
    assert_int_equal(out.len, 0);
    batch.record_count = ZT_BATCH_MAX_RECORDS + 1;
    assert_int_equal(zt_batch_encode(&batch, &out), ZT_E_LIMIT);
    batch.record_count = 0;
    assert_int_equal(zt_batch_encode(&batch, &out), ZT_E_INPUT);
    zt_buf_fini(&out);
}

static void what_is_signed(void **state)
{
    (void)state;
    // One record: the root is its leaf hash SM3(0x00 ‖ record). The layout is written out here once more.
    struct zt_bytes record = zt_bytes_str("abc");
    struct zt_batch batch = {.source = "tax.income",
                             .seq = 0x0102030405060708,
                             .cursor = {(const uint8_t *)"c", 1},
                             .made_at = 0x1112131415161718,
                             .records = &record,
                             .record_count = 1};
    uint8_t root[ZT_HASH_LEN], leaf[ZT_HASH_LEN], cursor[ZT_HASH_LEN];
    struct zt_buf out, expected;
    zt_buf_init(&out, 4096);
    zt_buf_init(&expected, 4096);
    assert_int_equal(zt_batch_signed_bytes(&batch, &out, root), ZT_OK);
    assert_int_equal(zt_hash_of(ZT_SM3, (struct zt_bytes){(const uint8_t *)"\0abc", 4}, leaf), ZT_OK);
    assert_int_equal(zt_hash_of(ZT_SM3, batch.cursor, cursor), ZT_OK);
    assert_memory_equal(root, leaf, sizeof root);
    zt_buf_put(&expected, "zt-batch-v1\ntax.income\n\1\2\3\4\5\6\7\x8\x11\x12\x13\x14\x15\x16\x17\x18", 39);
    zt_buf_put(&expected, cursor, sizeof cursor);
    zt_buf_put(&expected, "\0\0\0\1", 4);
    zt_buf_put(&expected, leaf, sizeof leaf);
    assert_true(zt_bytes_equal(zt_buf_bytes(&out), zt_buf_bytes(&expected)));
    zt_buf_fini(&out);
    zt_buf_fini(&expected);
}

static void every_part_changes_what_is_signed(void **state)
{
    (void)state;
    const struct zt_batch *sample = codec_named("batch")->full;
    struct zt_bytes other[] = {zt_bytes_str("record one"), zt_bytes_str("record 2")};
    struct zt_bytes swapped[] = {sample->records[1], sample->records[0]};
    struct zt_batch cases[7];
    for (size_t i = 0; i < COUNT(cases); i++)
        cases[i] = *sample;
    cases[0].source = "tax.taxpayers";
    cases[1].seq++;
    cases[2].made_at++;
    cases[3].cursor = zt_bytes_str("");
    cases[4].records = other;
    cases[5].records = swapped;
    cases[6].record_count = 1;
    uint8_t root[ZT_HASH_LEN];
    struct zt_buf first, next;
    zt_buf_init(&first, 4096);
    zt_buf_init(&next, 4096);
    assert_int_equal(zt_batch_signed_bytes(sample, &first, root), ZT_OK);
    for (size_t i = 0; i < COUNT(cases); i++) {
        zt_buf_reset(&next);
        assert_int_equal(zt_batch_signed_bytes(&cases[i], &next, root), ZT_OK);
        assert_false(zt_bytes_equal(zt_buf_bytes(&first), zt_buf_bytes(&next)));
    }
    struct zt_batch many = *sample;
    many.record_count = ZT_BATCH_MAX_RECORDS + 1;
    assert_int_equal(zt_batch_signed_bytes(&many, &next, root), ZT_E_LIMIT);
    struct zt_buf small;
    zt_buf_init(&small, 20);
    memset(root, 0xA5, sizeof root);
    assert_int_equal(zt_batch_signed_bytes(sample, &small, root), ZT_E_LIMIT);
    assert_int_equal(root[0], 0xA5);
    zt_buf_fini(&small);
    zt_buf_fini(&first);
    zt_buf_fini(&next);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_the_small_ones),
        cmocka_unit_test(limits_of_a_batch),
        cmocka_unit_test(limits_of_an_ack),
        cmocka_unit_test(the_largest_ack_fits),
        cmocka_unit_test(a_batch_stays_within_its_frame),
        cmocka_unit_test(what_is_signed),
        cmocka_unit_test(every_part_changes_what_is_signed),
    };
    return cmocka_run_group_tests_name("proto/publish", tests, NULL, NULL);
}
