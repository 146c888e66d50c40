"""The counts, kept current: what was written since is counted anew, in the cells it was written in, figure by figure.

Counting reads without a lock; only putting the counts down is one short transaction, and that is refused to whoever
began from a state somebody else has moved on from (`Mark.turn`). Nothing here needs a scope: numbers are kept for
every cell, and whoever shows them asks for the right to the rows first.
"""

import hashlib
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Count as Number
from django.db.models import F, Q
from django.db.models.functions import Substr

from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.systems.situation import changes, figures
from fangxian.systems.situation.changes import CELL, Changed
from fangxian.systems.situation.figures import Figure, Span
from fangxian.systems.situation.models import Count, Mark

BATCH = 2_000
TRIES = 3
Cells = dict[str, int]
Counted = list[tuple[Figure, set[str] | None, Cells]]
"""Figures counted, each with the cells it was counted in (None: all) and what was found there."""


@dataclass(frozen=True)
class Refreshed:
    """What a refresh did: figures counted anew, cells whose count changed; `kept` is false where another was faster."""

    figures: int
    cells: int
    kept: bool = True


@dataclass(frozen=True)
class Compared:
    """A full recount beside the counts that are kept: how many were looked at, and every one that differs."""

    cells: int
    drift: list[tuple[str, str, int, int]]


def mark() -> Mark:
    """How far the counts are."""
    return Mark.objects.get_or_create(pk=1)[0]


def refresh(*, everything: bool = False) -> Refreshed:
    """Bring the counts to now: the cells written in since, what a term moves, and all of it on a new day."""
    known, at = mark(), now()
    seq, span = changes.head(), figures.span_of(today(), at)
    changed = _changed(known, seq, everything=everything)
    counted = [
        (figure, cells, count(figure, span, cells))
        for figure in figures.catalogue()
        if (cells := _where(figure, changed)) is None or cells
    ]
    with transaction.atomic():
        state = {"turn": F("turn") + 1, "seq": seq, "at": at, "day": span.day, "catalogue": edition()}
        if not Mark.objects.filter(pk=1, turn=known.turn).update(**state):
            return Refreshed(len(counted), 0, kept=False)
        return Refreshed(len(counted), sum(_put(*one) for one in counted))


def count(figure: Figure, span: Span, cells: set[str] | None = None) -> Cells:
    """Rows of a figure by cell, in one query; of some cells only, where they are named."""
    rows = figure.rows(span)
    if cells is not None:
        rows = rows.filter(_inside("area_id", cells))
    counted = rows.annotate(cell=Substr("area_id", 1, CELL)).values("cell").annotate(number=Number("pk"))
    return dict(counted.values_list("cell", "number"))


def is_waiting() -> bool:
    """Whether something that a figure counts was written since, or a new day began."""
    known, seq = mark(), changes.head()
    if known.day != today() or known.catalogue != edition():
        return True
    changed = changes.since(known.seq, seq)
    return any((cells := changed.of(one.sources, wide=one.wide)) is None or cells for one in figures.catalogue())


def compare() -> Compared:
    """Count everything anew beside what is kept; what was written meanwhile is no drift. Differences are mended."""
    for _attempt in range(TRIES):
        refresh()
        known = mark()
        span = figures.span_of(today(), known.at)
        found = {figure.key: count(figure, span) for figure in figures.catalogue()}
        if changes.head() == known.seq:
            break
    kept = {(row.figure, row.cell): row.value for row in Count.objects.all()}
    fresh = {(key, cell): number for key, cells in found.items() for cell, number in cells.items()}
    keys = sorted(kept.keys() | fresh.keys())
    drift = [(*key, kept.get(key, 0), fresh.get(key, 0)) for key in keys if kept.get(key, 0) != fresh.get(key, 0)]
    if drift:
        refresh(everything=True)
    Mark.objects.filter(pk=1).update(drift=len(drift), compared_at=now())
    return Compared(len(keys), drift)


def edition() -> str:
    """A short name of the catalogue: with another set of figures everything is counted anew."""
    keys = ",".join(figure.key for figure in figures.catalogue())
    return hashlib.sha256(keys.encode()).hexdigest()[:16]


def _changed(known: Mark, seq: int, *, everything: bool) -> Changed:
    first = known.at is None or known.day != today() or known.catalogue != edition()
    return Changed(everything=True) if everything or first else changes.since(known.seq, seq)


def _where(figure: Figure, changed: Changed) -> set[str] | None:
    """The cells a figure is counted anew in; None for all of them, an empty set for none."""
    return None if figure.clock else changed.of(figure.sources, wide=figure.wide)


def _inside(name: str, cells: set[str]) -> Q:
    condition = Q(pk__in=[])
    for cell in cells:
        if len(cell) < CELL:
            condition |= Q(**{name: cell})
            continue
        low, high = code_range(cell)
        condition |= Q(**{f"{name}__gte": low, f"{name}__lt": high})
    return condition


def _put(figure: Figure, cells: set[str] | None, found: Cells) -> int:
    """Write what differs from what is kept; a cell without rows has no count. Returns how many cells changed."""
    kept_rows = Count.objects.filter(figure=figure.key)
    if cells is not None:
        kept_rows = kept_rows.filter(cell__in=cells)
    kept = dict(kept_rows.values_list("cell", "value"))
    new = [Count(figure=figure.key, cell=cell, value=n) for cell, n in found.items() if kept.get(cell) != n]
    gone = sorted(kept.keys() - found.keys())
    for start in range(0, len(gone), BATCH):
        Count.objects.filter(figure=figure.key, cell__in=gone[start : start + BATCH]).delete()
    Count.objects.bulk_create(new, batch_size=BATCH, update_conflicts=True, unique_fields=["cell", "figure"],
                              update_fields=["value"])  # fmt: skip
    return len(new) + len(gone)
