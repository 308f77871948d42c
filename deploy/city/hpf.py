# SPDX-License-Identifier: Apache-2.0
"""The housing provident fund: units, personal accounts, withdrawals. Codes: T-HPF1, T-HPF2 of JGJ/T 320."""

from days import add_days, add_months, add_years
from dice import Dice


class Unit:
    __slots__ = ("number", "org", "status", "start", "paid_to", "ratio", "arrears", "staff")

    def __init__(self, number, org, start, paid_to, ratio):
        self.number, self.org, self.start, self.paid_to, self.ratio = number, org, start, paid_to, ratio
        self.status, self.arrears, self.staff = "01", 0, 0


class Account:
    __slots__ = ("number", "person", "unit", "status", "opened", "base", "ratio", "balance", "frozen", "paid_to", "months",
                 "phone", "bank", "withdrawals", "changed")

    def __init__(self, number, person, unit, opened, paid_to):
        self.number, self.person, self.unit, self.opened, self.paid_to = number, person, unit, opened, paid_to
        self.status, self.base, self.ratio = "01", person.base * 100, unit.ratio
        self.balance = self.frozen = 0
        self.months = max(0, (paid_to.year - opened.year) * 12 + paid_to.month - opened.month)
        self.phone = self.bank = None
        self.withdrawals = []
        self.changed = paid_to

    @property
    def month_share(self):
        """What the unit pays each month, and the person once more."""
        return self.base * self.ratio // 100


class Withdrawal:
    __slots__ = ("number", "account", "reason", "amount", "available", "loan", "window_from", "paid_on", "spouse")

    def __init__(self, number, account, reason, amount, paid_on, loan=None, spouse=None):
        self.number, self.account, self.reason, self.amount, self.paid_on = number, account, reason, amount, paid_on
        self.available = account.balance
        self.loan, self.spouse = loan, spouse
        self.window_from = add_years(paid_on, -1)
        account.withdrawals.append(self)




def open_account(city, dice, person, unit):
    opened = add_days(person.hired, dice.between(5, 30))
    account = Account(f"1{len(city.accounts) + 1:011d}", person, unit, opened, unit.paid_to)
    account.phone = f"199000{dice.below(100000):05d}"
    account.bank = f"622999{dice.below(10 ** 10):010d}{dice.below(1000):03d}"
    account.balance = account.month_share * 2 * min(account.months, 120) * dice.between(30, 100) // 100
    person.account = account
    unit.staff += 1
    city.accounts.append(account)
    return account


def contribute(city):
    dice = Dice(city.seed, "hpf")
    opened = 0
    for org in city.organisations:
        if not org.staff or not (len(org.staff) >= 3 or dice.chance(0.4) or any(one.bound for one in org.staff)):
            continue
        opened += 1
        unit = Unit(f"05{opened:08d}", org, add_months(org.founded, 1), add_months(city.today.replace(day=1), -1), dice.between(5, 12))
        org.unit = unit
        if dice.chance(0.04):
            unit.arrears = dice.between(1, 6)
            unit.paid_to = add_months(unit.paid_to, -unit.arrears)
        for person in org.staff:
            account = open_account(city, dice, person, unit)
            if dice.chance(0.05) and not person.bound:
                account.status = dice.weighted([("02", 85), ("06", 15)])
                account.paid_to = max(account.opened, add_months(account.paid_to, -dice.between(1, 24)))
            if dice.chance(0.1) and account.balance > 2000000 and not person.bound:
                amount = account.balance * dice.between(20, 60) // 100
                reason = dice.weighted([("01", 30), ("07", 40), ("03", 5), ("09", 3), ("02", 2)])
                paid_on = dice.day(max(account.opened, add_years(city.today, -2)), add_days(city.today, -10))
                Withdrawal(f"TQ{paid_on:%Y%m}{opened:05d}{len(city.accounts):07d}", account, reason, amount, paid_on)
                account.balance -= amount
