// SPDX-License-Identifier: Apache-2.0
#include "base/id/id.h"

#include "base/test_support.h"

#define TODAY "2026-11-22"

// rule NULL: valid.
struct vector {
    enum zt_id_kind kind;
    const char *value, *rule, *place;
};

static void run(const struct vector *vectors, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct vector *v = &vectors[i];
        struct zt_fault fault = {.code = ZT_OK};
        enum zt_err rc = zt_id_check(v->kind, v->value, TODAY, &fault);
        assert_int_equal(zt_id_check(v->kind, v->value, TODAY, NULL), rc);
        if (!v->rule) {
            if (rc != ZT_OK)
                fail_msg("%s: %s", v->value, fault.rule);
            continue;
        }
        assert_int_equal(rc, ZT_E_INPUT);
        if (strcmp(fault.rule, v->rule) != 0 || (v->place && strcmp(fault.place, v->place) != 0))
            fail_msg("%s: %s at %s", v->value, fault.rule, fault.place);
        assert_true(strlen(fault.text) > 5);
        assert_null(strstr(fault.text, v->value[0] ? v->value : "\n")); // never the number itself
    }
}
#define RUN(vectors) run(vectors, sizeof vectors / sizeof *vectors)

static void citizen_numbers(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        // the standard's own examples
        {ZT_ID_CITIZEN, "11010519491231002X", NULL, NULL},
        {ZT_ID_CITIZEN, "440524188001010014", NULL, NULL},
        {ZT_ID_CITIZEN, "370202199003079980", NULL, NULL},
        {ZT_ID_CITIZEN, "370703198512319996", NULL, NULL},
        {ZT_ID_CITIZEN, "370215197202299903", NULL, NULL},
        {ZT_ID_CITIZEN, "370781201510019918", NULL, NULL},
        {ZT_ID_CITIZEN, "370285194910019920", NULL, NULL},
        {ZT_ID_CITIZEN, "37020319930515994X", NULL, NULL},
        {ZT_ID_HMT_RESIDENT, "810000198808089931", NULL, NULL},
        {ZT_ID_HMT_RESIDENT, "820000199512209945", NULL, NULL},
        {ZT_ID_HMT_RESIDENT, "830000200001319963", NULL, NULL},
        {ZT_ID_CITIZEN, "370202199003079981", "gb11643.check", "18"},
        {ZT_ID_CITIZEN, "370203199305159940", "gb11643.check", "18"},
        {ZT_ID_CITIZEN, "37020319930515994x", "gb11643.case", "18"},
        {ZT_ID_CITIZEN, "370202197002299907", "gb11643.date", "7"},
        {ZT_ID_CITIZEN, "370202202302309904", "gb11643.date", "7"},
        {ZT_ID_CITIZEN, "370202199013079909", "gb11643.date", "7"},
        {ZT_ID_CITIZEN, "370202209912319909", "gb11643.future", "7"},
        {ZT_ID_CITIZEN, "999999199003079906", "gb11643.region", "1"},
        {ZT_ID_CITIZEN, "37020219900307998", "gb11643.length", "17"},
        {ZT_ID_CITIZEN, "3702021990O3079980", "gb11643.characters", "11"},
        {ZT_ID_CITIZEN, "370202900307998", "gb11643.length", "15"},
        // and what the same rules say about other slips
        {ZT_ID_CITIZEN, "", "gb11643.length", "0"},
        {ZT_ID_CITIZEN, "3702021990030799800", "gb11643.length", NULL},
        {ZT_ID_CITIZEN, "37020219900307998 ", "gb11643.characters", "18"},
        {ZT_ID_CITIZEN, "３70202199003079980", "gb11643.characters", "1"},
        {ZT_ID_CITIZEN, "3702021990030799X0", "gb11643.characters", "17"},
        {ZT_ID_CITIZEN, "37020319930515994Y", "gb11643.characters", "18"},
        {ZT_ID_CITIZEN, "810000198808089931", "gb11643.region", "1"},
        {ZT_ID_HMT_RESIDENT, "370202199003079980", "gb11643.region", "1"},
        {ZT_ID_HMT_RESIDENT, "810000198808089932", "gb11643.check", "18"},
    };
    RUN(vectors);
}

