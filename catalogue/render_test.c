// SPDX-License-Identifier: Apache-2.0
// What people read: counts, lists, one thing, the whole page, the tags that are locked.
#include <sys/stat.h>

#include "catalogue/test_support.h"

#include "catalogue/html_parts.h"
#include "catalogue/index.h"
#include "catalogue/model.h"
#include "catalogue/render.h"
#include "catalogue/words.h"

#define ROOM ((size_t)16 * 1024 * 1024)

static char dir[PATH_MAX];
static struct zt_catalogue *c;
static struct zt_buf out;

static int setup(void **state)
{
    (void)state;
    make_test_dir(dir);
    make_installation(dir);
    c = load_shipped(dir);
    zt_buf_init(&out, ROOM);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    zt_buf_fini(&out);
    zt_catalogue_release(&c);
    remove_test_dir(dir);
    return 0;
}

static void holds(const char *text)
{
    if (!strstr(zt_buf_text(&out), text))
        print_error("'%s' is not in:\n%.2000s\n", text, zt_buf_text(&out));
    assert_non_null(strstr(zt_buf_text(&out), text));
}

static void show(const char *id)
{
    struct zt_listed what;
    struct zt_fault fault = {0};
    assert_int_equal(zt_listed_find(c, (enum zt_listed_kind)0, id, &what, &fault), ZT_OK);
    zt_buf_reset(&out);
    zt_listed_put(c, &what, &out);
    assert_int_equal(out.err, ZT_OK);
    holds(id);
    holds(what.name_zh);
}

static void stats_count_what_is_there(void **state)
{
    (void)state;
    const struct zt_catalogue_stats s = zt_catalogue_count(c);
    assert_int_equal(s.records, 82);
    assert_int_equal(s.certs, 232);
    assert_true(s.fields > 800);
    assert_true(s.items >= 60);
    assert_true(s.exempt > 0 && s.exempt < s.proofs);
    zt_buf_reset(&out);
    zt_catalogue_put_stats(c, &out);
    print_message("%s", zt_buf_text(&out));
    holds("82");
    holds("232");
}

static void lists_have_a_line_each(void **state)
{
    (void)state;
    for (enum zt_listed_kind kind = ZT_LISTED_DEPARTMENT; kind < ZT_LISTED_KINDS; kind++) {
        enum zt_listed_kind parsed;
        char plural[64];
        size_t lines = 0;
        zt_buf_reset(&out);
        zt_catalogue_put_list(c, kind, &out);
        for (const char *at = zt_buf_text(&out); *at; at++)
            lines += *at == '\n';
        assert_int_equal(lines, zt_listed_count(c, kind));
        assert_int_equal(zt_listed_kind_parse(zt_listed_kind_name(kind), &parsed), ZT_OK);
        assert_int_equal(parsed, kind);
        snprintf(plural, sizeof plural, "%ss", zt_listed_kind_name(kind));
        if (kind != ZT_LISTED_PARTY)
            assert_int_equal(zt_listed_kind_parse(plural, &parsed), ZT_OK);
    }
    enum zt_listed_kind kind = ZT_LISTED_KINDS;
    assert_int_equal(zt_listed_kind_parse("parties", &kind), ZT_OK);
    assert_int_equal(kind, ZT_LISTED_PARTY);
    assert_int_equal(zt_listed_kind_parse("itemx", &kind), ZT_E_INPUT);
    assert_int_equal(zt_listed_kind_parse("", &kind), ZT_E_INPUT);
    assert_int_equal(zt_listed_count(c, ZT_LISTED_KINDS), 0);
    assert_string_equal(zt_listed_at(c, ZT_LISTED_ITEM, 100000).id, "");
    assert_string_equal(zt_listed_kind_name(ZT_LISTED_KINDS), "unknown");
}

