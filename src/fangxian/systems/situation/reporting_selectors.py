"""Reading reports and assessments; always inside the scope in force."""

from datetime import date, datetime
from uuid import UUID

from django.db.models import Max, QuerySet

from fangxian.core.areas import Area, code_range
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command.models import Task
from fangxian.systems.situation.reporting_models import Assessment, IssuedReport

SHOWN = 60


def report(pk: UUID | str) -> IssuedReport:
    """One edition of a report; raises DoesNotExist outside the scope."""
    linked = ("area", "signed_by", "second_by", "created_by", "corrects")
    return IssuedReport.objects.select_related(*linked).get(pk=pk)


def reports(area_code: str, kind: str = "", limit: int = SHOWN) -> list[IssuedReport]:
    """The reports of an area and all below it, the latest day first, without what they say."""
    low, high = code_range(area_code)
    rows = IssuedReport.objects.filter(area_id__gte=low, area_id__lt=high).defer("facts", "said")
    rows = rows.filter(kind=kind) if kind else rows
    return list(rows.select_related("area", "signed_by").order_by("-ends_on", "area_id", "kind", "-edition")[:limit])


def editions(area: Area, kind: str, starts_on: date, ends_on: date) -> QuerySet[IssuedReport]:
    """All editions of one report, the last first."""
    rows = IssuedReport.objects.filter(area=area, kind=kind, starts_on=starts_on, ends_on=ends_on)
    return rows.select_related("area", "signed_by", "second_by").order_by("-edition")


def daily(area: Area, day: date) -> IssuedReport | None:
    """The last edition of the report of a day, draft or not."""
    return editions(area, IssuedReport.Kind.DAILY, day, day).first()


def reports_between(area: Area, first: date, last: date) -> list[IssuedReport]:
    """The daily reports of some days of an area, each in its last edition, in the order of the days."""
    rows = IssuedReport.objects.filter(area=area, kind=IssuedReport.Kind.DAILY, ends_on__range=(first, last))
    return list({row.ends_on: row for row in rows.order_by("ends_on", "edition")}.values())


def last_number(area: Area, kind: str, year: int) -> int:
    """The number of the latest report of a year; 0 without one."""
    rows = IssuedReport.unscoped.filter(area=area, kind=kind, year=year)
    return int(rows.aggregate(last=Max("number"))["last"] or 0)


def assessment(pk: UUID | str) -> Assessment:
    """One session; raises DoesNotExist outside the scope."""
    return Assessment.objects.select_related("area", "concluded_by", "created_by").get(pk=pk)


def assessments(area_code: str, limit: int = SHOWN) -> list[Assessment]:
    """The sessions of an area and all below it, the latest first."""
    low, high = code_range(area_code)
    rows = Assessment.objects.filter(area_id__gte=low, area_id__lt=high).select_related("area")
    return list(rows.order_by("-held_at", "pk")[:limit])


def concluded_between(area: Area, begins: datetime, ends: datetime) -> list[Assessment]:
    """The sessions of an area itself that ended in a stretch of time, in their order."""
    rows = Assessment.objects.filter(area=area, state=Assessment.State.CONCLUDED)
    return list(rows.filter(concluded_at__gt=begins, concluded_at__lte=ends).order_by("concluded_at", "pk"))


def standing(area: Area) -> Assessment | None:
    """The session whose conclusion stands: the one concluded last."""
    rows = Assessment.objects.filter(area=area, state=Assessment.State.CONCLUDED)
    return rows.select_related("area").order_by("-concluded_at").first()


def follow_ups(session: Assessment) -> list[Task]:
    """What a session wants done, in the order it was said."""
    return tasks.for_subject(Assessment._meta.label_lower, session.pk)


def agenda(session: Assessment) -> list[tuple[Assessment, list[Task]]]:
    """Earlier sessions of the area with follow-ups to report on: all of the session before, and of those further back
    what is still open. Two queries."""
    before = list(
        Assessment.objects.filter(area=session.area_id, state=Assessment.State.CONCLUDED, held_at__lt=session.held_at)
        .order_by("-held_at", "-pk")[:SHOWN]
    )  # fmt: skip
    found = tasks.for_subjects(Assessment._meta.label_lower, [one.pk for one in before])
    kept = [
        (one, [task for task in found[one.pk] if number == 0 or task.status in Task.OPEN])
        for number, one in enumerate(before)
    ]
    return [(one, rows) for one, rows in kept if rows]