// 999 months of sequence numbers would not fit the vectors: region after region with a right check character.
static void make_citizen(const char *region, const char *birth, unsigned sequence, char out[static 19])
{
    snprintf(out, 19, "%.6s%.8s%03u", region, birth, sequence % 1000);
    out[17] = zt_gb11643_check(out);
    out[18] = 0;
}

static void regions_now_and_before(void **state)
{
    (void)state;
    static const char *const good[] = {"370202", "370203", "370205", "370211", "370212", "370213", "370214",
                                       "370215", "370281", "370282", "370283", "370284", "370285", "370702",
                                       "370703", "370704", "370705", "370724", "370725", "370781", "370782",
                                       "370783", "370784", "370785", "370786", "370226", "370721", "372201",
                                       "379001", "110101", "710000", "650102"};
    static const char *const bad[] = {"370200", "370700", "370201", "370210", "370286", "370299", "370772",
                                      "370706", "370787", "000000", "160101", "385555", "840000", "990000"};
    char number[19];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        make_citizen(good[i], "19900307", 998, number);
        assert_int_equal(zt_id_check(ZT_ID_CITIZEN, number, TODAY, NULL), ZT_OK);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct zt_fault fault;
        make_citizen(bad[i], "19900307", 998, number);
        assert_int_equal(zt_id_check(ZT_ID_CITIZEN, number, TODAY, &fault), ZT_E_INPUT);
        assert_string_equal(fault.rule, "gb11643.region");
    }
    assert_string_equal(zt_region_of("370215").county, "即墨区");
    assert_string_equal(zt_region_of("370721199003079980").city, "潍坊市");
    assert_string_equal(zt_region_of("110101").province, "北京市");
    assert_string_equal(zt_region_of("110101").county, "");
    assert_string_equal(zt_region_of("990101").province, "");
    assert_string_equal(zt_region_of("3702").province, "");
    assert_string_equal(zt_region_of("").province, "");
}

static void ages_are_plausible(void **state)
{
    (void)state;
    static const struct {
        const char *birth, *rule;
    } cases[] = {{"20261122", NULL},           {"20261123", "gb11643.future"}, {"18761123", NULL},
                 {"18761122", "gb11643.date"}, {"17000101", "gb11643.date"},   {"00000101", "gb11643.date"}};
    char number[19];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct zt_fault fault = {.rule = ""};
        make_citizen("370202", cases[i].birth, 1, number);
        enum zt_err rc = zt_id_check(ZT_ID_CITIZEN, number, TODAY, &fault);
        assert_int_equal(rc, cases[i].rule ? ZT_E_INPUT : ZT_OK);
        assert_string_equal(fault.rule, cases[i].rule ? cases[i].rule : "");
    }
    assert_int_equal(zt_id_check(ZT_ID_CITIZEN, number, "today", NULL), ZT_E_BUG);
}

static void without_a_day_any_birth_date_will_do(void **state)
{
    (void)state;
    static const struct {
        const char *birth;
        enum zt_err rc;
    } cases[] = {{"20261123", ZT_OK}, {"99991231", ZT_OK}, {"17000101", ZT_OK}, {"19900230", ZT_E_INPUT}};
    char number[19];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        make_citizen("370202", cases[i].birth, 1, number);
        assert_int_equal(zt_id_check(ZT_ID_CITIZEN, number, NULL, NULL), cases[i].rc);
    }
}

static void citizen_parts(void **state)
{
    (void)state;
    char date[ZT_DATE_LEN + 1];
    zt_citizen_birth_date("370215197202299903", date);
    assert_string_equal(date, "1972-02-29");
    assert_true(zt_citizen_is_female("11010519491231002X"));
    assert_false(zt_citizen_is_female("440524188001010014"));
    assert_true(zt_citizen_is_female("370202199003079980"));
    assert_false(zt_citizen_is_female("370703198512319996"));
    assert_int_equal(zt_gb11643_check("3702031993051599A"), 0);
    assert_int_equal(zt_gb11643_check("1101051949123100"), 0);
}

