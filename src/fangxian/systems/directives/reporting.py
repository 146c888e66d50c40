"""Reports up: by period, counted from the rows below, with words only where words are needed.

Every figure is a definition of `REPORTED`; nobody types one. The period follows the operating mode of the area
(`command.report_up_hours`), the week begins with the first shift of Monday.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, Refused, require
from fangxian.core.records import Source
from fangxian.registers import site
from fangxian.systems.command.group_selectors import leads
from fangxian.systems.command.mode_selectors import FIRST_HOUR, REPORT_UP
from fangxian.systems.command.models import Task, WorkingGroup
from fangxian.systems.directives import rules
from fangxian.systems.directives.definitions import FIGURES
from fangxian.systems.directives.models import Report
from fangxian.systems.directives.words import Period

WEEK, DAY = timedelta(days=7), timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A period: from when until when it counts, and until when its report is there."""

    period: str
    starts_at: datetime
    ends_at: datetime
    due_at: datetime


@dataclass(frozen=True)
class Reported:
    """A figure of a report: which ledger's rows of the area it counts, in a span, as they stand at a moment."""

    key: str
    label: Promise
    slug: str
    condition: Callable[[Span, datetime], Q]


REPORTED: dict[str, Reported] = {}


def reports(key: str, label: Promise, slug: str, condition: Callable[[Span, datetime], Q]) -> None:
    """Let every report from now on count this too."""
    REPORTED[key] = Reported(key, label, slug, condition)


def _during(field: str) -> Callable[[Span, datetime], Q]:
    return lambda span, at: Q(**{f"{field}__gte": span.starts_at, f"{field}__lt": span.ends_at})


def _standing(key: str) -> Callable[[Span, datetime], Q]:
    return lambda span, at: FIGURES[key].condition(at)


HANDINGS, TASKS = "directives.handing", "command.task"
GROUPED = (HANDINGS, TASKS)
"""Ledgers whose rows can lie with a working group."""
OPEN_TASKS = Q(status__in=Task.OPEN)
reports("directives_handed", _("Directives handed down to units"), HANDINGS, _during("handed_at"))
reports("directives_answered", _("Answers of units"), HANDINGS, _during("answered_at"))
reports("directives_not_received", _("Not received by units"), HANDINGS, _standing("not_received"))
reports("directives_late", _("Answers overdue"), HANDINGS, _standing("late"))
reports("directives_done", _("Done and checked at units"), HANDINGS, _standing("done"))
reports("tasks_done", _("Tasks done"), TASKS, _during("done_at"))
reports("tasks_open", _("Tasks open"), TASKS, lambda span, at: OPEN_TASKS)
reports("tasks_late", _("Tasks overdue"), TASKS, lambda span, at: OPEN_TASKS & Q(due_at__lt=at))


def span_of(area: Area, period: str, at: datetime | None = None) -> Span:
    """The last period of an area that is over at a moment."""
    moment, pack = at or now(), rules.pack_of(area.code)
    length = WEEK if period == Period.WEEKLY else timedelta(hours=int(pack.number(REPORT_UP)))
    first = timezone.localtime(moment).replace(hour=int(pack.number(FIRST_HOUR)), minute=0, second=0, microsecond=0)
    first -= timedelta(days=first.weekday()) if period == Period.WEEKLY else timedelta()
    begins = first if first <= moment else first - max(length, DAY)
    ends_at = begins + (moment - begins) // length * length
    return Span(period, ends_at - length, ends_at, rules.report_due(pack, ends_at))


def figures(area: Area, span: Span, at: datetime | None = None, group: WorkingGroup | None = None) -> dict[str, int]:
    """Every figure of an area and all below it, one query each; what is counted does not depend on who asks.

    Of a working group: what lies with the group, of the ledgers whose rows can.
    """
    low, high = code_range(area.code)
    place = Q(group=group) if group else Q(area_id__gte=low, area_id__lt=high)
    counted = [(key, one) for key, one in REPORTED.items() if group is None or one.slug in GROUPED]
    with scope.within(area.code):
        return {
            key: site.get(one.slug).rows().filter(one.condition(span, at or now()), place)
            .order_by().values("pk").count()
            for key, one in counted
        }  # fmt: skip


def report_up(
    *, by: Officer | None, area: Area, group: WorkingGroup | None = None, period: str = Period.REGULAR,
    remarks: str = "", source: str = Source.WEB,
) -> Report:  # fmt: skip
    """Report the last period that is over; a report that is there is counted anew until it was noted above.

    An area reports to the one above it, a working group to the command of its own area. Raises `ValidationError` for an
    area that has none above it and for a group of another area, and once it was noted.
    """
    _require(by, area, group)
    above = area if group else area.parent
    if above is None:
        raise ValidationError({"area": _("There is no area above to report to.")})
    span = span_of(area, period)
    said = {"figures": figures(area, span, group=group), "remarks": remarks.strip(), "reported_at": now()}
    there = Report.objects.filter(area=area, period=period, starts_at=span.starts_at, group=group).first()
    if there is None:
        return records.create(
            Report, by=by, action="directives.report.reported", source=source, area=area, to_area=above, group=group,
            period=period, starts_at=span.starts_at, ends_at=span.ends_at, due_at=span.due_at, **said,
        )  # fmt: skip
    if there.noted_at is not None:
        raise ValidationError(_("This report was noted above already. What changes goes into the next one."))
    return records.change(there, by=by, action="directives.report.amended", figures=said["figures"],
                          remarks=said["remarks"])  # fmt: skip


def note(*, report: Report, by: Officer) -> Report:
    """The level above has read it."""
    require(by, Permission.DIRECTIVES_WRITE, report.to_area_id)
    if report.noted_at is not None:
        return report
    return records.change(report, by=by, action="directives.report.noted", noted_at=now(), noted_by=by)


def _require(by: Officer | None, area: Area, group: WorkingGroup | None) -> None:
    """An area's report is its command's, a group's that of who leads it."""
    if group is None:
        if by is not None:
            require(by, Permission.DIRECTIVES_WRITE, area.code)
    elif group.area_id != area.code:
        raise ValidationError({"group": _("This working group belongs to another area.")})
    elif by is not None and not leads(by, group.pk):
        raise Refused(str(_("Only who leads the group reports for it.")))
