# SPDX-License-Identifier: Apache-2.0
"""Three generations: founders, their children, their grandchildren; weddings, divorces, deaths, second weddings."""

import datetime

from days import add_days, add_months, add_years
from dice import Dice
from people import Marriage, Nursery


def populate(city):
    dice = Dice(city.seed, "people")
    nursery = Nursery(city, dice)
    founders = [_couple(nursery, 1938, 1966) for _ in range(max(1, city.count * 11 // 100))]
    for marriage in founders:
        _children(nursery, marriage, [(1, 35), (2, 45), (3, 20)], 0.42)
    _wed_the_young(city, dice)
    while len(city.people) < city.count * 64 // 100:
        _couple(nursery, 1967, 2001)
    for marriage in dice.shuffled([m for m in city.marriages if m.woman.birth.year > 1966]):
        _children(nursery, marriage, [(0, 25), (1, 48), (2, 25), (3, 2)], 0.9)
    while not city.full():
        nursery.born(dice.chance(0.49), dice.day(datetime.date(1950, 1, 1), add_years(city.today, -18)))
    _part(city, dice)
    _wed_again(city, dice)


def _couple(nursery, first_year, last_year):
    """A man and a woman who came from elsewhere, already married or about to be."""
    city, dice = nursery.city, nursery.dice
    wife = nursery.born(True, dice.day(datetime.date(first_year, 1, 1), datetime.date(last_year, 12, 31)))
    husband = nursery.born(False, add_days(wife.birth, dice.between(-6 * 365, 3 * 365)), wife.district)
    return _wed(city, dice, husband, wife)


def _wed(city, dice, man, woman):
    earliest = max(man.free_from(), woman.free_from())
    start = dice.day(add_days(earliest, 30), add_years(earliest, 6))
    start = min(start, add_days(city.today, -dice.between(40, 400)))
    if start < earliest or not man.alive(start) or not woman.alive(start):
        return None
    marriage = Marriage(man, woman, start, woman.district if dice.chance(0.4) else man.district)
    dead = [one.death for one in (man, woman) if one.death]
    marriage.end = min(dead) if dead else None
    city.marriages.append(marriage)
    return marriage


def _children(nursery, marriage, weights, share):
    """Children of one couple; `share` of the city may be filled by them."""
    city, dice = nursery.city, nursery.dice
    if marriage is None:
        return
    birth = max(add_months(marriage.start, 10), add_years(marriage.woman.birth, 21))
    last = min(add_years(marriage.woman.birth, 42), add_days(city.today, -20), marriage.end or city.today)
    for _ in range(dice.weighted(weights)):
        birth = add_days(birth, dice.between(0, 900))
        if birth > last or len(city.people) >= city.count * share:
            return
        nursery.born(dice.chance(0.48), birth, marriage.man.district, marriage.man, marriage.woman)
        birth = add_days(birth, 500)


def _wed_the_young(city, dice):
    """Pairs up the founders' children by year of birth; siblings never meet."""
    waiting = {}
    limit = add_years(city.today, -24)
    pool = [one for one in city.people if one.father and one.birth < limit and dice.chance(0.85)]
    for person in dice.shuffled(pool):
        for year in (person.birth.year, person.birth.year - 1, person.birth.year + 1, person.birth.year + 2):
            others = waiting.get((year, not person.female))
            if others and others[-1].father is not person.father:
                other = others.pop()
                man, woman = (other, person) if person.female else (person, other)
                _wed(city, dice, man, woman)
                break
        else:
            waiting.setdefault((person.birth.year, person.female), []).append(person)


def _part(city, dice):
    for marriage in city.marriages:
        first = add_years(marriage.start, 1)
        last = min(marriage.end or city.today, add_days(city.today, -60))
        if first < last and dice.chance(0.13):
            marriage.end, marriage.divorced = dice.day(first, last), True


def _wed_again(city, dice):
    """Two in five of the divorced and widowed marry again; a few of them the same partner (复婚)."""
    for marriage in list(city.marriages):
        pair = (marriage.man, marriage.woman)
        if marriage.divorced and dice.chance(0.04) and all(one.alive(city.today) and one.free_from() for one in pair):
            _wed(city, dice, *pair)
    today, single = city.today, {True: [], False: []}
    for person in dice.shuffled(city.people):
        free = person.free_from()
        if free and free < add_years(today, -1) and person.marriages and person.alive(today) and dice.chance(0.4):
            single[person.female].append(person)
    for woman, man in zip(single[True], single[False]):
        if abs((woman.birth - man.birth).days) < 15 * 365 and man.marriages[-1] is not woman.marriages[-1]:
            _wed(city, dice, man, woman)