static void foreign_permanent_numbers(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {ZT_ID_FOREIGN_PERMANENT, "937840197906159909", NULL, NULL},
        {ZT_ID_FOREIGN_PERMANENT, "937392198307049939", NULL, NULL},
        {ZT_ID_FOREIGN_PERMANENT, "911276199102289912", NULL, NULL},
        {ZT_ID_FOREIGN_PERMANENT, "USA370090061501", NULL, NULL},
        {ZT_ID_FOREIGN_PERMANENT, "937840197906159908", "foreign.check", "18"},
        {ZT_ID_FOREIGN_PERMANENT, "837840197906159905", "foreign.series", "1"},
        {ZT_ID_FOREIGN_PERMANENT, "937840197913159907", "foreign.date", "7"},
        {ZT_ID_FOREIGN_PERMANENT, "93784019790615990", "foreign.length", "17"},
        {ZT_ID_FOREIGN_PERMANENT, "937999197906159905", "foreign.country", "4"},
        {ZT_ID_FOREIGN_PERMANENT, "us a370090061501", "foreign.case", "1"},
        {ZT_ID_FOREIGN_PERMANENT, "US A370090061501", "foreign.characters", "3"},
        {ZT_ID_FOREIGN_PERMANENT, "US1370090061501", "foreign.characters", "3"},
        {ZT_ID_FOREIGN_PERMANENT, "USAB70090061501", "foreign.characters", NULL},
        {ZT_ID_FOREIGN_PERMANENT, "USA37009006150A", "foreign.characters", NULL},
        {ZT_ID_FOREIGN_PERMANENT, "9378401979061599A9", "foreign.characters", "17"},
        {ZT_ID_FOREIGN_PERMANENT, "990840197906159909", "foreign.region", "2"},
        {ZT_ID_FOREIGN_PERMANENT, "937840209906159909", "foreign.future", "7"},
        {ZT_ID_FOREIGN_PERMANENT, "", "foreign.length", "0"},
    };
    RUN(vectors);
}

static void credit_codes(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {ZT_ID_USCC, "91350100M000100Y43", NULL, NULL}, // the standard's own example
        {ZT_ID_USCC, "91370202MA9X00011M", NULL, NULL},
        {ZT_ID_USCC, "91370700MA9X0002XA", NULL, NULL},
        {ZT_ID_USCC, "92370703MA9X00038J", NULL, NULL},
        {ZT_ID_USCC, "93370781MA9X000469", NULL, NULL},
        {ZT_ID_USCC, "52370200MJE9000543", NULL, NULL},
        {ZT_ID_USCC, "51370700MJE900062T", NULL, NULL},
        {ZT_ID_USCC, "12370200MB9X00074F", NULL, NULL},
        {ZT_ID_USCC, "11370700MB9X000827", NULL, NULL},
        {ZT_ID_USCC, "11370200MB9X000908", NULL, NULL},
        {ZT_ID_USCC, "12370700MB9X00103L", NULL, NULL},
        {ZT_ID_USCC, "11370700MB9X00111J", NULL, NULL},
        {ZT_ID_USCC, "11370700MB9X0012XA", NULL, NULL},
        {ZT_ID_USCC, "11370700MB9X00138A", NULL, NULL},
        {ZT_ID_USCC, "91370202MA9X00011N", "gb32100.check", "18"},
        {ZT_ID_USCC, "91370202MA9X00012Q", "gb32100.inner-check", "17"},
        {ZT_ID_USCC, "91370202MA9X0001IM", "gb32100.characters", "17"},
        {ZT_ID_USCC, "91370202MA9X0001M", "gb32100.length", "17"},
        {ZT_ID_USCC, "91370202ma9x00011m", "gb32100.case", "9"},
        {ZT_ID_USCC, "91350100M000100Y4Z", "gb32100.characters", "18"},
        {ZT_ID_USCC, "000000000000000000", "gb32100.department", "1"},
        {ZT_ID_USCC, "", "gb32100.length", "0"},
        {ZT_ID_USCC, "91370202MA9X00011MM", "gb32100.length", NULL},
        {ZT_ID_USCC, "91370202MA9X-0011M", "gb32100.characters", "13"},
        {ZT_ID_USCC, "91990202MA9X00011M", "gb32100.region", "3"},
        {ZT_ID_USCC, "9137020AMA9X00011M", "gb32100.region", "3"},
        {ZT_ID_USCC, "B1370202MA9X00011M", "gb32100.department", "1"},
    };
    RUN(vectors);
    assert_int_equal(zt_gb32100_check("91350100M000100Y4"), '3');
    assert_int_equal(zt_gb32100_check("91350100M000100I4"), 0);
    assert_int_equal(zt_gb32100_check("9135010"), 0);
    assert_int_equal(zt_gb11714_check("MA9X0002"), 'X');
    assert_int_equal(zt_gb11714_check("MA9x0002"), 0);
}

