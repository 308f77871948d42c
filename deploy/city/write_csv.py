# SPDX-License-Identifier: Apache-2.0
"""The drop folder of the tax bureau (税务): CSV in GB18030 with Chinese headings, CRLF, amounts in yuan, days YYYYMMDD."""

import csv
import os

from days import date8, moment, month6, time14
from dice import Dice
from money import yuan


def write_file(folder, name, heading, rows):
    path = os.path.join(folder, name)
    with open(path + ".tmp", "w", encoding="gb18030", newline="") as out:
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(heading)
        writer.writerows(rows)
    os.rename(path + ".tmp", path)  # a drop folder's file appears whole or not at all
    return len(rows)


def write_tax(folder, city, payments, incomes):
    os.makedirs(folder)
    dice, today = Dice(city.seed, "tax files"), city.today
    counts = {"taxpayer": _taxpayers(folder, city, dice)}
    groups = {}
    for one in payments:
        groups.setdefault(f"{one.first.year}Q{(one.first.month + 2) // 3}", []).append((
            one.voucher, one.org.code, one.org.name, one.tax, one.item, date8(one.first), date8(one.last), yuan(one.taxable),
            yuan(one.amount), date8(one.paid_on), "国家金库潍坊市中心支库", "1" if one.refund else "0",
            time14(moment(one.paid_on, dice.between(28800, 64800))), "1"))
    heading = ("电子税票号", "纳税人识别号", "纳税人名称", "征收项目", "征收品目", "税款所属期起", "税款所属期止", "计税依据", "实缴金额", "缴款日期",
               "国库", "退税标志", "更新时间", "合成标志")
    counts["payment"] = sum(write_file(folder, f"jsjl_{name}.csv", heading, rows) for name, rows in sorted(groups.items()))
    groups = {}
    for one in incomes:
        groups.setdefault(month6(one.month), []).append((
            one.number, "111", one.person.id_no, one.person.name, one.org.code, month6(one.month), "01", yuan(one.income),
            yuan(one.taxable), yuan(one.paid), date8(one.paid_on), time14(moment(one.paid_on, dice.between(28800, 64800))), "1"))
    heading = ("申报流水号", "证件类型", "证件号码", "姓名", "扣缴义务人", "税款所属期", "所得项目", "收入额", "应纳税所得额", "已缴税额", "缴款日期",
               "更新时间", "合成标志")
    counts["income"] = sum(write_file(folder, f"grsds_{name}.csv", heading, rows) for name, rows in sorted(groups.items()))
    return counts


def _taxpayers(folder, city, dice):
    rows = []
    for org in city.organisations:
        state = "注销" if org.cancelled else "停业" if dice.chance(0.01) else "非正常" if dice.chance(0.01) else "正常"
        changed = org.cancelled or org.founded
        rows.append((
            f"10137{org.serial:015d}", org.code, org.name, org.code, state, "一般纳税人" if org.vat_general else "小规模纳税人",
            org.legal_rep.name, org.trade, f"1{org.district}0000", date8(org.founded), date8(org.cancelled),
            time14(moment(changed, dice.between(28800, 64800))), "1"))
    heading = ("登记序号", "统一社会信用代码", "纳税人名称", "纳税人识别号", "纳税人状态", "增值税纳税人类型", "法定代表人", "行业代码", "主管税务机关",
               "登记日期", "注销日期", "更新时间", "合成标志")
    return write_file(folder, f"nsrdj_{date8(city.today)}.csv", heading, rows)
