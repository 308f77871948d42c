# SPDX-License-Identifier: Apache-2.0
"""The banks: commercial housing loans with their monthly repayments, and authorisations to look at them."""

import places
from days import add_days, add_months, add_years, age, moment
from dice import Dice
from money import instalment

BANKS = (("999100000011", "合成一号银行"), ("999100000029", "合成二号银行"), ("999100000037", "合成三号银行"))
HOUSING, SHOP = "01", "04"  # loan kinds: 01 housing, 02 provident fund, 03 combined, 04 business premises
NORMAL, SETTLED, OVERDUE = "正常", "结清", "逾期"


class Loan:
    """An equal-instalment loan; `rows` are the months so far."""

    __slots__ = ("number", "bank", "kind", "borrower", "partner", "address", "purchase", "price", "contract", "amount", "months",
                 "rate", "pay_day", "balance", "state", "cleared", "rows")

    def __init__(self, number, bank, borrower, contract, amount, months, rate, pay_day):
        self.number, self.bank, self.borrower, self.contract = number, bank, borrower, contract
        self.amount, self.months, self.rate, self.pay_day = amount, months, rate, pay_day
        self.kind, self.partner, self.state, self.cleared = HOUSING, None, NORMAL, None
        self.address, self.purchase, self.price = "", "", amount * 10 // 6
        self.balance, self.rows = amount, []

    def run(self, today, unpaid=0):
        """Writes the months until `today`; the last `unpaid` of them were not paid."""
        monthly = instalment(self.amount, self.rate, self.months)
        first = add_months(self.contract.replace(day=1), 1)
        due_days = []
        while len(due_days) < self.months:
            due = add_months(first, len(due_days)).replace(day=self.pay_day)
            if due >= today:
                break
            due_days.append(due)
        for seq, due in enumerate(due_days, 1):
            late = seq - (len(due_days) - unpaid)
            if late > 0:
                self.rows.append(Month(seq, due, None, 0, 0, self.balance, str(min(late, 7))))
                continue
            interest = round(self.balance * self.rate / 10000 / 12)
            principal = self.balance if seq == self.months else monthly - interest
            self.balance -= principal
            self.rows.append(Month(seq, due, due, principal, interest, self.balance, "N"))
        if unpaid:
            self.state = OVERDUE

    def settle(self, day):
        """Everything that is left is paid back at once, with the last month."""
        last = self.rows[-1]
        last.principal += self.balance
        last.paid_on, last.remaining, last.mark = day, 0, "C"
        self.balance, self.state, self.cleared = 0, SETTLED, day

    @property
    def last_paid(self):
        return next((row.paid_on for row in reversed(self.rows) if row.paid_on), None)


class Month:
    __slots__ = ("seq", "due_on", "paid_on", "principal", "interest", "remaining", "mark")

    def __init__(self, seq, due_on, paid_on, principal, interest, remaining, mark):
        self.seq, self.due_on, self.paid_on, self.principal = seq, due_on, paid_on, principal
        self.interest, self.remaining, self.mark = interest, remaining, mark


class Authorisation:
    """A person allows the provident fund centre to ask the banks about their housing loan."""

    __slots__ = ("number", "person", "granted", "expires", "revoked")

    def __init__(self, number, person, granted, expires):
        self.number, self.person, self.granted, self.expires, self.revoked = number, person, granted, expires, None


def new_loan(city, dice, borrower, partner, contract, amount, months, rate, pay_day):
    bank = dice.pick(BANKS)
    loan = Loan(f"{bank[0][-4:]}ZF{contract:%Y%m%d}{len(city.loans) + 1:07d}", bank, borrower, contract, amount, months, rate, pay_day)
    loan.partner = partner
    loan.address = places.address(dice, borrower.district)
    loan.purchase = f"SPF{contract:%Y%m}{len(city.loans) + 1:07d}"
    city.loans.append(loan)
    return loan


def lend(city, authorisations):
    dice, today = Dice(city.seed, "loans"), city.today
    for person in city.people:
        if person.bound or not person.employer or not 25 <= age(person.birth, today) <= 55 or not dice.chance(0.12):
            continue
        marriage = person.marriage_on(today)
        contract = dice.day(add_months(today, -60), add_months(today, -26))
        loan = new_loan(city, dice, person, marriage.other(person) if marriage else None, contract,
                        dice.between(40, 240) * 500000, dice.pick((120, 180, 240, 300, 360)), dice.between(300, 490),
                        dice.between(1, 28))
        loan.run(today, unpaid=dice.between(1, 3) if dice.chance(0.03) else 0)
        if loan.state == NORMAL and dice.chance(0.03):
            loan.settle(add_days(loan.rows[-1].due_on, 0))
        if dice.chance(0.03):
            loan.kind = SHOP
        if dice.chance(0.3):
            authorise(city, dice, authorisations, person)


def authorise(city, dice, authorisations, person):
    granted = moment(dice.day(add_years(city.today, -1), add_days(city.today, -2)), dice.between(30000, 60000))
    expires = granted.replace(hour=23, minute=59, second=59)
    expires = moment(add_days(expires.date(), dice.pick((1, 7, 30, 90))), 86399)
    one = Authorisation(f"ZXSQ{granted:%Y%m%d}{len(authorisations) + 1:07d}", person, granted, expires)
    if dice.chance(0.05):
        one.revoked = granted.replace(hour=23)
    authorisations.append(one)