#define ROOT "1.2.156.3005.2."
#define TYPE "11370700MB9X000827"
#define HPF  "12370700MB9X00103L"

static void licence_identifiers(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".20260101000000000001.001.R", NULL, NULL},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".20260101000000000001.002.P", NULL, NULL},
        {ZT_ID_LICENCE, ROOT TYPE "017.11370700MB9X00111J.20260315000000000042.001.O", NULL, NULL},
        {ZT_ID_LICENCE, ROOT TYPE "101.11370700MB9X00138A.9F3C2A7B6D5E41A0B8C7D6E5F4A3B2C1.001.8", NULL,
         NULL},
        {ZT_ID_LICENCE, ROOT "111000000000131433001.11370700MB9X0012XA.370700202600000077.001.4", NULL, NULL},
        {ZT_ID_LICENCE, ROOT "11100000000013338W009.11330105002500287C.2025052201.002.0", NULL, NULL},
        {ZT_ID_LICENCE, ROOT "11100000000013338W087.11370800MB28559184.37080001202411010001.001.3", NULL,
         NULL},
        {ZT_ID_LICENCE, ROOT "11100000MB03271699022.340100.000000016.001.9", NULL, NULL},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".20260101000000000001.001.S", "gbt36904.check", "10"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".20260101000000000001.002.R", "gbt36904.check", "10"},
        {ZT_ID_LICENCE, ROOT TYPE "001.20260101000000000001.001.R", "gbt36904.segments", NULL},
        {ZT_ID_LICENCE, "1.2.156.3005.1." TYPE "001." HPF ".20260101000000000001.001.R", "gbt36904.root",
         "1"},
        {ZT_ID_LICENCE, ROOT "11370700MB9X00082701." HPF ".20260101000000000001.001.R", "gbt36904.type-code",
         "6"},
        {ZT_ID_LICENCE, ROOT "11370700mb9x000827001.12370700mb9x00103l.20260101000000000001.001.r",
         "gbt36904.case", "6"},
        {ZT_ID_LICENCE, "", "gbt36904.root", "1"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1.001.R.X", "gbt36904.segments", NULL},
        {ZT_ID_LICENCE, ROOT TYPE "00A." HPF ".1.001.R", "gbt36904.type-code", "6"},
        {ZT_ID_LICENCE, ROOT "11370700MB9X000828001." HPF ".1.001.R", "gbt36904.type-code", "6"},
        {ZT_ID_LICENCE, ROOT TYPE "001.12370700MB9X00103M.1.001.R", "gbt36904.issuer", "7"},
        {ZT_ID_LICENCE, ROOT TYPE "001.990100.1.001.R", "gbt36904.issuer", "7"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF "..001.R", "gbt36904.serial", "8"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1-2.001.R", "gbt36904.segments", "8"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1.01.R", "gbt36904.version", "9"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1.000.R", "gbt36904.version", "9"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1.0A1.R", "gbt36904.version", "9"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1.001.RR", "gbt36904.segments", "10"},
        {ZT_ID_LICENCE, ROOT TYPE "001." HPF ".1.001.", "gbt36904.segments", "10"},
        {ZT_ID_LICENCE,
         ROOT TYPE "001." HPF ".12345678901234567890123456789012345678901234567890123456789012345.001.R",
         "gbt36904.serial", NULL},
    };
    RUN(vectors);
    const char *whole = vectors[0].value;
    for (size_t len = 0; len < strlen(whole); len++) {
        char *part = strndup(whole, len);
        assert_non_null(part);
        assert_int_equal(zt_id_check(ZT_ID_LICENCE, part, TODAY, NULL), ZT_E_INPUT);
        free(part);
    }
    char *endless = calloc(1, 5001);
    assert_non_null(endless);
    memset(endless, '1', 5000);
    for (int kind = ZT_ID_CITIZEN; kind <= ZT_ID_LICENCE; kind++)
        assert_int_equal(zt_id_check((enum zt_id_kind)kind, endless, TODAY, NULL), ZT_E_INPUT);
    assert_int_equal(zt_id_guess(endless), ZT_ID_UNKNOWN);
    free(endless);
}

