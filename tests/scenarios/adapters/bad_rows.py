#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad rows and bad files of two dozen kinds are planted among good ones, in all three shapes of source. Each goes to
quarantine with its rule and its place, and nothing else: every good row is a record, and identity numbers are masked."""

import json
import os
import sqlite3
import sys

from common import City, check

TAX_HEAD = "电子税票号,纳税人识别号,纳税人名称,征收项目,征收品目,税款所属期起,税款所属期止,计税依据,实缴金额,缴款日期,国库,退税标志,更新时间,合成标志"
PAYER = "91370202MA9X00011M,合成有限公司(合成)"


def payment(number, first="20260101", last="20260331", amount="1000.00", payer=PAYER, tail=""):
    return (f"BAD{number:04d},{payer},10101,101010101,{first},{last},100000.00,{amount},20260408,国库,0,20260408120000,1{tail}")


def plant_tax(folder):
    """(place, rule) of everything that is wrong in these files; None as rule: only the place is fixed."""
    def write(name, lines, encoding="gb18030", end="\r\n"):
        with open(os.path.join(folder, name), "wb") as out:
            out.write(b"".join((line if isinstance(line, bytes) else line.encode(encoding)) + end.encode() for line in lines))

    write("jsjl_x1.csv", [
        TAX_HEAD,
        payment(1),
        payment(2, amount="一千元"),                      # 3: no number
        payment(3, first="20260230"),                     # 4: no day
        payment(4, last="20251231"),                      # 5: ends before it begins
        payment(5, payer="91370202MA9X00011N,合成有限公司"),  # 6: check character
        payment(6, tail=",extra,extra"),                  # 7: too many columns
        payment(7, amount="1000.001"),                    # 8: a tenth of a fen
        payment(8).encode("gb18030").replace("国库".encode("gb18030"), b"\x81\x20\xff"),  # 9: not GB18030
        "BAD0009,too,few",                                # 10: too few columns
        payment(10),
    ])
    truncated = payment(12).replace("合成有限公司(合成)", '"合成有限公司')
    write("jsjl_x2.csv", [TAX_HEAD, payment(11), truncated], end="\n")  # 3: the quote is never closed
    write("jsjl_x3.csv", [TAX_HEAD.replace(",实缴金额", ""), "BAD0013,91370202MA9X00011M,甲,10101,101010101,20260101,20260331,1.00,20260408,国库,0,20260408120000,1"])
    write("jsjl_x4.csv", [TAX_HEAD.replace("国库", "缴款日期"), payment(14)])  # one heading twice
    write("jsjl_x5.csv", [], end="")                      # empty
    write("jsjl_x6.csv", [TAX_HEAD, payment(15, payer='91370202MA9X00011M,合成"有限"公司')])  # a quote inside a plain field
    write(".jsjl_x7.csv", [TAX_HEAD, "still being written"])
    write("jsjl_x8.csv.tmp", [TAX_HEAD, "still being written"])
    return {
        ("jsjl_x1.csv:3", "row.number"), ("jsjl_x1.csv:4", "row.date"), ("jsjl_x1.csv:5", "payment.period"),
        ("jsjl_x1.csv:6", "gb32100.check"), ("jsjl_x1.csv:7", "csv.columns"), ("jsjl_x1.csv:8", "value.money"),
        ("jsjl_x1.csv:9", None), ("jsjl_x1.csv:10", "csv.columns"), ("jsjl_x2.csv:3", "csv.truncated"),
        ("jsjl_x3.csv:2", "row.column-missing"), ("jsjl_x4.csv:1", None), ("jsjl_x5.csv", None), ("jsjl_x6.csv:2", "csv.quote"),
    }, 3  # good rows: 1, 10, 11


def account(number, **changes):
    row = {"zjlx": "111", "zjhm": "370202199003079980", "xm": "苏晓晴", "grzh": f"BAD{number:04d}", "dwzh": "0500000001", "grzhzt": "01",
           "khrq": "20150720", "jcjs": "9800.00", "jcbl": "12.00", "dwjcje": "1176.00", "grjcje": "1176.00", "grzhye": "86000.00",
           "djje": "0.00", "jzny": "202610", "lxzcjcys": 135, "sjhm": "19900000001", "grckzhhm": "6229990000000000001",
           "gxsj": "2026-11-01 12:00:00"}
    row.update(changes)
    return row


def plant_fund(folder):
    good = json.dumps(account(1), ensure_ascii=False)
    lines = [
        good.encode(),
        good.replace("BAD0001", "BAD0002")[:-20].encode(),                                    # 2: cut off
        good.replace('"xm"', '"xm":"x","xm"').replace("BAD0001", "BAD0003").encode(),          # 3: a member twice
        json.dumps(account(4, djje="86000.01")).encode(),                                     # 4: more frozen than there is
        json.dumps(account(5, grzhzt="77")).encode(),                                         # 5: no such code
        json.dumps([1, 2]).encode(),                                                          # 6: no object
        good.replace("BAD0001", "BAD0007").encode().replace("苏".encode(), b"\xe8\x8b"),       # 7: not UTF-8
        json.dumps(account(8, zjhm="37020219900307998O")).encode(),                           # 8: a letter O in the number
        json.dumps(account(9, pad="x" * 300000)).encode(),                                    # 9: too long
        json.dumps(account(10, xm=None)).encode(),                                            # 10: no name
        json.dumps(account(11, gxsj="2031-01-01 00:00:00")).encode(),                         # 11: changed in the future
        json.dumps(account(12, xm="王" * 60)).encode(),                                       # 12: a name too long
        json.dumps(account(13)).encode(),
    ]
    with open(os.path.join(folder, "grzh_x1.jsonl"), "wb") as out:
        out.write(b"\n".join(lines) + b"\n")
    rules = {2: "jsonl.syntax", 3: "jsonl.syntax", 4: "account.frozen", 5: "value.code", 6: "jsonl.object", 7: None, 8: "gb11643.characters",
             9: "jsonl.size", 10: "row.value-missing", 11: "record.updated-at", 12: "value.length"}
    return {(f"grzh_x1.jsonl:{line}", rule) for line, rule in rules.items()}, 2


def plant_security(path):
    database = sqlite3.connect(path)
    columns = [row[1] for row in database.execute("PRAGMA table_info(t_rk_jbxx)")]
    row = list(database.execute("SELECT * FROM t_rk_jbxx WHERE rybh = 'RK0000000002'").fetchone())
    bad = {
        "BADRK01": ({"zjhm": "370202199003079981"}, "gb11643.check"),
        "BADRK02": ({"csrq": "19900308", "zjhm": "370202199003079980"}, "resident.birth-date"),
        "BADRK03": ({"xb": "1"}, "resident.sex"),
        "BADRK04": ({"mz": "99"}, "value.code"),
        "BADRK05": ({"xm": None}, "row.value-missing"),
        "BADRK06": ({"swbz": "?"}, "row.boolean"),
        "BADRK07": ({"gxsj": "last year"}, "row.changed"),
    }
    for key, (changes, _) in bad.items():
        values = dict(zip(columns, row), rybh=key, gxsj="2026-11-20 12:00:00")
        values.update(changes)
        database.execute(f"INSERT INTO t_rk_jbxx VALUES ({','.join('?' * len(columns))})", [values[name] for name in columns])
    database.commit()
    database.close()
    return {(f"table t_rk_jbxx row {key}", rule) for key, (_, rule) in bad.items()}, 0


def compare(city, stream, expected):
    found = {(line["place"], line["rule"]) for line in city.quarantine(stream)}
    check(len(found) == len(city.quarantine(stream)), f"{stream}: a row stands in quarantine twice")
    places = {place for place, _ in found}
    check(places == {place for place, _ in expected},
          f"{stream}: missing {sorted({p for p, _ in expected} - places)}, unexpected {sorted(places - {p for p, _ in expected})}")
    for place, rule in expected:
        got = next(r for p, r in found if p == place)
        check(rule is None or got == rule, f"{stream} {place}: {got} instead of {rule}")
        check(got != "", f"{stream} {place} has no rule")
    for line in city.quarantine(stream):
        check("19900307" not in json.dumps(line) or line["row"].get("csrq") == "19900307", f"{stream}: a number is not masked: {line}")
        check(line["text"], f"{stream}: {line['place']} does not say what is wrong")


def main():
    with City() as city:
        city.set_up(people=500)
        city.write_adapters(["tax", "housing_provident_fund", "public_security"], extra=("batch_records: 20",))
        planted = {
            "tax.payment": plant_tax(os.path.join(city.data, "tax")),
            "housing_provident_fund.account": plant_fund(os.path.join(city.data, "housing_provident_fund")),
            "public_security.resident": plant_security(os.path.join(city.data, "public_security.sqlite")),
        }
        for source in ("tax", "housing_provident_fund", "public_security"):
            status, out, err = city.run_once(source)
            check(status == 0, f"{source}: {status} {err}")
        rows = city.sources()
        bad = 0
        for stream, (expected, good) in planted.items():
            compare(city, stream, expected)
            bad += len(expected)
            check(rows[stream]["records"] == city.expected[stream] + good,
                  f"{stream}: {rows[stream]['records']} records, {city.expected[stream]} + {good} good rows")
            check(rows[stream]["quarantined"] == len(expected), f"{stream}: the broker was told {rows[stream]['quarantined']}")
            check(not rows[stream]["complete_as_of"], f"{stream} claims to be complete with rows in quarantine")
        for stream in ("tax.taxpayer", "tax.income", "housing_provident_fund.unit"):
            check(rows[stream]["records"] == city.expected[stream] and rows[stream]["complete_as_of"], f"{stream} suffered")
        left = sorted(os.listdir(os.path.join(city.data, "tax")))
        check(".jsjl_x7.csv" in left and "jsjl_x8.csv.tmp" in left, "files that are being written were touched")
        check(not [name for name in left if name.startswith("jsjl_") and name.endswith(".csv")], f"files were left lying: {left}")
        for source in ("tax", "housing_provident_fund", "public_security"):  # again: nothing new, nothing twice
            check(city.run_once(source)[0] == 0, source)
        for stream, (expected, _) in planted.items():
            compare(city, stream, expected)
        print(f"{bad} bad rows and files in quarantine, each with its rule and place; every good row stored")


if __name__ == "__main__":
    sys.exit(main())
