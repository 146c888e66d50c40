"""One number, one definition: every figure of the board, the report up and the evening report is defined here.

A figure is one condition on one register. What is shown is the number of rows the condition names in an area; the
link behind it opens exactly these rows. `catalogue()` lists them all; a new figure is one more line in one of the
files `figures_*.py`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cache

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import day_of, now, today
from fangxian.core.permissions import Permission
from fangxian.registers import Register, site


@dataclass(frozen=True)
class Span:
    """What a figure is counted for: a stretch of time for what happens, a moment for what stands."""

    starts_at: datetime
    ends_at: datetime
    at: datetime

    @property
    def day(self) -> date:
        """The local day it begins on."""
        return day_of(self.starts_at)


@dataclass(frozen=True)
class Figure:
    """A figure.

    key        short and stable: the evening report and the interface name figures by it
    group      heading it stands under
    slug       register whose rows it counts; who may read that register may see the figure
    condition  which of its rows, in a span
    flow       counts what happened in the span (a day's figure begins at zero); else what stands at its moment
    clock      passes with time alone, without a write (a term runs out)
    apps       systems whose writes change it, beside the register's own
    wide       a write in one area may change it in another
    family     figures of one family divide the same rows: a row that leaves one for another was reclassified
    share_of   key of the figure it is a share of
    per        shown per so many residents as well
    grave      a reason to act where it is not zero
    """

    key: str
    group: str
    name: Promise | str
    meaning: Promise | str
    slug: str
    condition: Callable[[Span], Q]
    flow: bool = False
    clock: bool = False
    apps: tuple[str, ...] = ()
    wide: bool = False
    family: str = ""
    share_of: str = ""
    per: int = 0
    grave: bool = False

    @property
    def register(self) -> Register:
        """The register that opens its rows."""
        return site.get(self.slug)

    @property
    def unit(self) -> str:
        """What one row is, in the reader's language: the name of the register."""
        return self.register.title

    @property
    def permission(self) -> Permission | None:
        """The right that opens its rows."""
        return self.register.right("read")

    @property
    def sources(self) -> frozenset[str]:
        """Labels of the systems whose writes may change it."""
        return frozenset({self.slug.partition(".")[0], *self.apps})

    def rows(self, span: Span) -> QuerySet:
        """The rows it counts, everywhere, in no order."""
        return self.register.model.unscoped.filter(self.condition(span)).order_by()

    def query(self, span: Span | None = None) -> str:
        """The query as text: register, then the condition."""
        return f"{self.slug}: {written(self.condition(span or span_of(today())))}"


_all: dict[str, Figure] = {}
GROUPS: dict[str, Promise | str] = {
    "cases": _("Cases"), "contacts": _("Contacts"), "quarantine": _("Quarantine"), "tests": _("Tests"),
    "arrivals": _("Arrivals"), "checkpoints": _("Checkpoints"), "risk_areas": _("Risk areas"),
    "medical": _("Medical care"), "vaccination": _("Vaccination"), "goods": _("Goods"),
    "pharmacies": _("Pharmacies"), "signals": _("Early warning"), "directives": _("Directives"), "tasks": _("Tasks"),
    "findings": _("Findings"), "people": _("People"),
}  # fmt: skip
"""Headings, in the order of the board."""


def define(figure: Figure) -> Figure:
    """Add a figure; one key, one definition."""
    if figure.key in _all:
        raise ValueError(f"two definitions of {figure.key}")
    _all[figure.key] = figure
    return figure


@cache
def _defined() -> dict[str, Figure]:
    """Every definition, once the files that hold them are read."""
    from fangxian.systems.situation import (  # noqa: F401
        figures_command,
        figures_cost,
        figures_health,
        figures_people,
        figures_places,
    )

    return _all


def catalogue() -> list[Figure]:
    """Every figure, in the order of the groups."""
    defined = _defined()
    order = list(GROUPS)
    return sorted(defined.values(), key=lambda figure: order.index(figure.group))


def get(key: str) -> Figure:
    """One figure; `LookupError` for none."""
    try:
        return _defined()[key]
    except KeyError:
        raise LookupError(f"no figure {key}") from None


def span_of(day: date, at: datetime | None = None) -> Span:
    """A local day, whole; what stands is asked for now, or for the day's last moment once it is over."""
    start, end = (timezone.make_aware(datetime.combine(one, time.min)) for one in (day, day + timedelta(days=1)))
    return Span(start, end, at or min(now(), end))


def written(condition: Q) -> str:
    """A condition as a person reads it in a report's appendix."""
    parts = [written(one) if isinstance(one, Q) else _test(*one) for one in condition.children]
    if not parts:
        return "all"
    text = f" {condition.connector.lower()} ".join(f"({part})" if " or " in part else part for part in parts)
    return f"not ({text})" if condition.negated else text


_SIGNS = {"lt": "<", "lte": "≤", "gt": ">", "gte": "≥", "in": "in", "isnull": "is empty:", "exact": "="}


def _test(name: str, value: object) -> str:
    *path, last = name.split("__")
    path, sign = (path, _SIGNS[last]) if last in _SIGNS and path else ([*path, last], "=")
    return f"{'.'.join(path)} {sign} {_value(value)}"


def _value(value: object) -> str:
    if isinstance(value, QuerySet):
        return f"({value.query})"
    if isinstance(value, datetime):
        return timezone.localtime(value).isoformat(timespec="seconds")
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(str(one) for one in value) or "none"
    return str(value)
