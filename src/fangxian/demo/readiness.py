"""Communities that show they are free of the epidemic, and schools that prepare to open, the days before the outbreak.

Where only doses of the elderly were missing they are on record now; these communities apply. Most are granted the
status, one is refused for what no criterion measures, one waits for its decision. What the outbreak of the day ends is
ended by the workflow itself, in the morning. Of the schools one is open, its classes back in turn; one is proposed; one
has no room for observation; one lacks declarations; one has only a date. Nothing is prepared for the others.
"""

from contextlib import suppress
from datetime import date, timedelta

from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.areas import Area, code_range
from fangxian.core.clock import today
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.demo.world import World
from fangxian.systems.immunization import services as immunization
from fangxian.systems.inspection import rules as inspection_rules
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Sheet
from fangxian.systems.inspection.services import Answer, Stop
from fangxian.systems.people.models import Person
from fangxian.systems.readiness import rules, selectors, services
from fangxian.systems.readiness.models import EpidemicFree, SchoolOpening
from fangxian.systems.screening.models import Place
from fangxian.workflows import epidemic_free, rectification, school_opening

DISEASE, TERM = "covid19", "2022-1"
MOST_APPLY, MOST_ELDERLY, ON_A_ROLL = 14, 700, 12
NOTE, DEMO = "全村两轮核酸全阴，卡口二十四小时值守", Source.DEMO
ELDERLY_BORN, CHILDREN_BORN = date(1962, 4, 1), (date(2005, 1, 1), date(2015, 9, 1))
STAGES = (("九年级、高三年级", 0), ("小学高年级、七八年级", 3), ("小学低年级", 7))


def load_readiness(world: World, staff: Staff) -> None:
    """Live through it with the real verbs, on a clock that moves."""
    with clock.frozen(MORNING - timedelta(days=3)):
        chosen = _candidates(world)
        _vaccinate(_elderly(chosen), staff)
        applied = _apply(chosen, staff)
    with clock.frozen(MORNING - timedelta(days=2)):
        _decide(applied, staff)
    _schools(staff)


def _candidates(world: World) -> list[str]:
    """Communities that lack at most doses, those in which the outbreak will begin first."""
    codes = [area.code for area in selectors.communities(COUNTY)]
    free = {code for code, verdicts in epidemic_free.judge(COUNTY, codes).items()
            if all(one.met or one.criterion.measure == "vaccinated" for one in verdicts)}  # fmt: skip
    homes = [str(world.people.codes[world.people.area[one.person]])[:12] for one in world.infections]
    return [code for code in dict.fromkeys([*homes, *codes]) if code in free][:MOST_APPLY]


def _elderly(codes: list[str]) -> list[Person]:
    rows = Person.objects.filter(area_id__gte=COUNTY, birth_date__lt=ELDERLY_BORN, left_on=None, doses=None)
    return [person for person in rows.select_related("area") if person.area_id[:12] in set(codes)][:MOST_ELDERLY]


def _vaccinate(people: list[Person], staff: Staff) -> None:
    """Two doses of last summer for everybody, as the province's system knows them."""
    rows = [
        {"person": person, "disease": DISEASE, "vaccine": "inactivated", "where": "省免疫规划系统导入",
         "given_on": date(2021, 7, 1) + timedelta(days=28 * dose), "lot_number": f"202107{dose}B"}
        for person in people for dose in (0, 1)
    ]  # fmt: skip
    if rows:
        immunization.record_history_many(by=staff["duty-officer1"], rows=rows, source=DEMO)


def _apply(codes: list[str], staff: Staff) -> list[EpidemicFree]:
    """Those in which all holds now apply, by their secretary; the others learn what is missing."""
    areas, applied = {area.code: area for area in Area.objects.filter(code__in=codes)}, []
    for code in codes:
        with suppress(ValidationError):
            applied.append(epidemic_free.apply(by=staff[f"secretary-{code}"], area=areas[code], note=NOTE, source=DEMO))
    return applied


def _decide(applied: list[EpidemicFree], staff: Staff) -> None:
    """The county grants it, but for one that is refused and one nobody has looked at yet."""
    granted, others = (applied[:-2], applied[-2:]) if len(applied) > 2 else (applied, [])
    for row in granted:
        with suppress(ValidationError):  # what broke meanwhile
            epidemic_free.approve(row=row, by=staff["duty-officer1"])
    for row in others[:1]:
        services.refuse(row=row, by=staff["duty-officer1"], reason="现场核查发现村口夜间无人值守，整改后再报")


