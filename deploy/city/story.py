# SPDX-License-Identifier: Apache-2.0
"""The named citizens of the demo: they live in every city, under the same numbers, whatever its size and seed.

Each asks for a withdrawal from the provident fund to repay a commercial housing loan. The decision that the rule must
reach stands in story.json with all figures that it rests on.
"""

import datetime

import hpf
import loans
from days import add_days, add_months, add_years, moment
from dice import Dice
from people import Marriage, Nursery
from work import hire

HPF_CENTRE = "12370700MB9X00103L"
DISTRICT = "370705"
# 810,000 yuan at 3.84 % over 27 years: 4,019.70 yuan a month, 48,236.40 a year.
AMOUNT, MONTHS, RATE, YEAR_FEN = 81000000, 324, 384, 4823640
BALANCE, RETAINED = 8600000, 10000

# code of the decision, applicant, spouse, the applicant is the woman
CAST = (
    ("APPROVED", ("周", "明远", (1988, 5, 16)), ("苏", "晓晴", (1990, 3, 7)), False),
    ("INTERVAL", ("孙", "立国", (1985, 12, 31)), ("马", "秀云", (1987, 2, 3)), False),
    ("ACCOUNT_STATE", ("于", "海波", (1983, 8, 21)), ("曲", "丽娜", (1984, 9, 9)), False),
    ("OVERDUE", ("姜", "志强", (1986, 1, 28)), ("韩", "玉洁", (1986, 11, 11)), False),
    ("NOT_RELATED", ("高", "建军", (1984, 4, 4)), ("徐", "雅琪", (1985, 6, 30)), True),
    ("LOAN_KIND", ("宋", "春生", (1982, 10, 2)), ("王", "桂英", (1982, 12, 24)), False),
)


class Case:
    def __init__(self, code, man, woman, applicant):
        self.code, self.man, self.woman, self.applicant = code, man, woman, applicant
        self.loan = self.authorisation = None

    @property
    def spouse(self):
        return self.woman if self.applicant is self.man else self.man


def cast(city):
    """Before anybody else is born, so that serials and numbers never change."""
    nursery, cases = Nursery(city, Dice("story", "people")), []
    for code, man, woman, woman_asks in CAST:
        pair = []
        for (surname, given, birth), female in ((man, False), (woman, True)):
            person = nursery.born(female, datetime.date(*birth), DISTRICT)
            person.surname, person.name, person.former_name = surname, surname + given, ""
            person.ethnicity, person.bound = "01", True
            pair.append(person)
        wedding = add_years(pair[1].birth, 25).replace(day=18)
        marriage = Marriage(*pair, wedding, DISTRICT)
        city.marriages.append(marriage)
        if code == "NOT_RELATED":
            marriage.end, marriage.divorced = datetime.date(2019, 3, 12), True
        cases.append(Case(code, *pair, pair[1] if woman_asks else pair[0]))
    return cases


def pay_day(today):
    """Far enough from today that the last twelve months hold exactly twelve payments, today and next week."""
    return 20 if today.day < 12 or today.day > 22 else 8


def act(city, cases, authorisations):
    """Work, accounts and loans of the cast; after everybody else has theirs."""
    dice, today = Dice("story", "fund"), city.today
    for case in cases:
        for person in (case.man, case.woman):
            if person.account is None:
                _open(city, dice, person)
            person.account.balance, person.account.frozen = BALANCE, 0
        borrower = case.man
        partner = case.woman if case.code != "NOT_RELATED" else None
        contract = add_months(today.replace(day=11), -40)
        case.loan = loans.new_loan(city, dice, borrower, partner, contract, AMOUNT, MONTHS, RATE, pay_day(today))
        case.loan.run(today, unpaid=2 if case.code == "OVERDUE" else 0)
        if case.code == "LOAN_KIND":
            case.loan.kind = loans.SHOP
        if case.code == "ACCOUNT_STATE":
            case.applicant.account.status = "06"
        if case.code == "INTERVAL":
            hpf.Withdrawal(f"TQ{today:%Y%m}STORY{case.applicant.serial:07d}", case.applicant.account, "06", 2000000,
                           add_months(today, -5), case.loan.number, case.spouse.id_no)
        granted = moment(add_days(today, -1), 9 * 3600)
        case.authorisation = loans.Authorisation(f"ZXSQSTORY{case.applicant.serial:07d}", case.applicant, granted,
                                                 moment(add_days(today, 30), 86399))
        authorisations.append(case.authorisation)


def employers(city):
    """Before the unit accounts are opened: the cast works at the first enterprise, whatever chance says."""
    org = next((one for one in city.organisations if one.kind == "91"), city.organisations[0])
    org.founded, org.cancelled = min(org.founded, datetime.date(2008, 5, 8)), None
    return org


def engage(city, cases):
    org = employers(city)
    for case in cases:
        for person in (case.man, case.woman):
            hire(person, org, datetime.date(2015, 7, 1), 9800)


def _open(city, dice, person):
    return hpf.open_account(city, dice, person, person.employer.unit)


def _person(person):
    return {"id_type": "111", "id_no": person.id_no, "name": person.name}


def tell(city, cases):
    """The content of story.json. Money in fen."""
    told = {"synthetic": True, "date": city.today.isoformat(), "cases": {}}
    window_from = add_years(city.today, -1)
    for case in cases:
        paid = sum(row.principal + row.interest for row in case.loan.rows if row.paid_on and window_from < row.paid_on <= city.today)
        entry = {
            "decision": "approve" if case.code == "APPROVED" else "reject",
            "code": case.code,
            "applicant": _person(case.applicant),
            "spouse": None if case.code == "NOT_RELATED" else _person(case.spouse),
            "borrower": _person(case.loan.borrower),
            "account": case.applicant.account.number,
            "account_state": case.applicant.account.status,
            "balance_fen": case.applicant.account.balance,
            "frozen_fen": case.applicant.account.frozen,
            "retained_fen": RETAINED,
            "loan": case.loan.number,
            "loan_kind": case.loan.kind,
            "loan_state": case.loan.state,
            "pay_day": case.loan.pay_day,
            "months_paid": sum(1 for row in case.loan.rows if row.paid_on),
            "paid_in_window_fen": paid,
            "window_from": window_from.isoformat(),
            "authorisation": case.authorisation.number,
            "grantee": HPF_CENTRE,
            "last_withdrawal": None,
            "next_possible": None,
            "amount_fen": 0,
        }
        if case.code == "APPROVED":
            entry["amount_fen"] = max(0, min(paid, case.applicant.account.balance - RETAINED))
        if case.applicant.account.withdrawals:
            last = case.applicant.account.withdrawals[-1].paid_on
            entry["last_withdrawal"], entry["next_possible"] = last.isoformat(), add_years(last, 1).isoformat()
        told["cases"][case.code] = entry
    told["approved"], told["rejected"] = told["cases"]["APPROVED"], told["cases"]["INTERVAL"]
    return told
