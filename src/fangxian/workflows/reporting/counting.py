"""Counting the figures of a report at the moment it is about, with the query each of them is.

A figure is defined in the catalogue of `systems/situation`; here it is counted for one area and all below it, split by
the areas right below, in the span of the report: the day up to its closing hour.
"""

from collections import Counter
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db.models import Count, QuerySet
from django.utils import timezone

from fangxian.core.areas import Area, code_range
from fangxian.core.clock import now
from fangxian.systems.situation import figures, reporting_rules, selectors
from fangxian.systems.situation.figures import Figure, Span

DAY = timedelta(days=1)


@dataclass(frozen=True)
class Counted:
    """One figure as it was counted.

    parts       by the areas right below the report's own, those with none left out; own rows of the area under its code
    before      the same figure a day earlier, None where nobody counted it then
    before_parts  that, by area
    because     why it is another: what came and went, as `systems/situation/differences.py` names it, and how many
    later       what came in the earlier day after its closing hour (of what happens); else 0
    """

    key: str
    value: int
    parts: dict[str, int]
    query: str
    sql: str
    at: str
    before: int | None = None
    before_parts: dict[str, int] = field(default_factory=dict)
    because: list[tuple[str, int]] = field(default_factory=list)
    later: int = 0

    @property
    def difference(self) -> int | None:
        """How many more than a day before."""
        return None if self.before is None else self.value - self.before

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def span_of(area: Area, day: date, at: datetime | None = None) -> Span:
    """The local day up to its closing hour, or up to now while that has not come."""
    starts_at = timezone.make_aware(datetime.combine(day, time.min))
    ends_at = min(reporting_rules.closes_at(area.code, day), at or now())
    return Span(starts_at, max(ends_at, starts_at), max(ends_at, starts_at))


def rows_of(figure: Figure, area: Area, span: Span) -> QuerySet[Any]:
    """The rows a figure counts in an area and all below it."""
    low, high = code_range(area.code)
    return figure.rows(span).filter(area_id__gte=low, area_id__lt=high)


def count(area: Area, span: Span, earlier: dict[str, dict[str, Any]]) -> list[Counted]:
    """Every figure of the catalogue in an area.

    What happens in a day is counted again for the day before, up to the same hour: rows come late. What stands is
    compared with what was put down when the day before closed, else with what its report said (`earlier`, by key).
    """
    children = list(Area.objects.filter(parent=area).order_by("code"))
    closed = _closed(area, children, span.day)
    codes = [child.code for child in children]
    return [_count(one, area, span, codes, closed.get(one.key) or earlier.get(one.key)) for one in figures.catalogue()]


def _closed(area: Area, children: list[Area], day: date) -> dict[str, dict[str, Any]]:
    """What every figure that stands counted when the day before closed; nothing where nobody closed it."""
    standing = [one for one in figures.catalogue() if not one.flow]
    found = {one.figure.key: one for one in selectors.difference(area, day, day - DAY, standing) if one.old is not None}
    parts = selectors.table(children, day - DAY) if found else {}
    return {
        key: {"value": one.old, "new": one.new, "because": [(str(part.why), part.count) for part in one.parts],
              "parts": _with_own(area, one.old, {code: row[key] for code, row in parts.items() if row.get(key)})}
        for key, one in found.items()
    }  # fmt: skip


def _with_own(area: Area, total: int | None, below: dict[str, int]) -> dict[str, int]:
    """The parts of the areas below, and what is left for rows of the area itself."""
    own = (total or 0) - sum(below.values())
    return {area.code: own, **below} if own else below


def _count(figure: Figure, area: Area, span: Span, codes: list[str], earlier: dict[str, Any] | None) -> Counted:
    rows = rows_of(figure, area, span)
    parts = _parts(rows, area, codes)
    value = sum(parts.values())
    said = {"query": figure.query(span), "sql": sql_of(rows), "at": span.at.isoformat()}
    if figure.flow:
        said |= _day_before(figure, area, span, codes)
    elif earlier:
        said |= {"before": earlier["value"], "before_parts": earlier["parts"]}
        said["because"] = earlier.get("because", []) if earlier.get("new") == value else []
    return Counted(figure.key, value, parts, **said)


def _day_before(figure: Figure, area: Area, span: Span, codes: list[str]) -> dict[str, Any]:
    """What happened a day earlier up to the same hour, and after it."""
    same = Span(span.starts_at - DAY, span.ends_at - DAY, span.at - DAY)
    parts = _parts(rows_of(figure, area, same), area, codes)
    whole = rows_of(figure, area, Span(same.starts_at, span.starts_at, span.starts_at)).count()
    before = sum(parts.values())
    return {"before": before, "before_parts": parts, "later": max(0, whole - before)}


def _parts(rows: QuerySet[Any], area: Area, codes: list[str]) -> dict[str, int]:
    found: Counter[str] = Counter()
    lengths = sorted({len(code) for code in codes})
    known = set(codes)
    for code, n in rows.order_by().values_list("area_id").annotate(n=Count("pk")):
        below = next((code[:length] for length in lengths if code[:length] in known), area.code)
        found[below] += n
    return dict(sorted(found.items()))


def sql_of(rows: QuerySet[Any]) -> str:
    """The query as the store runs it, its values written in; conditions of figures name no person."""
    try:
        text, values = rows.values("pk").query.sql_with_params()
    except EmptyResultSet:  # nothing can fit, and the store is not even asked
        return f'SELECT id FROM "{rows.model._meta.db_table}" WHERE 1 = 0'
    return text % tuple(_literal(value) for value in values)


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else f"'{value}'"
