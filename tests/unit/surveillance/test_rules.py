"""What the packs say of days: holidays as the notices count them, and times no baseline learns from."""

from datetime import date

import pytest

from fangxian.systems.surveillance import rules

PACK = rules.pack_of("", date(2026, 11, 21))
# Days off by the notice of each year (the sums of its 共N天), and weekend days worked for them.
YEARS = [(2020, 30, 6), (2021, 31, 7), (2022, 31, 7), (2023, 27, 7), (2024, 28, 8), (2025, 28, 5), (2026, 33, 6)]


@pytest.mark.parametrize(("year", "off", "worked"), YEARS)
def test_the_holidays_of_a_year_are_those_of_its_notice(year, off, worked):
    days = [day for day in rules.holidays(PACK) if day.year == year]
    from_before = {2022: -1, 2023: 1}.get(year, 0)  # New Year's Eve of 2022 belongs to the notice for 2023
    assert len(days) == off - from_before
    working = [day for day in rules.working_days(PACK) if day.year == year]
    assert len(working) == worked and all(day.weekday() > 4 for day in working)
    assert not set(days) & set(working)


def test_the_broken_years_and_whom_they_concern():
    (broken,) = rules.broken_periods(PACK)
    assert (broken.first, broken.last) == (date(2020, 1, 20), date(2023, 1, 31))
    assert broken.concerns("CASES", {"influenza", "s:respiratory"}) and broken.concerns("PHARMACY", {"s:respiratory"})
    assert not broken.concerns("CASES", {"brucellosis", ""})
    some = rules.BrokenPeriod(broken.first, broken.last, frozenset({"*"}), frozenset({"ABSENCE"}))
    assert some.concerns("ABSENCE", {"s:other"}) and not some.concerns("CASES", {"s:other"})


def test_a_clinic_speaks_by_the_pack():
    assert rules.speaks(PACK) == rules.Speaks(28, 0.5, 0.05)
