// SPDX-License-Identifier: Apache-2.0
// What stands on the wire, by the names of the .proto files: each field of a struct under its own name, and
// two messages that outlive programs byte for byte.
#include "base/test_support.h"
#include "base/text.h"
#include "proto/codecs.h"

static const struct {
    const char *name, *full, *least;
} contract[] = {
    {"record",
     "type:\"civil_affairs.marriage\" key:\"J370702-2015-000123\" subjects{id_type:\"111\" "
     "number:\"370702199001011234\" name:\"张三\"} subjects{id_type:\"001\" "
     "number:\"91370700MA3TEST00X\" name:\"潍坊市某公司\"} version:1048576 state:2 "
     "valid_from:\"2015-05-20\" valid_to:\"2099-12-31\" updated_at:1763786491005 "
     "region:\"370702\" fields{tag:1 text:\"已婚\"} fields{tag:2 number:-12345678901} "
     "fields{tag:300 blob:'\\0\\1\\2'}",
     "type:\"t\" key:\"k\" state:1"},
    {"tombstone",
     "type:\"t\" key:\"k\" subjects{id_type:\"111\" number:\"370702199001011234\" "
     "name:\"张三\"} deleted:1",
     "type:\"t\" key:\"k\" subjects{id_type:\"111\" number:\"370702199001011234\" "
     "name:\"张三\"} deleted:1"},
    {"hello", "source:\"civil_affairs.marriage\" program:\"zt-adapter 0.1.0\"", "source:\"s\""},
    {"welcome",
     "source:\"tax.income\" seq:77 cursor:'file:3' rule:\"publish.denied\" text:\"ask the "
     "office\"",
     "source:\"s\""},
    {"batch",
     "source:\"tax.taxpayer\" seq:12 cursor:'row 1000' made_at:1763786491005 "
     "records:'record one' records:'record two' key_id:\"tax-2026\" alg:2 "
     "signature:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB'",
     "source:\"s\" seq:1 records:'record one' key_id:\"k\" alg:1 "
     "signature:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB'"},
    {"heartbeat",
     "source:\"pboc.loan\" cursor:'c' source_time:1763786491005 "
     "complete_as_of:1763786490000 rows:12 quarantined:3",
     "source:\"s\""},
    {"ack",
     "source:\"pboc.loan\" seq:9 taken:1 accepted:5 ignored:2 rejects{index:7 "
     "rule:\"gb11643.check\" text:\"the last digit does not fit\"} rejects{index:999 "
     "rule:\"a\" text:\"b\"} rule:\"publish.gap\" text:\"start again\"",
     "source:\"s\""},
    {"request",
     "id:'0123456789abcde\\0' time:1763786491005 mode:3 item:\"hf-withdrawal-loan\" "
     "purpose:\"withdrawal\" case_no:\"2026-000123\" officer:\"wf-0815\" "
     "subject{id_type:\"111\" number:\"370702199001011234\" name:\"张三\"} "
     "type:\"civil_affairs.marriage\" fields:\"marital_status\" fields:\"spouse_name\" "
     "claims{field:\"name\" value:\"张三\"} claims{field:\"amount\" value:\"12345.67\"} "
     "consent:\"eyJhbGciOiJFUzI1NiJ9.e30.sig\" key:\"J370702-2015-000123\" alg:1",
     "id:'\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0' mode:2 subject{}"},
    {"answer",
     "id:'0123456789abcde\\0' status:1 rule:\"policy.ok\" text_zh:\"已查到\" "
     "text_en:\"found\" found{type:\"civil_affairs.marriage\" key:\"k1\" version:3 state:1 "
     "valid_from:\"2015-05-20\" valid_to:\"2099-12-31\" fields{tag:1 text:\"已婚\"} "
     "fields{tag:2 number:-12345678901} fields{tag:300 blob:'\\0\\1\\2'} "
     "freshness{as_of:1763786491005 source:\"civil_affairs.marriage\" max_age:86400 "
     "state:1}} found{type:\"t\" fields{tag:1 text:\"已婚\"}} verdicts{field:\"name\" "
     "verdict:1} verdicts{field:\"amount\" verdict:2} "
     "certificate:\"eyJ0.eyJ1.c2ln~WyJzIl0~\" certificate_id:\"1.2.156.3005.2.1\" "
     "freshness{as_of:1763786400000 source:\"civil_affairs.marriage\" max_age:86400 "
     "state:2} ledger_index:4711 ledger_hash:'0123456789abcdef0123456789abcde\\0'",
     ""},
    {"entry",
     "kind:4 time:1763786491005 party:\"wf.housing\" officer:\"wf-0815\" "
     "item:\"hf-withdrawal-loan\" purpose:\"withdrawal\" case_no:\"2026-000123\" "
     "subject:'PPPPPPPPPPPPPPPP' type:\"civil_affairs.marriage\" mode:3 asked:1,2,300 "
     "given:1,300 status:1 rule:\"policy.ok\" as_of:1763786400000 fresh:1 "
     "request_id:'0123456789abcdef' request_hash:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' "
     "answer_hash:'BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB' intent:4711 "
     "certificate:\"1.2.156.3005.2.1\" note:\"catalogue 9f86d081\"",
     "kind:9"},
    {"append", "ticket:5 entries:'record one' entries:'record two'", "entries:'record one'"},
    {"appended",
     "ticket:5 first_index:4711 hashes:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' "
     "hashes:'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC' code:6",
     ""},
    {"desk_request",
     "id:'0123456789abcde\\0' time:1763786491005 act:1 officer:\"audit-1\" reason:\"file "
     "2026-77\" filter{subject{id_type:\"111\" number:\"370702199001011234\" "
     "name:\"张三\"} party:\"wf.housing\" officer:\"wf-0815\" "
     "item:\"hf-withdrawal-loan\" purpose:\"withdrawal\" type:\"civil_affairs.marriage\" "
     "kind:1 status:6 from:1763700000000 to:1763800000000 case_no:\"2026-000123\"} "
     "cursor:1000 limit:200 index:4711",
     "id:'\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0\\0' act:3 filter{subject{}}"},
    {"desk_answer",
     "id:'0123456789abcde\\0' status:1 rule:\"desk.ok\" text_zh:\"好\" text_en:\"fine\" "
     "lines{index:1 entry:'entry one'} lines{index:2 entry:'entry two'} next_cursor:3 "
     "more:1 checkpoint:\"zhitong.test/log\n3\nAAAA\n\n— zhitong.test/log AAAA\n\" "
     "proof:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' proof:'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC' "
     "leaf:'entry one' sources{source:\"tax.income\" seq:1 records:2 last_batch:4 "
     "last_heartbeat:5 complete_as_of:6 quarantined:3 fresh:2} stats{name:\"ledger.size\" "
     "value:4712} stats{name:\"store.records\" value:80000} ledger_index:4712 "
     "ledger_hash:'0123456789abcdef0123456789abcde\\0'",
     ""},
    {"sign_request",
     "ticket:8 act:1 alg:2 issuer:\"civil_affairs\" messages:'record one' messages:'record "
     "two' origin:\"zhitong.test/log\" old_size:10 size:20 "
     "root:'0123456789abcdef0123456789abcde\\0' proof:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' "
     "proof:'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCC'",
     "act:3"},
    {"sign_answer",
     "ticket:8 code:3 rule:\"signer.no-key\" text:\"no key of that issuer\" "
     "key_id:\"civil-2026\" alg:2 "
     "signatures:'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAABBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB' "
     "signatures:'CCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCCAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' "
     "chain:'leaf der' chain:'intermediate der' note:'a note\\12'",
     ""},
};

