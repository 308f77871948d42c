# SPDX-License-Identifier: Apache-2.0
"""One resident, and the city that holds everybody."""

import places
from days import add_days, add_years, age
from identifiers import CitizenNumbers, CreditCodes
from names import ETHNICITIES, Names


class Person:
    __slots__ = (
        "serial", "id_no", "name", "surname", "former_name", "female", "birth", "death", "district", "birth_district",
        "ethnicity", "education", "father", "mother", "children", "marriages", "household", "employer", "hired", "base",
        "account", "card_from", "card_to", "bound",
    )

    def __init__(self, serial, surname, female, birth, district):
        self.serial, self.surname, self.female, self.birth, self.district = serial, surname, female, birth, district
        self.birth_district = district
        self.name = self.former_name = ""
        self.id_no = self.death = self.father = self.mother = self.household = None
        self.employer = self.hired = self.account = self.card_from = self.card_to = None
        self.ethnicity, self.education, self.base = "01", "90", 0
        self.children, self.marriages = [], []
        self.bound = False  # part of the story: chance leaves this person alone

    @property
    def number(self):
        """The police's own number of the person; not the citizen number."""
        return f"RK{self.serial:010d}"

    def alive(self, day):
        return self.death is None or self.death > day

    def marriage_on(self, day):
        for marriage in self.marriages:
            if marriage.in_force(day):
                return marriage
        return None

    def free_from(self):
        """The first day on which this person may marry (Civil Code art. 1047: men 22, women 20); None while married."""
        day = add_years(self.birth, 20 if self.female else 22)
        for marriage in self.marriages:
            if marriage.end is None:
                return None
            day = max(day, add_days(marriage.end, 30))
        return day

    def marital_code(self, day):
        """T-MAR of GB/T 2261.2"""
        if not self.marriages:
            return "10"
        last = self.marriages[-1]
        if last.in_force(day):
            partners = [marriage.other(self) for marriage in self.marriages[:-1]]
            if not partners:
                return "21"
            return "23" if last.other(self) in partners else "22"
        return "40" if last.divorced else "30"


class Marriage:
    __slots__ = ("man", "woman", "start", "end", "divorced", "district")

    def __init__(self, man, woman, start, district):
        self.man, self.woman, self.start, self.district = man, woman, start, district
        self.end, self.divorced = None, False
        man.marriages.append(self)
        woman.marriages.append(self)

    def other(self, person):
        return self.woman if person is self.man else self.man

    def in_force(self, day):
        return self.start <= day and (self.end is None or self.end > day)


class City:
    """Everything that the departments will write down."""

    def __init__(self, seed, count, today):
        self.seed, self.count, self.today = seed, count, today
        self.people, self.marriages, self.households = [], [], []
        self.organisations, self.accounts, self.loans = [], [], []
        self.numbers, self.codes = CitizenNumbers(), CreditCodes()

    def full(self):
        return len(self.people) >= self.count


class Nursery:
    """Brings people into the city with everything that belongs to one person alone."""

    def __init__(self, city, dice):
        self.city, self.dice, self.names = city, dice, Names(dice)

    def born(self, female, birth, district=None, father=None, mother=None):
        dice = self.dice
        district = district or places.draw_district(dice)
        surname = father.surname if father else self.names.surname()
        person = Person(len(self.city.people) + 1, surname, female, birth, district)
        person.name = surname + self.names.given(female)
        person.ethnicity = father.ethnicity if father else dice.weighted(ETHNICITIES)
        if dice.chance(0.02):
            person.former_name = surname + self.names.given(female)
        while person.id_no is None:
            region = places.number_region(dice, district, person.birth)
            person.id_no = self.city.numbers.next(region, person.birth, female)
            if person.id_no is None:
                person.birth = add_days(person.birth, -1)
        if father:
            person.father, person.mother = father, mother
            father.children.append(person)
            mother.children.append(person)
        self._settle(person)
        self.city.people.append(person)
        return person

    def _settle(self, person):
        dice, today = self.dice, self.city.today
        years = age(person.birth, today)
        if years > 60 and dice.chance(min(0.9, (years - 60) * 0.012)):
            person.death = dice.day(add_years(person.birth, 60), add_days(today, -30))
        if years >= 18:
            person.education = dice.weighted([("10", 4), ("20", 25), ("30", 22), ("40", 14), ("60", 18), ("70", 17)])
        # A card is valid 5 years under 16, then 10, 20, and from 46 for life (Resident Identity Card Act art. 5).
        end = min(today, person.death or today)
        years = max(0, age(person.birth, end))
        term = 5 if years < 16 else 10 if years < 26 else 20 if years < 46 else None
        span = min(term or 20, max(1, years))
        person.card_from = dice.day(max(person.birth, add_days(add_years(end, -span), 1)), add_days(end, -1))
        person.card_to = add_years(person.card_from, term) if term else None
