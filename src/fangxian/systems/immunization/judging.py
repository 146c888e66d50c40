"""What the schedule says of a person: everything on record, and what was said at the desk."""

from collections.abc import Iterable
from datetime import date

from fangxian.core.clock import today
from fangxian.core.policy import Pack
from fangxian.engines.schedules import Condition, Facts, Given, Verdict, judge
from fangxian.systems.immunization import rules
from fangxian.systems.immunization.models import Aefi, Dose
from fangxian.systems.immunization.words import Condition as Said
from fangxian.systems.people.models import Person


def verdict(
    person: Person, disease: str, pack: Pack, *, vaccine: str = "", conditions: Iterable[Condition] = (),
    on: date | None = None,
) -> Verdict:  # fmt: skip
    """Whether a person may have the next dose: three queries."""
    found = facts(person, disease, conditions)
    return judge(rules.schedule(pack), found, on or today(), vaccine)


def facts(person: Person, disease: str, conditions: Iterable[Condition] = ()) -> Facts:
    """Birth date, doses wherever they were given, and conditions: those said, and those on record."""
    doses = Dose.unscoped.filter(person=person, state=Dose.State.VALID).values_list("disease", "vaccine", "given_on")
    own = tuple(Given(vaccine, on) for about, vaccine, on in doses if about == disease)
    others = [on for about, _vaccine, on in doses if about != disease]
    known = [Condition(Said.OTHER_VACCINE, max(others))] if others else []
    if reacted_severely(person):
        known.append(Condition(Said.SEVERE_REACTION))
    return Facts(person.birth_date, own, (*conditions, *known))


def reacted_severely(person: Person) -> bool:
    """Whether a serious event after a dose is on record that was not found to be a coincidence."""
    events = Aefi.unscoped.filter(dose__person=person, severity=Aefi.Type.SERIOUS)
    return events.exclude(classification=Aefi.Classification.COINCIDENTAL_ADVERSE_EVENT).exists()
