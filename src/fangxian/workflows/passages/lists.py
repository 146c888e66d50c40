"""What the lists know about whoever passes: risk areas, people who are looked for or should not travel, vehicles."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from fangxian.core.clock import DAY, shown
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case
from fangxian.systems.checkpoints import selectors as checkpoints
from fangxian.systems.checkpoints.words import Striking
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.risk_areas.matching import Zone, level_of, possible

GRAVITY = {"HIGH": Striking.RISK_HIGH, "MEDIUM": Striking.RISK_MEDIUM}
"""As what the pack treats who comes from a zone (`riskarea.traveller_as`) → reason; everything else is RISK_LOW."""
RISKS = (Striking.RISK_HIGH, Striking.RISK_MEDIUM, Striking.RISK_LOW)
LISTED = (Striking.CASE_SOUGHT, Striking.QUARANTINED, Striking.CONTACT)
Found = dict[str, Any]
"""One reason with what it was found by: {"reason": …, then words for the page}; no name, number or plate is in it."""


@dataclass
class Known:
    """People by identity number as it was read, and what the lists say of each."""

    by_number: dict[str, Person] = field(default_factory=dict)
    listed: dict[UUID, list[Found]] = field(default_factory=dict)

    def person(self, number: Any) -> Person | None:
        """Who has this number (a secret or text); None for nobody we know."""
        return self.by_number.get(_text(number)) if number else None

    def of(self, number: Any) -> list[Found]:
        """What the lists say of who has this number."""
        person = self.person(number)
        return self.listed.get(person.pk, []) if person else []


def known_people(numbers: Iterable[Any]) -> Known:
    """Look up identity numbers (secrets or texts) and ask the three lists: four queries for 5,000 numbers."""
    wanted = {_text(number) for number in numbers if number}
    by_number = people.by_id_numbers(wanted) if wanted else {}
    return Known(by_number, _listed({person.pk for person in by_number.values()}))


def risk(zones: list[Zone], code: str, at: datetime) -> list[Found]:
    """What the risk areas in force say about coming from an area (national code of any length); at most one reason."""
    if not code:
        return []
    match = level_of([zone for zone in zones if zone.managed], code, at)
    if match is not None:
        return [_of_zone(GRAVITY.get(match.zone.gravity, Striking.RISK_LOW), match.zone)]
    inside = possible([zone for zone in zones if zone.managed], code, at)
    return [{**_of_zone(Striking.RISK_LOW, inside[0]), "ask": True}] if inside else []


def vehicles(plates: Iterable[Any], area_codes: Iterable[str]) -> dict[str, list[Found]]:
    """Vehicles sought by the areas above these, by plate in its one spelling."""
    found = checkpoints.sought([plate for plate in plates if plate], area_codes)
    return {
        plate: [
            {"reason": Striking.VEHICLE_SOUGHT.value, "why": row.reason, "until": f"{row.until:%Y-%m-%d}",
             "area": row.area_id} for row in rows
        ] for plate, rows in found.items()
    }  # fmt: skip


def _listed(ids: set[UUID]) -> dict[UUID, list[Found]]:
    found: dict[UUID, list[Found]] = {}
    if not ids:
        return found
    sick = cases.cases_in().filter(person_id__in=ids, outcome=Case.Outcome.NO_OUTCOME).order_by()
    for person_id, disease in sick.values_list("person_id", "disease"):
        found.setdefault(person_id, []).append({"reason": Striking.CASE_SOUGHT.value, "disease": disease})
    for stay in quarantine.open_stays("").filter(person_id__in=ids):
        found.setdefault(stay.person_id, []).append(
            {"reason": Striking.QUARANTINED.value, "until": f"{stay.ends_on:%Y-%m-%d}", "rule": stay.rule}
        )
    for contact in cases.open_contacts().filter(person_id__in=ids):
        until = f"{contact.follow_up_until:%Y-%m-%d}" if contact.follow_up_until else ""
        found.setdefault(contact.person_id, []).append(
            {"reason": Striking.CONTACT.value, "until": until, "rule": contact.rule}
        )
    return found


def _of_zone(reason: Striking, zone: Zone) -> Found:
    return {"reason": reason.value, "zone": zone.name, "level": zone.level, "since": shown(zone.starts_at, DAY),
            "rule": zone.pack}  # fmt: skip


def _text(value: Any) -> str:
    return str(value.reveal() if hasattr(value, "reveal") else value)
