"""What the “three none” streak of an area is, as a drawn table: days from today back, one line a story.

A case is drawn as area, class, days. C confirmed, S suspected, A asymptomatic, X no case, N not classified; the day of
onset, else that of the first positive sample, counted back from the asked day.
"""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import policy
from fangxian.core.areas import Area
from fangxian.core.policy import files
from fangxian.systems.cases import services, streaks
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people

NOW = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
TODAY = NOW.date()
CLASSES = {"C": "CONFIRMED", "S": "SUSPECT", "A": "CONFIRMED_NO_SYMPTOMS", "X": "NO_CASE", "N": "NOT_CLASSIFIED"}
COUNTY, TOWN, VILLAGE, NEIGHBOUR = "410883", "410883001", "410883001212", "410882001201"
OTHER_TOWN = "410883002201"

# cases | asked | days held | cases that broke it last
DRAWN = [
    ("nothing on record: nothing to count from", [], COUNTY, None, 0),
    ("a confirmed case five days ago", [(VILLAGE, "C", 5)], COUNTY, 5, 1),
    ("… broke it for every area it lies in", [(VILLAGE, "C", 5)], VILLAGE, 5, 1),
    ("… and for no other", [(VILLAGE, "C", 5)], OTHER_TOWN, None, 0),
    ("a case of today holds it at none", [(VILLAGE, "C", 0), (VILLAGE, "C", 9)], COUNTY, 0, 1),
    ("the latest counts", [(VILLAGE, "C", 5), (OTHER_TOWN, "C", 2)], COUNTY, 2, 1),
    ("… each area its own", [(VILLAGE, "C", 5), (OTHER_TOWN, "C", 2)], TOWN, 5, 1),
    ("all cases of the day are named", [(VILLAGE, "C", 2), (OTHER_TOWN, "S", 2)], COUNTY, 2, 2),
    ("a suspected case breaks it", [(VILLAGE, "S", 3)], COUNTY, 3, 1),
    ("an asymptomatic one breaks it", [(VILLAGE, "A", 3)], COUNTY, 3, 1),
    ("one that is not classified does not", [(VILLAGE, "N", 3)], COUNTY, None, 0),
    ("one that is none does not", [(VILLAGE, "X", 3), (VILLAGE, "C", 8)], COUNTY, 8, 1),
    ("the neighbour's case lies beyond the boundary", [(NEIGHBOUR, "C", 1), (VILLAGE, "C", 8)], COUNTY, 8, 1),
    ("… and counts for the prefecture", [(NEIGHBOUR, "C", 1), (VILLAGE, "C", 8)], "4108", 1, 1),
]


@pytest.fixture
def a_case(county, frozen, everywhere):
    """Factory: a case in an area, of a class, whose onset (or first positive sample) was so many days ago."""

    def make(area, kind, ago, **values) -> Case:
        place = Area.objects.get(code=area)
        person = people.add_person(by=None, area=place, name="张三", id_type="NONE")
        asymptomatic = {"onset_on": None, "sampled_at": NOW - timedelta(days=ago)}
        days = asymptomatic if kind == "A" else {"onset_on": TODAY - timedelta(days=ago)}
        made = services.open_case(by=None, person=person, area=place, disease="covid19", **days)
        Case.unscoped.filter(pk=made.pk).update(classification=CLASSES[kind], **values)
        return Case.unscoped.get(pk=made.pk)

    return make


@pytest.mark.parametrize(("story", "drawn", "asked", "days", "cases"), DRAWN, ids=lambda value: str(value)[:30])
def test_the_streak_is(a_case, story, drawn, asked, days, cases):
    for one in drawn:
        a_case(*one)
    held = streaks.streak(asked)
    assert (held.days, held.cases) == (days, cases), story
    assert held.since == (TODAY - timedelta(days=days - 1) if days else None)
    named = Case.objects.filter(streaks.breaking(held.last_on, asked)).count() if held.last_on else 0
    assert held.broken_by == (f"{held.last_on} {asked}" if cases else "")
    assert named == cases, "the figure opens its rows"


def test_a_case_that_is_withdrawn_never_broke_it(a_case):
    a_case(VILLAGE, "C", 9)
    wrong = a_case(VILLAGE, "C", 2)
    assert streaks.streak(COUNTY).days == 2
    services.discard(wrong, by=None, reason="sample of somebody else")
    assert streaks.streak(COUNTY).days == 9


def test_a_case_whose_onset_is_dated_back_broke_it_then(a_case, officer):
    case = services.confirm(a_case(VILLAGE, "N", 2), by=officer("investigator"), basis="clinical")
    assert streaks.streak(COUNTY).days == 2
    services.change_case(case=case, by=None, onset_on=TODAY - timedelta(days=6))
    assert streaks.streak(COUNTY).days == 6
    assert streaks.streak(COUNTY, TODAY - timedelta(days=4)).days == 2


def test_a_day_that_is_past_knows_nothing_of_later_cases(a_case):
    a_case(VILLAGE, "C", 10)
    a_case(VILLAGE, "C", 1)
    assert streaks.streak(COUNTY, TODAY - timedelta(days=5)).days == 5


def test_many_areas_are_asked_in_two_queries(a_case, django_assert_num_queries):
    a_case(VILLAGE, "C", 5)
    codes = [COUNTY, TOWN, VILLAGE, OTHER_TOWN]
    with django_assert_num_queries(3):  # and one for the mode of the area, which the pack depends on
        held = streaks.streaks(codes, COUNTY)
    assert [held[code].days for code in codes] == [5, 5, 5, None]


OWN = """pack: county-streak
disease: "*"
level: general
area: "410883"
name: {zh: 本县三无口径, en: Streak of the county}
valid_from: 2020-01-01
rules:
  - {key: streak.three_none.classes, value: confirmed only, data: [CONFIRMED], source: notice, confidence: local}
  - {key: streak.three_none.until, value: until the outcome, data: OUTCOME, source: notice, confidence: local}
"""


def test_a_county_may_read_the_words_in_its_own_way(a_case, monkeypatch):
    own = policy.Store((files.read(OWN, "own.yaml", is_operators=True), *policy.store().packs))
    a_case(VILLAGE, "S", 1)
    a_case(VILLAGE, "C", 9, outcome="RECOVERED", outcome_on=TODAY - timedelta(days=3))
    monkeypatch.setattr(policy, "store", lambda: own)
    assert streaks.streak(COUNTY).days == 3
    a_case(VILLAGE, "C", 8)
    assert streaks.streak(COUNTY).days == 0, "somebody is still ill"
