"""A stage review (全面梳理前一阶段工作、阶段性成效): what was done against what was planned, over a stretch of days.

The plan is what was handed down: tasks, directives at their units, tests of the duty list, findings to be mended, each
with its clock. Counted is what fell due in the days: how much there was, how much is done, how much of it in time, and
how much is late still; for every township beside the others. Nothing is typed, and every row opens.
"""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Count, F, Q
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from fangxian.core import scope
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.registers import site
from fangxian.systems.command.models import Task
from fangxian.systems.directives.models import Handing
from fangxian.systems.inspection.models import Finding
from fangxian.systems.situation import figures
from fangxian.systems.situation import reporting_reading as reading
from fangxian.systems.situation import reporting_rules as rules
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation import reporting_services as services
from fangxian.systems.situation.reporting_models import IssuedReport
from fangxian.workflows.reporting import blocks, counting, gathering, telling
from fangxian.workflows.reporting.blocks import Block
from fangxian.workflows.reporting.drawing import LANGUAGES

WHY = "the review counts one area and all below it"
Begins, Ends = datetime, datetime


@dataclass(frozen=True)
class Line:
    """One kind of planned work.

    planned     which rows of the register fell due between two moments
    done        which of these are done at a moment
    in_time     which of these were done before their time was over
    """

    key: str
    label: Promise
    slug: str
    planned: Callable[[Begins, Ends], Q]
    done: Q
    in_time: Q


def _due(begins: datetime, ends: datetime) -> Q:
    return Q(due_at__gte=begins, due_at__lt=ends)


LINES = (
    Line("tasks", gettext_lazy("Tasks"), "command.task",
         lambda begins, ends: _due(begins, ends) & ~Q(status=Task.Status.REMOVED),
         Q(status__in=[Task.Status.DONE, Task.Status.CHECKED]), Q(done_at__lte=F("due_at"))),
    Line("directives", gettext_lazy("Directives at the units"), "directives.handing",
         lambda begins, ends: _due(begins, ends) & ~Q(state="WITHDRAWN"),
         Q(state__in=Handing.ANSWERED, outcome="DONE"), Q(answered_at__lte=F("due_at"))),
    Line("findings", gettext_lazy("Findings to be rectified"), "inspection.finding",
         lambda begins, ends: _due(begins, ends) & ~Q(state=Finding.State.WITHDRAWN),
         Q(state__in=[Finding.State.RECTIFIED, Finding.State.CLOSED]), Q(mended_at__lte=F("due_at"))),
    Line("tests", gettext_lazy("Tests the plans ask for"), "testing.testduty",
         lambda begins, ends: Q(due_on__gte=timezone.localdate(begins), due_on__lt=timezone.localdate(ends))
         & ~Q(state="CANCELLED"), Q(state="DONE"), Q(state="DONE")),
)  # fmt: skip


def prepare(
    *, area: Area, starts_on: date, ends_on: date, by: Officer | None, source: str = Source.WEB
) -> IssuedReport:
    """Count a stage and keep it as the draft of its review; signed and issued like a daily report.

    Raises `ValidationError` for days that are in no order or not over yet; `Refused` without the right.
    """
    facts = gather(area, starts_on, ends_on)
    return services.keep_draft(
        by=by, area=area, kind=IssuedReport.Kind.STAGE, starts_on=starts_on, ends_on=ends_on,
        as_of=datetime.fromisoformat(facts["as_of"]), facts=facts, said=_told(facts), source=source,
    )  # fmt: skip


def of_days(*, area: Area, starts_on: date, ends_on: date, by: Officer | None) -> IssuedReport:
    """The review of a stage in its last edition: as it is kept, or a draft counted now where there is none."""
    with scope.within(area.code):
        there = selectors.editions(area, IssuedReport.Kind.STAGE, starts_on, ends_on).first()
        return there or prepare(area=area, starts_on=starts_on, ends_on=ends_on, by=by)


