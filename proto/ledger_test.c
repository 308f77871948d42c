// SPDX-License-Identifier: Apache-2.0
#include "base/test_support.h"
#include "proto/codecs.h"

#define COUNT(table) (sizeof(table) / sizeof *(table))

static void limits_of_an_entry(void **state)
{
    (void)state;
    static const struct limit_case entry[] = {
        {1, true, 1, 9, "entry.kind"},
        {3, false, 0, 64, "entry.party"},
        {4, false, 0, 64, "entry.officer"},
        {5, false, 0, 64, "entry.item"},
        {6, false, 0, 64, "entry.purpose"},
        {7, false, 0, 64, "entry.case_no"},
        {8, false, 16, 16, "entry.subject"},
        {9, false, 0, 63, "entry.type"},
        {10, true, 0, 4, "entry.mode"},
        {13, true, 0, 5, "entry.status"},
        {14, false, 0, 64, "entry.rule"},
        {16, true, 0, 2, "entry.fresh"},
        {17, false, 16, 16, "entry.request_id"},
        {18, false, 32, 32, "entry.request_hash"},
        {19, false, 32, 32, "entry.answer_hash"},
        {21, false, 0, 127, "entry.certificate"},
    };
    const struct codec *codec = codec_named("entry");
    check_limits(codec, &sample_entry, NULL, entry, COUNT(entry));
    check_required(codec, &sample_entry, 1, "entry.kind");
}

static void lists_of_an_entry(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("entry");
    uint32_t tags[ZT_ASK_MAX + 1];
    struct zt_entry entry = {.kind = ZT_ENTRY_ANSWER, .asked = tags, .given = tags};
    struct zt_buf out;
    zt_buf_init(&out, 4096);
    for (uint32_t i = 0; i <= ZT_ASK_MAX; i++)
        tags[i] = i + 1;
    entry.asked_count = entry.given_count = ZT_ASK_MAX;
    assert_int_equal(zt_entry_encode(&entry, &out), ZT_OK);
    expect_taken(codec, zt_buf_bytes(&out));
    put_number(&out, 11, 1); // one more, not packed
    expect_refused(codec, zt_buf_bytes(&out), ZT_E_LIMIT, "entry.asked");
    zt_buf_reset(&out);
    entry.given_count++;
    assert_int_equal(zt_entry_encode(&entry, &out), ZT_E_LIMIT);
    entry.given_count = 0;
    entry.asked_count++;
    assert_int_equal(zt_entry_encode(&entry, &out), ZT_E_LIMIT);
    assert_int_equal(out.len, 0);
    zt_buf_fini(&out);
}

static void an_entry_has_1_kib(void **state)
{
    (void)state;
    const struct codec *codec = codec_named("entry");
    char note[ZT_ENTRY_MAX + 1] = "";
    struct zt_entry entry = {.kind = ZT_ENTRY_CONFIG, .note = note};
    struct zt_buf out;
    zt_buf_init(&out, 8192);
    // kind 2 bytes, key of note 2, its length 2
    memset(note, 'n', ZT_ENTRY_MAX - 6);
    assert_int_equal(zt_entry_encode(&entry, &out), ZT_OK);
    assert_int_equal(out.len, ZT_ENTRY_MAX);
    expect_taken(codec, zt_buf_bytes(&out));
    put_number(&out, 2, 1);
    expect_refused(codec, zt_buf_bytes(&out), ZT_E_LIMIT, "entry.size");
    zt_buf_reset(&out);
    zt_buf_put_str(&out, "before");
    note[ZT_ENTRY_MAX - 6] = 'n';
    assert_int_equal(zt_entry_encode(&entry, &out), ZT_E_LIMIT);
    assert_int_equal(out.len, 6);
    zt_buf_fini(&out);
}

// A question whose every word is as long as allowed must still fit into its entry, or it could not be
// answered.
static void the_longest_question_fits(void **state)
{
    (void)state;
    char word[ZT_WORD_LEN + 1], type[ZT_RECORD_TYPE_MAX], licence[ZT_LICENCE_LEN + 1];
    uint8_t hash[ZT_HASH_LEN];
    uint32_t tags[ZT_ASK_MAX];
    memset(word, 'w', ZT_WORD_LEN);
    memset(type, 't', sizeof type - 1);
    memset(licence, 'l', ZT_LICENCE_LEN);
    memset(hash, 'h', sizeof hash);
    word[ZT_WORD_LEN] = type[sizeof type - 1] = licence[ZT_LICENCE_LEN] = 0;
    for (uint32_t i = 0; i < ZT_ASK_MAX; i++)
        tags[i] = 128 + i; // two bytes each
    struct zt_entry entry = {
        .kind = ZT_ENTRY_ISSUE,
        .time = INT64_C(1) << 42,
        .party = word,
        .officer = word,
        .item = word,
        .purpose = word,
        .case_no = word,
        .subject = {hash, ZT_PSEUDONYM_LEN},
        .type = type,
        .mode = ZT_MODE_ISSUE,
        .asked = tags,
        .given = tags,
        .asked_count = ZT_ASK_MAX,
        .given_count = ZT_ASK_MAX,
        .status = ZT_STATUS_TROUBLE,
        .rule = word,
        .as_of = INT64_C(1) << 42,
        .fresh = ZT_STALE,
        .request_id = {hash, 16},
        .request_hash = {hash, 32},
        .answer_hash = {hash, 32},
        .intent = UINT64_C(1) << 40,
        .certificate = licence,
    };
    struct zt_buf out;
    zt_buf_init(&out, 8192);
    enum zt_err rc = zt_entry_encode(&entry, &out);
    print_message("           the longest question takes %zu bytes\n", out.len);
    assert_int_equal(rc, ZT_OK);
    zt_buf_fini(&out);
}

static void limits_between_threads(void **state)
{
    (void)state;
    static const struct limit_case append[] = {{2, false, 1, 1024, "append.entries"}};
    static const struct limit_case appended[] = {
        {3, false, 32, 32, "appended.hashes"},
        {4, true, 0, ZT_E_BUG, "appended.code"},
    };
    const struct codec *codec = codec_named("append");
    check_limits(codec, codec->full, NULL, append, COUNT(append));
    check_required(codec, codec->full, 2, "append.entries");
    check_count(codec, codec->full, 2, zt_bytes_str("e"), ZT_APPEND_MAX, "append.entries");
    codec = codec_named("appended");
    check_limits(codec, codec->full, NULL, appended, COUNT(appended));
    check_count(codec, codec->full, 3, zt_bytes_str("hhhhhhhhhhhhhhhhhhhhhhhhhhhhhhhh"), ZT_APPEND_MAX,
                "appended.hashes");
    struct zt_append many = {.entry_count = ZT_APPEND_MAX + 1};
    struct zt_appended more = {.hash_count = ZT_APPEND_MAX + 1};
    struct zt_buf out;
    zt_buf_init(&out, 4096);
    assert_int_equal(zt_append_encode(&many, &out), ZT_E_LIMIT);
    assert_int_equal(zt_appended_encode(&more, &out), ZT_E_LIMIT);
    zt_buf_fini(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(limits_of_an_entry),     cmocka_unit_test(lists_of_an_entry),
        cmocka_unit_test(an_entry_has_1_kib),     cmocka_unit_test(the_longest_question_fits),
        cmocka_unit_test(limits_between_threads),
    };
    return cmocka_run_group_tests_name("proto/ledger", tests, NULL, NULL);
}
