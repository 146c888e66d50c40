"""Vaccination in the county: sites with what they have, fridges, the histories of two townships, a morning at a site.

A lot is recalled, somebody had a reaction, some have refused; all by the real verbs, on a clock that is moved.
"""

from datetime import date, timedelta

import numpy as np
from django.contrib.auth.hashers import make_password

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer, appoint
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.engines.schedules import Condition
from fangxian.systems.immunization import services
from fangxian.systems.immunization.models import Dose, SiteMeans, VaccinationSite, VaccineLot
from fangxian.systems.immunization.services import Agreed
from fangxian.systems.immunization.words import SiteItem
from fangxian.systems.people.models import Person

SEED, DISEASE, MOST, NEW = 20211113, "covid19", 860, 60
"""`MOST`: how many people of the two townships are looked at; `NEW`: how many of them have no history on record."""

SITES = (("市疾控中心接种点", "FIXED"), ("第二医院方舱接种点", "TEMPORARY"))
MEANS = {"REGISTRARS": (4, 4), "VACCINATORS": (4, 3), "OBSERVERS": (2, 2), "EMERGENCY_DOCTORS": (1, 1),
         "FRIDGES": (2, 2), "FIRST_AID_KITS": (2, 2), "SEATS": (60, 48), "MONEY": (80000, 80000)}  # fmt: skip
"""Needed and there."""
LOTS = (
    # site, vaccine, maker, lot, expires in days, doses, doses a vial
    (0, "inactivated", "北京生物", "202111B2567", 240, 400, 1),
    (0, "inactivated", "科兴中维", "C202108072", 21, 60, 1),
    (0, "subunit", "智飞龙科马", "B202109081", 180, 120, 1),
    (0, "adenovirus", "康希诺", "202110CS06", 150, 40, 5),
    (1, "inactivated", "北京生物", "202111B2567", 240, 200, 1),
    (1, "inactivated", "科兴中维", "C202107019", 120, 80, 1),
)
RECALLED, EARLY = "C202107019", "家中孩子无人照看"
REFUSALS = ("AFRAID", "AWAY", "ILL", "DOUBTS", "BUSY", "WAITING")


def load_immunization(staff: Staff) -> None:
    """Two sites open; histories come in as a sheet would bring them; yesterday and this morning are lived through."""
    rng = np.random.default_rng(SEED)
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[:2])
    by = [_vaccinator(number, town) for number, town in enumerate(towns, start=1)]
    with clock.frozen(MORNING - timedelta(days=3)):
        sites = [_site(name, kind, town) for (name, kind), town in zip(SITES, towns, strict=True)]
        lots = [_received(by[where], sites[where], *facts) for where, *facts in LOTS]
    people = _residents(towns)
    known, others = people[:-NEW], iter(people[-NEW:])
    with clock.frozen(MORNING - timedelta(days=2)):
        _histories(rng, known, staff["duty-officer1"])
        for reason, person in zip(REFUSALS, others, strict=False):
            services.refuse(by=by[0], person=person, disease=DISEASE, reason=reason, source=Source.DEMO)
    with clock.frozen(MORNING - timedelta(hours=22)):
        _yesterday(by[0], sites[0], lots, [next(others) for _n in range(6)])
    _morning(by[0], sites[0], lots[0], [next(others) for _n in range(14)])
    with clock.frozen(MORNING - timedelta(minutes=5)):
        services.recall(by=None, vaccine="inactivated", number=RECALLED, reason="国家药监局通知：效价抽检不合格")


def _vaccinator(number: int, town: Area) -> Officer:
    """An account without a password, as all of the demo."""
    username = f"vaccinator{number}"
    officer = Officer.objects.create(username=username, name="接种员", password=make_password(None))
    appoint(officer, role="vaccinator", area=town, by=None)
    return officer


def _residents(towns: list[Area]) -> list[Person]:
    """Grown-ups and children of the two townships whose birth date is known."""
    low, high = towns[0].code, towns[1].code + "~"
    rows = Person.objects.filter(area_id__gte=low, area_id__lt=high, birth_date__isnull=False, left_on=None)
    rows = rows.filter(birth_date__lt=date(2018, 1, 1)).select_related("area").order_by("pk")
    return list(rows[:MOST])


def _site(name: str, kind: str, town: Area) -> VaccinationSite:
    site = _add(VaccinationSite, "immunization.site.added", area=town, name=name, kind=kind, head="接种点负责人")
    for item, (needed, there) in MEANS.items():
        _add(
            SiteMeans, "immunization.means.added", area=town, site=site, item=SiteItem(item), needed=needed, there=there
        )
    return site


def _add(model: type, action: str, **values):
    return records.create(model, by=None, action=action, source=Source.DEMO, **values)


