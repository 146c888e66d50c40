"""Whether a scan of a code of ours can be true: when it was made, where it was made, and what became of the code."""

from collections.abc import Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from uuid import UUID

from fangxian.core.venue_keys import VenueKey
from fangxian.systems.screening.codes import Code, Reason


class Seen(NamedTuple):
    """A scan as the server knows it.

    at      when, UTC seconds, the device's clock set right
    area    code of the coarse area the device says it is in, or that it is registered for; "" where neither is known
    places  ids of the places the device is registered for; None for any
    named   hex of the place the device says it stands at; None where it says none
    """

    at: int
    area: str = ""
    places: Container[bytes] | None = None
    named: str | None = None


class Attempt(NamedTuple):
    """A scan that proves no presence; times are UTC seconds, `place` is None where the code was not ours."""

    id: UUID
    reason: str
    person: UUID
    place: bytes | None
    scanned_at: int
    device_at: int | None
    device: str
    area: str
    digest: str


@dataclass(frozen=True)
class Ground:
    """What there is to check against.

    areas      place id → area code
    zones      code of a functional zone → code of the area it was cut out of: its borders cross official ones
    withdrawn  digest of a code → since when it is withdrawn, UTC seconds
    """

    areas: Mapping[bytes, str] = field(default_factory=dict)
    zones: Mapping[str, str] = field(default_factory=dict)
    withdrawn: Mapping[str, int] = field(default_factory=dict)


def doubt(code: Code, digest: str, seen: Seen, key: VenueKey, ground: Ground) -> Reason | None:
    """The first reason why the scan proves no presence, or None.

    A key is retired because somebody else may hold it: what he signs can bear any date, so from the retirement on no
    code of the key counts, and no code whose validity begins after it ever does.
    """
    if key.retired_at is not None and max(seen.at, code.valid_from) >= key.retired_at:
        return Reason.RETIRED_KEY
    if seen.at >= ground.withdrawn.get(digest, seen.at + 1):
        return Reason.WITHDRAWN
    if code.place not in ground.areas:
        return Reason.UNKNOWN_PLACE
    if seen.at < code.valid_from:
        return Reason.NOT_YET
    if seen.at >= code.valid_until:
        return Reason.EXPIRED
    return Reason.ELSEWHERE if _elsewhere(code.place, seen, ground) else None


def _elsewhere(place: bytes, seen: Seen, ground: Ground) -> bool:
    if seen.named is not None and seen.named != place.hex():
        return True
    if seen.places is not None:
        return place not in seen.places
    one, other = _coarse(ground.areas[place], ground), _coarse(seen.area, ground)
    return not (one.startswith(other) or other.startswith(one))


def _coarse(area: str, ground: Ground) -> str:
    """The area, or what its functional zone was cut out of: inside that, codes say nothing about distance."""
    return next((parent for zone, parent in ground.zones.items() if area.startswith(zone)), area)
