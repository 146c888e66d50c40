"""What is asked for when rooms are booked: who, when, why, by which rule; who comes along, who is not to be alone."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from fangxian.core.areas import Area
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import rules
from fangxian.systems.quarantine.models import ClockRestart, Stay

Key = tuple[UUID, str]
CHUNK = 5_000
ALONE = _("%(name)s must not be alone in a room: book a companion.")


@dataclass(frozen=True)
class Need:
    """Somebody has to stay somewhere from a day until and with a day, for a reason and by a rule.

    `care` says that the person cannot be alone, `companion_of` is the person somebody comes along with. `unit` and
    `planned_until` are filled by the booking: who shares a room, and the last day before an infection moved it.
    """

    person: Person
    area: Area
    starts_on: date
    ends_on: date
    subject_id: UUID | None = None
    place: str = Stay.Place.CENTRAL
    rule: str = ""
    pack: str = ""
    care: str = Stay.Care.NONE
    companion_of: UUID | None = None
    unit: UUID | None = None
    planned_until: date | None = None

    def __post_init__(self) -> None:
        if self.ends_on < self.starts_on:
            raise ValueError("a stay ends on its first day or later")
        if not self.rule:
            raise ValueError("a stay begins by a rule, never typed")

    @property
    def key(self) -> Key:
        """By what the need is known again: its reason, or the person where no reason is named."""
        return self.subject_id or self.person.pk, self.place


@dataclass(frozen=True)
class Note:
    """Something an officer has to look at before the person comes."""

    person: Person
    text: str


def together(wanted: dict[Key, Need]) -> tuple[dict[Key, Need], list[Note]]:
    """The needs with who shares a room with whom, by the rules of each area; and who would be alone and must not be.

    A companion shares with the person accompanied. A child, or somebody who needs care, shares with one grown-up of
    the same household on the list. A whole household shares only where the pack says so.
    """
    central = {key: _with_care(need) for key, need in wanted.items() if need.place == Stay.Place.CENTRAL}
    units = {key: need.companion_of for key, need in central.items() if need.companion_of}
    units |= {key: need.person.pk for key, need in central.items() if need.person.pk in set(units.values())}
    for members in _households(central).values():
        units |= _unit_of(members, central)
    notes = [
        Note(need.person, str(ALONE % {"name": need.person.name}))
        for key, need in central.items()
        if need.care and key not in units
    ]
    joined = {
        key: replace(need, unit=units[key]) if key in units else need for key, need in {**wanted, **central}.items()
    }
    return {key: joined[key] for key in wanted}, notes


def _with_care(need: Need) -> Need:
    if not need.care and rules.is_child(need.person.birth_date, area_code=need.area.pk, on=need.starts_on):
        return replace(need, care=Stay.Care.CHILD)
    return need


def _households(needs: dict[Key, Need]) -> dict[UUID, list[Key]]:
    """Households with several people on the list."""
    found: dict[UUID, list[Key]] = defaultdict(list)
    for key, need in needs.items():
        if need.person.household_id:
            found[need.person.household_id].append(key)
    return {household: keys for household, keys in found.items() if len(keys) > 1}


def _unit_of(members: list[Key], needs: dict[Key, Need]) -> dict[Key, UUID]:
    """Who of a household shares: all, those who need care with one grown-up, or nobody."""
    first = needs[members[0]]
    household, area = first.person.household_id, first.area.pk
    if rules.households_share(area_code=area):
        return dict.fromkeys(members, household)
    cared = [key for key in members if needs[key].care and not needs[key].companion_of]
    grown = [key for key in members if not needs[key].care]
    if not cared or not grown or not rules.cared_for_share(area_code=area):
        return {}
    return dict.fromkeys([*cared, grown[0]], household)


def restarted(wanted: dict[Key, Need]) -> dict[Key, Need]:
    """The needs with the days an infection among guests has added: the central stay lasts longer, home begins later."""
    until = _restarts(wanted.values())
    shifts = {
        key[0]: (until[key[0]] - need.ends_on)
        for key, need in wanted.items()
        if need.place == Stay.Place.CENTRAL and key[0] in until and until[key[0]] > need.ends_on
    }
    return {key: _shifted(need, shifts[key[0]]) if key[0] in shifts else need for key, need in wanted.items()}


def _shifted(need: Need, by) -> Need:
    starts = need.starts_on if need.place == Stay.Place.CENTRAL else need.starts_on + by
    return replace(need, starts_on=starts, ends_on=need.ends_on + by, planned_until=need.ends_on)


def _restarts(needs: Iterable[Need]) -> dict[UUID, date]:
    """By reason (or person) until when restarts in force keep somebody; unscoped, whoever entered them."""
    ids = [need.key[0] for need in needs]
    found: dict[UUID, date] = {}
    rows = ClockRestart.unscoped.filter(state=ClockRestart.State.IN_FORCE, stay__state__in=Stay.OPEN)
    for name in ("stay__subject_id", "stay__person_id"):
        part = rows if name == "stay__subject_id" else rows.filter(stay__subject_id=None)
        for start in range(0, len(ids), CHUNK):
            here = part.filter(**{f"{name}__in": ids[start : start + CHUNK]})
            for key, until in here.values_list(name, "until"):
                found[key] = max(until, found.get(key, until))
    return found
