"""Order among times that are known well, badly or not at all."""

from datetime import UTC, date, datetime

import pytest

from fangxian.systems.cases import selectors, services
from fangxian.systems.cases.timeline import span


def at(day: int, hour: int = 4, minute: int = 20) -> datetime:
    """A time in March 2022, UTC; 04:20 is 12:20 in Beijing."""
    return datetime(2022, 3, day, hour, minute, tzinfo=UTC)


# precision   earliest        latest (UTC; the Chinese day begins at 16:00 UTC)
SPANS = [
    ("EXACT",   at(10),         at(10)),
    ("HOUR",    at(10, 4, 0),   datetime(2022, 3, 10, 4, 59, 59, tzinfo=UTC)),
    ("DAY",     at(9, 16, 0),   datetime(2022, 3, 10, 15, 59, 59, tzinfo=UTC)),
    ("ABOUT",   at(8, 16, 0),   datetime(2022, 3, 11, 15, 59, 59, tzinfo=UTC)),
    ("UNKNOWN", at(8, 16, 0),   datetime(2022, 3, 11, 15, 59, 59, tzinfo=UTC)),
]  # fmt: skip


@pytest.mark.parametrize(("precision", "earliest", "latest"), SPANS)
def test_what_a_time_may_mean(precision, earliest, latest):
    assert span(at(10), precision) == (earliest, latest)


@pytest.fixture
def told(case):
    """`told("EXACT 10 school", …)` stores entries and gives the merged timeline as words."""
    made = case()

    def tell(*entries: str) -> list[str]:
        for entry in entries:
            precision, day, text = entry.split()
            values = {"precision": precision, "text": text, "starts_at": at(int(day))}
            services.add_timeline(by=None, case=made, kind="VISIT", **values)
        moments = selectors.timeline(selectors.case(made.pk))
        return [f"{m.text}{'?' if m.order_uncertain else ''}" for m in moments]

    tell.case = made
    return tell


def test_exact_times_have_an_order(told):
    assert told("EXACT 12 b", "EXACT 11 a") == ["a", "b"]


def test_a_day_around_an_exact_time_leaves_the_order_open(told):
    assert told("EXACT 11 a", "DAY 11 b", "EXACT 13 c") == ["b", "a?", "c"]


def test_everything_with_a_time_is_there(told):
    services.change_case(
        case=told.case, by=None, onset_on=date(2022, 3, 10), outcome_on=date(2022, 3, 30), sampled_at=at(12),
        positive_at=at(13), reported_at=at(13, 5), isolated_at=at(13, 6),
    )  # fmt: skip
    friend = told.case.person
    services.add_exposure(by=None, case=told.case, kind="GATHERING", starts_at=at(5), place_name="hall", person=friend)
    services.add_exposure(by=None, case=told.case, kind="FOOD")
    assert told("EXACT 11 a") == [
        f"Gathering · {friend}", "Onset", "a", "First positive sample", "Positive result known",
        "Reported on the network", "Isolated since", "Outcome of the illness", "Food",
    ]  # fmt: skip


def test_an_entry_without_words_shows_its_kind(case):
    made = case()
    services.add_timeline(by=None, case=made, kind="STAY", starts_at=at(10), place_name="home")
    moment = selectors.timeline(made)[0]
    assert (moment.text, moment.place, moment.source) == ("Stay", "home", "entry")
