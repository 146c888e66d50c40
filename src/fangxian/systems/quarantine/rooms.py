"""Which room for whom on which days, in plain Python: one person one room, and nobody is moved without need.

Who may share is said by the unit: a child and its companion, a household where the pack allows it. A unit shares one
room as long as the room has beds; nobody else ever comes in with them.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID


@dataclass(frozen=True)
class Hold:
    """A person has a room from a day until and with a day.

    `unit` names who may share with whom (None: with nobody), `size` how many of the unit want a room together, `sex`
    is known where strangers of one sex may share.
    """

    person: UUID
    starts_on: date
    ends_on: date
    unit: UUID | None = None
    size: int = 1
    sex: str = ""

    def overlaps(self, other: "Hold") -> bool:
        """Whether both hold on a common day; the day of leaving is the room's day for disinfection."""
        return self.starts_on <= other.ends_on and other.starts_on <= self.ends_on

    def goes_with(self, other: "Hold") -> bool:
        """Whether the two may be in one room on one day."""
        if self.person == other.person or (self.unit is not None and self.unit == other.unit):
            return True
        return bool(self.sex) and self.sex == other.sex


class RoomPlan:
    """The rooms that may be given out, in the order they are filled, with their beds, and who holds them.

    Taking any free room by the order of the first days is the best there is: with rooms of one bed held by nobody else
    the plan never needs more rooms than there are people on the fullest day.
    """

    def __init__(self, rooms: Mapping[UUID, int] | Iterable[UUID]):
        self._beds = dict(rooms) if isinstance(rooms, Mapping) else dict.fromkeys(rooms, 1)
        self._empty: dict[int, dict[UUID, None]] = defaultdict(dict)
        for room, beds in self._beds.items():
            self._empty[beds][room] = None
        self._held: dict[UUID, list[Hold]] = {}
        self._rooms_of: dict[UUID, list[UUID]] = defaultdict(list)
        self._rooms_of_unit: dict[UUID, list[UUID]] = defaultdict(list)
        self._full: set[tuple[date, date, int, str]] = set()

    def hold(self, room: UUID, hold: Hold) -> None:
        """Note that somebody has the room; also a room that is not given out any more."""
        self._empty[self._beds.get(room, 1)].pop(room, None)
        self._held.setdefault(room, []).append(hold)
        self._rooms_of[hold.person].append(room)
        if hold.unit is not None:
            self._rooms_of_unit[hold.unit].append(room)

    def is_free(self, room: UUID, hold: Hold) -> bool:
        """Whether everybody who has the room on one of the days may share it, and a bed is left."""
        others = [other for other in self._held.get(room, ()) if other.person != hold.person and other.overlaps(hold)]
        if not others:
            return True
        if not all(hold.goes_with(other) for other in others):
            return False
        return len({other.person for other in others}) < self._beds.get(room, 1)

    def find(self, hold: Hold) -> UUID | None:
        """A room for the days and hold it: one's own, that of one's unit, an empty one, one between two others."""
        room = self._own(hold) or self._of_unit(hold) or self._any(hold)
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

    def _of_unit(self, hold: Hold) -> UUID | None:
        if hold.unit is None:
            return None
        rooms = self._rooms_of_unit[hold.unit]
        return next((room for room in rooms if self._has_unit(room, hold) and self.is_free(room, hold)), None)

    def _has_unit(self, room: UUID, hold: Hold) -> bool:
        return any(other.unit == hold.unit and other.overlaps(hold) for other in self._held[room])

    def _any(self, hold: Hold) -> UUID | None:
        """An empty room with beds enough, the fewest first; then one between others; a room too small at last."""
        fitting = sorted(beds for beds, rooms in self._empty.items() if rooms)
        for beds in [beds for beds in fitting if beds >= hold.size] or fitting[-1:]:
            return next(iter(self._empty[beds]))
        days = (hold.starts_on, hold.ends_on, hold.size, hold.sex)
        if days in self._full:
            return None
        room = next((room for room in self._held if room in self._beds and self.is_free(room, hold)), None)
        if room is None:
            # rooms only fill up, so the same days need not be looked for again
            self._full.add(days)
        return room
