"""Months and birthdays on a calendar whose months differ."""

import calendar
from datetime import date, timedelta


def after_months(day: date, months: int) -> date:
    """The same day so many months later; the last of the month where there is no such day (31 August + 6: 28 February).

    months: may be negative; the result has to lie between the years 1 and 9999.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def birthday(born_on: date, years: int) -> date:
    """The day on which somebody reaches an age. Born on 29 February: the 28th in other years."""
    return after_months(born_on, 12 * years)


def latest_birth(on: date, years: int) -> date:
    """The latest birth date of whoever has reached an age on a day: `birthday(born, years) <= on` up to it."""
    limit = after_months(on, -12 * years)
    next_day = limit + timedelta(1)
    return next_day if birthday(next_day, years) <= on else limit
