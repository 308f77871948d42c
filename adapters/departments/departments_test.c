// SPDX-License-Identifier: Apache-2.0
// The four departments' plugins as zt-adapter loads them: a good row of each dataset, and every rule that is
// the department's own.
#include "adapters/host/plugin.h"
#include "adapters/kit/test_support.h"

#define COUNT(list) (sizeof(list) / sizeof *(list))

enum { SECURITY, CIVIL, TAX, FUND, PLUGINS };
static const char *const plugin_names[PLUGINS] = {"public_security", "civil_affairs", "tax",
                                                  "housing_provident_fund"};
static struct zt_loaded loaded[PLUGINS];
static struct test_emit t;
static struct test_row r;

static void plugin_path(char path[static PATH_MAX], const char *name)
{
    const char *bin = getenv("ZT_BIN_DIR");
    snprintf(path, PATH_MAX, "%s/../lib/zhitong/%s.so", bin ? bin : "build/dev/bin", name);
}

static int open_all(void **state)
{
    (void)state;
    if (test_emit_open(&t) != 0)
        return -1;
    for (size_t i = 0; i < PLUGINS; i++) {
        char path[PATH_MAX];
        plugin_path(path, plugin_names[i]);
        if (zt_plugin_load(path, t.catalogue, "", &loaded[i], &t.fault) != ZT_OK) {
            print_error("%s: %s\n", t.fault.rule, t.fault.text);
            return -1;
        }
    }
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLUGINS; i++)
        zt_plugin_unload(&loaded[i]);
    return test_emit_close(&t);
}

static enum zt_err map(int plugin, size_t dataset)
{
    test_emit_reset(&t);
    enum zt_err rc = loaded[plugin].plugin->map(loaded[plugin].self, dataset, &r.row, &t.emit, &t.fault);
    return rc;
}

static void expect_good(int plugin, size_t dataset)
{
    enum zt_err rc = map(plugin, dataset);
    if (rc != ZT_OK)
        fail_msg("%s %s %s", t.fault.rule, t.fault.place, t.fault.text);
    assert_int_equal(t.count, 1);
}

struct bad {
    const char *column, *value, *rule;
};

static void expect_bad(int plugin, size_t dataset, const char *const *good, const struct bad *cases,
                       size_t count)
{
    for (size_t i = 0; i < count; i++) {
        test_row_set(&r, good);
        test_row_change(&r, cases[i].column, cases[i].value);
        enum zt_err rc = map(plugin, dataset);
        if (rc != ZT_E_INPUT || strcmp(t.fault.rule, cases[i].rule) != 0)
            fail_msg("case %zu: %s, %s instead of %s", i, zt_err_name(rc), t.fault.rule, cases[i].rule);
        assert_int_equal(t.count, 0);
    }
}

static const char *const resident[] = {"rybh=RK0000000001",
                                       "zjlx=111",
                                       "zjhm=370202199003079980",
                                       "xm=苏晓晴",
                                       "cym",
                                       "xb=2",
                                       "csrq=19900307",
                                       "mz=01",
                                       "gj=156",
                                       "csd=370202",
                                       "byzk=21",
                                       "whcd=20",
                                       "yxqs=20231030",
                                       "yxqz=长期",
                                       "qfjg=青岛市公安局市南区分局",
                                       "swbz=0",
                                       "hjdz=山东省青岛市市南区合成路1号",
                                       "gxsj=2023-10-30 11:01:26",
                                       "hcbz=1",
                                       NULL};

static void a_resident(void **state)
{
    (void)state;
    test_row_set(&r, resident);
    expect_good(SECURITY, 0);
    assert_string_equal(t.records[0].type, "ps.resident_identity");
    assert_string_equal(t.records[0].key, "RK0000000001"); // never the citizen number
    assert_string_equal(kept_text(&t, "birth_date"), "1990-03-07");
    assert_string_equal(kept_text(&t, "card_valid_to"), "");
    assert_string_equal(kept_text(&t, "death_mark"), "false");
    test_row_change(&r, "yxqz", "20431030");
    test_row_change(&r, "xb", "0"); // unknown contradicts nothing
    expect_good(SECURITY, 0);
    test_row_set(&r, resident);
    test_row_change(&r, "zjlx", "414"); // a passport says neither birthday nor sex
    test_row_change(&r, "zjhm", "E00000099");
    test_row_change(&r, "csrq", "19800101");
    expect_good(SECURITY, 0);
}

