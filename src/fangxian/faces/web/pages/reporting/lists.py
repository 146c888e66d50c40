"""The rows behind a figure of a report: the same condition, in the same span, on the same register."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fangxian.core.officers import Officer
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.registers import named
from fangxian.systems.situation import figures
from fangxian.systems.situation.figures import Figure, Span
from fangxian.workflows import stage_review
from fangxian.workflows.reporting import counting, explaining
from fangxian.workflows.stage_review import Line

THEN = "figure_then"
"""Key of the lists that show the rows of a figure as a report counted them."""


def _reported(slug: str) -> Callable[[str], Q]:
    """The condition of a figure of one register in the span of a report: `<key> <begin> <moment>`."""

    def condition(value: str) -> Q:
        key, _blank, span = value.partition(" ")
        known = {one.key: one for one in figures.catalogue() if one.slug == slug}
        if key not in known:
            raise ValidationError(_("There is no list “%(key)s” here.") % {"key": key[:40]})
        begins, at = _moments(span)
        return known[key].condition(Span(begins, at, at))

    return condition


def _planned(one: Line) -> Callable[[str], Q]:
    return lambda value: one.planned(*_moments(value))


def _moments(value: str) -> tuple[datetime, datetime]:
    found = [parse_datetime(one) for one in value.split()]
    if len(found) != 2 or any(one is None or one.tzinfo is None for one in found):
        raise ValidationError(_("“%(value)s” is not a day.") % {"value": value[:20]})
    return found[0], found[1]


for _slug in sorted({one.slug for one in figures.catalogue()}):
    named.add(THEN, _slug, gettext_lazy("as reported"), _reported(_slug))
for _line in stage_review.LINES:
    named.add(f"reported_stage_{_line.key}", _line.slug, _line.label, _planned(_line))


def tongue() -> str:
    """The language names of areas are shown in."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def daily(officer: Officer, report: Any) -> list[dict[str, Any]]:
    """The figures of a daily report under their headings, each with why it changed and the address of its rows.

    Rows an officer may not read have no address; what is nowhere more than none is left out.
    """
    span = counting.span_of(report.area, report.ends_on, report.as_of)
    value = f"{span.starts_at.isoformat()} {span.ends_at.isoformat()}"
    groups: dict[str, list[dict[str, Any]]] = {}
    for said in report.facts.get("figures", []):
        one = figures.get(said["key"])
        if said["value"] or said["before"]:
            groups.setdefault(one.group, []).append(_row(officer, report, one, said, value))
    return [{"label": figures.GROUPS[group], "rows": groups[group]} for group in figures.GROUPS if group in groups]


def _row(officer: Officer, report: Any, one: Figure, said: dict[str, Any], value: str) -> dict[str, Any]:
    listed = named.url(one.slug, THEN, f"{one.key} {value}", report.area_id)
    opens = listed if readable(officer, one.slug) else ""
    return {
        "label": one.name, "note": one.meaning, "value": said["value"], "before": said["before"], "url": opens,
        "difference": None if said["before"] is None else said["value"] - said["before"], "query": said["query"],
        "why": explaining.why(said, report.facts["areas"], tongue()), "grave": one.grave and said["value"],
    }  # fmt: skip


def stage(officer: Officer, report: Any) -> list[dict[str, Any]]:
    """The lines of a stage review with the address of what was planned."""
    begins = counting.span_of(report.area, report.starts_on, report.as_of).starts_at
    value = f"{begins.isoformat()} {report.as_of.isoformat()}"
    labels = {line.key: line.label for line in stage_review.LINES}
    return [
        {"label": labels[one["key"]], "planned": one["total"][0], "done": one["total"][1], "in_time": one["total"][2],
         "percent": 100 * one["total"][2] // one["total"][0] if one["total"][0] else None,
         "url": named.url(one["slug"], f"reported_stage_{one['key']}", value, report.area_id)
         if readable(officer, one["slug"]) else ""}
        for one in report.facts.get("lines", [])
    ]  # fmt: skip


def without_annex(document: dict[str, Any]) -> dict[str, Any]:
    """A document up to its annex, whose queries stand beside the figures of the page."""
    kinds = [one["kind"] for one in document.get("blocks", [])]
    end = kinds.index("annex") if "annex" in kinds else len(kinds)
    return {**document, "blocks": document.get("blocks", [])[:end]}
