"""What a unit and its giver may do, with corrections."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.systems.directives import selectors, services, transitions
from tests.unit.directives.conftest import COUNTY, OTHER, TOWN, VILLAGE

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20


def test_the_table_is_the_drawing():
    lines = [line.split() for line in transitions.__doc__.splitlines() if line.startswith("    ")][1:]
    drawn = {line[0]: [word for word in line if word.isupper()] for line in lines}
    whose = {line[0]: "giver" if "giver" in line or "giver," in line else "unit" for line in lines}
    for verb, transition in transitions.TABLE.items():
        assert drawn.pop(verb) == [*transition.states, transition.to]
        assert whose[verb] == ("giver" if transition.giver else "unit")
    assert not drawn


def test_the_whole_way(issued, staff, at_unit):
    directive = issued(needs_evidence=True)
    village = services.receive(handing=at_unit(directive, VILLAGE), by=staff["village"], leader="张支书")
    assert (village.state, village.received_by, village.leader) == ("RECEIVED", staff["village"], "张支书")
    with pytest.raises(ValidationError, match="evidence"):
        services.answer(handing=village, by=staff["village"], answer="已排查12户")
    village = services.answer(handing=village, by=staff["village"], answer="已排查12户", evidence=[("a.png", PNG)])
    assert village.state == "ANSWERED" and village.outcome == "DONE"
    village = services.check(handing=village, by=staff["town"])
    town = services.deploy(handing=at_unit(directive, TOWN), by=staff["town"], deployment="召开镇村两级会议")
    assert town.received_at and town.deployed_at
    town = services.answer(handing=town, by=staff["town"], answer="完成", evidence=[("b.png", PNG)])
    services.check(handing=town, by=staff["duty"])
    assert selectors.directive(directive.pk).state == "ISSUED"
    services.withdraw_unit(handing=at_unit(directive, OTHER), by=staff["duty"], reason="无此类药店")
    assert at_unit(directive, "410883002201").state == "WITHDRAWN"
    assert selectors.directive(directive.pk).state == "DONE"


def test_an_answer_without_the_units_below_says_why(issued, staff, at_unit):
    directive = issued()
    town = at_unit(directive, TOWN)
    with pytest.raises(ValidationError, match="1 units below"):
        services.answer(handing=town, by=staff["town"], answer="完成")
    town = services.answer(handing=town, by=staff["town"], answer="完成", shortfall="段西村封控，电话核实")
    assert town.shortfall and selectors.counts(selectors.of_directive(directive))["answered"] == 1


def test_who_may_not(issued, staff, at_unit):
    directive = issued()
    village = at_unit(directive, VILLAGE)
    with pytest.raises(Refused):
        services.receive(handing=village, by=staff["other"])
    village = services.answer(handing=village, by=staff["town"], answer="代村里答复")
    with pytest.raises(Refused):
        services.check(handing=village, by=staff["town"])  # nobody checks their own work
    with pytest.raises(Refused):
        services.check(handing=village, by=staff["village"])
    assert services.check(handing=village, by=staff["duty"]).state == "CHECKED"
    assert transitions.verbs(at_unit(directive, VILLAGE), staff["duty"]) == ["look_again", "send_back"]
    with pytest.raises(Refused):
        services.receive(handing=at_unit(directive, VILLAGE), by=staff["village"])


def test_sent_back_later_opens_the_directive_again(issued, staff, at_unit, area):
    directive = issued(to=[area(TOWN)], depth="NEXT")
    town = services.answer(handing=at_unit(directive, TOWN), by=staff["town"], answer="完成")
    services.check(handing=town, by=staff["duty"])
    assert selectors.directive(directive.pk).state == "DONE" and selectors.ended() == [directive]
    assert services.look_again(handing=at_unit(directive, TOWN), by=staff["duty"]).looked_again_at
    with pytest.raises(ValidationError):
        services.send_back(handing=at_unit(directive, TOWN), by=staff["duty"], reason="台账缺页", due_at=now())
    town = services.send_back(handing=at_unit(directive, TOWN), by=staff["duty"], reason="台账缺页")
    assert (town.state, town.returns, town.due_at) == ("RETURNED", 1, now() + timedelta(hours=24))
    assert selectors.directive(directive.pk).state == "ISSUED"


def test_a_corrected_wording_is_read_again(issued, staff, at_unit):
    directive = issued()
    services.receive(handing=at_unit(directive, VILLAGE), by=staff["village"])
    services.correct(directive=directive, by=staff["duty"], reason="漏写诊所", text="药店和诊所")
    assert at_unit(directive, VILLAGE).is_outdated and not at_unit(directive, TOWN).is_outdated
    again = services.receive(handing=at_unit(directive, VILLAGE), by=staff["village"])
    assert again.revision_seen == 2 and not at_unit(directive, VILLAGE).is_outdated


def test_a_corrected_time_moves_every_clock(issued, staff, at_unit):
    directive = issued()
    services.correct(directive=directive, by=staff["duty"], reason="提前", due_at=now() + timedelta(hours=4))
    assert at_unit(directive, TOWN).due_at == now() + timedelta(hours=4)
    assert at_unit(directive, VILLAGE).due_at == now() + timedelta(hours=3)


def test_taken_back_what_was_done_stays(issued, staff, at_unit):
    directive = issued()
    services.answer(handing=at_unit(directive, VILLAGE), by=staff["village"], answer="完成")
    services.withdraw(directive=directive, by=staff["duty"], reason="政策调整")
    assert at_unit(directive, VILLAGE).state == "ANSWERED" and at_unit(directive, TOWN).state == "WITHDRAWN"
    for verb in (services.withdraw, services.correct):
        with pytest.raises(ValidationError):
            verb(directive=directive, by=staff["duty"], reason="再次")


def test_figures_and_times(issued, staff, at_unit):
    directive = issued()
    with clock.frozen(now() + timedelta(hours=1)):
        services.receive(handing=at_unit(directive, VILLAGE), by=staff["village"])
    with clock.frozen(now() + timedelta(hours=7)):
        figures = selectors.counts(selectors.of_directive(directive))
        assert (figures["handed"], figures["not_received"], figures["late"]) == (4, 3, 2)
        assert at_unit(directive, VILLAGE).late == "answer" and at_unit(directive, TOWN).late == ""
        assert selectors.counts_by_directive([directive.pk])[directive.pk] == figures
        first = selectors.tree(directive)[0]
        assert first.handing.area_id == TOWN and first.below["late"] == 1 and first.answered_percent == 0
        rows = selectors.figure("late", selectors.of_directive(directive, TOWN))
        assert [row.area_id for row in rows] == [VILLAGE]
    level = selectors.hand_over_times(directive)[-1]
    assert level["steps"][0]["median"] == timedelta(hours=1) and level["steps"][1]["units"] == 0


def test_mine_and_to_check(issued, staff, at_unit):
    directive = issued()
    assert [row.area_id for row in selectors.mine(staff["village"])] == [VILLAGE]
    assert [row.area_id for row in selectors.mine(staff["town"])] == [TOWN]
    services.answer(handing=at_unit(directive, VILLAGE), by=staff["village"], answer="完成")
    assert [row.area_id for row in selectors.to_check(staff["town"])] == [VILLAGE]
    assert [row.area_id for row in selectors.answered_by_mine(staff["village"], now())] == [VILLAGE]
    assert list(selectors.below(at_unit(directive, TOWN))) == [at_unit(directive, VILLAGE)]
    assert selectors.directives(["ISSUED"]) == [directive] and COUNTY == directive.area_id