def _schools(staff: Staff) -> None:
    with clock.frozen(MORNING - timedelta(days=10)):
        schools = _untroubled()
        rolls = [(school, _roll(school)) for school in schools[:4]]
        _vaccinate([person for _school, people in rolls[:3] for person in people], staff)
        openings = [_prepared(school, place, staff) for place, school in enumerate(schools)]
        for place, ((_school, people), opening) in enumerate(zip(rolls, openings, strict=False)):
            _enrol(opening, people, staff, silent=3 if place == 3 else 0)
        _look_at(schools[:4], staff)
        _name_parties(schools[:4])
    with clock.frozen(MORNING - timedelta(days=9)):
        ready = [
            one for one in openings[:2] if not rules.broken(school_opening.judge_one(one))
        ]  # a tiny county has none
        for opening in ready:
            school_opening.propose(opening=opening, by=staff["duty-officer1"])
        for opening in ready[:1]:
            school_opening.open_(opening=opening, by=staff["duty-officer2"])


def _untroubled() -> list[Place]:
    """Five schools about which nothing is open, in different townships as far as there are."""
    blocked = {row.place: {one.criterion.key for one in row.blockers} for row in school_opening.board(COUNTY).rows}
    free = [place for place, keys in blocked.items() if not {"findings", "cases"} & keys]
    first = {place.area_id[:9]: place for place in reversed(free)}
    return list(dict.fromkeys([*reversed(first.values()), *free]))[:5]


def _roll(school: Place) -> list[Person]:
    """Children of the township, and two grown-ups as teachers."""
    low, high = code_range(school.area_id[:9])
    here = Person.objects.filter(area_id__gte=low, area_id__lt=high, left_on=None, cases=None, doses=None)
    here = here.select_related("area")
    pupils = here.filter(birth_date__range=CHILDREN_BORN).order_by("pk")[: ON_A_ROLL - 2]
    staff = here.filter(birth_date__range=(date(1975, 1, 1), date(1990, 1, 1))).order_by("pk")[:2]
    return [*pupils, *staff]


def _prepared(school: Place, place: int, staff: Staff) -> SchoolOpening:
    opens_on = today() + timedelta(days=2)
    stages = [{"grades": grades, "on": str(opens_on + timedelta(days=days))} for grades, days in STAGES]
    named = {"commissioner": "张校医", "commissioner_phone": "13800138000"} if place < 4 else {}
    return school_opening.plan(
        by=staff["duty-officer1"], place=school, term=TERM, opens_on=opens_on, stages=stages if place < 4 else (),
        source=DEMO, **named,
    )  # fmt: skip


def _enrol(opening: SchoolOpening, people: list[Person], staff: Staff, silent: int) -> None:
    for number, person in enumerate(people):
        is_pupil = person.birth_date is not None and person.birth_date >= CHILDREN_BORN[0]
        services.enrol(
            by=staff["duty-officer1"], opening=opening, person=person, role="PUPIL" if is_pupil else "STAFF",
            grade=f"{today().year - person.birth_date.year - 6}年级" if is_pupil and person.birth_date else "",
            declared_on=None if number < silent else today(), source=DEMO,
        )  # fmt: skip


def _look_at(schools: list[Place], staff: Staff) -> None:
    """An inspector goes to each of them with the checklist; the third has no room for observation."""
    inspector, county = staff["inspector1"], Area.objects.get(code=COUNTY)
    stops = [Stop(one.area, one.name, "school_opening", ("screening.place", one.pk), one.name) for one in schools]
    trip = inspection.plan_trip(by=inspector, area=county, name="春季开学核验", leader=inspector, on=today(),
                                stops=stops, team="教体局、疾控中心", source=DEMO)  # fmt: skip
    for place, sheet in enumerate(Sheet.objects.filter(trip=trip).select_related("area").order_by("number")):
        asked = inspection_rules.checklist(inspection_rules.pack_of(sheet.area_id), sheet.checklist).items
        answers = {item.key: Answer("YES") for item in asked}
        if place == 2:
            answers["room"] = Answer("NO", "观察室与教室同层，无独立通道")
        rectification.visit(sheet=sheet, by=inspector, answers=answers)
    inspection.end_trip(trip=trip, by=inspector, conclusion="一校一策基本落实，一所学校观察室须整改。")


def _name_parties(schools: list[Place]) -> None:
    for school in schools:
        inspection.name_parties(
            by=None, area=school.area, where=school.name, about=("screening.place", school.pk),
            locality=f"{school.area.name}包校干部", department="教育体育局", unit=school.name, individual="校长",
            phone="13800138000", source=DEMO,
        )  # fmt: skip
