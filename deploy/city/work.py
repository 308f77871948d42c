# SPDX-License-Identifier: Apache-2.0
"""Organisations and who works there."""

import places
from days import add_days, add_years, age
from dice import Dice
from names import Names


class Organisation:
    __slots__ = ("code", "kind", "name", "trade", "district", "legal_rep", "founded", "cancelled", "vat_general", "staff", "unit",
                 "serial")

    def __init__(self, serial, code, kind, name, trade, district, legal_rep, founded):
        self.serial, self.code, self.kind, self.name, self.trade = serial, code, kind, name, trade
        self.district, self.legal_rep, self.founded = district, legal_rep, founded
        self.cancelled, self.vat_general, self.unit = None, False, None
        self.staff = []


FORMS = {"91": "有限公司", "92": "经营部", "12": "服务中心", "52": "培训学校"}


def _found(city, dice, names, leaders):
    kind = dice.weighted([("91", 78), ("92", 14), ("12", 5), ("52", 3)])
    leader = dice.pick(leaders)
    district = leader.district
    earliest = max(add_years(leader.birth, 20), add_years(city.today, -30))
    founded = dice.day(earliest, add_days(city.today, -400))
    name, trade = names.company(places.city_of(district), FORMS[kind])
    code = city.codes.next(kind, district)
    org = Organisation(len(city.organisations) + 1, code, kind, name, trade, district, leader, founded)
    org.vat_general = kind == "91" and dice.chance(0.35)
    city.organisations.append(org)
    return org


def employ(city):
    dice, today = Dice(city.seed, "work"), city.today
    names = Names(dice)
    grown = [one for one in city.people if one.alive(today) and 22 <= age(one.birth, today) < 60]
    leaders = [one for one in grown if age(one.birth, today) >= 28] or grown or city.people
    orgs = [_found(city, dice, names, leaders) for _ in range(max(1, city.count // 20))]
    # Sizes fall like 1/rank: a few large employers, many small ones.
    ladder, total = [], 0.0
    for rank, _ in enumerate(orgs):
        total += 1.0 / (rank + 3)
        ladder.append(total)
    for person in grown:
        if not dice.chance(0.78):
            continue
        org = orgs[_place(ladder, dice.random() * total)]
        earliest = max(org.founded, add_years(person.birth, 20), add_years(today, -15))
        hire(person, org, dice.day(earliest, add_days(today, -40)), (3000 + int(dice.random() ** 2.2 * 24000)) // 10 * 10)
    for org in orgs:
        if not org.staff and dice.chance(0.25):
            org.cancelled = dice.day(add_days(org.founded, 200), add_days(today, -30))


def hire(person, org, day, base):
    """`base` is the monthly pay in yuan on which contributions are reckoned."""
    if person.employer:
        person.employer.staff.remove(person)
    person.employer, person.hired, person.base = org, day, base
    org.staff.append(person)


def _place(ladder, point):
    low, high = 0, len(ladder) - 1
    while low < high:
        middle = (low + high) // 2
        if ladder[middle] < point:
            low = middle + 1
        else:
            high = middle
    return low