def _received(
    by: Officer, site: VaccinationSite, vaccine: str, maker: str, number: str, days: int, doses: int, vial: int
) -> VaccineLot:
    return services.receive(
        by=by, site=site, disease=DISEASE, vaccine=vaccine, maker=maker, number=number, doses=doses,
        doses_per_vial=vial, expires_on=today() + timedelta(days=days), paper=f"RK-{number[-4:]}", source=Source.DEMO,
    )  # fmt: skip


def _histories(rng: np.random.Generator, people: list[Person], by: Officer) -> None:
    """Nine in ten adults have two doses, half of them a third; children began in November, some did not go on."""
    rows: list[dict] = []
    latest = today() - timedelta(days=3)
    for person, luck, shift in zip(people, rng.random(len(people)), rng.integers(0, 50, len(people)), strict=True):
        is_child = person.birth_date > date(2010, 3, 1)
        first = date(2021, 11, 13) if is_child else date(2021, 6, 1)
        doses = sum((luck > 0.08, luck > (0.2 if is_child else 0.12), luck > 0.5 and not is_child))
        for day in (0, 28, 220)[: int(doses)]:
            number = RECALLED if day == 220 and luck > 0.93 else f"2021{int(shift):02d}B"
            rows.append({"person": person, "disease": DISEASE, "vaccine": "inactivated", "where": "省免疫规划系统导入",
                         "given_on": min(first + timedelta(days=int(shift) + day), latest),
                         "lot_number": number})  # fmt: skip
    services.record_history_many(by=by, rows=rows, source=Source.DEMO)


def _yesterday(by: Officer, site: VaccinationSite, lots: list[VaccineLot], people: list[Person]) -> None:
    """Six came; one had a reaction in the observation room, one went too early, one was a contraindication."""
    visits = [
        services.arrive(by=by, site=site, person=person, disease=DISEASE, source=Source.DEMO) for person in people
    ]
    _turn(visits.pop(), by, [Condition("FEVER")])
    given = [_through(visit, by, lots[0]) for visit in visits]
    _after(10, lambda: services.leave(visit=given[0].visit, by=by, reason=EARLY))
    _after(15, lambda: _react(given[1], by))
    for dose in given[1:]:
        _after(31, lambda dose=dose: services.leave(visit=dose.visit, by=by))
    _after(500, lambda: services.waste(by=by, lot=lots[1], doses=2, reason="BROKEN", note="冷藏箱内破损"))
    vial = services.open_vial(by=by, lot=lots[3])
    _after(420, lambda: services.waste(by=by, lot=vial, doses=5, reason="END_OF_DAY"))


def _react(dose: Dose, by: Officer) -> None:
    """One is serious and has been reported; one mild and concluded would be nothing to do, so it waits."""
    event = services.report(
        by=by, dose=dose, symptoms="接种后12分钟面色苍白、血压下降，疑似过敏性休克", severity="SERIOUS",
        serious_reason="LIFE_THREATENING", treatment="肾上腺素0.3mg肌注，转市人民医院", source=Source.DEMO,
    )  # fmt: skip
    services.report_up(event=event, by=by)
    services.investigate(
        event=event, by=by, findings="既往青霉素过敏，登记时未申报；批号、冷链无异常", outcome="RECOVERING"
    )
    other = Dose.objects.filter(visit__site_id=dose.visit.site_id).exclude(pk=dose.pk).order_by("pk").first()
    services.report(by=by, dose=other, symptoms="接种部位红肿，直径3厘米", source=Source.DEMO)


def _morning(by: Officer, site: VaccinationSite, lot: VaccineLot, people: list[Person]) -> None:
    """Since half past seven: four observed, three before the chair, four in the queue, three home again."""
    begin = MORNING - timedelta(minutes=34)
    visits = []
    for number, person in enumerate(people):
        with clock.frozen(begin + timedelta(minutes=2 * number)):
            visits.append(services.arrive(by=by, site=site, person=person, disease=DISEASE, source=Source.DEMO))
    for number, visit in enumerate(visits[:10]):
        with clock.frozen(begin + timedelta(minutes=2 * number + 3)):
            if number < 7:
                _through(visit, by, lot)
            elif number == 7:
                _turn(visit, by, [Condition("OTHER_VACCINE", today() - timedelta(days=3))])
            else:
                _agree(visit, by)


def _through(visit, by: Officer, lot: VaccineLot) -> Dose:
    return services.vaccinate(visit=_agree(visit, by), by=by, lot=lot)


def _agree(visit, by: Officer):
    is_child = visit.person.birth_date > date(2004, 3, 1)
    agreed = Agreed("GUARDIAN", "监护人") if is_child else Agreed("SELF")
    return services.register(visit=visit, by=by, vaccine="inactivated", agreed=agreed)


def _turn(visit, by: Officer, conditions: list[Condition]) -> None:
    services.register(visit=visit, by=by, vaccine="inactivated", conditions=conditions)


def _after(minutes: int, act) -> None:
    with clock.frozen(now() + timedelta(minutes=minutes)):
        act()
