"""The chain of a closed loop: one link ends where the next begins, so that the person is never nobody's.

    TRANSFER → RECEPTION → STAGE → TRANSFER → RECEPTION → STAGE → RELEASE

Pure: stages, clocks and facts in, links out. A link is a plain dictionary, as the loop keeps it:

    kind       TRANSFER, RECEPTION, STAGE or RELEASE
    place      central, home …; "" for the release
    starts_at  when its clock starts: as planned, or when the link before was really done
    due_at     when it has to be done
    done_at    when it was done; None while it is not
    missed_at  the minute its time was up and it was not done; stays, also when it is done later

Moments are ISO 8601 texts with their zone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from fangxian.core.policy import Pack
from fangxian.workflows.response.plan import CENTRAL, HOME

TRANSFER, RECEPTION, STAGE, RELEASE = "TRANSFER", "RECEPTION", "STAGE", "RELEASE"
#: places where somebody takes the person in; elsewhere they answer for themselves
HELD = (CENTRAL, HOME)
Link = dict[str, Any]
MINUTE = timedelta(minutes=1)


@dataclass(frozen=True)
class Clocks:
    """How long each kind of link may take: to the first place, to a next one, taking in, giving the proof."""

    transfer: timedelta
    next_transfer: timedelta
    reception: timedelta
    release: timedelta

    @classmethod
    def of(cls, pack: Pack) -> "Clocks":
        """The clocks of a pack."""
        return cls(
            pack.duration("loop.transfer_hours"),
            pack.duration("loop.next_transfer_hours"),
            pack.duration("loop.reception_hours"),
            pack.duration("loop.release_hours"),
        )


def build(stages: Iterable[Mapping[str, str]], clocks: Clocks, *, opened_at: datetime) -> list[Link]:
    """The chain as planned. stages: [{place, from, until}], days as ISO texts, one after the other without a gap."""
    links: list[Link] = []
    cursor = opened_at
    for number, stage in enumerate(stages):
        begins = midnight(date.fromisoformat(stage["from"]))
        ends = midnight(date.fromisoformat(stage["until"]) + timedelta(days=1))
        cursor = cursor if number == 0 else max(cursor, begins)
        if stage["place"] in HELD:
            way = clocks.transfer if number == 0 else clocks.next_transfer
            cursor = _add(links, TRANSFER, stage["place"], cursor, cursor + way)
            cursor = _add(links, RECEPTION, stage["place"], cursor, cursor + clocks.reception)
        cursor = _add(links, STAGE, stage["place"], cursor, max(cursor, ends))
    _add(links, RELEASE, "", cursor, cursor + clocks.release)
    return links


def carry(links: list[Link], done: Mapping[tuple[str, str], datetime], *, at: datetime) -> list[Link]:
    """The chain at a moment, by what has been done. done: when, by (kind, place).

    The clock of a link runs from when the link before was really done: whoever is brought early is taken in early. A
    stage ends by the calendar. What is done stays done; a minute that was missed stays missed. Whoever has not been
    brought cannot be taken in: while the way is late, the taking in is not, and no minute of a gap counts twice.
    """
    carried: list[Link] = []
    shift = timedelta()
    for link in links:
        one = dict(link)
        starts, due = moment(one["starts_at"]), moment(one["due_at"])
        if one["kind"] in (RECEPTION,) and carried[-1]["done_at"]:
            shift = moment(carried[-1]["done_at"]) - starts
            starts, due = starts + shift, due + shift
            one["starts_at"], one["due_at"] = text(starts), text(due)
        if one["kind"] == STAGE and carried and carried[-1]["done_at"]:
            one["starts_at"] = text(min(moment(carried[-1]["done_at"]), due))
        finished = _finished(one, done, due, at)
        one["done_at"] = text(finished) if finished else None
        begun = one["kind"] != RECEPTION or bool(carried[-1]["done_at"])
        late = begun and at >= due and (finished is None or finished > due)
        if late and not one["missed_at"]:
            one["missed_at"] = text(due)
        carried.append(one)
    return carried


def resumed(fresh: Iterable[Link], before: Iterable[Link]) -> list[Link]:
    """A chain planned anew that remembers what was done and missed under the plan before it.

    A stage is counted by the new calendar. A clock that has run out has run out: its minute stays.
    """
    old = {(link["kind"], link["place"]): link for link in before if link["kind"] != STAGE}
    links = []
    for link in fresh:
        known = old.get((link["kind"], link["place"]))
        links.append({**known} if known and (known["done_at"] or known["missed_at"]) else dict(link))
    return links


def gap_minutes(links: Iterable[Link], *, at: datetime) -> int:
    """Minutes by which links were late so far: time in which nobody had taken the person over as the plan says."""
    total = timedelta()
    for link in links:
        if link["missed_at"]:
            end = moment(link["done_at"]) if link["done_at"] else at
            total += max(timedelta(), end - moment(link["due_at"]))
    return int(total / MINUTE)


def following(links: Iterable[Link]) -> Link | None:
    """The first link that is not done; None when all are."""
    return next((link for link in links if not link["done_at"]), None)


def missed(links: Iterable[Link]) -> int:
    """How many links were not done in time."""
    return sum(bool(link["missed_at"]) for link in links)


def holes(links: list[Link]) -> list[tuple[Link, Link]]:
    """Neighbours between which the plan leaves time that belongs to neither; a sound plan has none."""
    pairs = zip(links, links[1:], strict=False)
    return [(one, other) for one, other in pairs if moment(other["starts_at"]) > moment(one["due_at"])]


def midnight(day: date) -> datetime:
    """The first moment of a day where the platform runs."""
    return timezone.make_aware(datetime.combine(day, time.min))


def moment(value: str) -> datetime:
    """A moment from its text."""
    return datetime.fromisoformat(value)


def text(value: datetime) -> str:
    """A moment as text, to the minute the clocks count in, in the zone of the platform."""
    return timezone.localtime(value).isoformat(timespec="seconds")


def _add(links: list[Link], kind: str, place: str, starts: datetime, due: datetime) -> datetime:
    links.append(
        {"kind": kind, "place": place, "starts_at": text(starts), "due_at": text(due), "done_at": None,
         "missed_at": None}
    )  # fmt: skip
    return due


def _finished(link: Link, done: Mapping[tuple[str, str], datetime], due: datetime, at: datetime) -> datetime | None:
    if link["done_at"]:
        return moment(link["done_at"])
    if link["kind"] == STAGE:
        return due if at >= due else None
    found = done.get((link["kind"], link["place"]))
    return found if found is not None and found <= at else None
