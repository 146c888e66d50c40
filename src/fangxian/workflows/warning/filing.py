"""Where the findings of a night belong: each on a new card, or on one of its area, or of one around it, under way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from fangxian.core.areas import Area
from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Card, Excess, filed
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.subjects import is_syndrome
from fangxian.systems.surveillance.words import SignalKind, SignalMethod
from fangxian.workflows.warning.candidates import Candidate, above, kin_of

UNDER_WAY = timedelta(days=7)
"""As long after it was last seen a card still takes in what belongs to it."""


@dataclass(frozen=True)
class Filed:
    """The statistical findings of a night.

    cards  one a card, the least likely first: new ones, and those whose own card is there already
    joins  findings that belong on a card of another area or subject that is under way
    """

    cards: list[Found]
    joins: list[tuple[Found, Signal]]


def found_in_series(likely: list[Candidate]) -> list[Found]:
    """The candidates as findings of their areas; one of an area nobody has on the list is none."""
    areas = Area.objects.in_bulk([one.look.seen.area for one in likely])
    return [_found(one, areas[one.look.seen.area]) for one in likely if one.look.seen.area in areas]


def _found(one: Candidate, area: Area) -> Found:
    seen = one.look.seen
    return Found(
        area=area, kind=SignalKind.STATISTICAL, method=one.method,
        channel=seen.channel, disease=seen.subject, first_on=seen.first, observed=seen.observed,
        expected=_number(seen.expected), bound=_number(seen.bound), p=one.p,
        recurrence_days=one.look.recurrence_days, period_on=one.look.begins[-1], series=one.look.drawn(),
        others=one.told(),
    )  # fmt: skip


def filed_findings(code: str, found: Iterable[Found], as_of: date, pack: Pack) -> Filed:
    """What overlaps in place and time shares a card, with those seen in the last seven days.

    Source: `engines/surveillance/merging.py`. A finding of the same area and subject as a card is that card's; one that
    was answered takes in nothing of others.
    """
    by_excess = {_excess(one, as_of): one for one in found}
    cards = {_of_card(row): row for row in selectors.under_way(code, as_of - UNDER_WAY, as_of)}
    every = (*by_excess, *cards)
    parents, kin = above(one.area for one in every), kin_of((one.disease for one in every), pack)
    said = filed(by_excess, cards, parents=parents, kin=kin)
    joins = [(by_excess[one], cards[card]) for one, card in said.joins]
    own = [one for one, card in joins if one.key == services.key_of(card)]
    new = [_one_card(card, by_excess) for card in said.new]
    rest = [(one, card) for one, card in joins if one.key != services.key_of(card)]
    return Filed(sorted([*own, *new], key=lambda one: (one.p or 0.0, one.key)), rest)


def _excess(one: Found, as_of: date) -> Excess:
    """As the engine's merging reads it: what is found tonight is under way tonight."""
    return Excess(
        one.area.code, one.disease, min(one.first_on, as_of), as_of, one.observed, one.expected or 0.0,
        one.bound or 0.0, one.p or 0.0,
    )  # fmt: skip


def _of_card(row: Signal) -> Excess:
    return Excess(
        row.area_id, row.disease, row.first_on, row.last_on, row.observed, row.expected or 0.0, row.bound or 0.0,
        row.p or 0.0,
    )  # fmt: skip


def _one_card(card: Card, by_excess: dict[Excess, Found]) -> Found:
    """What leads a card, with what else stands on it: of the area of the least likely, a count before a scan, and a
    disease before its syndrome."""
    area = card.strongest.area
    found = sorted((by_excess[one] for one in card.excesses), key=lambda one: (one.area.code != area, *_rank(one)))
    lead, rest = found[0], found[1:]
    if not rest:
        return lead
    places = next((one.series["places"] for one in found if "places" in one.series), None)
    series = {**lead.series, "places": places} if places else lead.series
    lines = [*lead.others, *(line for one in rest for line in (line_of(one), *one.others))]
    return replace(lead, p=card.strongest.p, others=services.told_once(lines, line_of(lead)), series=series)


def line_of(one: Found) -> dict[str, Any]:
    """A finding as a line on the card of another."""
    return {
        "area": one.area.code, "name": one.area.name, "disease": one.disease, "channel": str(one.channel),
        "method": str(one.method), "observed": one.observed, "p": one.p, "expected": one.expected,
        "step": one.series.get("step", ""),
    }  # fmt: skip


def _rank(one: Found) -> tuple[bool, bool, float, tuple[str, ...]]:
    return (one.method == SignalMethod.SPACE_TIME, is_syndrome(one.disease), one.p or 0.0, one.key)


def _number(value: float) -> float | None:
    return None if value != value or value in (float("inf"), float("-inf")) else round(float(value), 3)
