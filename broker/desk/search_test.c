// SPDX-License-Identifier: Apache-2.0
// Searching the ledger: each condition, pages, and that nobody's number stays behind.
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/clock.h"
#include "broker/desk/filter.h"
#include "broker/desk/office.h"

#define ENTRIES 60
#define DAY     INT64_C(86400000)

static struct office office;
static struct zt_sock *sock;
static uint8_t ann[ZT_PSEUDONYM_LEN], ben[ZT_PSEUDONYM_LEN];

// Entry i: party, officer, ... change at different rhythms, so that every condition picks another set.
static struct zt_entry entry_of(int i)
{
    static const char *const parties[] = {"hall", "counter-bank"};
    static const char *const officers[] = {"o-1", "o-2", "o-3"};
    static const char *const items[] = {"item.a", "item.b", "item.c", "item.d"};
    struct zt_entry entry = {.kind = i % 5 == 0 ? ZT_ENTRY_DENIAL : ZT_ENTRY_ANSWER,
                             .time = WORLD_NOW + i * DAY,
                             .party = parties[i % 2],
                             .officer = officers[i % 3],
                             .item = items[i % 4],
                             .purpose = i % 6 == 1 ? "p.loan" : "p.card",
                             .case_no = i % 9 == 2 ? "2026-x" : "2026-y",
                             .type = i % 7 == 3 ? "ps.person" : "ps.car",
                             .status = i % 5 == 0 ? ZT_STATUS_DENIED : ZT_STATUS_OK,
                             .subject = {i % 8 == 4 ? ann : ben, ZT_PSEUDONYM_LEN}};
    return entry;
}

static void few(struct zt_desk_options *options)
{
    options->scan_max = 25;
}

static void fill(void)
{
    assert_int_equal(zt_pseudonym(office.world.store, "111", WORLD_ANN, ann), ZT_OK);
    assert_int_equal(zt_pseudonym(office.world.store, "111", WORLD_BEN, ben), ZT_OK);
    for (int i = 0; i < ENTRIES; i++) {
        struct zt_entry entry = entry_of(i);
        assert_int_equal(office_put(&office, &entry), i);
    }
    sock = office_connect(&office, "audit-office");
}

static int setup(void **state)
{
    (void)state;
    office_open(&office, NULL);
    fill();
    return 0;
}

static int setup_few(void **state)
{
    (void)state;
    office_open(&office, few);
    fill();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_sock_close(&sock);
    office_close(&office);
    return 0;
}

typedef bool pick(int i);

// The answer holds exactly the entries that `fits` picks, byte for byte.
static void expect(const struct zt_filter *filter, pick *fits)
{
    struct zt_desk_answer answer;
    struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
    request.filter = *filter;
    struct zt_entry own = office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(own.kind, ZT_ENTRY_AUDIT);
    assert_false(answer.more);
    size_t at = 0;
    for (int i = 0; i < ENTRIES; i++) {
        if (!fits(i))
            continue;
        struct zt_buf encoded;
        struct zt_entry entry = entry_of(i);
        zt_buf_init(&encoded, ZT_ENTRY_MAX);
        assert_int_equal(zt_entry_encode(&entry, &encoded), ZT_OK);
        assert_true(at < answer.line_count);
        assert_int_equal(answer.lines[at].index, i);
        assert_true(zt_bytes_equal(answer.lines[at].entry, zt_buf_bytes(&encoded)));
        zt_buf_fini(&encoded);
        at++;
    }
    while (at < answer.line_count) // the auditor's own questions may fit too; they lie behind
        assert_true(answer.lines[at++].index >= ENTRIES);
}

static bool of_ann(int i)
{
    return i % 8 == 4;
}
static bool of_bank(int i)
{
    return i % 2 == 1;
}
static bool of_o3(int i)
{
    return i % 3 == 2;
}
static bool of_item_c(int i)
{
    return i % 4 == 2;
}
static bool of_loan(int i)
{
    return i % 6 == 1;
}
static bool of_person(int i)
{
    return i % 7 == 3;
}
static bool of_case_x(int i)
{
    return i % 9 == 2;
}
static bool of_denials(int i)
{
    return i % 5 == 0;
}
static bool of_days(int i)
{
    return i >= 10 && i < 20;
}
static bool of_ann_in_hall_first(int i)
{
    return i % 8 == 4 && i % 3 == 0;
}
static bool of_nobody(int i)
{
    (void)i;
    return false;
}
static bool of_all(int i)
{
    (void)i;
    return true;
}

