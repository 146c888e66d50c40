"""Which findings become cards: the least likely ones, as many as a week's budget has room for, and what is over."""

from collections.abc import Iterable
from datetime import date, timedelta

from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.words import SignalKind
from fangxian.warehouse import panels
from fangxian.workflows.warning.candidates import Candidate

WEEK = timedelta(days=7)


def found_in_series(likely: list[Candidate]) -> list[Found]:
    """The candidates as findings of their areas; one of an area nobody has on the list is none."""
    areas = Area.objects.in_bulk([one.look.area_code for one in likely])
    return [_found(one, areas[one.look.area_code]) for one in likely if one.look.area_code in areas]


def _found(one: Candidate, area: Area) -> Found:
    seen = one.look
    return Found(
        area=area, kind=SignalKind.STATISTICAL, method=one.method,
        channel=seen.channel, disease=seen.subject, first_on=seen.first_on, observed=seen.observed,
        expected=_number(seen.expected[-1]), bound=_number(seen.bound[-1]), p=one.p,
        recurrence_days=seen.recurrence_days, period_on=seen.begins[-1], series=seen.drawn(), others=one.told(),
    )  # fmt: skip


def within_budget(code: str, found: list[Found], as_of: date, pack: Pack) -> list[Found]:
    """The least likely new ones the week's budget still has room for; those that have a card already pass."""
    spent = selectors.raised_since(code, as_of - WEEK, as_of)
    left = int(pack.number("warning.budget_per_week")) - spent
    kept = []
    for one in found:
        if services.has_card(one, as_of):
            kept.append(one)
        elif left > 0:
            kept.append(one)
            left -= 1
    return kept


def spoke_again(code: str, silences: Iterable[Found], as_of: date, by: Officer | None) -> int:
    """Cards of feeds that are not silent any more end by themselves."""
    still = {one.key for one in silences}
    over = [row for row in selectors.open_silences(code) if services.key_of(row) not in still]
    seen = [row for row in over if row.last_on <= as_of]  # an earlier day run again knows nothing of a later one
    own = [row for row in seen if len(code) >= panels.COUNTY or row.area_id == code]
    return services.end_signals(signals=own, by=by)


def _number(value: float) -> float | None:
    return None if value != value or value in (float("inf"), float("-inf")) else round(float(value), 3)
