"""Handing down: to whom, until when, in how many statements."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Refused
from fangxian.systems.command import groups
from fangxian.systems.directives import services
from fangxian.systems.directives.models import Directive, Handing
from tests.unit.directives.conftest import COUNTY, OTHER, TOWN, VILLAGE


def units(directive):
    return sorted(Handing.objects.filter(directive=directive).values_list("area_id", "state"))


def test_straight_down_to_the_village(issued, at_unit):
    directive = issued()
    assert [code for code, _state in units(directive)] == [TOWN, VILLAGE, OTHER, "410883002201"]
    village, town = at_unit(directive, VILLAGE), at_unit(directive, TOWN)
    assert village.parent == town and village.from_area_id == TOWN and town.from_area_id == COUNTY
    assert town.due_at == now() + timedelta(hours=8)
    assert village.due_at == now() + timedelta(hours=6)  # three quarters of the time; the rest is the township's
    assert village.receive_by == now() + timedelta(hours=6) and village.pack


def test_to_the_level_below_only_then_split(issued, staff, at_unit):
    directive = issued(depth="NEXT")
    assert len(units(directive)) == 2
    made = services.split(handing=at_unit(directive, TOWN), by=staff["town"])
    assert [row.area_id for row in made] == [VILLAGE]
    assert services.split(handing=at_unit(directive, TOWN), by=staff["town"]) == []
    with pytest.raises(Refused):
        services.split(handing=at_unit(directive, TOWN), by=staff["other"])


def test_a_unit_hands_on_to_its_own_only(issued, staff, at_unit, area):
    town = at_unit(issued(depth="NEXT"), TOWN)
    with pytest.raises(ValidationError, match="410883002201"):
        services.split(handing=town, by=staff["town"], to=[area("410883002201")])
    assert [one.code for one in services.without(town)] == [VILLAGE]
    services.split(handing=town, by=staff["town"], to=[area(VILLAGE)])
    assert services.without(town) == []


def test_to_some_units_and_a_group_and_more_later(issued, staff, area):
    group = groups.form_group(by=None, area=area(COUNTY), name="隔离组", answers_for="集中隔离")
    directive = issued(to=[area(TOWN)], groups=[group])
    assert [code for code, _state in units(directive)] == [COUNTY, TOWN, VILLAGE]
    services.add_units(directive=directive, by=staff["duty"], to=[area(TOWN), area(OTHER)], groups=[])
    assert len(units(directive)) == 5
    with pytest.raises(ValidationError):
        services.add_units(directive=directive, by=staff["duty"])


def test_a_meeting_resolves_and_hands_down_later(staff, area):
    meeting = services.convene(by=staff["duty"], area=area(COUNTY), title="领导小组会议", chair="王书记")
    assert meeting.number == 1 and services.next_number(area(COUNTY), "领导小组会议") == 2
    resolved = services.resolve(by=staff["duty"], area=area(COUNTY), meeting=meeting, title="值守", text="24小时值守")
    assert resolved.basis == "MEETING" and units(resolved) == []
    handed = services.hand_down(directive=resolved, by=staff["duty"])
    assert handed.state == "ISSUED" and handed.due_at == now() + timedelta(hours=72)
    with pytest.raises(ValidationError):
        services.hand_down(directive=handed, by=staff["duty"])


def test_a_measure_is_handed_down_once(issued, staff):
    measure = uuid7()
    first = issued(measure_id=measure)
    assert issued(measure_id=measure) == first and first.basis == "BULLETIN"
    services.withdraw(directive=first, by=staff["duty"], reason="重复")
    assert issued(measure_id=measure) != first


@pytest.mark.parametrize("values", [{"to": []}, {"due_at": None, "goal_at": None, "to": "outside"}, {"due_at": "past"}])
def test_nobody_to_hand_it_to_or_no_time(issued, area, values):
    if values.get("to") == "outside":
        values["to"] = [area("410882001")]
    if values.get("due_at") == "past":
        values["due_at"] = now()
    with pytest.raises(ValidationError):
        issued(**values)
    assert not Directive.objects.exists()


def test_a_township_hands_nothing_down_for_the_county(staff, area):
    with pytest.raises(Refused):
        services.issue(by=staff["town"], area=area(COUNTY), title="x", text="x")


def test_statements_do_not_grow_with_units(issued, area):
    def statements():
        with CaptureQueriesContext(
            connection,
        ) as seen:
            issued()
        return len(seen)

    few = statements()
    from fangxian.core.areas import Area

    parent = area(TOWN)
    Area.objects.bulk_create(
        Area(code=f"{TOWN}{300 + number}", name=f"村{number}", kind="village", parent=parent) for number in range(40)
    )
    assert statements() <= few + 1


def test_chains_of_meetings_go_up_only(staff, area):
    upper = services.convene(by=staff["city"], area=area("4108"), title="市专题会议", number=51, chair="李市长")
    lower = services.convene(by=staff["duty"], area=area(COUNTY), title="县会议", chair="王书记", passes_on=upper)
    assert lower.passes_on == upper
    with pytest.raises(ValidationError):
        services.correct_meeting(meeting=upper, by=staff["city"], passes_on=lower)
    with pytest.raises(ValidationError):
        services.correct_meeting(meeting=lower, by=staff["duty"], held_at=now() - timedelta(days=1))
    again = services.correct_meeting(meeting=lower, by=staff["duty"], place="第一会议室")
    assert again.place == "第一会议室"


def test_leaders_are_named_once(issued, staff, at_unit):
    first = issued()
    services.receive(handing=at_unit(first, VILLAGE), by=staff["village"], leader="张支书", deputy="李主任")
    assert at_unit(issued(title="第二件"), VILLAGE).deputy == "李主任"
