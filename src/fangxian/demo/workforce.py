"""The people on the front line of the county: what they worked beside what other systems know, their statements of
February, quizzes, questions on the spot, who was sent to a township, and two field visits of leaders."""

from datetime import date, datetime, time, timedelta

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING, ZONE
from fangxian.demo.officers import Staff
from fangxian.systems.directives import selectors as directives
from fangxian.systems.workforce import courses, services, training
from fangxian.systems.workforce.models import SubsidyStatement
from fangxian.workflows import field_visit, frontline_care

FEBRUARY = date(2022, 2, 1)
WHY = "the demo county is made whole"
WORKED = (
    ("duty-officer1", "DUTY", "指挥部值班室", 8, 24, (1, 4, 7, 10, 13)),
    ("nurse1", "SITE", "宜尚酒店集中隔离点", 8, 8, tuple(range(1, 15))),
    ("nurse2", "SITE", "宜尚酒店集中隔离点", 20, 12, (9, 10, 11, 12, 13)),
    ("clinician1", "MEDICAL", "市人民医院发热门诊", 8, 10, (8, 9, 10, 12, 13)),
    ("sampler1", "SAMPLING", "会昌街道流动采样队", 7, 6, (9, 11, 13)),
    ("investigator1", "INVESTIGATION", "市疾控中心", 8, 13, (12, 13)),
)
"""Account, work, where, first hour, hours, days of March 2022."""
BEFORE = (("nurse1", "SITE", 12), ("duty-officer1", "DUTY", 6), ("checkpoint-guard1", "CHECKPOINT", 15),
          ("clinician2", "MEDICAL", 9))  # fmt: skip
"""Account, work, days of February."""
SENT = (
    ("赵国强", "市教育局", "协助入户排查"),
    ("钱秀英", "市税务局", "协助卡点登记"),
    ("孙海涛", "市文旅局", "协助村级值守"),
)
"""Name, unit, what for."""
ANSWERED = (("duty-officer1", "command", 0), ("duty-officer2", "command", 4), ("nurse1", "front_line", 1),
            ("investigator1", "investigation", 0))  # fmt: skip
"""Account, course, how many answers are wrong."""


def load_workforce(staff: Staff) -> None:
    """Enter it all with the real verbs, in the order in which it happened."""
    county = Area.objects.get(code=COUNTY)
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[:3])
    _february(staff, county)
    for username, kind, where, hour, hours, days in WORKED:
        for day in days:
            begins = datetime(2022, 3, day, hour, tzinfo=ZONE)
            _shift(staff, county, staff[username], kind, where, begins, hours)
    with clock.frozen(MORNING - timedelta(days=2)):
        _answers(staff, county)
    with clock.frozen(MORNING - timedelta(hours=15)):
        _sent(staff, county, towns)
        _visited(staff, towns)


def _shift(staff: Staff, county: Area, who: Officer, kind: str, where: str, begins: datetime, hours: int) -> None:
    with clock.frozen(begins + timedelta(hours=hours)):
        services.enter_shift(by=staff["duty-officer2"], area=county, officer=who, kind=kind, where=where,
                             starts_at=begins, ends_at=begins + timedelta(hours=hours), source=Source.DEMO)  # fmt: skip


def _february(staff: Staff, county: Area) -> None:
    """A month that is over: worked, drawn up, one statement agreed to by two and one by one."""
    for username, kind, days in BEFORE:
        for day in range(1, days + 1):
            begins = datetime.combine(FEBRUARY + timedelta(days=day), time(8), ZONE)
            _shift(staff, county, staff[username], kind, "二月防控值守", begins, 8)
    with clock.frozen(MORNING - timedelta(days=12)):
        made = frontline_care.draw_up(by=staff["duty-officer2"], area=county, month=FEBRUARY)
        others = [one for one in made if one.officer_id not in (staff["duty-officer1"].pk, staff["duty-officer2"].pk)]
        _agree(others[:2], staff["duty-officer1"])
        _agree(others[:1], staff["duty-officer2"])


def _agree(statements: list[SubsidyStatement], by: Officer) -> None:
    for statement in statements:
        frontline_care.agree(statement=statement, by=by)


def _answers(staff: Staff, county: Area) -> None:
    """Quizzes, some with wrong answers, and two questions of an inspector."""
    for username, key, wrong in ANSWERED:
        officer, course = staff[username], courses.all_courses()[key]
        questions = training.next_sitting(officer, course, county)
        given = {
            one.key: next(option.key for option in one.options if (option.value == one.right) == (number >= wrong))
            for number, one in enumerate(questions)
        }
        services.take_quiz(by=officer, course=course, area=county, given=given, source=Source.DEMO)
    for username, key, question, given in (("nurse1", "front_line", "fever_place", "0"),
                                           ("checkpoint-guard1", "front_line", "hand_over", "1")):  # fmt: skip
        services.ask_on_the_spot(
            by=staff["inspector1"], officer=staff[username], course=courses.all_courses()[key], area=county,
            question=question, given=given, where="孟吉交界处防疫卡点", source=Source.DEMO,
        )  # fmt: skip


def _sent(staff: Staff, county: Area, towns: list[Area]) -> None:
    """Staff of departments, sent to townships for a fortnight; one was called back."""
    for number, (name, unit, duty) in enumerate(SENT):
        sent = services.send(
            by=staff["duty-officer2"], area=towns[number], from_area=county, name=name, unit=unit, duty=duty,
            where=f"{towns[number].name}防控指挥部", starts_at=clock.now() - timedelta(days=5 - number),
            ends_at=clock.now() + timedelta(days=9) if number else None, source=Source.DEMO,
        )  # fmt: skip
    services.call_back(deployment=sent, by=staff["duty-officer2"])


def _visited(staff: Staff, towns: list[Area]) -> None:
    """Two leaders named by their units were down; one of them found something, which is to be mended."""
    with scope.everywhere(WHY):
        named = directives.named_leaders(COUNTY)
    told = ("", "村口卡点夜间无人值守，登记台账缺页")
    for town, found in zip(towns, told, strict=False):
        area, leader, _deputy = named.get(town.code, (town, f"{town.name}主要负责同志", ""))
        field_visit.log(
            by=staff["duty-officer1"], area=town, from_area=area, name=leader, unit=f"{town.name}党委", found=found,
            where=f"{town.name}防疫卡点", duty="查设卡站点、查后勤保障措施", starts_at=clock.now() - timedelta(hours=4),
            ends_at=clock.now() - timedelta(hours=2), source=Source.DEMO,
        )  # fmt: skip


__all__ = ["load_workforce"]
