#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The synthetic city keeps its promises: same seed same bytes, consistent lives, right check digits, a story with known
amounts on every day of the year. Each check counts what it looked at, so that none passes over nothing."""

import csv
import datetime
import filecmp
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import unittest

SOURCE = os.environ.get("ZT_SOURCE_DIR") or os.path.abspath(os.path.join(os.path.dirname(__file__), "..", "..", ".."))
CITY = os.path.join(SOURCE, "deploy", "city")
MAKE = os.path.join(CITY, "make-city")
DATE = "2026-11-22"
sys.dont_write_bytecode = True
sys.path.insert(0, CITY)

import identifiers  # noqa: E402
import days  # noqa: E402
import story  # noqa: E402
from people import City  # noqa: E402


def make(folder, *args):
    return subprocess.run([MAKE, folder, *args], capture_output=True, text=True, check=False)


def lines(path):
    with open(path, encoding="utf-8") as handle:
        return [json.loads(line) for line in handle]


class Numbers(unittest.TestCase):
    def test_citizen_numbers_of_the_standard(self):
        for number in ("11010519491231002X", "440524188001010014", "370202199003079980", "37020319930515994X"):
            self.assertEqual(identifiers.citizen_check(number[:17]), number[17])

    def test_credit_codes_of_the_standard(self):
        for code in ("91350100M000100Y43", "91370202MA9X00011M", "12370700MB9X00103L", "11370700MB9X0012XA", "52370200MJE9000543"):
            self.assertEqual(identifiers.credit_check(code[:17]), code[17])
            self.assertEqual(identifiers.organisation_check(code[8:16]), code[16])

    def test_sequences_run_out_instead_of_repeating(self):
        numbers = identifiers.CitizenNumbers()
        given = [numbers.next("370202", datetime.date(1990, 3, 7), True) for _ in range(51)]
        self.assertEqual(len(set(given)), 51)
        self.assertIsNone(given[50])


class CrossCheck(unittest.TestCase):
    """The same numbers, judged by the C library through `zt id check`."""

    def judge(self, kind, value):
        zt = os.path.join(os.environ.get("ZT_BIN_DIR", os.path.join(SOURCE, "build", "dev", "bin")), "zt")
        if not os.access(zt, os.X_OK):
            self.skipTest("zt is not built")
        return subprocess.run([zt, "id", "check", "--kind", kind, value], capture_output=True, check=False).returncode == 0

    def test_what_we_make_is_valid_and_a_changed_character_is_not(self):
        citizens, codes = identifiers.CitizenNumbers(), identifiers.CreditCodes()
        values = []
        for index in range(60):
            birth = days.add_days(datetime.date(1945, 3, 1), index * 487)
            values.append(("citizen", citizens.next(("370202", "370705", "370282", "370784")[index % 4], birth, index % 2 == 0)))
            values.append(("uscc", codes.next(("91", "92", "12", "52")[index % 4], "370702")))
        for kind, value in values:
            self.assertTrue(self.judge(kind, value), value)
            at = 16 if kind == "citizen" else 12
            other = value[:at] + ("1" if value[at] != "1" else "2") + value[at + 1:]
            self.assertFalse(self.judge(kind, other), other)


class Refusals(unittest.TestCase):
    def test_bad_arguments(self):
        with tempfile.TemporaryDirectory() as folder:
            for args in (("--people", "99"), ("--date", "2026-02-30"), ("--date", "1999-01-01"), ("--people", "x")):
                done = make(os.path.join(folder, "c"), *args)
                self.assertEqual(done.returncode, 2, args)
                self.assertFalse(os.path.exists(os.path.join(folder, "c")))

    def test_does_not_write_into_a_folder_that_has_something(self):
        with tempfile.TemporaryDirectory() as folder:
            keep = os.path.join(folder, "keep")
            with open(keep, "w", encoding="utf-8") as out:
                out.write("mine")
            self.assertEqual(make(folder, "--people", "100").returncode, 2)
            self.assertEqual(os.listdir(folder), ["keep"])


class Story(unittest.TestCase):
    def test_amounts_on_every_day_of_a_leap_year(self):
        day, looked = datetime.date(2028, 1, 1), 0
        while day.year == 2028:
            city = City(1, 100, day)
            cases = story.cast(city)
            authorisations = []
            stand_in = FirstEmployer(city)
            stand_in.engage(cases)
            story.act(city, cases, authorisations)
            told = story.tell(city, cases)
            self.assertEqual(told["approved"]["amount_fen"], 4823640, day)
            # One week later without new data the amount is the same.
            later, first = day + datetime.timedelta(days=7), days.add_years(day + datetime.timedelta(days=7), -1)
            paid = sum(row.principal + row.interest for row in cases[0].loan.rows if first < row.paid_on <= later)
            self.assertEqual(paid, 4823640, day)
            self.assertGreaterEqual(told["approved"]["months_paid"], 24)
            self.assertGreater(told["rejected"]["next_possible"], day.isoformat())
            looked += 1
            day += datetime.timedelta(days=1)
        self.assertEqual(looked, 366)


class FirstEmployer:
    """Work for the cast without the rest of the city."""

    def __init__(self, city):
        import work
        self.org = work.Organisation(1, "x", "91", "x", "x", "370705", None, datetime.date(2008, 5, 8))
        city.organisations.append(self.org)

    def engage(self, cases):
        import hpf
        import work
        for case in cases:
            for person in (case.man, case.woman):
                work.hire(person, self.org, datetime.date(2015, 7, 1), 9800)
        self.org.unit = hpf.Unit("05", self.org, datetime.date(2008, 6, 8), datetime.date(2027, 1, 1), 12)


class Lives(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.temp = tempfile.TemporaryDirectory()
        cls.folder = os.path.join(cls.temp.name, "a")
        done = make(cls.folder, "--people", "1500", "--seed", "7", "--date", DATE)
        assert done.returncode == 0, done.stderr
        cls.database = sqlite3.connect(os.path.join(cls.folder, "public_security.sqlite"))
        cls.civil = sqlite3.connect(os.path.join(cls.folder, "civil_affairs.sqlite"))
        cls.people = {row[0]: row for row in cls.database.execute("SELECT zjhm, xb, csrq, xm, swbz, byzk, gxsj FROM t_rk_jbxx")}

    @classmethod
    def tearDownClass(cls):
        cls.database.close()
        cls.civil.close()
        cls.temp.cleanup()

    def same(self, one, other):
        names = sorted(os.path.relpath(os.path.join(at, name), one) for at, _, files in os.walk(one) for name in files)
        self.assertGreater(len(names), 20)
        _, different, missing = filecmp.cmpfiles(one, other, names, shallow=False)
        return not different and not missing

    def test_same_seed_same_bytes_and_no_other(self):
        again, other = os.path.join(self.temp.name, "b"), os.path.join(self.temp.name, "c")
        self.assertEqual(make(again, "--people", "1500", "--seed", "7", "--date", DATE).returncode, 0)
        self.assertTrue(self.same(self.folder, again))
        self.assertEqual(make(other, "--people", "1500", "--seed", "8", "--date", DATE).returncode, 0)
        self.assertFalse(self.same(self.folder, other))
        self.assertFalse(os.path.exists(os.path.join(CITY, "__pycache__")))

    def test_size_and_marks(self):
        self.assertEqual(len(self.people), 1500)
        for table in ("t_rk_jbxx", "t_hj_hxx", "t_hj_cyxx"):
            self.assertEqual(self.database.execute(f"SELECT count(*) FROM {table} WHERE hcbz <> '1'").fetchone()[0], 0)
        with open(os.path.join(self.folder, "manifest.json"), encoding="utf-8") as handle:
            manifest = json.load(handle)
        self.assertTrue(manifest["synthetic"])
        self.assertEqual(manifest["rows"]["organisations"], 75)

    def test_numbers_say_birth_sex_and_district(self):
        districts = set()
        for number, sex, born, *_ in self.people.values():
            self.assertEqual(identifiers.citizen_check(number[:17]), number[17])
            self.assertEqual(number[6:14], born)
            self.assertEqual(int(number[16]) % 2 == 0, sex == "2")
            districts.add(number[:4])
        self.assertEqual(districts, {"3702", "3707"})

    def test_children_have_parents_of_a_plausible_age(self):
        looked = 0
        for child, father, mother in self.database.execute("SELECT zjhm, fqsfhm, mqsfhm FROM t_hj_cyxx WHERE fqsfhm IS NOT NULL"):
            for parent in (father, mother):
                years = (int(self.people[child][2]) - int(self.people[parent][2])) // 10000
                self.assertTrue(15 <= years <= 62, (child, parent))
            self.assertEqual(self.people[child][3][0], self.people[father][3][0])
            looked += 1
        self.assertGreater(looked, 200)

    def test_nobody_is_married_twice_at_once(self):
        state, looked = {}, {"IA": 0, "IB": 0, "ICA": 0}
        rows = self.civil.execute("SELECT ywlx, nanfsfzjhm, nvfsfzjhm, djrq FROM t_hy_djxx ORDER BY djrq, djxh")
        for kind, man, woman, day in rows:
            self.assertEqual((self.people[man][1], self.people[woman][1]), ("1", "2"))
            if kind == "IA":
                for one in (man, woman):
                    other = state.get(one)
                    self.assertTrue(other is None or self.people[other][4] == "1", (one, day))
                state[man], state[woman] = woman, man
            else:
                self.assertEqual((state[man], state[woman]), (woman, man))
                if kind == "IB":
                    state[man] = state[woman] = None
            looked[kind] += 1
        self.assertGreater(min(looked.values()), 3)
        for number, row in self.people.items():
            if row[5] in ("21", "22", "23"):
                self.assertIsNotNone(state.get(number))
            if row[5] in ("10", "40"):
                self.assertIsNone(state.get(number))

    def test_everybody_alive_has_one_home(self):
        homes = self.database.execute("SELECT zjhm, count(*) FROM t_hj_cyxx GROUP BY zjhm").fetchall()
        self.assertEqual({count for _, count in homes}, {1})
        self.assertEqual({number for number, _ in homes}, {number for number, row in self.people.items() if row[4] == "0"})

    def test_sql_text_and_database_agree(self):
        for name, table in (("public_security", "t_rk_jbxx"), ("civil_affairs", "t_hy_djxx")):
            with open(os.path.join(self.folder, f"{name}.sql"), encoding="utf-8") as handle:
                text = handle.read()
            fresh = sqlite3.connect(":memory:")
            fresh.executescript(text)
            mine = fresh.execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            fresh.close()
            theirs = (self.database if name == "public_security" else self.civil).execute(f"SELECT * FROM {table} ORDER BY 1").fetchall()
            self.assertEqual(mine, theirs)

    def test_tax_files_are_gb18030_and_add_up(self):
        folder, rows = os.path.join(self.folder, "tax"), 0
        for name in sorted(os.listdir(folder)):
            with open(os.path.join(folder, name), encoding="gb18030", newline="") as handle:
                content = list(csv.DictReader(handle))
            rows += len(content)
            for row in content:
                self.assertEqual(row["合成标志"], "1")
                code = row.get("统一社会信用代码") or row.get("扣缴义务人") or row.get("纳税人识别号")
                self.assertEqual(identifiers.credit_check(code[:17]), code[17])
        with open(os.path.join(self.folder, "manifest.json"), encoding="utf-8") as handle:
            self.assertEqual(rows, sum(json.load(handle)["rows"]["tax"].values()))

    def test_loans_run_down_month_by_month(self):
        folder = os.path.join(self.folder, "pboc")
        loans = {row["loan_no"]: row for row in lines(os.path.join(folder, "loan_20261122.jsonl"))}
        months = {}
        for row in lines(os.path.join(folder, "repayment_20261122.jsonl")):
            months.setdefault(row["loan_no"], []).append(row)
        self.assertEqual(set(loans), set(months))
        for number, loan in loans.items():
            rows = months[number]
            self.assertGreaterEqual(len(rows), 24)
            left = round(loan["amount"] * 100)
            for row in rows:
                left -= round(row["principal"] * 100)
                self.assertEqual(left, round(row["remaining"] * 100))
            self.assertEqual(left, round(loan["balance"] * 100))
        self.assertGreaterEqual({row["state"] for row in loans.values()}, {"正常", "逾期"})

    def test_fund_accounts_belong_to_units_and_people(self):
        folder = os.path.join(self.folder, "housing_provident_fund")
        units = {row["dwzh"]: row for row in lines(os.path.join(folder, "dwjc_20261122.jsonl"))}
        accounts = lines(os.path.join(folder, "grzh_20261122.jsonl"))
        self.assertEqual(len({row["grzh"] for row in accounts}), len(accounts))
        self.assertEqual(sum(row["jcrs"] for row in units.values()), len(accounts))
        for row in accounts:
            self.assertIn(row["dwzh"], units)
            self.assertEqual(self.people[row["zjhm"]][3], row["xm"])

    def test_nothing_lies_in_the_future(self):
        for row in self.people.values():
            self.assertLess(row[6], DATE)
        for changed, day in self.civil.execute("SELECT gxsj, djrq FROM t_hy_djxx"):
            self.assertLess(changed, DATE)
            self.assertLess(day, DATE.replace("-", ""))

    def test_the_story_is_in_the_data(self):
        with open(os.path.join(self.folder, "story.json"), encoding="utf-8") as handle:
            told = json.load(handle)
        self.assertEqual(set(told["cases"]), {"APPROVED", "INTERVAL", "ACCOUNT_STATE", "OVERDUE", "NOT_RELATED", "LOAN_KIND"})
        loans = {row["loan_no"]: row for row in lines(os.path.join(self.folder, "pboc", "loan_20261122.jsonl"))}
        for case in told["cases"].values():
            self.assertEqual(self.people[case["applicant"]["id_no"]][3], case["applicant"]["name"])
            self.assertEqual(loans[case["loan"]]["id_no"], case["borrower"]["id_no"])
        self.assertEqual(loans[told["cases"]["OVERDUE"]["loan"]]["state"], "逾期")
        self.assertEqual(told["approved"]["paid_in_window_fen"], 4823640)


if __name__ == "__main__":
    unittest.main()