def gather(area: Area, starts_on: date, ends_on: date) -> dict[str, Any]:
    """The facts of a stage: every line for the area and the areas below it, goals, assessments, the figures' way."""
    if ends_on < starts_on or starts_on > timezone.localdate(now()):
        raise ValidationError({"ends_on": _("The last day lies before the first, or the stage has not begun.")})
    begins, over = _midnight(starts_on), _midnight(ends_on + timedelta(days=1))
    ends = min(over, now())
    children = list(Area.objects.filter(parent=area).order_by("code"))
    with scope.within(area.code):
        return {
            "area": area.code, "names": gathering.named(area), "starts_on": str(starts_on), "ends_on": str(ends_on),
            "as_of": ends.isoformat(), "pack": rules.pack_of(area.code).version,
            "areas": {one.code: gathering.named(one) for one in [area, *children]},
            "lines": [_line(one, area, children, begins, ends) for one in LINES],
            "goals": _goals(area, begins, ends), "figures": _way(area, starts_on, ends_on),
            "sessions": [gathering.session_facts(one) for one in selectors.concluded_between(area, begins, ends)],
        }  # fmt: skip


def _line(line: Line, area: Area, children: list[Area], begins: datetime, ends: datetime) -> dict[str, Any]:
    """Planned, done, done in time, by area; one query."""
    low, high = code_range(area.code)
    rows = site.get(line.slug).rows().filter(line.planned(begins, ends), area_id__gte=low, area_id__lt=high)
    counted = rows.order_by().values_list("area_id").annotate(
        planned=Count("pk"), done=Count("pk", filter=line.done), in_time=Count("pk", filter=line.done & line.in_time)
    )  # fmt: skip
    by_area: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for code, *numbers in counted:
        below = next((child.code for child in children if code.startswith(child.code)), area.code)
        by_area[below] = [old + new for old, new in zip(by_area[below], numbers, strict=True)]
    total = [sum(column) for column in zip(*by_area.values(), strict=True)] or [0, 0, 0]
    return {"key": line.key, "slug": line.slug, "total": total, "by_area": dict(sorted(by_area.items())),
            "sql": counting.sql_of(rows.order_by())}  # fmt: skip


def _goals(area: Area, begins: datetime, ends: datetime) -> list[dict[str, Any]]:
    """The directives of the area with a goal in the stage, and how far their units have come."""
    return [
        {"id": str(row.pk), "title": row.title, "goal": row.goal, "goal_at": str(timezone.localdate(row.goal_at)),
         "units": row.units, "done": row.units_done}
        for row in reading.goals(area, begins, ends)
    ]  # fmt: skip


def _way(area: Area, starts_on: date, ends_on: date) -> list[dict[str, Any]]:
    """What the daily reports of the stage said of the main figures on its first and its last day with a report."""
    issued = [row for row in selectors.reports_between(area, starts_on, ends_on) if not row.is_open]
    if len(issued) < 2:
        return []
    first, last = ({one["key"]: one["value"] for one in row.facts["figures"]} for row in (issued[0], issued[-1]))
    days = f"{issued[0].ends_on}", f"{issued[-1].ends_on}"
    return [{"key": key, "first": first[key], "last": last[key], "days": days} for key in telling.LEAD
            if key in first and key in last]  # fmt: skip


