"""The rows behind a card, on the card: the newest ones with a link to all of them, as far as the reader may see them.

Cases and fever patients row by row, masked as in their registers; medicine by pharmacy and day; sewage by monitoring
point; feeds by their figures. Every table is a fixed number of queries.
"""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxian.core import diseases
from fangxian.core.officers import Officer
from fangxian.core.scope import Scope
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.pages.surveillance import lists
from fangxian.faces.web.pages.surveillance.lists import Selection
from fangxian.faces.web.registers import named, tables
from fangxian.faces.web.registers.tables import Cell
from fangxian.registers import Column, site
from fangxian.registers.columns import column
from fangxian.registers.listing import Query, select
from fangxian.systems.environment import selectors as environment
from fangxian.systems.pharmacies import signal as pharmacies
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.words import FeedChannel, SignalKind

MOST = 20
"""Rows a card shows; the register shows all."""
VISITS, SALES = "medical.fevervisit", "pharmacies.sale"
SEEN = ("visited_at", "facility", "person", "temperature", "symptoms", "outcome", "area")
TOLD = ("on", "feed", "count", "out_of", "note")
Shown = tuple[str | Column, ...]


@dataclass(frozen=True)
class Table:
    """One table: its rows as cells, how many there are in all, and the address that shows them.

    days     first and last day asked about
    refused  whether the reader has no right to these rows; then there are none
    """

    title: str
    days: tuple[date, date]
    rows: list[list[Cell]] = field(default_factory=list)
    count: int = 0
    url: str = ""
    refused: bool = False


def behind(officer: Officer, signal: Any) -> list[Table]:
    """The tables of a card: the rows of its channel, and the figures of feeds where any was counted."""
    if signal.kind == SignalKind.SILENCE and not signal.subject_id:
        return []
    maker, figures = MAKERS.get(signal.channel), _figures(officer, signal)
    if maker is None or signal.kind == SignalKind.SILENCE:
        return [figures]
    return [one for one in (maker(officer, signal), figures) if one is not figures or figures.rows]


def _cases(officer: Officer, signal: Any) -> Table:
    """Who became known in the days, the newest first."""
    moments = lists.MOMENTS_OF_RULES if signal.kind == SignalKind.RULE else lists.MOMENTS
    known = Column("known", gettext_lazy("Day known"), lambda one: _day_of(one, moments))
    several = ("disease",) if signal.disease not in diseases.KEYS else ()
    shown = ("number", "person", known, "onset_on", "area", *several, "classification")
    return _listed(officer, lists.CASES, lists.cases_of(signal), Coalesce(*moments).desc(), shown)


def _visits(officer: Officer, signal: Any) -> Table:
    """Fever patients seen in the days, the newest first."""
    filters = {"is_fever": "true", **_within("visited_at", signal)}
    url = _asked(VISITS, {"area": signal.area_id, **filters})
    query = Query(area=signal.area_id, filters=filters)
    return _table(
        officer, VISITS, lists.days_of(signal), url, "-visited_at", SEEN, lambda register: select(register, query)
    )


def _figures(officer: Officer, signal: Any) -> Table:
    """What feeds said in the days, the newest first."""
    return _listed(officer, lists.FIGURES, lists.figures_of(signal), "-on", TOLD)


def _sales(officer: Officer, signal: Any) -> Table:
    """Packages by pharmacy and day, the newest first; a silent pharmacy stands as one that said nothing."""
    register = site.get(SALES)
    if not readable(officer, SALES):
        return Table(register.title, lists.days_of(signal), refused=True)
    with register.scope(officer, "read"):
        sums = _packages(signal)
        shown = sorted(sums, key=lambda key: (-key[1].toordinal(), -(sums[key] or 0), str(key[0])))[:MOST]
        houses = site.get("pharmacies.pharmacy").rows().select_related("area").in_bulk({house for house, _on in shown})
    rows = [
        [Cell(_("Day"), on, "date"), Cell(_("Pharmacy"), houses[house].name), Cell(_("Area"), houses[house].area),
         Cell(_("Packages sold"), _("said nothing") if sums[house, on] is None else sums[house, on], "number")]
        for house, on in shown if house in houses
    ]  # fmt: skip
    asked = {"area": signal.area_id, **_within("sold_at", signal)}
    return Table(_("Medicine sold, by pharmacy and day"), lists.days_of(signal), rows, len(sums), _asked(SALES, asked))


