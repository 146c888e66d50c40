"""Everything a daily report says, gathered at the moment it is about: plain values, ready to be kept as JSON.

No value names a person: titles of directives and meetings, names of areas, facilities and risk areas, numbers.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db.models import Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core import modes, scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import shown
from fangxian.registers import site
from fangxian.systems.cases import streaks
from fangxian.systems.command.models import Task
from fangxian.systems.directives.models import Handing
from fangxian.systems.inspection.models import Finding
from fangxian.systems.medical import beds
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.situation import figures
from fangxian.systems.situation import reporting_reading as reading
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation.figures import Span
from fangxian.systems.situation.reporting_models import Assessment, IssuedReport
from fangxian.systems.supplies import selectors as supplies
from fangxian.workflows.reporting import counting

DAY = timedelta(days=1)
LATE = ("tasks_late", "tasks_escalated", "directives_late", "findings_late")


@dataclass(frozen=True)
class Planned:
    """What falls due in the day ahead: how it is called, which register's rows, which of them."""

    key: str
    label: Promise
    slug: str
    condition: Callable[[datetime, datetime], Q]


OWING = Q(state__in=Handing.OPEN)
PLAN = (
    Planned("tasks", _("Tasks to be done"), "command.task",
            lambda begins, ends: Q(status__in=Task.OPEN, due_at__gt=begins, due_at__lte=ends)),
    Planned("receipts", _("Directives to be received by units"), "directives.handing",
            lambda begins, ends: Q(state="HANDED", receive_by__gt=begins, receive_by__lte=ends)),
    Planned("answers", _("Answers of units to directives"), "directives.handing",
            lambda begins, ends: OWING & Q(due_at__gt=begins, due_at__lte=ends)),
    Planned("findings", _("Findings to be rectified"), "inspection.finding",
            lambda begins, ends: Q(state=Finding.State.OPEN, due_at__gt=begins, due_at__lte=ends)),
    Planned("tests", _("Tests the plans ask for"), "testing.testduty",
            lambda begins, ends: Q(due_on=timezone.localdate(ends), state="DUE")),
    Planned("releases", _("Quarantines that end by the plan"), "quarantine.stay",
            lambda begins, ends: Q(ends_on=timezone.localdate(ends), state=Stay.State.IN)),
)  # fmt: skip


def gather(
    area: Area, day: date, at: datetime | None = None, keep: dict[str, dict[str, Any]] | None = None
) -> dict[str, Any]:
    """The facts of a day's report of an area, as of its closing hour or of a moment before that.

    keep: figures of an earlier edition by key; those that stand at a moment are taken from there.
    """
    span = counting.span_of(area, day, at)
    earlier = selectors.daily(area, day - DAY)
    known = earlier.facts.get("figures", []) if earlier else []
    with scope.within(area.code):
        return {
            "area": area.code, "names": named(area), "day": day.isoformat(), "as_of": span.at.isoformat(),
            "compared_with": str(earlier.pk) if earlier else "", "pack": rules.pack_of(area.code).version,
            "mode": str(modes.mode_of(area.code, span.at)), "streak": streaks.streak(area.code, day).days,
            "level": _level(area), "figures": _figures(area, span, known, keep or {}), "areas": _areas(area),
            "cost": {"person_days": _person_days(area, span)}, "zones": _zones(area, span.at),
            "decisions": _decisions(area, span), "beds": _beds(area), "supplies": _supplies(area),
            "sessions": _sessions(area, span), "plan": _plan(area, span), "goals": _goals(area, span),
        }  # fmt: skip


def named(area: Area) -> dict[str, str]:
    """Both names of an area."""
    return {"zh": area.name, "en": area.name_en or area.name}


def _figures(
    area: Area, span: Span, earlier: list[dict[str, Any]], keep: dict[str, dict[str, Any]]
) -> list[dict[str, Any]]:
    counted = counting.count(area, span, {row["key"]: row for row in earlier})
    return [keep[one.key] if one.key in keep and not figures.get(one.key).flow else one.as_dict() for one in counted]


def _areas(area: Area) -> dict[str, dict[str, str]]:
    """The areas right below and the area itself, by code, so that a paper needs no look at the tree."""
    return {one.code: named(one) for one in [area, *Area.objects.filter(parent=area).order_by("code")]}


def _level(area: Area) -> dict[str, str]:
    session = selectors.standing(area)
    if session is None:
        return {}
    level = rules.levels(area.code).get(session.level)
    names = {"zh": level.zh, "en": level.en} if level else {"zh": session.level, "en": session.level}
    return {**names, "session": str(session.pk), "on": _local(session.held_at)}


