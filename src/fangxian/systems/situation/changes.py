"""What was written since the counts were made: read from the audit, which every write goes through.

The audit is a chain: whoever writes holds its head until the transaction ends, so its rows appear in the order of
their numbers and nothing can appear later with a smaller one. “All acts after number n” therefore misses nothing, on
either store, and no write pays for being counted (docs/decisions/0051).
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from fangxian.core.audit import AuditEntry, AuditHead

CELL = 12
"""Digits of a cell: a village. What is kept in a grid cell counts in its village."""
MOST_ACTS, MOST_CELLS = 5_000, 40
"""Beyond so many acts, or so many cells of one system, everything is counted anew: that is quicker."""
EVERYWHERE: set[str] | None = None


@dataclass
class Changed:
    """By system: the cells written in, None for anywhere. `everything` stands for all systems everywhere."""

    everything: bool = False
    cells: dict[str, set[str] | None] = field(default_factory=lambda: defaultdict(set))

    def add(self, label: str, cells: set[str] | None) -> None:
        """A system was written in these cells."""
        known = self.cells[label]
        both = None if known is None or cells is None else known | cells
        self.cells[label] = None if both is None or len(both) > MOST_CELLS else both

    def of(self, labels: frozenset[str], *, wide: bool) -> set[str] | None:
        """Where a figure over these systems has to be counted anew; an empty set for nowhere."""
        if self.everything:
            return None
        found = [self.cells[label] for label in labels & self.cells.keys()]
        if not found:
            return set()
        if wide or any(cells is None for cells in found):
            return None
        return set().union(*(cells for cells in found if cells is not None))


def head() -> int:
    """Number of the last act that is committed."""
    found = AuditHead.objects.filter(pk=1).values_list("seq", flat=True).first()
    return found or 0


def since(seq: int, until: int) -> Changed:
    """What was written after one act until another, in as many rows as there were acts."""
    if until - seq > MOST_ACTS:
        return Changed(everything=True)
    changed = Changed()
    acts = AuditEntry.objects.filter(seq__gt=seq, seq__lte=until).order_by()
    for action, kind, area, detail in acts.values_list("action", "target_kind", "area_code", "detail"):
        cells = _cells(kind, area, detail)
        for name in (action, kind, str(detail.get("model", ""))):
            if name:
                changed.add(name.partition(".")[0], cells)
    return changed


def _cells(kind: str, area: str, detail: dict[str, Any]) -> set[str] | None:
    """The cells of an act on one record, before and after it; None for a set of rows, or an act of its own kind."""
    one = bool(kind and area) and ("set" in detail or "version" in detail)
    if not one:
        return EVERYWHERE
    before = (detail.get("from") or {}).get("area", "")
    return {code[:CELL] for code in (area, before) if code}
