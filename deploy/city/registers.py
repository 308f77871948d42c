# SPDX-License-Identifier: Apache-2.0
"""The relational tables of public security (公安) and civil affairs (民政), in the column names that such systems use:
initials of the pinyin. Days are CHAR(8) YYYYMMDD, moments CHAR(19), as in the systems themselves; every table has its own
key (never the citizen number) and a time of change (gxsj)."""

import datetime

import places
from days import add_days, date8, moment, time19
from dice import Dice
from write_sql import Table

MARK = "1"  # hcbz 合成标志: synthetic


def public_security(city):
    dice, today = Dice(city.seed, "public_security"), city.today
    residents = Table(
        "t_rk_jbxx", "人口基本信息", "rybh",
        [("rybh", "VARCHAR(20)"), ("zjlx", "CHAR(3)"), ("zjhm", "VARCHAR(18)"), ("xm", "VARCHAR(50)"), ("cym", "VARCHAR(50)"),
         ("xb", "CHAR(1)"), ("csrq", "CHAR(8)"), ("mz", "CHAR(2)"), ("gj", "CHAR(3)"), ("csd", "CHAR(6)"), ("byzk", "CHAR(2)"),
         ("whcd", "CHAR(2)"), ("yxqs", "CHAR(8)"), ("yxqz", "CHAR(8)"), ("qfjg", "VARCHAR(100)"), ("swbz", "CHAR(1)"),
         ("hjdz", "VARCHAR(200)"), ("gxsj", "CHAR(19)"), ("hcbz", "CHAR(1)")])
    homes = Table(
        "t_hj_hxx", "户籍信息", "hh",
        [("hh", "VARCHAR(30)"), ("hb", "CHAR(1)"), ("hzxm", "VARCHAR(50)"), ("hzsfhm", "VARCHAR(18)"), ("hjdxz", "VARCHAR(200)"),
         ("hjdssxdm", "CHAR(6)"), ("sspcs", "VARCHAR(100)"), ("gxsj", "CHAR(19)"), ("hcbz", "CHAR(1)")])
    members = Table(
        "t_hj_cyxx", "户成员信息", "cybh",
        [("cybh", "VARCHAR(30)"), ("hh", "VARCHAR(30)"), ("zjhm", "VARCHAR(18)"), ("xm", "VARCHAR(50)"), ("yhzgx", "CHAR(1)"),
         ("fqsfhm", "VARCHAR(18)"), ("mqsfhm", "VARCHAR(18)"), ("gxsj", "CHAR(19)"), ("hcbz", "CHAR(1)")])
    for person in city.people:
        events = [person.card_from, person.death] + [m.start for m in person.marriages] + [m.end for m in person.marriages]
        changed = min(max(day for day in events if day), add_days(today, -1))
        last = person.death or today
        residents.add(
            person.number, "111", person.id_no, person.name, person.former_name or None, "2" if person.female else "1",
            date8(person.birth), person.ethnicity, "156", person.id_no[:6], person.marital_code(last), person.education,
            date8(person.card_from), date8(person.card_to) or "长期", _police(person.district), "1" if person.death else "0",
            person.household.address if person.household else None, time19(moment(changed, dice.between(28800, 64800))), MARK)
    for home in city.households:
        changed = time19(moment(dice.day(add_days(today, -3000), add_days(today, -1)), dice.between(28800, 64800)))
        homes.add(home.number, "1", home.head.name, home.head.id_no, home.address, home.district, _police(home.district), changed, MARK)
        for index, (person, relation) in enumerate(home.members, 1):
            members.add(f"{home.number}{index:02d}", home.number, person.id_no, person.name, relation,
                        person.father.id_no if person.father else None, person.mother.id_no if person.mother else None, changed, MARK)
    return [residents, homes, members]


def _police(district):
    return f"{places.city_of(district)}公安局{places.NAMES[district]}分局"


def civil_affairs(city):
    dice = Dice(city.seed, "civil_affairs")
    table = Table(
        "t_hy_djxx", "婚姻登记信息", "djxh",
        [("djxh", "VARCHAR(20)"), ("jlhzzh", "VARCHAR(40)"), ("ywlx", "VARCHAR(4)"), ("nanfxm", "VARCHAR(50)"), ("nanfsfzjhm", "VARCHAR(18)"),
         ("nanfcsrq", "CHAR(8)"), ("nanfgj", "CHAR(3)"), ("nvfxm", "VARCHAR(50)"), ("nvfsfzjhm", "VARCHAR(18)"), ("nvfcsrq", "CHAR(8)"),
         ("nvfgj", "CHAR(3)"), ("djrq", "CHAR(8)"), ("djjg", "VARCHAR(100)"), ("djjgxzqh", "CHAR(6)"), ("hyzk", "CHAR(2)"),
         ("lhpjah", "VARCHAR(60)"), ("jarq", "CHAR(8)"), ("gxsj", "CHAR(19)"), ("hcbz", "CHAR(1)")])
    events = []
    for marriage in city.marriages:
        events.append((marriage.start, "IA", marriage))
        first, last = add_days(marriage.start, 100), add_days(city.today, -2)
        if dice.chance(0.02) and first < last and marriage.in_force(city.today):
            events.append((dice.day(first, last), "ICA", marriage))
        if marriage.divorced:
            events.append((marriage.end, "IB", marriage))
    events.sort(key=lambda event: (event[0], event[2].man.serial, event[2].woman.serial, event[1]))
    issued = {}
    for serial, (day, kind, marriage) in enumerate(events, 1):
        letter = {"IA": "J", "IB": "L", "ICA": "BJ"}[kind]
        key = (letter, marriage.district, day.year)
        issued[key] = issued.get(key, 0) + 1
        man, woman = marriage.man, marriage.woman
        # A divorce by judgement carries the court's case number and the day on which it took effect.
        court = kind == "IB" and not man.bound and dice.chance(0.15)
        case_no = f"({day.year})鲁{marriage.district[2:]}民初{dice.between(100, 9999)}号" if court else None
        table.add(
            f"HY{serial:010d}", f"{letter}{marriage.district}-{day.year}-{issued[key]:06d}", kind, man.name, man.id_no, date8(man.birth),
            "156", woman.name, woman.id_no, date8(woman.birth), "156", date8(day),
            f"{places.city_of(marriage.district)}{places.NAMES[marriage.district]}民政局婚姻登记处", marriage.district,
            _status_before(kind, marriage), case_no, date8(day) if court else None,
            time19(moment(max(day, _entered(dice, city)), dice.between(28800, 64800))), MARK)
    return [table]


def _entered(dice, city):
    """Acts of the paper age were typed in when the registers became electronic."""
    return min(dice.day(datetime.date(2003, 10, 1), datetime.date(2008, 12, 31)), city.today)


def _status_before(kind, marriage):
    if kind != "IA":
        return "20"
    earlier = [one for one in marriage.woman.marriages if one.start < marriage.start]
    if not earlier:
        return "10"
    return "40" if earlier[-1].divorced else "30"
