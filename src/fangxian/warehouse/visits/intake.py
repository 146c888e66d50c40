"""From what a device reports to rows worth storing: what cannot be true is rejected, what is doubtful is flagged."""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from .rows import DEFAULT_ASSUMED_STAY_S, LONGEST_STAY_S, Arrival, Flag, Rejection, Visit

LATEST = 2**31 - 1
CLOCK_TOLERANCE_S = 300
TEMPERATURES = range(250, 451)
FUTURE, OLD, ASSUMED_STAY = int(Flag.FUTURE), int(Flag.OLD), int(Flag.ASSUMED_STAY)  # enums are slow


@dataclass(frozen=True)
class Rules:
    """What intake needs to know of the moment: server time, retention, stays, and the places a device may report."""

    now: int
    retention_s: int
    stays: Mapping[bytes, int] = field(default_factory=dict)
    default_stay_s: int = DEFAULT_ASSUMED_STAY_S
    places: Container[bytes] | None = None


def judge(arrivals: Sequence[Arrival], rules: Rules) -> tuple[list[Visit], list[Rejection]]:
    """Rows to store, and one rejection for every row that cannot be."""
    visits: list[Visit] = []
    rejected: list[Rejection] = []
    for number, arrival in enumerate(arrivals):
        visit = _visit(arrival, rules)
        if doubt := _impossible(visit, arrival, rules):
            rejected.append(Rejection(number, *doubt))
        else:
            visits.append(visit)
    return visits, rejected


def _visit(arrival: Arrival, rules: Rules) -> Visit:
    place, left_at, flags = arrival.place.bytes, arrival.left_at, 0
    if left_at is None:
        left_at = min(arrival.entered_at + rules.stays.get(place, rules.default_stay_s), LATEST)
        flags |= ASSUMED_STAY
    elif left_at == arrival.entered_at:
        left_at += 1  # in and out within one second is a stay of one second
    latest_word = arrival.entered_at if arrival.device_at is None else max(arrival.entered_at, arrival.device_at)
    if latest_word > rules.now + CLOCK_TOLERANCE_S:
        flags |= FUTURE
    if arrival.entered_at < rules.now - rules.retention_s:
        flags |= OLD
    return Visit(
        arrival.visit_id.bytes,
        arrival.person.bytes,
        place,
        arrival.entered_at,
        left_at,
        arrival.mask,
        arrival.temperature,
        arrival.device_at,
        rules.now,
        flags,
    )


def _impossible(visit: Visit, arrival: Arrival, rules: Rules) -> tuple[str, str] | None:
    if arrival.visit_id.version != 7:
        return "visit_id", "not_uuid7"
    if not 0 <= visit.entered_at < LATEST:
        return "entered_at", "out_of_range"
    if visit.left_at > LATEST:
        return "left_at", "out_of_range"
    if visit.left_at <= visit.entered_at:
        return "left_at", "before_entered_at"
    if visit.device_at is not None and not 0 <= visit.device_at <= LATEST:
        return "device_at", "out_of_range"
    if visit.left_at - visit.entered_at > LONGEST_STAY_S:
        return "left_at", "stay_too_long"
    if visit.temperature is not None and visit.temperature not in TEMPERATURES:
        return "temperature", "out_of_range"
    if rules.places is not None and visit.place not in rules.places:
        return "place", "not_of_this_device"
    return None
