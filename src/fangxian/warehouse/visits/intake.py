"""From what a device reports to rows worth storing: what cannot be true is rejected, what is doubtful is flagged.

A device's clock that is known to be wrong is set right: by the clock it sent with its request, or, where it sent none,
by a row whose own clock is ahead of the server's, for nobody sends from the future. Both clocks stay in the row.
"""

from __future__ import annotations

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field

from .rows import DEFAULT_ASSUMED_STAY_S, LONGEST_STAY_S, Arrival, Flag, Rejection, Visit

LATEST = 2**31 - 1
CLOCK_TOLERANCE_S = 300
TEMPERATURES = range(250, 451)
FUTURE, OLD, ASSUMED_STAY = int(Flag.FUTURE), int(Flag.OLD), int(Flag.ASSUMED_STAY)  # enums are slow
CORRECTED = int(Flag.CORRECTED)


@dataclass(frozen=True)
class Rules:
    """What intake needs to know of the moment: server time, retention, stays, and the places a device may report.

    `device_now` is what the device's clock said when it sent, where it said so.
    """

    now: int
    retention_s: int
    stays: Mapping[bytes, int] = field(default_factory=dict)
    default_stay_s: int = DEFAULT_ASSUMED_STAY_S
    places: Container[bytes] | None = None
    device_now: int | None = None


def judge(arrivals: Sequence[Arrival], rules: Rules) -> tuple[list[Visit], list[Rejection]]:
    """Rows to store, and one rejection for every row that cannot be."""
    visits: list[Visit] = []
    rejected: list[Rejection] = []
    for number, arrival in enumerate(arrivals):
        visit = visit_of(arrival, rules)
        if doubt := impossible(visit, rules):
            rejected.append(Rejection(number, *doubt))
        else:
            visits.append(visit)
    return visits, rejected


def skew(device_at: int | None, rules: Rules) -> int:
    """Seconds by which the device's clock is known to be ahead (behind, if negative); 0 within the tolerance."""
    clock = rules.device_now
    if clock is None:
        if device_at is None or device_at <= rules.now:
            return 0  # a row that waited for the network and a clock that is slow look the same
        clock = device_at
    ahead = clock - rules.now
    return ahead if abs(ahead) > CLOCK_TOLERANCE_S else 0


def visit_of(arrival: Arrival, rules: Rules) -> Visit:
    """The row as it would be stored, doubts and all; `impossible` says whether it may be."""
    visit_id, person, place, entered_at, left_at, mask, temperature, device_at = arrival
    here, flags = place.bytes, 0
    if ahead := skew(device_at, rules):
        entered_at -= ahead
        left_at = None if left_at is None else left_at - ahead
        flags = CORRECTED | FUTURE if ahead > 0 else CORRECTED
    if left_at is None:
        left_at = min(entered_at + rules.stays.get(here, rules.default_stay_s), LATEST)
        flags |= ASSUMED_STAY
    elif left_at == entered_at:
        left_at += 1  # in and out within one second is a stay of one second
    if entered_at < rules.now - rules.retention_s:
        flags |= OLD
    if device_at is None:
        device_at = rules.device_now
    return Visit(
        visit_id.bytes, person.bytes, here, entered_at, left_at, mask, temperature, device_at, rules.now, flags
    )


def impossible(visit: Visit, rules: Rules) -> tuple[str, str] | None:
    """Field and reason why a row cannot be true, or None."""
    visit_id, _person, place, entered_at, left_at, _mask, temperature, device_at, now, _flags = visit
    if visit_id[6] >> 4 != 7:
        return "visit_id", "not_uuid7"
    if not 0 <= entered_at < LATEST:
        return "entered_at", "out_of_range"
    if entered_at > now + CLOCK_TOLERANCE_S:
        return "entered_at", "in_the_future"
    if not entered_at < left_at <= LATEST:
        return "left_at", "before_entered_at" if left_at <= entered_at else "out_of_range"
    if left_at - entered_at > LONGEST_STAY_S:
        return "left_at", "stay_too_long"
    if device_at is not None and not 0 <= device_at <= LATEST:
        return "device_at", "out_of_range"
    if temperature is not None and temperature not in TEMPERATURES:
        return "temperature", "out_of_range"
    if rules.places is not None and place not in rules.places:
        return "place", "not_of_this_device"
    return None
