# SPDX-License-Identifier: Apache-2.0
"""Taxes: what organisations paid each quarter, and what was withheld from wages each month."""

import datetime

from days import add_days, add_months
from dice import Dice


class Payment:
    __slots__ = ("voucher", "org", "tax", "item", "first", "last", "taxable", "amount", "paid_on", "refund")

    def __init__(self, voucher, org, tax, item, first, last, taxable, amount, paid_on, refund):
        self.voucher, self.org, self.tax, self.item, self.first, self.last = voucher, org, tax, item, first, last
        self.taxable, self.amount, self.paid_on, self.refund = taxable, amount, paid_on, refund


class Income:
    __slots__ = ("number", "person", "org", "month", "income", "taxable", "paid", "paid_on")

    def __init__(self, number, person, org, month, income, taxable, paid, paid_on):
        self.number, self.person, self.org, self.month = number, person, org, month
        self.income, self.taxable, self.paid, self.paid_on = income, taxable, paid, paid_on


VAT, PROFIT = ("10101", "101010101"), ("10104", "101040001")  # value added tax, enterprise income tax


def _quarters(today, count):
    start = datetime.date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    for back in range(count, 0, -1):
        first = add_months(start, -3 * back)
        yield first, add_days(add_months(first, 3), -1)


def pay(city):
    """Four quarters of every organisation with staff."""
    dice, payments = Dice(city.seed, "tax"), []
    for first, last in _quarters(city.today, 4):
        for org in city.organisations:
            if not org.staff or org.founded > first or org.kind in ("12", "52"):
                continue
            turnover = len(org.staff) * dice.between(1500000, 9000000)
            paid_on = add_days(last, dice.between(3, 15))
            if paid_on >= city.today:
                continue
            rows = [(VAT, turnover, turnover * (6 if org.vat_general else 1) // 100)]
            if org.kind == "91" and dice.chance(0.6):
                profit = turnover * dice.between(3, 12) // 100
                rows.append((PROFIT, profit, profit * (25 if org.vat_general else 5) // 100))
            for (tax, item), taxable, amount in rows:
                voucher = f"3370{paid_on:%y%m%d}{len(payments) + 1:010d}"
                payments.append(Payment(voucher, org, tax, item, first, last, taxable, amount, paid_on, dice.chance(0.01)))
    return payments


def withhold(city):
    """Twelve months of everybody who earns more than the allowance of 5,000 yuan a month."""
    incomes = []
    start = add_months(city.today.replace(day=1), -12)
    earners = [one for one in city.people if one.employer and one.base > 6500]
    for offset in range(12):
        month = add_months(start, offset)
        paid_on = add_days(add_months(month, 1), 9)
        if paid_on >= city.today:
            break
        for person in earners:
            if person.hired >= month:
                continue
            income = person.base * 100
            taxable = income - 500000 - income * 15 // 100
            if taxable <= 0:
                continue
            paid = taxable * 3 // 100 if taxable <= 300000 else taxable * 10 // 100 - 21000
            incomes.append(Income(f"GS{month:%Y%m}{len(incomes) + 1:09d}", person, person.employer, month, income, taxable, paid, paid_on))
    return incomes
