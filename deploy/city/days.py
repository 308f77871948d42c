# SPDX-License-Identifier: Apache-2.0
"""Calendar arithmetic and the forms in which departments write days and moments."""

import calendar
import datetime


def add_months(day, months):
    """The same day of another month; the month's last day when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    month += 1
    return datetime.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def add_years(day, years):
    return add_months(day, 12 * years)


def add_days(day, days):
    return day + datetime.timedelta(days=days)


def age(birth, today):
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def date8(day):
    return day.strftime("%Y%m%d") if day else ""


def month6(day):
    return day.strftime("%Y%m") if day else ""


def moment(day, seconds):
    """A local time of that day; `seconds` after midnight."""
    return datetime.datetime(day.year, day.month, day.day) + datetime.timedelta(seconds=seconds)


def time19(when):
    return when.strftime("%Y-%m-%d %H:%M:%S")


def time14(when):
    return when.strftime("%Y%m%d%H%M%S")