static void each_kind_says_what_it_must(void **state)
{
    (void)state;
    show("hpf.withdraw.commercial-loan");
    holds("commercial_loan_verification");
    holds("免交");
    holds("hpf-centre-app");
    show("e_marriage_certificate");
    holds("11370700MB9X000827027");
    holds("IA 结婚登记");
    holds("reg_date");
    show("no_major_accident_3y");
    holds("须无");
    holds("36 月");
    show("ca.marriage_registration");
    holds("man_id_no");
    holds("T-MAROP");
    holds("civil_affairs.marriage");
    holds("e_divorce_certificate");
    show("pb.loan_repayment_detail");
    holds("须本人授权");
    show("T-SEX");
    holds("女性");
    holds("GB/T 2261.1-2003");
    show("T-REG");
    holds("节选");
    show("tax");
    show("hpf-withdrawal");
    holds("住房公积金管理条例");
    show("hpf-centre-app");
    holds("verify, fetch");
    holds("grants/hpf.yaml:");
    show("pboc.loan");
    holds("pb.commercial_housing_loan");
    show("hpf_unit_compliance");
    holds("arrears_months 欠缴月数 at_most 0");
}

static void everything_can_be_shown_in_any_room(void **state)
{
    (void)state;
    for (enum zt_listed_kind kind = ZT_LISTED_DEPARTMENT; kind < ZT_LISTED_KINDS; kind++)
        for (size_t i = 0; i < zt_listed_count(c, kind); i++) {
            struct zt_listed one = zt_listed_at(c, kind, i);
            struct zt_buf small;
            zt_buf_init(&small, 100);
            zt_listed_put(c, &one, &small);
            assert_true(small.len <= 100);
            zt_buf_fini(&small);
            zt_buf_reset(&out);
            zt_listed_put(c, &one, &out);
            assert_int_equal(out.err, ZT_OK);
            assert_true(out.len > 20);
        }
}

static void what_is_absent_is_said_with_the_nearest(void **state)
{
    (void)state;
    struct zt_listed what = {.id = "kept"};
    struct zt_fault fault = {0};
    assert_int_equal(zt_listed_find(c, ZT_LISTED_RECORD, "ca.marriage_registratoin", &what, &fault),
                     ZT_E_ABSENT);
    assert_non_null(strstr(fault.text, "did you mean 'ca.marriage_registration'"));
    assert_int_equal(zt_listed_find(c, (enum zt_listed_kind)0, "hpf-centre-ap", &what, &fault), ZT_E_ABSENT);
    assert_non_null(strstr(fault.text, "'hpf-centre-app'"));
    assert_int_equal(zt_listed_find(c, ZT_LISTED_ITEM, "ca.marriage_registration", &what, &fault),
                     ZT_E_ABSENT);
    assert_int_equal(zt_listed_find(c, ZT_LISTED_ITEM, "", &what, NULL), ZT_E_ABSENT);
    assert_string_equal(what.id, "kept");
}

// Every tag that opens closes, in order; void elements aside. Returns how many there were.
static size_t check_tags(const char *html)
{
    char open[64][16];
    size_t depth = 0, count = 0;
    for (const char *at = strchr(html, '<'); at; at = strchr(at + 1, '<')) {
        char name[16] = "";
        if (at[1] == '!')
            continue;
        bool closes = at[1] == '/';
        if (sscanf(at + 1 + closes, "%15[a-z0-9]", name) != 1)
            fail_msg("a bare '<' at %.40s", at);
        if (!strcmp(name, "meta") || !strcmp(name, "input"))
            continue;
        count++;
        if (closes) {
            assert_true(depth > 0);
            assert_string_equal(open[--depth], name);
        } else {
            assert_true(depth < 64);
            memcpy(open[depth++], name, sizeof name);
            if (!strcmp(name, "script") || !strcmp(name, "style")) // their inside is not markup
                at = strstr(at, "</") - 1;
        }
    }
    assert_int_equal(depth, 0);
    return count;
}

static char *copy_until(struct zt_arena *arena, const char *from, char end)
{
    const char *to = strchr(from, end);
    assert_non_null(to);
    return zt_arena_strndup(arena, from, (size_t)(to - from));
}

