"""When clocks start, are met, missed and handed up, worked out from minutes alone: no pack, no plan of ours is read.

The hours are typed from the published rules and from the defaults of this platform; a look happens every five minutes.
"""

from dataclasses import dataclass

RESPONSE_HOURS = {"report": 2, "track": 4, "close": 8, "secondary": 12, "initial": 24}
LOOP_HOURS = {"TRANSFER": 8, "RECEPTION": 2}
ARRIVAL_HOURS = {"landing": 2, "home": 8}
LOOK_EVERY = 5


@dataclass(frozen=True)
class Clock:
    """One clock in minutes since the check began: started, due, done (None: never)."""

    started: int
    due: int
    done: int | None
    begun: bool = True

    @property
    def missed(self) -> int | None:
        """The minute its time was up and it was not done."""
        return self.due if self.begun and (self.done is None or self.done > self.due) else None

    def escalated(self, until: int) -> int | None:
        """The look at which it is handed up: the first after its time, when it is not done by then."""
        mark = (self.due // LOOK_EVERY + 1) * LOOK_EVERY
        return mark if mark <= until and (self.done is None or self.done > mark) else None


def way(started: int, done: int | None) -> list[Clock]:
    """The two first links of a loop: whoever is taken in has come in the same minute.

    The clock of the second runs from when the first was done; before that it stands as planned and is not missed.
    """
    due = started + LOOP_HOURS["TRANSFER"] * 60
    begun = due if done is None else done
    return [Clock(started, due, done), Clock(begun, begun + LOOP_HOURS["RECEPTION"] * 60, done, done is not None)]


def landing(started: int, checked: int | None, received: int | None) -> dict[str, Clock]:
    """The two clocks of an arrival, both from the landing. Who is received at home is not looked for at the landing."""
    seen = received if checked is None else checked
    return {
        "landing": Clock(started, started + ARRIVAL_HOURS["landing"] * 60, seen),
        "home": Clock(started, started + ARRIVAL_HOURS["home"] * 60, received),
    }
