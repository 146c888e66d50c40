"""Raising signals: a new card, or the one that is there extended. A run of the same day twice says the same."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.policy import Pack
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.surveillance import rules
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.words import SignalMethod, SignalState

MEASURED = (
    "method",
    "channel",
    "observed",
    "expected",
    "bound",
    "p",
    "recurrence_days",
    "series",
    "others",
    "period_on",
)


@dataclass(frozen=True)
class Found:
    """What a run found out of the ordinary on a day, before it is a card.

    first_on   since when it is; day it was found on
    period_on  first day of the newest period judged: what tells one figure of a feed from the next; None where counts
               of many days are one, such as in a scan
    series     what the curve is drawn from: days, counts, expected, bound
    others     the other channels: name, counted, expected, p
    """

    area: Area
    kind: str
    method: str
    channel: str
    disease: str
    first_on: date
    observed: float
    rule: str = ""
    where: str = ""
    subject_id: UUID | None = None
    expected: float | None = None
    bound: float | None = None
    p: float | None = None
    recurrence_days: float | None = None
    period_on: date | None = None
    series: dict[str, Any] = field(default_factory=dict)
    others: list[dict[str, Any]] = field(default_factory=list)

    @property
    def key(self) -> tuple[str, str, str, str, str]:
        """What makes two findings one signal."""
        return (self.area.code, self.disease, self.kind, self.rule, self.where)


@dataclass
class Raised:
    """What became of the findings of a day."""

    new: list[Signal] = field(default_factory=list)
    extended: list[Signal] = field(default_factory=list)
    quiet: list[Signal] = field(default_factory=list)


def raise_signals(*, found: Iterable[Found], as_of: date, by: Officer | None, source: str = Source.WORKFLOW) -> Raised:
    """Each finding is a new card, a longer open one, or nothing new while an answered one is fresh."""
    raised = Raised()
    with transaction.atomic():
        for one in found:
            pack = rules.pack_of(one.area.code, as_of)
            open_, answered = _known(one)
            if open_ is not None:
                raised.extended.append(_extended(open_, one, as_of, by))
            elif answered is not None and (_is_answered(one) or _is_fresh(answered, one, as_of, pack)):
                raised.quiet.append(answered)
            else:
                raised.new.append(_raised(one, as_of, pack, by, source))
    return raised


def join_signal(*, signal: Signal, lines: list[dict[str, Any]], as_of: date, by: Officer | None) -> Signal:
    """What belongs to a card that is under way stands on it, and lengthens it: the newest of each place and channel.

    lines  as `Found.others`
    """
    with transaction.atomic():
        row = Signal.unscoped.select_related("area").get(pk=signal.pk)
        own = {"area": row.area_id, "disease": row.disease, "channel": row.channel, "method": row.method}
        others = told_once([*row.others, *lines], own)
        return records.change(
            row, by=by, action="surveillance.signal.joined", last_on=max(row.last_on, as_of), others=others
        )


def told_once(lines: Iterable[dict[str, Any]], own: dict[str, Any]) -> list[dict[str, Any]]:
    """Lines of a card, the last said of each place, subject and channel, without what the card itself says."""
    told = {_line_key(line): line for line in lines}
    told.pop(_line_key(own), None)
    return list(told.values())


def _line_key(line: dict[str, Any]) -> tuple[Any, ...]:
    """A scan of space and time is not the count it stands beside."""
    scanned = line.get("method") == SignalMethod.SPACE_TIME
    return (*(str(line.get(name, "")) for name in ("area", "disease", "channel")), scanned)


def raise_held(*, held: Found, as_of: date, by: Officer, reason: str, source: str = Source.WEB) -> Signal:
    """A finding the budget held back becomes a card, because somebody says why; it spends like any other.

    as_of  the night it was held back in
    Raises Refused for whoever may not answer there, ValidationError without a reason or where it has a card by now.
    """
    require(by, Permission.SURVEILLANCE_WRITE, held.area.code)
    why = stated(reason)[:200]
    if has_card(held, as_of):
        raise ValidationError(_("It has a card already: see the signals that wait or were answered."))
    with transaction.atomic():
        made = _raised(held, as_of, rules.pack_of(held.area.code, as_of), by, source)
        audit.write("surveillance.signal.raised_by_hand", by=by, area=made.area, target=made, detail={"reason": why})
    return made


def has_card(one: Found, as_of: date) -> bool:
    """Whether a card of the same is open, was answered within the quiet days, or has said the same figure: no budget
    throttles it."""
    open_, answered = _known(one)
    if open_ is not None or answered is None:
        return open_ is not None
    quiet = rules.pack_of(one.area.code, as_of).number("warning.quiet_days")
    return (as_of - answered.last_on).days <= quiet or _is_answered(one)


def key_of(signal: Signal) -> tuple[str, str, str, str, str]:
    """What makes two findings this signal."""
    return (signal.area_id, signal.disease, signal.kind, signal.rule, signal.where)


def end_signals(*, signals: Iterable[Signal], by: Officer | None) -> int:
    """Cards whose cause is over (a feed that reports again) end by themselves; returns how many."""
    return records.change_many(signals, by=by, action="surveillance.signals.ended", state=SignalState.ENDED)


def _known(one: Found) -> tuple[Signal | None, Signal | None]:
    """The open card of the same, and the newest answered one."""
    same = _cards_of(one).order_by("-last_on", "-raised_at")
    known = list(same.select_related("area").exclude(state=SignalState.ENDED)[:8])
    open_ = next((row for row in known if row.state == SignalState.OPEN), None)
    return open_, next((row for row in known if row.state == SignalState.JUDGED), None)


def _cards_of(one: Found) -> QuerySet[Signal]:
    """Cards of the same, whatever became of them."""
    return Signal.unscoped.filter(area=one.area, disease=one.disease, kind=one.kind, rule=one.rule, where=one.where)


def _is_answered(one: Found) -> bool:
    """Whether this very figure, the same count of the same period, has a verdict: time does not make it news again.
    A corrected count may speak."""
    same = _cards_of(one).filter(state=SignalState.JUDGED, channel=one.channel, observed=one.observed)
    return one.period_on is not None and same.filter(period_on=one.period_on).exists()


def _is_fresh(answered: Signal, one: Found, as_of: date, pack: Pack) -> bool:
    """An answered card holds for the quiet days, unless what it saw has grown by the pack's factor."""
    if as_of <= answered.last_on:
        return True
    quiet = (as_of - answered.last_on).days <= pack.number("warning.quiet_days")
    return quiet and one.observed < answered.observed * pack.number("warning.grown_factor")


def _raised(one: Found, as_of: date, pack: Pack, by: Officer | None, source: str) -> Signal:
    at = now()
    values = {
        name: getattr(one, name) for name in (*MEASURED, "area", "kind", "disease", "rule", "where", "subject_id")
    }
    return records.create(
        Signal, by=by, action="surveillance.signal.raised", source=source, first_on=min(one.first_on, as_of),
        last_on=as_of, raised_for=as_of, raised_at=at,
        due_at=at + rules.time_to_answer(pack, one.kind, one.series.get("rule")), pack=pack.version, **values,
    )  # fmt: skip


def _extended(signal: Signal, one: Found, as_of: date, by: Officer | None) -> Signal:
    """The newest day speaks; an earlier day run again changes nothing."""
    if as_of < signal.last_on:
        return signal
    values = {name: getattr(one, name) for name in MEASURED}
    return records.change(signal, by=by, action="surveillance.signal.extended", last_on=as_of, **values)