def _packages(signal: Any) -> dict[tuple[Any, date], int | None]:
    """Of the classes early warning counts; None where the pharmacy said nothing of the day."""
    wanted = set(rules.pack_of(signal.area_id).items("warning.medicine"))
    sums: dict[tuple[Any, date], int | None] = {}
    for row in pharmacies.daily(signal.area_id, *lists.days_of(signal)):
        if row.drug in wanted:
            before = sums.get((row.pharmacy_id, row.day))
            known = row.quantity if before is None else before + (row.quantity or 0)
            sums[row.pharmacy_id, row.day] = known
    return sums


def _points(officer: Officer, signal: Any) -> Table:
    """Monitoring points of sewage with what was found in the days, the most positive first."""
    register = site.get(lists.SAMPLES)
    if not readable(officer, lists.SAMPLES):
        return Table(register.title, lists.days_of(signal), refused=True)
    with register.scope(officer, "read"):
        told = environment.feed(*lists.days_of(signal), area_code=signal.area_id)
    counted = [(one.point, Counter(one.days.values()), one.days) for one in told]
    counted.sort(key=lambda one: (-one[1]["POSITIVE"], one[0].area_id, one[0].name))
    rows = [
        [Cell(_("Monitoring point"), point.name, url=tables.opens(point, officer)), Cell(_("Area"), point.area),
         Cell(_("Days positive"), found["POSITIVE"], "number"), Cell(_("Days negative"), found["NEGATIVE"], "number"),
         Cell(_("Positive last"), max((on for on in days if days[on] == "POSITIVE"), default=None), "date")]
        for point, found, days in counted[:MOST]
    ]  # fmt: skip
    url = named.url(lists.SAMPLES, lists.KEY, lists.samples_of(signal).value)
    return Table(_("Sewage, by monitoring point"), lists.days_of(signal), rows, len(counted), url)


MAKERS: dict[str, Callable[[Officer, Any], Table]] = {
    FeedChannel.CASES: _cases, FeedChannel.FEVER_CLINIC: _visits, FeedChannel.PHARMACY: _sales,
    FeedChannel.ENVIRONMENT: _points,
}  # fmt: skip


def _listed(officer: Officer, slug: str, asked: Selection, order: Any, shown: Shown) -> Table:
    """The newest rows of the named list of this signal."""
    url, days = named.url(slug, lists.KEY, asked.value), (asked.first, asked.last)
    return _table(officer, slug, days, url, order, shown, lambda _register: named.rows(slug, lists.KEY, asked.value))


def _table(
    officer: Officer, slug: str, days: tuple[date, date], url: str, order: Any, shown: Shown,
    rows_of: Callable[[Any], QuerySet[Any]],
) -> Table:  # fmt: skip
    """The newest of some rows of a register, in the scope of the reader's right to it; two queries."""
    register = site.get(slug)
    if not readable(officer, slug):
        return Table(register.title, days, refused=True)
    with register.scope(officer, "read"):
        found = rows_of(register)
        count = found.order_by().count()
        newest = list(found.order_by(order, "-pk").select_related(*register.fetched)[:MOST])
    reaches, columns = tables.readable(register, officer), [column(one) for one in shown]
    return Table(register.title, days, [_cells(register, columns, one, reaches) for one in newest], count, url)


def _cells(register: Any, columns: list[Column], record: Any, reaches: dict[str, Scope]) -> list[Cell]:
    """As the register shows them; the first leads to the record."""
    return [
        Cell(str(one.label), one.value(record), "date") if one.value
        else tables.cell(register, one, record, is_first=not index, reach=reaches.get(one.name))
        for index, one in enumerate(columns)
    ]  # fmt: skip


def _day_of(record: Any, moments: tuple[str, ...]) -> date:
    """The day of the first of some moments that is known."""
    return timezone.localdate(next(at for name in moments if (at := getattr(record, name))))


def _within(name: str, signal: Any) -> dict[str, str]:
    first, last = lists.days_of(signal)
    return {f"{name}_after": first.isoformat(), f"{name}_before": last.isoformat()}


def _asked(slug: str, asked: dict[str, str]) -> str:
    return reverse("register", args=[slug]) + "?" + urlencode(asked)