static void licences_are_made(void **state)
{
    (void)state;
    char out[ZT_LICENCE_MAX] = "kept";
    struct zt_fault fault;
    static const struct {
        const char *type, *issuer, *serial;
        unsigned version;
        const char *rule;
    } bad[] = {{TYPE "001", HPF, "1", 0, "gbt36904.version"},
               {TYPE "001", HPF, "1", 1000, "gbt36904.version"},
               {TYPE "01", HPF, "1", 1, "gbt36904.type-code"},
               {TYPE "0001", HPF, "1", 1, "gbt36904.type-code"},
               {TYPE "001", HPF "1", "1", 1, "gbt36904.issuer"},
               {TYPE "001", "", "1", 1, "gbt36904.issuer"},
               {TYPE "001", HPF, "", 1, "gbt36904.serial"},
               {TYPE "001", HPF, "1.2", 1, "gbt36904.segments"},
               {TYPE "001", HPF, "a", 1, "gbt36904.case"},
               {TYPE "001", HPF, "12345678901234567890123456789012345678901234567890123456789012345", 1,
                "gbt36904.serial"}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(
            zt_licence_make(bad[i].type, bad[i].issuer, bad[i].serial, bad[i].version, out, &fault),
            ZT_E_INPUT);
        assert_string_equal(fault.rule, bad[i].rule);
        assert_string_equal(out, "kept");
    }
    assert_int_equal(zt_licence_make(TYPE "001", HPF, "20260101000000000001", 1, out, &fault), ZT_OK);
    assert_string_equal(out, ROOT TYPE "001." HPF ".20260101000000000001.001.R");
    assert_int_equal(zt_licence_make("11100000MB03271699022", "340100", "000000016", 1, out, &fault), ZT_OK);
    assert_string_equal(out, ROOT "11100000MB03271699022.340100.000000016.001.9");
    assert_int_equal(zt_licence_make(TYPE "001", HPF,
                                     "1234567890123456789012345678901234567890123456789012345678901234", 999,
                                     out, &fault),
                     ZT_OK);
    assert_int_equal(zt_id_check(ZT_ID_LICENCE, out, TODAY, NULL), ZT_OK);
    assert_int_equal(zt_iso7064_mod37_36("a"), 0);
    assert_int_equal(zt_iso7064_mod37_36("1.2"), 0);
}

