"""What a tube's result means for the people in it: their state in the round, set by set."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from fangxian.core.among import Among
from fangxian.systems.people.models import Person
from fangxian.systems.testing import announcements, roster
from fangxian.systems.testing.models import LabResult, RoundMember, Sample, TestRound, Tube
from fangxian.systems.testing.roster import UNLISTED, Place
from fangxian.systems.testing.standing import Given, state_of

State = RoundMember.State
PART = 1000


def follow(tube_ids: Iterable[UUID]) -> None:
    """Bring everybody in these tubes to where the results now put them. Running it again changes nothing."""
    with transaction.atomic():
        rounds = _by_round(tube_ids)
        for number, tubes in rounds.items():
            plain = _plainly_negative(tubes)
            roster.settle_negative(number, plain)
            weigh(number, [*_people_in(set(tubes) - set(plain)), *_unsettled(number, plain)])
        tell_closed(rounds)


def tell_closed(numbers: Collection[int]) -> None:
    """Whose people moved although the round was closed: its closing figures are to be made anew."""
    if numbers:
        closed = TestRound.unscoped.filter(number__in=list(numbers), state=TestRound.State.CLOSED)
        announcements.reached(closed.values_list("pk", flat=True))


def _people_in(tubes: Collection[UUID]) -> QuerySet:
    return (
        Sample.objects.filter(tube__in=Among(tubes), person__isnull=False).order_by().values_list("person", flat=True)
    )


def _unsettled(number: int, plain: list[UUID]) -> QuerySet:
    """Who is in a negative tube and not settled by it. Asked by person: the settled of a round may be a million."""
    inside = RoundMember.objects.filter(round=number, person__in=_people_in(plain)).order_by()
    return inside.exclude(state=State.NEGATIVE, tubes=1).values_list("person_id", flat=True)


def given(number: int, persons: Collection[Person]) -> None:
    """People gave samples into tubes of a round one by one, at a form: they stand as if a point had registered them."""
    ids = [person.pk for person in persons]
    members = RoundMember.objects.filter(round=number, person__in=Among(ids))
    listed = set(members.values_list("person_id", flat=True))
    for person in persons:
        if person.pk not in listed:
            place = Place(person.area_id, UNLISTED, False, State.MISSING)
            RoundMember.objects.create(round_id=number, person=person, area_id=place.area, group=UNLISTED, listed=False)
            roster.add(number, {place: 1})
    members.update(tubes=F("tubes") + 1)
    weigh(number, ids)
    tell_closed([number])


def weigh(number: int, person_ids: Iterable[UUID], *, reason: str | None = None) -> None:
    """Judge people anew from all their samples in a round. `reason` is kept with those who are missing after it."""
    wanted = list(dict.fromkeys(person_ids))
    for start in range(0, len(wanted), PART):
        part = wanted[start : start + PART]
        samples = _samples(number, part)
        moves: dict[int, dict[int, Place]] = defaultdict(dict)
        members = RoundMember.objects.select_for_update().filter(round=number, person__in=part).order_by("pk")
        for member in members.values_list("pk", "person_id", "area_id", "group", "listed", "state"):
            pk, person, *place = member
            to = state_of(samples.get(person, ()))
            if to != place[-1] and not (to == State.MISSING and place[-1] == State.EXCUSED):
                moves[to][pk] = Place(*place)
        for to, places in moves.items():
            kept = reason if to == State.MISSING else None
            roster.move(number, places, to, reason=kept)


def words(tubes: Iterable[UUID]) -> dict[UUID, str]:
    """The result in force of each tube that has one."""
    found = LabResult.objects.filter(tube__in=list(tubes), state=LabResult.State.IN_FORCE)
    return dict(found.values_list("tube_id", "value"))


def _by_round(tube_ids: Iterable[UUID]) -> dict[int, list[UUID]]:
    rounds: dict[int, list[UUID]] = defaultdict(list)
    found = Tube.objects.filter(pk__in=list(tube_ids), round__isnull=False).order_by()
    for pk, number in found.values_list("pk", "round__number"):
        rounds[number].append(pk)
    return rounds


def _plainly_negative(tubes: list[UUID]) -> list[UUID]:
    said = words(tubes)
    return [pk for pk in tubes if said.get(pk) == LabResult.Value.NEGATIVE]


def _samples(number: int, persons: list[UUID]) -> dict[UUID, list[Given]]:
    """What these people gave in a round. Asked by person only: asked for the round as well, SQLite reads the round."""
    given = Sample.objects.filter(person__in=Among(persons)).order_by()
    columns = given.values_list(
        "tube__round__number", "tube__shipment", "person_id", "tube_id", "tube__size", "sampled_at"
    )
    rows = [row for at, shipment, *row in columns if at == number and shipment != Tube.Shipment.LOST]
    said = words({tube for _person, tube, _size, _at in rows})
    found: dict[UUID, list[Given]] = defaultdict(list)
    for person, tube, size, at in rows:
        found[person].append(Given(size == Tube.Size.SINGLE, at, said.get(tube)))
    return found
