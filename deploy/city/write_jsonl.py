# SPDX-License-Identifier: Apache-2.0
"""JSON lines: the provident fund (公积金) with pinyin names and amounts as text, the banks (银行) with English names and
amounts as numbers of yuan."""

import json
import os

from days import add_days, date8, moment, month6, time19
from dice import Dice
from money import yuan
from story import HPF_CENTRE


def write_lines(folder, name, rows):
    path = os.path.join(folder, name)
    with open(path + ".tmp", "w", encoding="utf-8", newline="\n") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n")
    os.rename(path + ".tmp", path)
    return len(rows)


def write_fund(folder, city):
    os.makedirs(folder)
    dice, today = Dice(city.seed, "fund files"), city.today
    units, accounts, withdrawals = [], [], []
    for org in city.organisations:
        unit = org.unit
        if unit is None:
            continue
        monthly = sum(one.account.month_share * 2 for one in org.staff if one.account)
        units.append({
            "dwzh": unit.number, "tyshxydm": org.code, "dwmc": org.name, "dwzhzt": unit.status, "kjyf": month6(unit.start),
            "jznn": month6(unit.paid_to), "dwjcbl": f"{unit.ratio}.00", "grjcbl": f"{unit.ratio}.00", "jcrs": unit.staff,
            "yjce": yuan(monthly), "qjys": unit.arrears, "jbr": org.legal_rep.name,
            "gxsj": time19(moment(add_days(today, -dice.between(1, 25)), dice.between(28800, 64800))), "hcbz": "1"})
    for one in city.accounts:
        who = {"zjlx": "111", "zjhm": one.person.id_no, "xm": one.person.name}
        accounts.append(dict(who, **{
            "grzh": one.number, "dwzh": one.unit.number, "grzhzt": one.status, "khrq": date8(one.opened), "jcjs": yuan(one.base),
            "jcbl": f"{one.ratio}.00", "dwjcje": yuan(one.month_share), "grjcje": yuan(one.month_share), "grzhye": yuan(one.balance),
            "djje": yuan(one.frozen), "jzny": month6(one.paid_to), "lxzcjcys": one.months, "sjhm": one.phone, "grckzhhm": one.bank,
            "gxsj": time19(moment(add_days(today, -dice.between(1, 25)), dice.between(28800, 64800))), "hcbz": "1"}))
        for take in one.withdrawals:
            withdrawals.append(dict(who, **{
                "tqbh": take.number, "grzh": one.number, "tqyy": take.reason, "tqje": yuan(take.amount), "ktqe": yuan(take.available),
                "jkhtbh": take.loan, "fwbh": None, "tqqq": date8(take.window_from), "tqqz": date8(take.paid_on),
                "sqrq": date8(take.paid_on), "zfrq": date8(take.paid_on), "skzh": one.bank, "pozjhm": take.spouse, "zt": "01",
                "gxsj": time19(moment(take.paid_on, dice.between(28800, 64800))), "hcbz": "1"}))
    return {
        "unit": write_lines(folder, f"dwjc_{date8(today)}.jsonl", units),
        "account": write_lines(folder, f"grzh_{date8(today)}.jsonl", accounts),
        "withdrawal": write_lines(folder, f"tqjl_{date8(today)}.jsonl", withdrawals),
    }


def _number(fen):
    """Yuan as a JSON number: 15 significant digits are exact."""
    return fen // 100 if fen % 100 == 0 else fen / 100


def write_banks(folder, city, authorisations):
    os.makedirs(folder)
    dice, today = Dice(city.seed, "bank files"), city.today
    loans, months, allowed = [], [], []
    for loan in city.loans:
        who = {"id_type": "111", "id_no": loan.borrower.id_no, "name": loan.borrower.name}
        changed = loan.cleared or loan.last_paid or loan.contract
        loans.append(dict(who, **{
            "loan_no": loan.number, "bank_code": loan.bank[0], "bank_name": loan.bank[1], "loan_kind": loan.kind,
            "house_address": loan.address, "purchase_contract_no": loan.purchase, "house_price": _number(loan.price),
            "contract_date": date8(loan.contract), "amount": _number(loan.amount), "term_months": loan.months,
            "rate_percent": loan.rate / 100, "guarantee": "抵押", "balance": _number(loan.balance), "state": loan.state,
            "last_repay_on": date8(loan.last_paid) or None, "cleared_on": date8(loan.cleared) or None,
            "co_borrowers": [{"id_no": loan.partner.id_no, "name": loan.partner.name}] if loan.partner else [],
            "updated_at": time19(moment(changed, dice.between(28800, 64800))), "synthetic": True}))
        for row in loan.rows:
            months.append(dict(who, **{
                "loan_no": loan.number, "seq": row.seq, "due_on": date8(row.due_on), "paid_on": date8(row.paid_on) or None,
                "principal": _number(row.principal), "interest": _number(row.interest), "penalty": 0, "remaining": _number(row.remaining),
                "month_status": row.mark,
                "updated_at": time19(moment(row.paid_on or min(add_days(row.due_on, 1), add_days(today, -1)), 79200)), "synthetic": True}))
    for one in authorisations:
        allowed.append({
            "auth_id": one.number, "id_type": "111", "id_no": one.person.id_no, "name": one.person.name, "grantee": HPF_CENTRE,
            "purpose": "偿还商业住房贷款提取公积金", "data_scope": "商业住房贷款账户及还款明细", "granted_at": time19(one.granted),
            "expires_at": time19(one.expires), "revoked_at": time19(one.revoked) if one.revoked else None,
            "face_ref": f"FACE{one.number}", "updated_at": time19(one.revoked or one.granted), "synthetic": True})
    return {
        "loan": write_lines(folder, f"loan_{date8(today)}.jsonl", loans),
        "repayment": write_lines(folder, f"repayment_{date8(today)}.jsonl", months),
        "authorization": write_lines(folder, f"authorization_{date8(today)}.jsonl", allowed),
    }
