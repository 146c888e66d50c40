"""A person's mornings and evenings between two days: what was seen, what nobody looked at, what is still to come."""

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from django.utils import timezone

from fangxian.core.clock import now
from fangxian.systems.quarantine.models import DailyCheck

NOON = 12
Slot = DailyCheck.Slot


@dataclass(frozen=True)
class FollowedSlot:
    """One morning or evening. `check` is None where the reader may not see it or there is none."""

    slot: str
    label: str
    check: DailyCheck | None
    state: str  # SEEN, ELSEWHERE (entered by an area the reader does not see), MISSED, NOW, TO_COME


@dataclass(frozen=True)
class FollowedDay:
    """One day with its two slots."""

    day: date
    slots: tuple[FollowedSlot, ...]


def days(person_id: UUID, first: date, last: date) -> list[FollowedDay]:
    """Every day from the last one that has begun back to the first: two queries, inside the scope in force."""
    of_person = {"person_id": person_id, "day__gte": first, "day__lte": last}
    seen = {(row.day, row.slot): row for row in DailyCheck.objects.filter(**of_person).select_related("changed_by")}
    there = set(DailyCheck.unscoped.filter(**of_person).values_list("day", "slot"))
    at = timezone.localtime(now())
    newest = min(last, at.date())
    made = [newest - timedelta(days=back) for back in range((newest - first).days + 1)]
    return [FollowedDay(day, tuple(_slot(day, slot, seen, there, at) for slot in Slot)) for day in made]


def missed(days: list[FollowedDay]) -> int:
    """How many mornings and evenings nobody looked."""
    return sum(slot.state == "MISSED" for day in days for slot in day.slots)


def _slot(day: date, slot: Slot, seen: dict, there: set, at) -> FollowedSlot:
    check = seen.get((day, slot))
    if check is not None:
        state = "SEEN"
    elif (day, slot) in there:
        state = "ELSEWHERE"
    else:
        state = _open_state(day, slot, at)
    return FollowedSlot(slot.value, str(slot.label), check, state)


def _open_state(day: date, slot: Slot, at) -> str:
    """A slot nobody filled: its half of the day is over, is now, or comes."""
    if day < at.date() or (slot == Slot.MORNING and at.hour >= NOON):
        return "MISSED"
    return "NOW" if slot == Slot.MORNING or at.hour >= NOON else "TO_COME"