static void residents_that_are_two_people(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"csrq", "19900308", "resident.birth-date"},
        {"xb", "1", "resident.sex"},
        {"zjhm", "370202199003079981", "gb11643.check"},
        {"zjhm", "370202197002299907", "gb11643.date"},
        {"swbz", "死亡", "row.boolean"},
        {"mz", "99", "value.code"},
        {"csd", "37020", "value.code"},
        {"xm", NULL, "row.value-missing"},
        {"rybh", " ", "row.key"},
        {"gxsj", "", "row.changed"},
    };
    expect_bad(SECURITY, 0, resident, cases, COUNT(cases));
}

static const char *const marriage[] = {"djxh=HY0000000001",
                                       "jlhzzh=J370705-2015-000001",
                                       "ywlx=IA",
                                       "nanfxm=周明远",
                                       "nanfsfzjhm=370703198512319996",
                                       "nanfcsrq=19851231",
                                       "nanfgj=156",
                                       "nvfxm=苏晓晴",
                                       "nvfsfzjhm=370202199003079980",
                                       "nvfcsrq=19900307",
                                       "nvfgj=156",
                                       "djrq=20150318",
                                       "djjg=潍坊市奎文区民政局婚姻登记处",
                                       "djjgxzqh=370705",
                                       "hyzk=10",
                                       "lhpjah",
                                       "jarq",
                                       "gxsj=2015-03-18 10:00:00",
                                       "hcbz=1",
                                       NULL};

static void a_marriage_and_a_divorce(void **state)
{
    (void)state;
    test_row_set(&r, marriage);
    expect_good(CIVIL, 0);
    assert_int_equal(t.records[0].subject_count, 2);
    assert_string_equal(t.records[0].subjects[0].number, "370703198512319996");
    assert_string_equal(t.records[0].subjects[1].number, "370202199003079980");
    assert_string_equal(t.records[0].region, "370705");
    assert_string_equal(kept_text(&t, "op_type"), "IA");
    test_row_change(&r, "ywlx", "IB");
    test_row_change(&r, "jarq", "20190312");
    test_row_change(&r, "lhpjah", "(2019)鲁0705民初1234号");
    expect_good(CIVIL, 0);
    assert_string_equal(kept_text(&t, "divorce_effective"), "2019-03-12");
}

static void marriages_that_cannot_be(void **state)
{
    (void)state;
    static const struct bad cases[] = {
        {"nvfsfzjhm", "370703198512319996", "marriage.same-person"},
        {"jarq", "20190312", "marriage.divorce-date"},
        {"djrq", "20991231", "marriage.future"},
        {"ywlx", "IX", "value.code"},
        {"nanfsfzjhm", "37070319851231999X", "gb11643.check"},
        {"djrq", "20150230", "row.date"},
    };
    expect_bad(CIVIL, 0, marriage, cases, COUNT(cases));
}

static const char *const taxpayer[] = {"登记序号=10137000000000000001",
                                       "统一社会信用代码=91370202MA9X00011M",
                                       "纳税人名称=青岛鸢海商贸有限公司(合成)",
                                       "纳税人识别号=91370202MA9X00011M",
                                       "纳税人状态=正常",
                                       "增值税纳税人类型=一般纳税人",
                                       "法定代表人=张三",
                                       "行业代码=5191",
                                       "主管税务机关=13702020000",
                                       "登记日期=20150508",
                                       "注销日期=",
                                       "更新时间=20150508120000",
                                       "合成标志=1",
                                       NULL};
static const char *const payment[] = {"电子税票号=33702603150000000001",
                                      "纳税人识别号=91370202MA9X00011M",
                                      "纳税人名称=青岛鸢海商贸有限公司(合成)",
                                      "征收项目=10101",
                                      "征收品目=101010101",
                                      "税款所属期起=20260101",
                                      "税款所属期止=20260331",
                                      "计税依据=100000.00",
                                      "实缴金额=1000.00",
                                      "缴款日期=20260408",
                                      "国库=国家金库潍坊市中心支库",
                                      "退税标志=0",
                                      "更新时间=20260408120000",
                                      "合成标志=1",
                                      NULL};
static const char *const income[] = {"申报流水号=GS202603000000001",
                                     "证件类型=111",
                                     "证件号码=370202199003079980",
                                     "姓名=苏晓晴",
                                     "扣缴义务人=91370202MA9X00011M",
                                     "税款所属期=202603",
                                     "所得项目=01",
                                     "收入额=9800.00",
                                     "应纳税所得额=3330.00",
                                     "已缴税额=123.00",
                                     "缴款日期=20260410",
                                     "更新时间=20260410120000",
                                     "合成标志=1",
                                     NULL};