static void every_condition(void **state)
{
    (void)state;
    expect(&(struct zt_filter){.subject = {"111", WORLD_ANN, ""}}, of_ann);
    expect(&(struct zt_filter){.party = "counter-bank"}, of_bank);
    expect(&(struct zt_filter){.officer = "o-3"}, of_o3);
    expect(&(struct zt_filter){.item = "item.c"}, of_item_c);
    expect(&(struct zt_filter){.purpose = "p.loan"}, of_loan);
    expect(&(struct zt_filter){.type = "ps.person"}, of_person);
    expect(&(struct zt_filter){.case_no = "2026-x"}, of_case_x);
    expect(&(struct zt_filter){.kind = ZT_ENTRY_DENIAL}, of_denials);
    expect(&(struct zt_filter){.status = ZT_STATUS_DENIED + 1}, of_denials);
    expect(&(struct zt_filter){.from = WORLD_NOW + 10 * DAY, .to = WORLD_NOW + 20 * DAY}, of_days);
    expect(&(struct zt_filter){.subject = {"111", WORLD_ANN, ""}, .party = "hall", .officer = "o-1"},
           of_ann_in_hall_first);
    expect(&(struct zt_filter){.party = "nobody"}, of_nobody);
    expect(&(struct zt_filter){.party = "hal"}, of_nobody); // whole words only
    expect(&(struct zt_filter){.to = 1}, of_nobody);
    expect(&(struct zt_filter){.to = WORLD_NOW + 1000 * DAY}, of_all);
    expect(&(struct zt_filter){.subject = {"111", WORLD_CAT, ""}}, of_nobody);
}

