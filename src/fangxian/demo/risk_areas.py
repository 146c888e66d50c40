"""Risk areas before and on the demo day: a neighbouring city raised, another lowered, one corrected, zones at home.

The places are real, what is said of them is invented for the exercise.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from fangxian.core import clock, jobs, policy
from fangxian.core.areas import Area, code_range
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.load import Loaded
from fangxian.demo.officers import Staff
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.people.models import Person
from fangxian.systems.risk_areas import rules, selectors, services, shapes
from fangxian.systems.risk_areas.models import RiskAreaVersion
from fangxian.systems.risk_areas.words import Level
from fangxian.systems.screening.models import Place
from fangxian.workflows.risk_areas import suggesting

DISEASE = "covid19"
JIYUAN, QINYANG, LAIXI = "419001001", "410882001", "370285"
ISSUER = "市新冠肺炎疫情防控指挥部办公室"
RETURNERS = 6
BLOCK = 0.0012
"""Half the side of a drawn block, in degrees: some hundred metres."""


@dataclass(frozen=True)
class Said:
    """One publication: days before the demo day, name, level, codes, why."""

    days: float
    name: str
    level: str
    codes: str
    reason: str


SAID = (
    Said(14, "焦作市沁阳市覃怀街道", "MEDIUM", QINYANG, "报告本土确诊病例1例"),
    Said(5, "青岛市莱西市", "MEDIUM", LAIXI, "学校聚集性疫情"),
    Said(4, "济源市沁园街道", "MEDIUM", JIYUAN, "新增本土病例2例"),
)


def load_risk_areas(rng: np.random.Generator, loaded: Loaded, staff: Staff) -> None:
    """Publish with the real verbs, two officers each, let people come home, then work off what that brings."""
    _return_home(rng, loaded, staff)
    known = {said.name: _publish(staff, _propose(staff, said), said.days) for said in SAID}
    qinyang, laixi, jiyuan = (known[said.name] for said in SAID)
    with _at(2):
        raised = services.step(
            version=jiyuan, by=staff["duty-officer1"], level=Level.HIGH, from_at=clock.now(), issuer="济源" + ISSUER,
            reason="出现聚集性疫情，由中风险调整为高风险", source=Source.DEMO,
        )  # fmt: skip
    _publish(staff, raised, 2)
    with _at(3):
        lowered = services.step(
            version=qinyang, by=staff["duty-officer2"], level=Level.LOW, from_at=clock.now(), issuer="沁阳" + ISSUER,
            reason="连续14天无新增本土病例", source=Source.DEMO,
        )  # fmt: skip
        corrected = services.correct(
            version=laixi,
            by=staff["duty-officer2"],
            codes="370285001",
            reason="范围更正：仅水集街道",
            source=Source.DEMO,
        )
    _publish(staff, lowered, 3, by="duty-officer1")
    _publish(staff, corrected, 3, by="duty-officer1")
    with _at(0.1):
        _propose(staff, Said(0, "郑州市二七区", "MEDIUM", "410103", "新增本土确诊病例1例，待第二人核定"))


def declare_zones(staff: Staff) -> None:
    """After the morning's results: the zone the rules suggest is published, a drawn one waits for a second person."""
    for suggested in suggesting.zones_for_cases()[:1]:
        version = services.propose(
            by=staff["duty-officer1"], area=Area.objects.get(code=COUNTY), name=f"{suggested.area.name}封控区",
            disease=suggested.disease, level=suggested.level, codes=suggested.area.code, from_at=clock.now(),
            issuer="孟州" + ISSUER, reason="、".join(suggested.cases), rule=suggested.rule, source=Source.DEMO,
        )  # fmt: skip
        services.publish(version=version, by=staff["duty-officer2"])
        jobs.run_pending()
        _draw_around(staff, suggested)


def _draw_around(staff: Staff, suggested: suggesting.Suggested) -> None:
    """A block around a venue of the same township, as a control zone that waits."""
    town = suggested.area.code[:9]
    low, high = code_range(town)
    venue = Place.objects.filter(area_id__gte=low, area_id__lt=high, latitude__isnull=False).order_by("pk").first()
    if venue is None or "CONTROL" not in _levels(suggested):
        return
    north, south, east, west = (
        venue.latitude + BLOCK, venue.latitude - BLOCK, venue.longitude + BLOCK, venue.longitude - BLOCK,
    )  # fmt: skip
    services.propose(
        by=staff["duty-officer1"], area=Area.objects.get(code=COUNTY), name=f"{venue.name}周边管控区",
        disease=suggested.disease, level=Level.CONTROL, lies_in=town, from_at=clock.now(), issuer="孟州" + ISSUER,
        shape=shapes.polygon((south, west), (south, east), (north, east), (north, west)),
        reason="病例活动轨迹涉及", source=Source.DEMO,
    )  # fmt: skip


def _levels(suggested: suggesting.Suggested) -> tuple[str, ...]:
    pack = policy.pack(disease=suggested.disease, area_code=suggested.area.code)
    return rules.words(pack).levels


def _return_home(rng: np.random.Generator, loaded: Loaded, staff: Staff) -> None:
    """Some residents come home from Jiyuan a week before the demo day and tell of it."""
    chosen = rng.choice(len(loaded.persons), RETURNERS * 3, replace=False).tolist()
    low, high = code_range(COUNTY)
    ids = [loaded.persons[one] for one in chosen]
    rows = Person.objects.filter(pk__in=ids, area_id__gte=low, area_id__lt=high)
    rows = rows.select_related("area").order_by("pk")[:RETURNERS]
    with _at(5):
        for number, person in enumerate(rows):
            code = JIYUAN if number % 3 else JIYUAN[:6]  # every third says only the city
            arrivals.record_arrival(
                by=staff["investigator1"], person=person, area=person.area, arrived_on=_day(5),
                stays=[Stayed(code, _day(9), _day(5), named="济源市")], source=Source.DEMO,
            )  # fmt: skip


def _propose(staff: Staff, said: Said) -> RiskAreaVersion:
    with _at(said.days):
        return services.propose(
            by=staff["duty-officer1"], area=Area.objects.get(code=COUNTY), name=said.name, disease=DISEASE,
            level=said.level, codes=said.codes, from_at=clock.now(), issuer=ISSUER, reason=said.reason,
            document=f"{MORNING.year}年疫情防控通告", source=Source.DEMO,
        )  # fmt: skip


def _publish(staff: Staff, version: RiskAreaVersion, days: float, by: str = "duty-officer2") -> RiskAreaVersion:
    with _at(days):
        published = services.publish(version=version, by=staff[by])
        jobs.run_pending()
        return selectors.version(published.pk)


def _at(days: float):
    return clock.frozen(_moment(days))


def _moment(days: float) -> datetime:
    return MORNING - timedelta(days=days)


def _day(days: int) -> date:
    return _moment(days).date()