static void other_documents(void **state)
{
    (void)state;
    static const struct vector vectors[] = {
        {ZT_ID_PASSPORT, "E00000099", NULL, NULL},
        {ZT_ID_PASSPORT, "EA9990001", NULL, NULL},
        {ZT_ID_PASSPORT, "G99900012", NULL, NULL},
        {ZT_ID_PASSPORT, "EB9990002", NULL, NULL},
        {ZT_ID_PASSPORT, "E99900003", NULL, NULL},
        {ZT_ID_PASSPORT, "E0000009", "passport.form", NULL},
        {ZT_ID_PASSPORT, "EI9990001", "passport.form", NULL},
        {ZT_ID_PASSPORT, "EO9990001", "passport.form", NULL},
        {ZT_ID_PASSPORT, "GA9990001", "passport.form", NULL},
        {ZT_ID_PASSPORT, "X00000001", "passport.form", NULL},
        {ZT_ID_PASSPORT, "e00000099", "passport.form", NULL},
        {ZT_ID_PASSPORT, "E000000999", "passport.form", NULL},
        {ZT_ID_PASSPORT, "", "passport.form", NULL},
        {ZT_ID_HOME_RETURN, "H99900001", NULL, NULL},
        {ZT_ID_HOME_RETURN, "M99900002", NULL, NULL},
        {ZT_ID_HOME_RETURN, "H99900003", NULL, NULL},
        {ZT_ID_HOME_RETURN, "M99900004", NULL, NULL},
        {ZT_ID_HOME_RETURN, "H99900005", NULL, NULL},
        {ZT_ID_HOME_RETURN, "K99900001", "home-return.form", NULL},
        {ZT_ID_HOME_RETURN, "H9990001", "home-return.form", NULL},
        {ZT_ID_HOME_RETURN, "h99900001", "home-return.form", NULL},
        {ZT_ID_HOME_RETURN, "H999000011", "home-return.form", NULL},
        {ZT_ID_HOME_RETURN, "H9990000A", "home-return.form", NULL},
        {ZT_ID_HOME_RETURN, "", "home-return.form", NULL},
        {ZT_ID_TAIWAN_PERMIT, "99900001", NULL, NULL},
        {ZT_ID_TAIWAN_PERMIT, "99900002", NULL, NULL},
        {ZT_ID_TAIWAN_PERMIT, "99900003", NULL, NULL},
        {ZT_ID_TAIWAN_PERMIT, "99900004", NULL, NULL},
        {ZT_ID_TAIWAN_PERMIT, "99900005", NULL, NULL},
        {ZT_ID_TAIWAN_PERMIT, "9990001", "taiwan-permit.form", NULL},
        {ZT_ID_TAIWAN_PERMIT, "A9900001", "taiwan-permit.form", NULL},
        {ZT_ID_TAIWAN_PERMIT, "999000011", "taiwan-permit.form", NULL},
        {ZT_ID_TAIWAN_PERMIT, "9990000X", "taiwan-permit.form", NULL},
        {ZT_ID_TAIWAN_PERMIT, "99 00001", "taiwan-permit.form", NULL},
        {ZT_ID_TAIWAN_PERMIT, "", "taiwan-permit.form", NULL},
        {ZT_ID_UNKNOWN, "x", "id.kind", NULL},
    };
    RUN(vectors);
    static const struct {
        const char *text;
        char check;
    } zones[] = {{"E00000099", '4'}, {"EA9990001", '8'}, {"G99900012", '6'},
                 {"<<<", '0'},       {"", '0'},          {"e1", 0}};
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++)
        assert_int_equal(zt_icao9303_check(zones[i].text), zones[i].check);
}

