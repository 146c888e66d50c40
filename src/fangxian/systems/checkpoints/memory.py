"""What a point remembers of vehicles: offered the next time instead of being asked again."""

from collections.abc import Iterable
from typing import Any

from fangxian.core.fields import blind
from fangxian.systems.checkpoints.models import Passage, Vehicle

KEPT = ("purpose", "from_code", "from_name", "name", "id_number", "phone")
_UPDATED = ("times", "last_at", "people", "plate_kind", *KEPT)
Key = tuple[str, str | None]


def remember(passages: Iterable[Passage], *, source: str) -> None:
    """Bring the memory of the vehicles up to date and link the passages to it: three queries, whatever their number."""
    with_plate = [passage for passage in passages if passage.plate]
    by_key: dict[Key, list[Passage]] = {}
    for passage in with_plate:
        by_key.setdefault((passage.area_id, blind(Vehicle, "plate", passage.plate)), []).append(passage)
    if not by_key:
        return
    known = _known(by_key)
    vehicles = [_brought_up(known.get(key), rows, source) for key, rows in by_key.items()]
    Vehicle.unscoped.bulk_create(
        vehicles, batch_size=500, update_conflicts=True, unique_fields=["area", "plate_index"], update_fields=_UPDATED
    )
    stored = _known(by_key)  # another writer may have been first: its row is the vehicle
    for key, rows in by_key.items():
        for passage in rows:
            passage.vehicle = stored[key]


def _known(by_key: dict[Key, list[Passage]]) -> dict[Key, Vehicle]:
    areas, indexes = {area for area, _index in by_key}, [index for _area, index in by_key]
    found: dict[Key, Vehicle] = {}
    for start in range(0, len(indexes), 500):
        rows = Vehicle.unscoped.filter(area_id__in=areas, plate_index__in=indexes[start : start + 500])
        found.update({(row.area_id, row.plate_index): row for row in rows})
    return found


def _brought_up(known: Vehicle | None, passages: list[Passage], source: str) -> Vehicle:
    """The vehicle after these passages; what the last of them did not say stays as it was."""
    last = max(passages, key=lambda passage: passage.passed_at)
    vehicle = known or Vehicle(area=last.area, plate=_plain(last.plate), last_at=last.passed_at, source=source)
    vehicle.times += len(passages)
    if vehicle.last_at <= last.passed_at:
        vehicle.last_at, vehicle.people, vehicle.plate_kind = last.passed_at, last.people, last.plate_kind
        for name in KEPT:
            if given := _plain(getattr(last, name)):
                setattr(vehicle, name, given)
    return vehicle


def _plain(value: Any) -> Any:
    """The value itself: a ciphertext is bound to its field and would not open in another."""
    return value.reveal() if hasattr(value, "reveal") else value
