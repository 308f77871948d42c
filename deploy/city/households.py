# SPDX-License-Identifier: Apache-2.0
"""Who lives with whom: couples with their unmarried children, everybody else alone."""

import places
from days import age
from dice import Dice


class Household:
    __slots__ = ("number", "head", "members", "address", "district")

    def __init__(self, number, head, address):
        self.number, self.head, self.address, self.district = number, head, address, head.district
        self.members = []  # (person, relation to the head: T-REL of GB/T 4761)

    def add(self, person, relation):
        self.members.append((person, relation))
        person.household = self


def settle(city):
    dice, today = Dice(city.seed, "households"), city.today

    def found(head):
        household = Household(f"{head.district}{len(city.households) + 1:08d}", head, places.address(dice, head.district))
        household.add(head, "0")
        city.households.append(household)
        return household

    def children_of(household, *parents):
        for child in parents[0].children:
            at_home = child.household is None and child.alive(today) and not child.marriages
            if at_home and (age(child.birth, today) < 24 or dice.chance(0.3)):
                household.add(child, "3" if child.female else "2")
                child.district = household.district

    for marriage in city.marriages:
        if marriage.in_force(today) and marriage.man.household is None and marriage.woman.household is None:
            head, partner = marriage.man, marriage.woman
            if dice.chance(0.3):
                head, partner = partner, head
            household = found(head)
            household.add(partner, "1")
            partner.district = head.district
            children_of(household, marriage.woman)
    for person in city.people:
        if person.household is None and person.alive(today) and age(person.birth, today) >= 18:
            children_of(found(person), person)
    for person in city.people:  # minors whose parents died or moved apart
        if person.household is None and person.alive(today):
            keeper = next((one for one in (person.mother, person.father) if one and one.household), None)
            if keeper:
                keeper.household.add(person, "8")
            else:
                found(person)
