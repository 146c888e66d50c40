"""Reports up: counted, sent, amended, noted."""

import re
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.systems.command import groups
from fangxian.systems.directives import reporting, selectors, services
from fangxian.systems.directives.models import Handing
from tests.unit.directives.conftest import TOWN, VILLAGE


def test_the_period_that_is_over(area, everywhere, frozen):
    town = area(TOWN)
    span = reporting.span_of(town, "REGULAR", now())
    assert span.ends_at <= now() < span.ends_at + timedelta(days=1)
    assert span.ends_at - span.starts_at == timedelta(hours=24) and span.due_at == span.ends_at + timedelta(hours=4)
    week = reporting.span_of(town, "WEEKLY", now())
    assert week.ends_at <= now() < week.ends_at + timedelta(days=7) and week.ends_at.astimezone().weekday() in (0, 6)


def test_counted_from_the_rows_and_never_typed(issued, staff, area, at_unit):
    directive = issued()
    services.answer(handing=at_unit(directive, VILLAGE), by=staff["village"], answer="完成")
    with clock.frozen(now() + timedelta(days=1)):
        report = services.report_up(by=staff["town"], area=area(TOWN), remarks="一切正常")
        assert report.figures["directives_handed"] == 2 and report.figures["directives_answered"] == 1
        assert report.figures["directives_late"] == 1 and report.to_area_id == "410883"
        services.answer(handing=at_unit(directive, TOWN), by=staff["town"], answer="完成")
        again = services.report_up(by=staff["town"], area=area(TOWN), remarks="已补报")
        assert again.pk == report.pk and again.figures["directives_late"] == 0
        with pytest.raises(Refused):
            services.note(report=again, by=staff["town"])
        noted = services.note(report=again, by=staff["duty"])
        assert services.note(report=noted, by=staff["duty"]).noted_by == staff["duty"]
        with pytest.raises(ValidationError):
            services.report_up(by=staff["town"], area=area(TOWN))
        assert selectors.reports_of(area(TOWN)) == [noted]
        assert selectors.reports_to(area("410883"), report.starts_at, "REGULAR") == [noted]
        assert selectors.report(noted.pk) == noted and not noted.is_late


def test_nobody_above(area, everywhere, frozen):
    with pytest.raises(ValidationError):
        services.report_up(by=None, area=area("41"))


@pytest.fixture
def group(staff, area, officer):
    """A working group of the county; the investigator leads it."""
    made = groups.form_group(by=None, area=area("410883"), name="流调溯源组", answers_for="流调溯源")
    leader = officer("investigator", area="410883")
    groups.add_member(group=made, officer=leader, position="LEADER", by=None)
    return made, leader


def test_a_working_group_reports_what_lies_with_it(issued, staff, area, group):
    made, leader = group
    issued(groups=[made])
    issued()
    with clock.frozen(now() + timedelta(days=1)):
        report = services.report_up(by=leader, area=area("410883"), group=made, remarks="流调完成")
        assert (report.group, report.area_id, report.to_area_id) == (made, "410883", "410883")
        assert report.figures["directives_handed"] == 1 and "cases_new" not in report.figures
        assert services.report_up(by=leader, area=area("410883"), group=made).pk == report.pk
        assert selectors.reports_of(area("410883"), made) == [report] and selectors.reports_of(area("410883")) == []
        assert services.note(report=report, by=staff["duty"]).noted_at
        with pytest.raises(Refused):
            services.report_up(by=staff["duty"], area=area("410883"), group=made)
        with pytest.raises(ValidationError):
            services.report_up(by=leader, area=area(TOWN), group=made)


def test_the_page_of_a_group_and_who_is_missing(issued, staff, area, group, sign_in):
    made, leader = group
    issued(groups=[made])
    with clock.frozen(now() + timedelta(days=1)):
        desk, command = sign_in(leader), sign_in(staff["duty"])
        assert "3 units are missing" in command.get("/directives/reports/").content.decode()
        assert desk.post("/directives/reports/", {"remarks": "流调完成"}).status_code == 302
        page = command.get("/directives/reports/").content.decode()
        assert "2 units are missing" in page and "流调溯源组" in page
        own = desk.get("/directives/reports/").content.decode()
        rows = re.search(r'href="([^"]*reported_directives_handed[^"]*)"', own)[1].replace("&amp;", "&")
        listed = set(re.findall(r"/directives/units/([0-9a-f-]{36})/", desk.get(rows).content.decode()))
        assert listed == {str(Handing.objects.get(group=made).pk)}
        assert sign_in(staff["village"]).get(f"/directives/reports/?group={made.pk}").status_code == 403