static void three_kinds_of_tax_rows(void **state)
{
    (void)state;
    test_row_set(&r, taxpayer);
    expect_good(TAX, 0);
    assert_string_equal(t.records[0].subjects[0].id_type, "001");
    assert_string_equal(kept_text(&t, "state"), "01");
    assert_int_equal(t.records[0].state, ZT_STATE_VALID);
    test_row_change(&r, "纳税人状态", "注销");
    test_row_change(&r, "注销日期", "20260101");
    expect_good(TAX, 0);
    assert_int_equal(t.records[0].state, ZT_STATE_CANCELLED);
    test_row_set(&r, payment);
    expect_good(TAX, 1);
    assert_string_equal(kept_text(&t, "amount"), "1000.00");
    assert_string_equal(kept_text(&t, "period_to"), "2026-03-31");
    test_row_set(&r, income);
    expect_good(TAX, 2);
    assert_string_equal(kept_text(&t, "period"), "202603");
    assert_string_equal(t.records[0].subjects[0].name, "苏晓晴");
}

static void tax_rows_that_are_wrong(void **state)
{
    (void)state;
    static const struct bad taxpayers[] = {
        {"纳税人状态", "注销", "taxpayer.cancelled"},
        {"注销日期", "20260101", "taxpayer.cancelled"},
        {"纳税人状态", "失踪", "row.code"},
        {"统一社会信用代码", "91370202MA9X00011N", "gb32100.check"},
        {"登记日期", "2015-13-08", "row.date"},
    };
    static const struct bad payments[] = {
        {"税款所属期止", "20251231", "payment.period"},
        {"实缴金额", "一千", "row.number"},
        {"实缴金额", "1000.001", "value.money"},
        {"纳税人识别号", "91370202MA9X00011N", "gb32100.check"},
        {"退税标志", "2", "row.boolean"},
    };
    static const struct bad incomes[] = {
        {"税款所属期", "202613", "row.month"},
        {"证件号码", "370202199003079981", "gb11643.check"},
        {"所得项目", "77", "value.code"},
        {"更新时间", "2026", "row.changed"},
    };
    expect_bad(TAX, 0, taxpayer, taxpayers, COUNT(taxpayers));
    expect_bad(TAX, 1, payment, payments, COUNT(payments));
    expect_bad(TAX, 2, income, incomes, COUNT(incomes));
}

static const char *const unit[] = {"tyshxydm=91370202MA9X00011M",
                                   "dwmc=青岛鸢海商贸有限公司(合成)",
                                   "dwzh=0500000001",
                                   "dwzhzt=01",
                                   "kjyf=201506",
                                   "jznn=202610",
                                   "dwjcbl=12.00",
                                   "grjcbl=12.00",
                                   "jcrs=12",
                                   "yjce=28224.00",
                                   "qjys=0",
                                   "jbr=张三",
                                   "gxsj=2026-11-01 12:00:00",
                                   "hcbz=1",
                                   NULL};
static const char *const account[] = {"zjlx=111",
                                      "zjhm=370202199003079980",
                                      "xm=苏晓晴",
                                      "grzh=100000000001",
                                      "dwzh=0500000001",
                                      "grzhzt=01",
                                      "khrq=20150720",
                                      "jcjs=9800.00",
                                      "jcbl=12.00",
                                      "dwjcje=1176.00",
                                      "grjcje=1176.00",
                                      "grzhye=86000.00",
                                      "djje=0.00",
                                      "jzny=202610",
                                      "lxzcjcys=135",
                                      "sjhm=19900000001",
                                      "grckzhhm=6229990000000000001",
                                      "gxsj=2026-11-01 12:00:00",
                                      "hcbz=1",
                                      NULL};
static const char *const withdrawal[] = {"zjlx=111",
                                         "zjhm=370202199003079980",
                                         "xm=苏晓晴",
                                         "tqbh=TQ1",
                                         "grzh=100000000001",
                                         "tqyy=06",
                                         "tqje=20000.00",
                                         "ktqe=86000.00",
                                         "jkhtbh=0029ZF1",
                                         "fwbh",
                                         "tqqq=20250622",
                                         "tqqz=20260622",
                                         "sqrq=20260622",
                                         "zfrq=20260622",
                                         "skzh=6229990000000000001",
                                         "pozjhm=370703198512319996",
                                         "zt=01",
                                         "gxsj=2026-06-22 12:00:00",
                                         "hcbz=1",
                                         NULL};