def _person_days(area: Area, span: Span) -> dict[str, Any]:
    """Days begun in quarantine by everybody, up to the report and up to a day before; with its query."""
    rows = reading.stays_begun(area, span.at)
    spent = list(rows.values_list("checked_in_at", "released_at"))
    return {
        "value": sum(_days(begins, ends, span.at) for begins, ends in spent),
        "before": sum(_days(begins, ends, span.at - DAY) for begins, ends in spent),
        "rows": len(spent), "sql": counting.sql_of(rows), "slug": "quarantine.stay",
    }  # fmt: skip


def _days(begins: datetime, ends: datetime | None, at: datetime) -> int:
    last = min(ends or at, at)
    return (timezone.localdate(last) - timezone.localdate(begins)).days + 1 if begins <= last else 0


def _zones(area: Area, at: datetime) -> list[dict[str, Any]]:
    """The risk areas the area keeps that are in force, the gravest first."""
    return [
        {"name": zone.name, "level": str(zone.level), "since": _local(zone.starts_at),
         "until": _local(zone.ends_at) if zone.ends_at else "", "version": str(zone.version_id)}
        for zone in reading.own_zones(at)
    ]  # fmt: skip


def _decisions(area: Area, span: Span) -> list[dict[str, str]]:
    """What the command of the area decided on the day, in the order of the day."""
    found = [_decided(*one) for one in reading.decided(area, span.starts_at, span.ends_at)]
    return sorted(found, key=lambda one: one["at"])


def _decided(at: datetime | None, kind: str, what: str, row: Any) -> dict[str, str]:
    return {"at": _local(at), "kind": kind, "what": what, "slug": row._meta.label_lower, "id": str(row.pk)}


def _beds(area: Area) -> list[dict[str, Any]]:
    """Beds by kind: there are, taken."""
    sums: dict[str, list[int]] = {}
    for one in beds.capacity(area.code):
        total = sums.setdefault(one.kind, [0, 0])
        total[0], total[1] = total[0] + one.beds, total[1] + one.taken
    return [{"kind": kind, "beds": total, "taken": taken} for kind, (total, taken) in sorted(sums.items())]


def _supplies(area: Area) -> list[dict[str, Any]]:
    """What an area has or has to hold, the shortest first."""
    return [
        {"item": row.item, "stock": row.stock, "a_day": round(row.rate.a_day, 1), "days_left": row.days_left,
         "short": row.is_short}
        for row in supplies.outlook(area)
    ]  # fmt: skip


def _sessions(area: Area, span: Span) -> list[dict[str, Any]]:
    """What was assessed on the day, with what is to follow."""
    return [session_facts(one) for one in selectors.concluded_between(area, span.starts_at, span.ends_at)]


def session_facts(session: Assessment) -> dict[str, Any]:
    """A session as papers say it: no names of who attended, only how many."""
    level = rules.levels(session.area_id).get(session.level)
    return {
        "id": str(session.pk), "title": session.title, "held_at": _local(session.held_at), "level": session.level,
        "level_names": {"zh": level.zh, "en": level.en} if level else {}, "conclusion": session.conclusion,
        "grounds": session.grounds, "matters": [one["question"] for one in session.matters],
        "follow_ups": [task_facts(task) for task in selectors.follow_ups(session)],
    }  # fmt: skip


def task_facts(task: Task) -> dict[str, str]:
    """A follow-up as papers say it."""
    return {
        "title": task.title,
        "status": task.status,
        "area": task.area_id,
        "names": named(task.area),
        "due": _local(task.due_at) if task.due_at else "",
    }


def _plan(area: Area, span: Span) -> list[dict[str, Any]]:
    """What falls due in the day after the report: counted, and by area."""
    low, high = code_range(area.code)
    found = []
    for one in PLAN:
        rows = site.get(one.slug).rows().filter(one.condition(span.at, span.at + DAY), area_id__gte=low,
                                                area_id__lt=high).order_by()  # fmt: skip
        found.append({"key": one.key, "value": rows.values("pk").count(), "sql": counting.sql_of(rows)})
    return found


def _goals(area: Area, span: Span) -> list[dict[str, str]]:
    """Directives in execution that have a goal or are due within the day ahead, the nearest first."""
    return [
        {"title": row.title, "goal": row.goal, "goal_at": _local(row.goal_at) if row.goal_at else "",
         "due": _local(row.due_at) if row.due_at else "", "id": str(row.pk)}
        for row in reading.ahead(area, span.at, span.at + DAY)
    ]  # fmt: skip


def changes(before: IssuedReport, facts: dict[str, Any]) -> list[dict[str, Any]]:
    """The figures a correction says differently from the edition it corrects."""
    was = {one["key"]: one["value"] for one in before.facts.get("figures", [])}
    return [
        {"key": one["key"], "was": was.get(one["key"]), "is": one["value"]}
        for one in facts["figures"] if was.get(one["key"]) != one["value"]
    ]  # fmt: skip


def _local(at: datetime | None) -> str:
    return shown(at) if at else ""
