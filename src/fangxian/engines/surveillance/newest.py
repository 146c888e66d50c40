"""A whole panel judged, each series by the best method it has the history for: what a night and a nation ask.

One function of one panel: a county's night calls it as it is (`workflows/warning/series.py`), and Spark maps the same
over the parts of a national panel (`on_spark.py`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import numpy as np
import pyarrow as pa

from fangxian.engines.surveillance.choice import Method, method_for, years_of
from fangxian.engines.surveillance.ears import Ears, ears
from fangxian.engines.surveillance.essence import essence_switch, kinds_of
from fangxian.engines.surveillance.farrington import Farrington, farrington
from fangxian.engines.surveillance.model import Judged
from fangxian.engines.surveillance.panel import Floats, Ints, Panel

WEEKS_JUDGED = 12
"""Newest weeks Farrington judges one by one: as far as the run of alarms on a card may reach back."""
NEWEST = pa.schema(
    [
        ("area", pa.string()), ("disease", pa.string()), ("method", pa.string()), ("begins", pa.date32()),
        ("observed", pa.float64()), ("expected", pa.float64()), ("bound", pa.float64()), ("p", pa.float64()),
        ("alarm", pa.bool_()),
    ]
)  # fmt: skip
"""The newest period of each series that could be judged: what was counted, and what its method says; null for NaN."""


@dataclass(frozen=True)
class Levels:
    """What is out of the ordinary.

    alpha      chance below which a count is
    min_sigma  least deviation EARS takes a series to have, cases
    weeks      newest weeks Farrington judges; the others look at every period
    holidays   public holidays: ESSENCE expects a Sunday of them
    working    weekend days worked to make up for one: ESSENCE expects a weekday of them
    """

    alpha: float = 0.01
    min_sigma: float = 1.0
    weeks: int = WEEKS_JUDGED
    holidays: tuple[date, ...] = ()
    working: tuple[date, ...] = ()


USUAL = Levels()


@dataclass(frozen=True)
class Group:
    """The series one method judges.

    rows    their positions in the panel, ascending
    judged  len(rows) × T, as wide as the panel
    """

    method: Method
    rows: Ints
    judged: Judged


def judge(panel: Panel, levels: Levels = USUAL) -> list[Group]:
    """Every series with enough history, by method; those without are in no group.

    panel  daily or weekly counts; the last period is the one to judge
    Source: the ladder of `choice.method_for`.
    """
    chosen = np.array([method.name for method in method_for(panel)])
    groups = []
    for method, judge_by in JUDGES.items():
        rows = np.flatnonzero(chosen == method.name)
        if len(rows):
            groups.append(Group(method, rows, judge_by(panel.counts[rows], panel, levels)))
    return groups


def newest(panel: Panel, levels: Levels = USUAL) -> pa.Table:
    """What the newest period of each series says, in the order of the panel: schema `NEWEST`.

    A series without the history for any method, or whose newest period nobody reported, has no row.
    """
    tables = [_told(panel, group) for group in judge(panel, levels)]
    rows = np.concatenate([np.empty(0, dtype=np.int64), *(row for row, _table in tables)])
    told = pa.concat_tables([NEWEST.empty_table(), *(table for _row, table in tables)])
    return told.take(pa.array(np.argsort(rows, kind="stable"))).combine_chunks()


def _told(panel: Panel, group: Group) -> tuple[Ints, pa.Table]:
    """Rows of one method, and their positions in the panel."""
    here = np.flatnonzero(~np.isnan(panel.counts[group.rows, -1]))
    rows, judged = group.rows[here], group.judged
    columns = [
        pa.array([panel.areas[row] for row in rows], pa.string()),
        pa.array([panel.diseases[row] for row in rows], pa.string()),
        pa.array([group.method.value] * len(rows), pa.string()),
        pa.array(np.repeat(panel.begins[-1:].astype("datetime64[D]"), len(rows)), pa.date32()),
        *(pa.array(values[:, -1], pa.float64(), from_pandas=True)
          for values in (panel.counts[rows], judged.expected[here], judged.bound[here], judged.p[here])),
        pa.array(judged.alarm[here, -1], pa.bool_()),
    ]  # fmt: skip
    return rows, pa.table(columns, schema=NEWEST)


def _farrington(counts: Floats, panel: Panel, levels: Levels) -> Judged:
    """The newest weeks one by one, the ones before them not judged."""
    before = counts.shape[1] - levels.weeks
    settings = Farrington(years=years_of(before - 1), alpha=levels.alpha)
    fitted = farrington(counts, range(before, counts.shape[1]), settings, begins=panel.begins)
    gap = np.full((len(counts), before), np.nan)
    expected, bound, p = (np.concatenate([gap, said], axis=1) for said in (fitted.expected, fitted.bound, fitted.p))
    return Judged(expected, bound, p, np.concatenate([np.zeros(gap.shape, dtype=bool), fitted.alarm], axis=1))


def _essence(counts: Floats, panel: Panel, levels: Levels) -> Judged:
    holidays, working = (np.array(days, dtype="datetime64[D]") for days in (levels.holidays, levels.working))
    return essence_switch(counts, kinds_of(panel.begins, holidays=holidays, working=working))


def _ears(lag: int) -> Callable[[Floats, Panel, Levels], Judged]:
    def by_ears(counts: Floats, _panel: Panel, levels: Levels) -> Judged:
        return ears(counts, Ears(lag=lag, alpha=levels.alpha, min_sigma=levels.min_sigma))

    return by_ears


JUDGES: dict[Method, Callable[[Floats, Panel, Levels], Judged]] = {
    Method.FARRINGTON: _farrington, Method.ESSENCE: _essence, Method.EARS_C2: _ears(2), Method.EARS_C1: _ears(0),
}  # fmt: skip
