"""Reports up: counted, sent, amended, noted."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.systems.directives import reporting, selectors, services
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
