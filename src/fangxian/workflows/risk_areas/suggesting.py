"""What the rules suggest: a zone for a new case, a graver level where one lies already, a lower one where all is clear.

Suggestions are counted anew from cases, contacts and results each time; an officer makes a proposal of one, a second
officer publishes it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.utils import timezone

from fangxian.core import policy, scope
from fangxian.core.areas import Area, county_of, covers
from fangxian.core.clock import now
from fangxian.core.policy import Pack
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.people import selectors as people
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.risk_areas import rules, selectors, timeline
from fangxian.systems.risk_areas.matching import Zone, level_of
from fangxian.systems.risk_areas.words import Level
from fangxian.systems.testing import clearing
from fangxian.workflows.risk_areas.lowering import Facts, Infection, Lowering, lowering

WHY = "the clock of a risk area follows its people wherever they were brought"
UNIT = 12  # digits of a village or community: the compound is drawn by hand inside it
CONFIRMED = (
    Case.Classification.CONFIRMED, Case.Classification.CONFIRMED_NO_SYMPTOMS,
    Case.Classification.CONFIRMED_UNKNOWN_SYMPTOMS,
)  # fmt: skip


@dataclass(frozen=True)
class Suggested:
    """A zone that the pack asks for: where (village), which level, because of which cases, and by which rule.

    instead: the zone that lies there now at a lesser level, or None.
    """

    area: Area
    disease: str
    level: str
    cases: tuple[str, ...]
    latest_at: datetime
    instead: Zone | None
    rule: str = "riskarea.new_case"

    @property
    def label(self) -> str:
        """The level in the reader's words."""
        return str(Level(self.level).label)


def zones_for_cases(at: datetime | None = None) -> list[Suggested]:
    """Where a confirmed case lives and no zone of the wanted level lies yet; the newest case first.

    Reads in the scope in force. A case counts for as long as the pack looks back.
    """
    moment, found = at or now(), {}
    zones = selectors.in_force(moment)
    for case in cases.cases_in().filter(classification__in=CONFIRMED, positive_at__lte=moment)[:500]:
        pack = policy.pack(disease=case.disease, area_code=case.area_id, on=timezone.localdate(moment))
        level = _wanted(case, pack, moment)
        known = level_of([zone for zone in zones if zone.disease == case.disease], case.person.area_id, moment)
        ranks = rules.words(pack).ranks
        if level and (known is None or known.zone.rank < ranks.get(level, 0)):
            found.setdefault((case.person.area_id[:UNIT], case.disease, level), (known, []))[1].append(case)
    areas = Area.objects.in_bulk({code for code, _disease, _level in found})
    return [
        Suggested(areas[code], disease, level, tuple(case.number for case in told), told[0].positive_at,
                  known.zone if known else None)
        for (code, disease, level), (known, told) in found.items()
        if code in areas
    ]  # fmt: skip


def may_be_lowered(zone: Zone, at: datetime | None = None) -> Lowering | None:
    """Whether a zone may be lowered, with the checklist; None where the pack knows no way down."""
    moment = at or now()
    with scope.everywhere(WHY):
        story = selectors.story_of(zone.area_id)
        holding = timeline.holding(story, moment)
        pack = policy.pack(
            disease=zone.disease, area_code=holding.version.area_id if holding else "", on=timezone.localdate(moment)
        )
        return lowering(_facts(zone, story, pack, moment), pack)


def _wanted(case: Case, pack: Pack, at: datetime) -> str:
    """The level the pack asks for where a case lives; "" for none."""
    words = rules.words(pack)
    level = str(pack.table("riskarea.new_case").get("residence", "")).upper()
    days = timedelta(days=words.look_back_days)
    return level if level in words.levels and case.positive_at >= at - days else ""


def _facts(zone: Zone, story: list[timeline.Stretch], pack: Pack, at: datetime) -> Facts:
    holding = timeline.holding(story, at)
    before = story[story.index(holding) - 1] if holding and story.index(holding) else None
    came_from = before.level if before and holding and before.ends_at == holding.starts_at else ""
    found, today = _infections(zone), timezone.localdate(at)
    contacts = _contacts(zone)
    last = {row.person_id: timezone.localdate(row.last_contact_at or row.created_at) for row in contacts}
    within = _round_days(pack)
    tested = clearing.of_areas(zone.codes, at - timedelta(days=within), zone.disease) if within else None
    first = min((row.last_contact_at or row.created_at for row in contacts), default=at)
    return Facts(
        today=today, level=zone.level, declared_on=timezone.localdate(zone.declared_at),
        standing_since=timezone.localdate(zone.starts_at), came_from="" if came_from == Level.LIFTED else came_from,
        infections=tuple(found), contacts=tuple(last.values()),
        contacts_negative=clearing.of_people(last, first, zone.disease).negative if last else 0,
        residents=sum(people.in_area(code).count() for code in zone.codes),
        negative=tested.negative if tested else 0, positive=tested.positive if tested else 0,
        others_standing=_others(zone, at),
    )  # fmt: skip


def _infections(zone: Zone) -> list[Infection]:
    """Cases among the people of a zone, and which of them were in quarantine as contacts before."""
    told = {case.pk: case for code in zone.codes for case in cases.cases_in(code, zone.disease) if case.positive_at}
    held = quarantine.stays_of(case.person_id for case in told.values())
    return [
        Infection(case.number, day := timezone.localdate(case.positive_at),
                  any(stay.starts_on <= day for stay in held.get(case.person_id, ())))
        for case in told.values()
    ]  # fmt: skip


def _contacts(zone: Zone) -> list[Contact]:
    """Close contacts from a zone who are still followed, by the area that answers for them."""
    rows: dict[UUID, Contact] = {}
    for code in zone.codes:
        wanted = cases.open_contacts(code).filter(ring=Contact.Ring.CLOSE, case__disease=zone.disease)
        rows |= {row.pk: row for row in wanted}
    return list(rows.values())


def _round_days(pack: Pack) -> int:
    asked = pack.get("zone.release.all_of")
    own = asked.get("clear_round_within_days") if isinstance(asked, dict) else None
    return int(own or pack.get("riskarea.clear_round_within_days") or 0)


def _others(zone: Zone, at: datetime) -> int:
    """Lockdown and control zones of the same county besides this one."""
    code = next(iter(zone.codes), zone.lies_in)
    county = county_of(code)
    around = county.code if county else code[:6]
    return sum(
        other.area_id != zone.area_id and other.level in (Level.LOCKDOWN, Level.CONTROL)
        and _in_county(around, (*other.codes, other.lies_in))
        for other in selectors.in_force(at, disease=zone.disease)
    )  # fmt: skip


def _in_county(county: str, codes: Iterable[str]) -> bool:
    return any(code and covers(county, code) for code in codes)
