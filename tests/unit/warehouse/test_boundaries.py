"""Yesterday's rows in today's boundaries: renamed, merged, split, handed to another county."""

from datetime import date

import pytest

from fangxian.core.areas import Area, AreaCode
from fangxian.warehouse.boundaries import boundaries

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("county")]
CHANGE, BEFORE, LATER = date(2022, 1, 1), date(2021, 12, 31), date(2022, 3, 14)


def made(code: str, came_from: str | None = None, on: date | None = CHANGE, kind: str = "township") -> Area:
    parent = Area.objects.get(code=code[:6]) if len(code) > 6 else None
    return Area.objects.create(code=code, name=code, kind=kind, parent=parent, predecessor_id=came_from, valid_from=on)


def over(code: str, on: date = CHANGE) -> None:
    Area.objects.filter(code=code).update(valid_to=on)


def read(code: str, area: str = "410883", last: date = LATER) -> list[str]:
    return boundaries(area, last).levels(code)


def test_without_a_change_everything_is_itself(django_assert_num_queries):
    with django_assert_num_queries(2):
        known = boundaries("410883", LATER)
    assert known.levels("410883001212001") == ["410883001", "410883"] and known.reach == ["410883"]
    assert known.levels("410883") == ["410883"] and known.levels("410882001") == []
    assert boundaries("41", LATER).levels("41") == ["41"]
    assert boundaries("", LATER).levels("410882001201") == ["410882001", "410882"]


def test_a_renamed_area_hands_its_past_to_its_heir():
    made("410883101", "410883001")
    over("410883001")
    made("410883201", "410883101", date(2022, 2, 1))  # and again
    over("410883101", date(2022, 2, 1))
    assert read("410883001212") == read("410883101") == ["410883201", "410883"]
    assert read("410883001", last=BEFORE) == ["410883001", "410883"]
    assert not boundaries("410883", LATER).since


def test_areas_that_became_one_are_added_up():
    over("410883002")
    Area.objects.get(code="410883001").codes.create(system="nbs", code="410883002", name="会昌街道")
    assert read("410883002201") == ["410883001", "410883"] == read("410883001")
    assert read("410883002201", last=BEFORE) == ["410883002", "410883"]


def test_a_code_of_another_list_is_no_merger():
    over("410883002")
    AreaCode.objects.create(area_id="410883001", system="health", code="410883002", name="会昌街道")
    AreaCode.objects.create(area_id="410883002", system="nbs", code="410883002", name="会昌街道")
    assert read("410883002201") == ["410883002", "410883"]


@pytest.mark.parametrize("goes", [True, False], ids=["both parts are new", "one is carved out"])
def test_a_split_leaves_the_past_with_the_county(goes):
    made("410883011", "410883001")
    if goes:
        made("410883012", "410883001")
        over("410883001")
    known = boundaries("410883", LATER)
    parts = ["410883011", "410883012"] if goes else ["410883001", "410883011"]
    assert known.since == dict.fromkeys(parts, CHANGE)
    assert known.levels("410883001212") == (["410883"] if goes else ["410883001", "410883"])
    assert known.levels("410883011") == ["410883011", "410883"]
    assert not boundaries("410883", BEFORE).since


def test_a_split_nobody_dated_is_told_by_the_end_of_what_was_split():
    made("410883011", "410883001", None)
    made("410883012", "410883001", None)
    over("410883001")
    assert set(boundaries("410883", LATER).since.values()) == {CHANGE}


def test_a_township_of_another_county_brings_its_past_along():
    made("410883301", "410882001")
    over("410882001")
    made("410882401", on=None)
    here, there = boundaries("410883", LATER), boundaries("410882", LATER)
    assert here.reach == ["410883", "410882001"] and here.levels("410882001201") == ["410883301", "410883"]
    assert here.levels("410882401") == []
    assert there.reach == ["410882"] and there.levels("410882001201") == []


def test_what_came_from_outside_in_two_steps():
    made("410882101", "410882001")
    over("410882001")
    made("410883301", "410882101", date(2022, 2, 1))
    over("410882101", date(2022, 2, 1))
    known = boundaries("410883", LATER)
    assert known.levels("410882001201") == ["410883301", "410883"]
    assert known.reach == ["410883", "410882001", "410882101"]


def test_a_recoded_county_keeps_its_townships():
    Area.objects.create(
        code="410899", name="孟州", kind="county", parent_id="4108", predecessor_id="410883", valid_from=CHANGE
    )
    over("410883")
    known = boundaries("410899", LATER)
    assert known.levels("410883001212") == ["410899001", "410899"] and known.reach == ["410899", "410883"]


def test_a_county_cut_in_two_has_no_past_below():
    for code in ("410898", "410899"):
        Area.objects.create(code=code, name=code, kind="county", predecessor_id="410883", valid_from=CHANGE)
    over("410883")
    assert read("410883001", "410899") == [] and boundaries("410899", LATER).reach == ["410899"]


def test_a_village_split_inside_its_township_stays_in_it():
    made("410883001213", "410883001212", kind="village")
    made("410883001214", "410883001212", kind="village")
    over("410883001212")
    assert read("410883001212001") == ["410883001", "410883"]


def test_a_circle_in_the_list_comes_to_an_end():
    made("410883101", "410883001")
    Area.objects.filter(code="410883001").update(predecessor="410883101", valid_to=CHANGE)
    over("410883101")
    assert read("410883001")[-1] == "410883"