static void kinds_have_names_and_codes(void **state)
{
    (void)state;
    for (int i = ZT_ID_CITIZEN; i <= ZT_ID_LICENCE; i++) {
        enum zt_id_kind kind = (enum zt_id_kind)i, back = ZT_ID_UNKNOWN;
        assert_int_equal(zt_id_kind_parse(zt_id_kind_name(kind), &back), ZT_OK);
        assert_int_equal(back, kind);
        if (*zt_id_kind_code(kind)) {
            assert_int_equal(zt_id_kind_parse(zt_id_kind_code(kind), &back), ZT_OK);
            assert_int_equal(back, kind);
        }
        assert_true(strlen(zt_id_kind_name_zh(kind)) >= 12);
    }
    enum zt_id_kind kind = ZT_ID_USCC;
    static const char *const bad[] = {"", "unknown", "Citizen", "112", "1111"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(zt_id_kind_parse(bad[i], &kind), ZT_E_ABSENT);
    assert_int_equal(kind, ZT_ID_USCC);
    assert_string_equal(zt_id_kind_name((enum zt_id_kind)77), "unknown");
    assert_string_equal(zt_id_kind_code(ZT_ID_CITIZEN), "111");
    assert_string_equal(zt_id_kind_code(ZT_ID_USCC), "001");
}

static void the_form_suggests_the_kind(void **state)
{
    (void)state;
    static const struct {
        const char *value;
        enum zt_id_kind kind;
    } cases[] = {{"37020319930515994X", ZT_ID_CITIZEN},
                 {"370202199003079981", ZT_ID_CITIZEN},
                 {"37020219900307998", ZT_ID_CITIZEN},
                 {"3702021990O3079980", ZT_ID_CITIZEN},
                 {"370202900307998", ZT_ID_CITIZEN},
                 {"999999199003079906", ZT_ID_FOREIGN_PERMANENT},
                 {"810000198808089931", ZT_ID_HMT_RESIDENT},
                 {"830000198808089931", ZT_ID_HMT_RESIDENT},
                 {"937840197906159909", ZT_ID_FOREIGN_PERMANENT},
                 {"937840197906159908", ZT_ID_FOREIGN_PERMANENT},
                 {"USA370090061501", ZT_ID_FOREIGN_PERMANENT},
                 {"91370202MA9X00011M", ZT_ID_USCC},
                 {"91370202MA9X00011N", ZT_ID_USCC},
                 {"91370202ma9x00011m", ZT_ID_USCC},
                 {"91370202MA9X0001M", ZT_ID_USCC},
                 {"913702027000000000", ZT_ID_USCC},
                 {"93370781MA9X000469", ZT_ID_USCC},
                 {"E00000099", ZT_ID_PASSPORT},
                 {"E0000009", ZT_ID_PASSPORT},
                 {"H99900001", ZT_ID_HOME_RETURN},
                 {"h99900001", ZT_ID_HOME_RETURN},
                 {"99900001", ZT_ID_TAIWAN_PERMIT},
                 {"9990001", ZT_ID_TAIWAN_PERMIT},
                 {ROOT TYPE "001." HPF ".1.001.Z", ZT_ID_LICENCE},
                 {"", ZT_ID_UNKNOWN},
                 {"直通", ZT_ID_UNKNOWN},
                 {"ABC", ZT_ID_UNKNOWN},
                 {"12345", ZT_ID_UNKNOWN}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        if (zt_id_guess(cases[i].value) != cases[i].kind)
            fail_msg("%s: %s", cases[i].value, zt_id_kind_name(zt_id_guess(cases[i].value)));
}

static void values_are_normalised(void **state)
{
    (void)state;
    static const char *const good[][2] = {{" 37020319930515994x ", "37020319930515994X"},
                                          {"３７０２０３１９９３０５１５９９４ｘ", "37020319930515994X"},
                                          {"\xE3\x80\x80 91370202ma9x00011m\t", "91370202MA9X00011M"},
                                          {"\xEF\xBB\xBF\xC2\xA0h99900001\r\n", "H99900001"},
                                          {"a b", "A B"}};
    static const char *const bad[] = {"",         "   ", "\xE3\x80\x80", "直通",
                                      "3702\xFF", "é",   "12\xE3\x80",   "１２\xF0\x9F\x98\x80"};
    char out[ZT_ID_MAX];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(zt_id_normalise(good[i][0], out, sizeof out), ZT_OK);
        assert_string_equal(out, good[i][1]);
    }
    snprintf(out, sizeof out, "kept");
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(zt_id_normalise(bad[i], out, sizeof out), ZT_E_INPUT);
    assert_int_equal(zt_id_normalise("12345678901234567890123456789012345678901234567890", out, sizeof out),
                     ZT_E_LIMIT);
    char blanks[400];
    memset(blanks, ' ', sizeof blanks);
    memcpy(blanks, "370202199003079980", 18);
    blanks[399] = 0;
    assert_string_equal(out, "kept");
    assert_int_equal(zt_id_normalise(blanks, out, sizeof out), ZT_OK);
    assert_string_equal(out, "370202199003079980");
    assert_int_equal(zt_id_normalise("1", out, 1), ZT_E_LIMIT);
    assert_int_equal(zt_id_normalise("1", out, 0), ZT_E_LIMIT);
}

static void values_are_masked(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"370202199003079980", "370***80"},
                                           {"91370202MA9X00011M", "913***1M"},
                                           {"E00000099", "E00***99"},
                                           {"99900001", "999***01"},
                                           {"9990001", "***"},
                                           {"", "***"},
                                           {"军字第一二三四五号", "军字第***五号"}};
    char out[64];
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        zt_id_mask(cases[i][0], out, sizeof out);
        assert_string_equal(out, cases[i][1]);
    }
    zt_id_mask("370202199003079980", out, 4);
    assert_string_equal(out, "370");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(citizen_numbers),
        cmocka_unit_test(regions_now_and_before),
        cmocka_unit_test(ages_are_plausible),
        cmocka_unit_test(without_a_day_any_birth_date_will_do),
        cmocka_unit_test(citizen_parts),
        cmocka_unit_test(foreign_permanent_numbers),
        cmocka_unit_test(credit_codes),
        cmocka_unit_test(licence_identifiers),
        cmocka_unit_test(licences_are_made),
        cmocka_unit_test(other_documents),
        cmocka_unit_test(kinds_have_names_and_codes),
        cmocka_unit_test(the_form_suggests_the_kind),
        cmocka_unit_test(values_are_normalised),
        cmocka_unit_test(values_are_masked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
