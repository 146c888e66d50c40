"""Two birth dates: the same, day and month swapped, one part wrong, or two different days."""

from datetime import date

from fangxian.engines.matching.model import How


def compare(one: date | None, other: date | None) -> How | None:
    """How two days agree; None when one of them is not known."""
    if one is None or other is None:
        return None
    if one == other:
        return How.SAME
    if swapped(one) == other:
        return How.SWAPPED
    same = (one.year == other.year) + (one.month == other.month) + (one.day == other.day)
    return How.ONE_PART if same == 2 else How.OTHER


def swapped(day: date) -> date | None:
    """The day with month and day exchanged; None where that is no other day."""
    if day.day > 12 or day.day == day.month:
        return None
    return date(day.year, day.day, day.month)
