"""Which room for whom on which days, in plain Python: one person one room, and nobody is moved without need."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Hold:
    """A person has a room from a day until and with a day."""

    person: UUID
    starts_on: date
    ends_on: date

    def overlaps(self, other: "Hold") -> bool:
        """Whether both hold on a common day; the day of leaving is the room's day for disinfection."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on


class RoomPlan:
    """The rooms that may be given out, in the order they are filled, and who holds them.

    Taking any free room by the order of the first days is the best there is: with rooms held by nobody else the plan
    never needs more rooms than there are people on the fullest day.
    """

    def __init__(self, rooms: Iterable[UUID]):
        self._empty = dict.fromkeys(rooms)
        self._usable = set(self._empty)
        self._held: dict[UUID, list[Hold]] = {}
        self._rooms_of: dict[UUID, list[UUID]] = defaultdict(list)
        self._full: set[tuple[date, date]] = set()

    def hold(self, room: UUID, hold: Hold) -> None:
        """Note that somebody has the room; also a room that is not given out any more."""
        self._empty.pop(room, None)
        self._held.setdefault(room, []).append(hold)
        self._rooms_of[hold.person].append(room)

    def is_free(self, room: UUID, hold: Hold) -> bool:
        """Whether nobody else has the room on any of the days."""
        return not any(other.person != hold.person and other.overlaps(hold) for other in self._held.get(room, ()))

    def find(self, hold: Hold) -> UUID | None:
        """A room for the days and hold it: the person's own, an empty one, one between two others; None if none is."""
        room = self._own(hold) or self._any(hold)
        if room is not None:
            self.hold(room, hold)
        return room

    def _own(self, hold: Hold) -> UUID | None:
        """A person who is held for two reasons has one room, also one that is not given out to others any more."""
        for room in self._rooms_of[hold.person]:
            has_it = any(own.person == hold.person and own.overlaps(hold) for own in self._held[room])
            if has_it and self.is_free(room, hold):
                return room
        return None

    def _any(self, hold: Hold) -> UUID | None:
        if self._empty:
            return next(iter(self._empty))
        days = (hold.starts_on, hold.ends_on)
        if days in self._full:
            return None
        room = next((room for room in self._held if room in self._usable and self.is_free(room, hold)), None)
        if room is None:
            # rooms only fill up, so the same days need not be looked for again
            self._full.add(days)
        return room
