"""What the charts of early warning draw: plain ECharts options, as `static/js/chart.js` takes them."""

from collections.abc import Iterable
from datetime import date
from typing import Any

import numpy as np
from django.utils.translation import gettext as _

from fangxian.workflows.warning.season import Told
from fangxian.workflows.warning.situation import Situation

RED, BLUE, ORANGE, GREY, GREEN = "#b3261e", "#0b5cad", "#d98a00", "#7b8a9a", "#17693a"
LEAD, SHORTEST = 7, 28
"""Days shown before the first onset, and days shown at least: weeks without a case say nothing."""


def curve(signal: Any) -> dict[str, Any] | None:
    """The curve of a card: bars, what was expected, the bound, the days the signal stands for in red."""
    said = signal.series
    if not said or not said.get("days"):
        return None
    bars = [
        {"value": count, "itemStyle": {"color": RED if day >= signal.first_on.isoformat() else BLUE}}
        for day, count in zip(said["days"], said["counts"], strict=True)
    ]
    series: list[dict[str, Any]] = [{"name": _("Counted"), "type": "bar", "data": bars, "itemStyle": {"color": BLUE}}]
    if said.get("expected"):
        series.append(_line(_("Expected count"), said["expected"], GREY, dashed=True))
    if said.get("bound"):
        series.append(_line(_("Bound"), said["bound"], ORANGE))
    return _axes([day[2:] if said["step"] == "MONTH" else day[5:] for day in said["days"]], series)


def onset_curve(told: Situation) -> dict[str, Any]:
    """Cases by onset with what is still to be reported on top, and the nowcast's interval."""
    shown = _shown(told)
    more = np.where(np.isnan(told.likely), 0, np.maximum(0, told.likely - told.onsets))
    bars = [
        {"name": _("Already reported"), "type": "bar", "stack": "cases", "data": _plain(told.onsets[shown]),
         "itemStyle": {"color": BLUE}},
        {"name": _("Expected still to be reported"), "type": "bar", "stack": "cases", "data": _plain(more[shown]),
         "itemStyle": {"color": "#9ec3e6"}},
    ]  # fmt: skip
    # a day has its own interval, so the lines step from day to day and do not run between them
    interval = [{**line, "step": "middle"} for line in _interval(told.low[shown], told.high[shown])]
    return _axes(_labels(told.days[shown]), [*bars, *(interval if told.delays else [])])


def rt_curve(told: Situation) -> dict[str, Any] | None:
    """The reproduction number with its interval and the line at one; nothing where it cannot be told."""
    if np.isnan(told.rt).all():
        return None
    shown = _shown(told)
    days = told.days[shown]
    series = [
        _line(_("Rt"), _plain(told.rt[shown]), RED), *_interval(told.rt_low[shown], told.rt_high[shown]),
        _line(_("One case infects one"), [1] * len(days), GREEN),
    ]  # fmt: skip
    return _axes(_labels(days), series)


def season_curve(told: Told) -> dict[str, Any]:
    """The weeks of the season under way with the lines of the seasons before."""
    series = [
        {"name": _("Counted"), "type": "bar", "data": _plain(told.counts), "itemStyle": {"color": BLUE}},
    ]  # fmt: skip
    if told.lines:
        named = ((_("Season begins"), told.lines.onset, GREEN), (_("Medium"), told.lines.medium, ORANGE),
                 (_("High"), told.lines.high, RED), (_("Very high"), told.lines.very_high, "#6b4fa0"))  # fmt: skip
        series += [_line(name, [round(float(level), 1)] * len(told.days), colour) for name, level, colour in named]
    return _axes(_labels(told.days), series)


def _shown(told: Situation) -> slice:
    """From a week before the first onset on, four weeks at least."""
    first = int(np.flatnonzero(told.onsets)[0]) if told.onsets.any() else len(told.days)
    return slice(max(0, min(first - LEAD, len(told.days) - SHORTEST)), None)


def _interval(low: Iterable[float], high: Iterable[float]) -> list[dict[str, Any]]:
    return [
        _line(_("Interval, low"), _plain(low), GREY, dashed=True),
        _line(_("Interval, high"), _plain(high), GREY, dashed=True),
    ]


def _axes(labels: list[str], series: list[dict[str, Any]]) -> dict[str, Any]:
    return {"xAxis": {"type": "category", "data": labels}, "yAxis": {"type": "value"}, "series": series}


def _line(name: str, data: list[Any], colour: str, *, dashed: bool = False) -> dict[str, Any]:
    return {
        "name": name, "type": "line", "data": data, "symbol": "none", "itemStyle": {"color": colour},
        "lineStyle": {"color": colour, "width": 2, "type": "dashed" if dashed else "solid"},
    }  # fmt: skip


def _labels(days: Iterable[date]) -> list[str]:
    return [f"{day:%m-%d}" for day in days]


def _plain(values: Iterable[float]) -> list[float | None]:
    return [None if value != value else round(float(value), 2) for value in values]