static void every_link_of_the_page_leads_somewhere(void **state)
{
    (void)state;
    struct zt_arena arena;
    struct zt_index anchors;
    size_t links = 0;
    zt_arena_init(&arena, ROOM);
    zt_buf_reset(&out);
    zt_catalogue_put_html(c, "城市目录 <test> & \"more\"", &out);
    assert_int_equal(out.err, ZT_OK);
    const char *html = zt_buf_text(&out);
    assert_true(check_tags(html) > 10000);
    holds("城市目录 &lt;test&gt; &amp; &quot;more&quot;");
    assert_int_equal(zt_index_init(&anchors, 4000, &arena), ZT_OK);
    for (const char *at = strstr(html, " id=\""); at; at = strstr(at + 1, " id=\""))
        assert_null(zt_index_put(&anchors, zt_bytes_str(copy_until(&arena, at + 5, '"')), at));
    for (const char *at = strstr(html, "href=\"#"); at; at = strstr(at + 1, "href=\"#"), links++) {
        const char *target = copy_until(&arena, at + 7, '"');
        if (!zt_index_get(&anchors, zt_bytes_str(target)))
            fail_msg("no anchor %s", target);
    }
    print_message("page: %zu KiB, %zu links\n", out.len / 1024, links);
    assert_true(links > 1500);
    zt_arena_fini(&arena);
}

static void a_page_that_does_not_fit_is_no_page(void **state)
{
    (void)state;
    struct zt_buf small;
    zt_buf_init(&small, 5000);
    zt_catalogue_put_html(c, "x", &small);
    assert_int_equal(small.err, ZT_E_LIMIT);
    zt_buf_fini(&small);
}

// A new field comes with its line in published.yaml, so that its tag is kept from then on.
static void every_tag_is_locked(void **state)
{
    (void)state;
    char path[PATH_MAX], copy[PATH_MAX], line[256], *wanted;
    join_path(path, source_dir(), "catalogue/published.yaml");
    zt_buf_reset(&out);
    zt_catalogue_put_published(c, &out);
    char *text = strdup(zt_buf_text(&out)), *rest = text;
    assert_non_null(text);
    FILE *in = fopen(path, "r");
    assert_non_null(in);
    while (fgets(line, sizeof line, in)) {
        line[strcspn(line, "\n")] = '\0';
        wanted = strsep(&rest, "\n");
        if (!wanted || strcmp(wanted, line) != 0)
            fail_msg("published.yaml says '%s' where the record types give '%s'", line, wanted ? wanted : "");
    }
    assert_true(rest && !*rest);
    fclose(in);
    free(text);
    // What it writes is what it reads.
    char base[PATH_MAX];
    struct zt_catalogue *again = NULL;
    make_test_dir(base);
    join_path(path, source_dir(), "catalogue");
    run_command("cp -r '%s/.' '%s'", path, base);
    join_path(copy, base, "published.yaml");
    write_text(copy, zt_buf_text(&out));
    assert_int_equal(zt_catalogue_load(base, NULL, &again, NULL), ZT_OK);
    zt_catalogue_release(&again);
    remove_test_dir(base);
}

static void ages_are_said_in_their_largest_unit(void **state)
{
    (void)state;
    static const struct {
        uint32_t seconds;
        const char *text;
    } rows[] = {{86400, "1 天"}, {3600, "1 小时"}, {90, "90 秒"}, {172800, "2 天"}};
    for (size_t i = 0; i < 4; i++) {
        zt_buf_reset(&out);
        zt_put_age(rows[i].seconds, &out);
        holds(rows[i].text);
    }
    assert_string_equal(zt_refresh_words(9), "");
    assert_string_equal(zt_subject_words((enum zt_subject_kind)9), "");
    assert_string_equal(zt_need_words((enum zt_cert_need)9), "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(stats_count_what_is_there),
        cmocka_unit_test(lists_have_a_line_each),
        cmocka_unit_test(each_kind_says_what_it_must),
        cmocka_unit_test(everything_can_be_shown_in_any_room),
        cmocka_unit_test(what_is_absent_is_said_with_the_nearest),
        cmocka_unit_test(every_link_of_the_page_leads_somewhere),
        cmocka_unit_test(a_page_that_does_not_fit_is_no_page),
        cmocka_unit_test(every_tag_is_locked),
        cmocka_unit_test(ages_are_said_in_their_largest_unit),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