static void three_kinds_of_fund_rows(void **state)
{
    (void)state;
    test_row_set(&r, unit);
    expect_good(FUND, 0);
    assert_string_equal(t.records[0].key, "0500000001");
    assert_string_equal(kept_text(&t, "ratio_unit"), "12.00");
    test_row_set(&r, account);
    expect_good(FUND, 1);
    assert_string_equal(kept_text(&t, "balance"), "86000.00");
    assert_string_equal(kept_text(&t, "cont_months"), "135");
    test_row_set(&r, withdrawal);
    expect_good(FUND, 2);
    assert_string_equal(t.records[0].key, "TQ1");
    assert_string_equal(kept_text(&t, "window_from"), "2025-06-22");
    assert_string_equal(kept_text(&t, "house_key"), "");
}

static void fund_rows_that_are_wrong(void **state)
{
    (void)state;
    static const struct bad units[] = {
        {"dwzhzt", "44", "value.code"}, {"jcrs", "十二", "row.number"}, {"dwjcbl", "5.555", "value.decimal"}};
    static const struct bad accounts[] = {
        {"grzhye", "-1.00", "account.balance"}, {"djje", "86000.01", "account.frozen"},
        {"djje", "-5.00", "account.frozen"},    {"djje", NULL, "row.value-missing"},
        {"jzny", "2026/10", "row.month"},
    };
    static const struct bad withdrawals[] = {
        {"tqje", "0.00", "withdrawal.amount"},
        {"tqje", "-20000.00", "withdrawal.amount"},
        {"tqyy", "55", "value.code"},
        {"pozjhm", "370703198512319990", "gb11643.check"},
    };
    expect_bad(FUND, 0, unit, units, COUNT(units));
    expect_bad(FUND, 1, account, accounts, COUNT(accounts));
    expect_bad(FUND, 2, withdrawal, withdrawals, COUNT(withdrawals));
}

static void no_column_may_disappear(void **state)
{
    (void)state;
    static const struct {
        int plugin;
        size_t dataset;
        const char *const *row;
    } all[] = {{SECURITY, 0, resident}, {CIVIL, 0, marriage}, {TAX, 0, taxpayer}, {TAX, 1, payment},
               {TAX, 2, income},        {FUND, 0, unit},      {FUND, 1, account}, {FUND, 2, withdrawal}};
    size_t looked = 0;
    for (size_t i = 0; i < COUNT(all); i++) {
        for (size_t c = 0; all[i].row[c]; c++) {
            test_row_set(&r, all[i].row);
            char column[TEST_COLUMN];
            snprintf(column, sizeof column, "%s", r.names[c]);
            if (strcmp(column, "hcbz") == 0 || strcmp(column, "合成标志") == 0 ||
                (all[i].dataset == 2 && strcmp(column, "grzh") == 0))
                continue; // columns that nobody maps
            test_row_drop(&r, column);
            assert_int_equal(map(all[i].plugin, all[i].dataset), ZT_E_INPUT);
            assert_string_equal(t.fault.rule, "row.column-missing");
            assert_string_equal(t.fault.place, column);
            looked++;
        }
    }
    assert_true(looked > 90);
}

static void settings_are_not_for_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < PLUGINS; i++) {
        char path[PATH_MAX];
        struct zt_loaded other = {0};
        plugin_path(path, plugin_names[i]);
        assert_int_equal(zt_plugin_load(path, t.catalogue, "x.yaml", &other, &t.fault), ZT_E_CONFIG);
        assert_string_equal(t.fault.rule, "plugin.settings");
        assert_null(other.library);
        assert_string_equal(loaded[i].plugin->name, plugin_names[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_resident),
        cmocka_unit_test(residents_that_are_two_people),
        cmocka_unit_test(a_marriage_and_a_divorce),
        cmocka_unit_test(marriages_that_cannot_be),
        cmocka_unit_test(three_kinds_of_tax_rows),
        cmocka_unit_test(tax_rows_that_are_wrong),
        cmocka_unit_test(three_kinds_of_fund_rows),
        cmocka_unit_test(fund_rows_that_are_wrong),
        cmocka_unit_test(no_column_may_disappear),
        cmocka_unit_test(settings_are_not_for_them),
    };
    return cmocka_run_group_tests(tests, open_all, close_all);
}
