"""The schedules as a drawn table, and what holds whatever the dates: the manual of `engines/schedules`."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fangxian.engines.schedules import (
    Booster,
    Condition,
    Contraindication,
    Course,
    Facts,
    Given,
    Outcome,
    Reason,
    Role,
    Schedule,
    after_months,
    birthday,
    counted,
    judge,
    latest_birth,
)
from fangxian.faces.cli.checks import eligibility

DAYS = st.dates(date(2021, 1, 1), date(2022, 12, 31))
SCHEDULE = Schedule(
    courses=(Course("two", 2, 21, within_days=56, grace_days=4, min_age=3, max_age=59), Course("one", 1, min_age=18)),
    boosters=(Booster(6, min_age=18), Booster(6, min_age=60)),
    boost_with=(("two", ("two", "one")),),
    contraindications=(Contraindication("forever", True), Contraindication("week", False, 7)),
)


@pytest.mark.parametrize("row", eligibility.drawn(), ids=lambda row: row.line.split("|")[-1].strip())
def test_every_row_of_the_drawn_table(row):
    assert eligibility.told(eligibility.ask(row)) == row.wanted


def test_the_check_counts_what_is_answered_otherwise(monkeypatch):
    assert eligibility.run().exit_code == 0
    monkeypatch.setattr(eligibility, "told", lambda verdict: "ELIGIBLE")
    report = eligibility.run()
    assert report.exit_code == 1 and report.wrong == report.rows == len(report.findings)
    assert report.line() == f"promise=eligibility rows={report.rows} outcomes=5/5 wrong={report.rows}"


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        ("2021-08-31", 6, "2022-02-28"), ("2023-08-31", 6, "2024-02-29"), ("2021-12-15", 1, "2022-01-15"),
        ("2022-03-31", -1, "2022-02-28"), ("2020-02-29", 12, "2021-02-28"),
    ],
)  # fmt: skip
def test_months_on_a_calendar_whose_months_differ(day, months, then):
    assert after_months(date.fromisoformat(day), months) == date.fromisoformat(then)


@given(born=st.dates(date(1930, 1, 1), date(2020, 12, 31)), on=DAYS, years=st.integers(0, 90))
def test_the_latest_birth_date_draws_the_line_exactly(born, on, years):
    assert (born <= latest_birth(on, years)) == (birthday(born, years) <= on)


@given(days=st.lists(DAYS, max_size=4), on=DAYS, vaccine=st.sampled_from(["", "two", "one"]))
@settings(max_examples=200)
def test_a_dose_given_when_the_desk_says_yes_counts(days, on, vaccine):
    doses = tuple(Given("two", day) for day in sorted(set(days)) if day < on)
    answer = judge(SCHEDULE, Facts(date(1960, 2, 3), doses), on, vaccine)
    if answer.outcome == Outcome.ELIGIBLE:
        places = counted(SCHEDULE, (*doses, Given(answer.vaccines[0], on)))
        assert (places[-1].number, places[-1].role) == (answer.number, answer.role)
        assert [one.number for one in places if one.number] == list(range(1, answer.number + 1))


@given(days=st.lists(DAYS, max_size=3), on=DAYS, born=st.dates(date(2000, 1, 1), date(2020, 1, 1)))
@settings(max_examples=200)
def test_not_yet_names_the_first_day(days, on, born):
    doses = tuple(Given("two", day) for day in sorted(set(days)) if day < on)
    answer = judge(SCHEDULE, Facts(born, doses), on, "two")
    if answer.outcome == Outcome.NOT_YET:
        assert answer.from_on > on
        assert judge(SCHEDULE, Facts(born, doses), answer.from_on, "two").outcome == Outcome.ELIGIBLE
        eve = judge(SCHEDULE, Facts(born, doses), answer.from_on - timedelta(1), "two")
        assert eve.outcome == Outcome.NOT_YET


def test_what_the_table_does_not_draw():
    assert judge(Schedule(()), Facts(date(1980, 1, 1)), date(2022, 1, 1)).reason == Reason.UNKNOWN_VACCINE
    old = judge(SCHEDULE, Facts(date(1950, 1, 1)), date(2022, 1, 1), "two")
    assert (old.outcome, old.reason) == (Outcome.UNSUITABLE, Reason.TOO_OLD)
    again = counted(SCHEDULE, [Given("one", date(2021, 1, 1)), *(Given("one", date(2021, 1 + 6 * n, 2)) for n in (1,)),
                               Given("one", date(2022, 2, 2)), Given("one", date(2022, 9, 2))])  # fmt: skip
    assert [one.role for one in again] == [Role.PRIMARY, Role.BOOSTER, Role.BOOSTER, Role.NONE]
    assert again[-1].reason == Reason.COMPLETE and SCHEDULE.boosting("one") == ("one",)
    free = Schedule((Course("a", 2, 10),), (Booster(1),), (("a", ("b",)),))
    given_ = (Given("a", date(2022, 1, 1)), Given("a", date(2022, 1, 11)))
    other = judge(free, Facts(date(1980, 1, 1), given_), date(2022, 3, 1))  # a booster that is no course of its own
    assert (other.outcome, other.vaccines) == (Outcome.ELIGIBLE, ("b",))
    third = judge(Schedule((Course("a", 3, 10),)), Facts(date(1980, 1, 1), given_), date(2022, 3, 1))
    assert (third.number, third.until_on) == (3, None)
    both = (Condition("week", date(2022, 1, 1)), Condition("week", date(2022, 1, 3)))
    ends = judge(SCHEDULE, Facts(date(1980, 1, 1), (), both), date(2022, 1, 4), "two")
    assert (ends.outcome, ends.from_on) == (Outcome.CONTRAINDICATED, date(2022, 1, 10))