static void check_text(const struct codec *codec, const void *value, const char *expected)
{
    struct zt_buf out, text;
    struct zt_bytes body = sample_body(codec, value, &out);
    zt_buf_init(&text, 65536);
    dump_message(codec->descriptor, body, &text);
    assert_string_equal(zt_buf_text(&text), expected);
    zt_buf_fini(&text);
    zt_buf_fini(&out);
}

static void fields_stand_under_their_names(void **state)
{
    (void)state;
    assert_int_equal(sizeof contract / sizeof *contract, codec_count);
    for (size_t i = 0; i < codec_count; i++) {
        assert_string_equal(contract[i].name, codecs[i].name);
        check_text(&codecs[i], codecs[i].full, contract[i].full);
        check_text(&codecs[i], codecs[i].least, contract[i].least);
    }
}

static void check_bytes(const char *name, const char *expected)
{
    const struct codec *codec = codec_named(name);
    struct zt_buf out;
    char hex[4096];
    struct zt_bytes body = sample_body(codec, codec->full, &out);
    assert_true(body.len * 2 < sizeof hex);
    zt_hex_encode(body, hex);
    assert_string_equal(hex, expected);
    zt_buf_fini(&out);
}

// Records are signed and stored, entries are hashed into the ledger: their bytes may never change.
static void bytes_that_outlive_programs(void **state)
{
    (void)state;
    check_bytes("record",
                "0a16636976696c5f616666616972732e6d6172726961676512134a3337303730322d323031352d3030303132"
                "331a210a0331313112123337303730323139393030313031313233341a06e5bca0e4b8891a2d0a0330303112"
                "1239313337303730304d4133544553543030581a12e6bd8de59d8ae5b882e69f90e585ace58fb82080804028"
                "02320a323031352d30352d32303a0a323039392d31322d333140fa91f09dd56652063337303730325a0a0801"
                "1206e5b7b2e5a99a5a08080218e9f0e0fd5b5a0808ac022203000102");
    check_bytes("entry",
                "080410fa91f09dd5661a0a77662e686f7573696e67220777662d303831352a1268662d776974686472617761"
                "6c2d6c6f616e320a7769746864726177616c3a0b323032362d30303031323342105050505050505050505050"
                "50505050504a16636976696c5f616666616972732e6d6172726961676550035a040102ac02620301ac026801"
                "7209706f6c6963792e6f6b788084e59dd5668001018a01103031323334353637383961626364656692012041"
                "414141414141414141414141414141414141414141414141414141414141419a012042424242424242424242"
                "42424242424242424242424242424242424242424242a001e724aa0110312e322e3135362e333030352e322e"
                "31b20112636174616c6f677565203966383664303831");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fields_stand_under_their_names),
        cmocka_unit_test(bytes_that_outlive_programs),
    };
    return cmocka_run_group_tests_name("proto/contract", tests, NULL, NULL);
}