static void numbers_that_are_none(void **state)
{
    (void)state;
    static const struct {
        struct zt_subject subject;
        const char *rule;
    } cases[] = {{{"", WORLD_ANN, ""}, "subject.missing"},
                 {{"999", WORLD_ANN, ""}, "subject.id-type"},
                 {{"111", "370702199003070116", ""}, "gb11643.check"},
                 {{"111", "3707", ""}, "gb11643.length"},
                 {{"001", "91370700MA3C12346A", ""}, "gb32100.check"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_desk_answer answer;
        struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
        request.filter.subject = cases[i].subject;
        struct zt_entry own = office_ask(&office, sock, &request, &answer);
        assert_int_equal(answer.status, ZT_STATUS_INVALID);
        assert_string_equal(answer.rule, cases[i].rule);
        assert_int_equal(own.kind, ZT_ENTRY_DENIAL);
        assert_int_equal(own.subject.len, 0);
    }
}

// The search is in the ledger under the person's pseudonym, and the number is nowhere.
static void the_number_is_never_stored(void **state)
{
    (void)state;
    struct zt_desk_answer answer;
    struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
    request.filter = (struct zt_filter){
        .subject = {"111", WORLD_ANN, "Ann"}, .party = "hall", .from = WORLD_NOW, .status = ZT_STATUS_OK + 1};
    struct zt_entry own = office_ask(&office, sock, &request, &answer);
    assert_true(zt_bytes_equal(own.subject, (struct zt_bytes){ann, ZT_PSEUDONYM_LEN}));
    assert_string_equal(own.note,
                        "act=search; reason=file 2026-11; cursor=0; limit=200; party=hall; status=ok; "
                        "from=2026-11-22T04:00:00.000Z");
    assert_true(office_on_disk(&office, "file 2026-11"));
    assert_false(office_on_disk(&office, WORLD_ANN));
    assert_false(office_on_disk(&office, "Ann"));
}

static void long_questions_are_cut_between_characters(void **state)
{
    (void)state;
    char reason[ZT_DESK_REASON_LEN + 1] = "", word[ZT_WORD_LEN + 1] = "";
    struct zt_desk_answer answer;
    struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
    for (size_t i = 0; i + 3 <= ZT_DESK_REASON_LEN; i += 3)
        memcpy(reason + i, "\xe6\x9f\xa5", 3); // 查
    for (size_t i = 0; i + 3 <= ZT_WORD_LEN; i += 3)
        memcpy(word + i, "\xe5\x8a\x9e", 3); // 办
    request.reason = reason;
    request.officer = word;
    request.filter =
        (struct zt_filter){{"111", WORLD_ANN, ""}, word, word, word, word, word, word, 0, 0, 0, 0};
    struct zt_entry own = office_ask(&office, sock, &request, &answer);
    size_t len = strlen(own.note);
    assert_true(len <= 560 && len > 550);
    assert_true(zt_bytes_equal(own.subject, (struct zt_bytes){ann, ZT_PSEUDONYM_LEN}));
}

static void pages_by_limit(void **state)
{
    (void)state;
    uint64_t cursor = 0, seen = 0;
    for (int page = 0; page < 20; page++) {
        struct zt_desk_answer answer;
        struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
        request.filter.party = "counter-bank";
        request.limit = 4;
        request.cursor = cursor;
        office_ask(&office, sock, &request, &answer);
        for (size_t i = 0; i < answer.line_count; i++)
            assert_int_equal(answer.lines[i].index, 2 * seen++ + 1);
        assert_true(answer.next_cursor > cursor || !answer.more);
        cursor = answer.next_cursor;
        if (!answer.more)
            break;
        assert_int_equal(answer.line_count, 4);
    }
    assert_int_equal(seen, ENTRIES / 2);
}

static void pages_by_work(void **state)
{
    (void)state;
    uint64_t cursor = 0, pages = 0;
    bool more = true;
    while (more) {
        struct zt_desk_answer answer;
        struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
        request.filter.party = "nobody";
        request.cursor = cursor;
        office_ask(&office, sock, &request, &answer);
        assert_int_equal(answer.line_count, 0);
        assert_true(answer.next_cursor - cursor <= 25);
        more = answer.more;
        cursor = answer.next_cursor;
        pages++;
    }
    assert_int_equal(pages, 3);
    assert_int_equal(cursor, ENTRIES + 2); // with the first two questions
    assert_int_equal(atomic_load(&office.options.counts.scanned), ENTRIES + 2);
}

static void beyond_the_end(void **state)
{
    (void)state;
    struct zt_desk_answer answer;
    struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
    request.cursor = UINT64_MAX;
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_int_equal(answer.line_count, 0);
    assert_false(answer.more);
    assert_true(answer.next_cursor == UINT64_MAX);
}

static void a_page_of_the_longest_entries_fits_an_answer(void **state)
{
    (void)state;
    char note[ZT_ENTRY_MAX];
    struct zt_desk_answer answer;
    struct zt_entry entry = {.kind = ZT_ENTRY_CONFIG, .time = 1, .party = "big", .note = note};
    memset(note, 'n', sizeof note);
    note[1000] = '\0';
    for (int i = 0; i < 210; i++)
        office_put(&office, &entry);
    struct zt_desk_request request = office_question(ZT_DESK_SEARCH);
    request.filter.party = "big";
    office_ask(&office, sock, &request, &answer);
    assert_int_equal(answer.status, ZT_STATUS_OK);
    assert_true(answer.line_count > 180 && answer.line_count < 200);
    assert_true(answer.more);
}

// The sieve throws away most entries unparsed; it must never throw away one that fits.
static void sieve_and_bytes(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_sieve sieve;
    struct zt_filter filter = {.party = "hall"};
    zt_arena_init(&arena, 65536);
    zt_sieve_make(&sieve, &filter, NULL);
    assert_false(zt_sieve_passes(&sieve, zt_bytes_str("hall"), &arena)); // no entry
    assert_false(zt_sieve_passes(&sieve, (struct zt_bytes){NULL, 0}, &arena));
    struct zt_entry entry = {.kind = ZT_ENTRY_ANSWER, .time = 5, .party = "counter-bank", .note = "hall"};
    struct zt_buf encoded;
    zt_buf_init(&encoded, ZT_ENTRY_MAX);
    assert_int_equal(zt_entry_encode(&entry, &encoded), ZT_OK);
    assert_false(zt_sieve_passes(&sieve, zt_buf_bytes(&encoded), &arena)); // the word stands elsewhere
    filter = (struct zt_filter){.party = "counter-bank"};
    zt_sieve_make(&sieve, &filter, NULL);
    assert_true(zt_sieve_passes(&sieve, zt_buf_bytes(&encoded), &arena));
    for (size_t len = 0; len < encoded.len; len++)
        (void)zt_sieve_passes(&sieve, (struct zt_bytes){encoded.data, len}, &arena);
    zt_buf_fini(&encoded);
    zt_arena_fini(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_condition, setup, teardown),
        cmocka_unit_test_setup_teardown(numbers_that_are_none, setup, teardown),
        cmocka_unit_test_setup_teardown(the_number_is_never_stored, setup, teardown),
        cmocka_unit_test_setup_teardown(long_questions_are_cut_between_characters, setup, teardown),
        cmocka_unit_test_setup_teardown(pages_by_limit, setup, teardown),
        cmocka_unit_test_setup_teardown(pages_by_work, setup_few, teardown),
        cmocka_unit_test_setup_teardown(beyond_the_end, setup, teardown),
        cmocka_unit_test_setup_teardown(a_page_of_the_longest_entries_fits_an_answer, setup, teardown),
        cmocka_unit_test(sieve_and_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