def percent(part: int, whole: int) -> str:
    """A share as papers show it; a dash of nothing."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def _told(facts: dict[str, Any]) -> dict[str, Any]:
    said = {}
    for tongue, language in LANGUAGES.items():
        with override(language):
            said[tongue] = say(facts)
    return said


def say(facts: dict[str, Any]) -> dict[str, Any]:
    """The document of a stage review, in the language in force."""
    tongue = telling.tongue()
    sections = [
        (_("Done against plan"), _done(facts)), (_("By area"), _by_area(facts, tongue)),
        (_("Goals"), _goal_lines(facts)), (_("How the figures went"), _figure_lines(facts)),
        (_("Assessment"), _session_lines(facts, tongue)),
    ]  # fmt: skip
    found: list[Block] = []
    for number, (title, said) in enumerate([one for one in sections if one[1]], start=1):
        found += [blocks.heading(number, title, tongue), *said]
    days = {"area": facts["names"][tongue], "first": facts["starts_on"], "last": facts["ends_on"]}
    return {
        "title": _("%(area)s stage review, %(first)s to %(last)s") % days, "issuer": facts["names"][tongue],
        "as_of": facts["as_of"], "tongue": tongue, "blocks": [*found, *_annex(facts)],
    }  # fmt: skip


def _labels() -> dict[str, Promise]:
    return {line.key: line.label for line in LINES}


def _done(facts: dict[str, Any]) -> list[Block]:
    rows = [
        (_labels()[one["key"]], *one["total"], percent(one["total"][1], one["total"][0]),
         percent(one["total"][2], one["total"][0]))
        for one in facts["lines"]
    ]  # fmt: skip
    headings = [_("Work that fell due"), _("Fell due"), _("Done"), _("In time"), _("Done, share"), _("In time, share")]
    return [blocks.table(headings, rows, right=(1, 2, 3, 4, 5), wide=(0,))]


def _by_area(facts: dict[str, Any], tongue: str) -> list[Block]:
    """Each area: of each line how much of what was planned was done in time, the area that lags first."""
    codes = sorted({code for line in facts["lines"] for code in line["by_area"]})
    shares = {code: [_share(line, code) for line in facts["lines"]] for code in codes}
    ordered = sorted(codes, key=lambda code: (_mean(facts, code), code))
    rows = [(facts["areas"][code][tongue], *shares[code]) for code in ordered]
    said = blocks.table([_("Area"), *(_labels()[line["key"]] for line in facts["lines"])], rows,
                        right=tuple(range(1, len(facts["lines"]) + 1)), wide=(0,))  # fmt: skip
    remark = _("Done in time of what was planned, with the numbers; the area that lags most comes first.")
    return [said, blocks.small(remark)] if rows else []


def _share(line: dict[str, Any], code: str) -> str:
    planned, _all, in_time = line["by_area"].get(code, (0, 0, 0))
    return f"{percent(in_time, planned)} ({in_time}/{planned})" if planned else "–"


def _mean(facts: dict[str, Any], code: str) -> float:
    found = [line["by_area"][code] for line in facts["lines"] if line["by_area"].get(code, (0,))[0]]
    return sum(in_time for _planned, _done, in_time in found) / max(1, sum(planned for planned, *_rest in found))


def _goal_lines(facts: dict[str, Any]) -> list[Block]:
    rows = [(one["title"], one["goal"], one["goal_at"], f"{one['done']}/{one['units']}") for one in facts["goals"]]
    headings = [_("Directive"), _("Goal"), _("Goal reached by"), _("Units that carried it out")]
    return [blocks.table(headings, rows, right=(3,), wide=(0, 1))] if rows else []


def _figure_lines(facts: dict[str, Any]) -> list[Block]:
    rows = [(figures.get(one["key"]).name, one["first"], one["last"], f"{one['last'] - one['first']:+d}")
            for one in facts["figures"]]  # fmt: skip
    if not rows:
        return []
    first, last = facts["figures"][0]["days"]
    return [blocks.table([_("Figure"), first, last, _("Difference")], rows, right=(1, 2, 3), wide=(0,))]


def _session_lines(facts: dict[str, Any], tongue: str) -> list[Block]:
    rows = [
        (one["held_at"], one["title"], one["level_names"].get(tongue, one["level"]), one["conclusion"])
        for one in facts["sessions"]
    ]
    headings = [_("Held at"), _("Session"), _("Level of risk"), _("What was concluded")]
    return [blocks.table(headings, rows, wide=(3,))] if rows else []


def _annex(facts: dict[str, Any]) -> list[Block]:
    said = [blocks.annex(_("Annex: queries"))]
    for one in facts["lines"]:
        said += [blocks.text(f"{_labels()[one['key']]}: {one['total'][0]}"), blocks.code(one["sql"])]
    return said


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
