// SPDX-License-Identifier: Apache-2.0
#include "broker/log/item.h"

#include "base/test_support.h"

static void encode(const struct zt_log_item *item, struct zt_buf *out)
{
    zt_buf_init(out, 8192);
    zt_log_item_encode(item, out);
    assert_int_equal(out->err, ZT_OK);
}

static void an_item_reads_back(void **state)
{
    (void)state;
    struct zt_log_item item = {.received_at = 1795000000123, .body = zt_bytes_str("body")}, back;
    struct zt_buf out;
    item.refused[0] = item.refused[7] = item.refused[ZT_BATCH_MAX_RECORDS - 1] = true;
    encode(&item, &out);
    assert_int_equal(zt_log_item_parse(zt_buf_bytes(&out), &back), ZT_OK);
    assert_int_equal(back.received_at, item.received_at);
    assert_memory_equal(back.refused, item.refused, sizeof item.refused);
    assert_true(zt_bytes_equal(back.body, item.body));
    zt_buf_fini(&out);
}

static void all_records_may_be_refused(void **state)
{
    (void)state;
    struct zt_log_item item = {.body = zt_bytes_str("b")}, back;
    struct zt_buf out;
    memset(item.refused, true, sizeof item.refused);
    encode(&item, &out);
    assert_int_equal(out.len, ZT_ITEM_HEAD_MAX + 1);
    assert_int_equal(zt_log_item_parse(zt_buf_bytes(&out), &back), ZT_OK);
    assert_memory_equal(back.refused, item.refused, sizeof item.refused);
    zt_buf_fini(&out);
}

static void a_cut_head_is_corrupt(void **state)
{
    (void)state;
    struct zt_log_item item = {.body = {NULL, 0}}, back;
    struct zt_buf out;
    item.refused[3] = item.refused[4] = true;
    encode(&item, &out);
    for (size_t len = 0; len < out.len; len++)
        assert_int_equal(zt_log_item_parse((struct zt_bytes){out.data, len}, &back), ZT_E_CORRUPT);
    assert_int_equal(zt_log_item_parse(zt_buf_bytes(&out), &back), ZT_OK);
    zt_buf_fini(&out);
}

static void indexes_must_rise_and_stay_in_range(void **state)
{
    (void)state;
    struct zt_log_item item = {.body = zt_bytes_str("b")}, back;
    struct zt_buf out;
    item.refused[3] = item.refused[4] = true;
    encode(&item, &out);
    out.data[14] = 3; // 3, 3
    assert_int_equal(zt_log_item_parse(zt_buf_bytes(&out), &back), ZT_E_CORRUPT);
    out.data[13] = ZT_BATCH_MAX_RECORDS >> 8;
    out.data[14] = ZT_BATCH_MAX_RECORDS & 0xff;
    assert_int_equal(zt_log_item_parse(zt_buf_bytes(&out), &back), ZT_E_CORRUPT);
    out.data[0] = 2; // another version
    assert_int_equal(zt_log_item_parse(zt_buf_bytes(&out), &back), ZT_E_CORRUPT);
    zt_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_reads_back),
        cmocka_unit_test(all_records_may_be_refused),
        cmocka_unit_test(a_cut_head_is_corrupt),
        cmocka_unit_test(indexes_must_rise_and_stay_in_range),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
