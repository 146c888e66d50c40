"""Directives of the county in the days before the outbreak: two meetings, what they resolved, how far it came.

Every village has a secretary. One directive is done and checked in all townships, one has reached every village and is
answered by some, overdue and gone a level up at others, one was handed down this morning, one waits to be handed down.
"""

from datetime import timedelta

import numpy as np

from fangxian.core import audit, clock
from fangxian.core.areas import Area
from fangxian.core.officers import Officer, Post
from fangxian.core.records import Source
from fangxian.demo import names
from fangxian.demo.areas import COUNTY, PREFECTURE
from fangxian.demo.days import FIRST_DAY, MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.command import group_selectors
from fangxian.systems.command import services as command
from fangxian.systems.directives import selectors, services
from fangxian.systems.directives.models import Directive, Handing, Meeting

SEED, ANSWERED, RECEIVED = 51, 22, 14
"""Of the villages so many have answered, and so many more have only received."""
HOUR = timedelta(hours=1)
SWEEP = "中高风险地区来返人员拉网式排查"


def load_directives(staff: Staff) -> None:
    """Live through three days of directives with the real verbs."""
    secretaries = _secretaries(staff)
    areas = {area.code: area for area in Area.objects.filter(code__in=[COUNTY, PREFECTURE])}
    duty, city = staff["duty-officer1"], staff[f"duty-officer-{PREFECTURE}"]
    meeting = _meetings(areas, duty, city)
    _done(areas[COUNTY], meeting, staff)
    _sweep(areas[COUNTY], meeting, staff, secretaries)
    _this_morning(areas, meeting, duty, city)
    _reports(staff)


def _secretaries(staff: Staff) -> dict[str, Officer]:
    """A secretary for every village, without a password like all of the demo's accounts; one audit row for all."""
    villages = list(Area.objects.filter(kind=Area.Kind.VILLAGE, code__startswith=COUNTY).order_by("code"))
    rng = np.random.default_rng(SEED)
    male = rng.random(len(villages)) < 0.7
    called = np.char.add(names.surnames(rng, len(villages)), names.given_names(rng, male)).tolist()
    with audit.act("core.demo.officers_appointed", by=None, area=villages[0], detail={"officers": len(villages)}):
        made = Officer.objects.bulk_create(
            Officer(username=f"secretary-{area.code}", name=name, password="!")
            for area, name in zip(villages, called, strict=True)
        )
        since = FIRST_DAY.replace(month=1)
        Post.objects.bulk_create(
            Post(officer=officer, role="village_secretary", area=area, valid_from=since)
            for officer, area in zip(made, villages, strict=True)
        )
    staff.by_username.update({officer.username: officer for officer in made})
    return {area.code: officer for officer, area in zip(made, villages, strict=True)}


def _meetings(areas: dict[str, Area], duty: Officer, city: Officer) -> Meeting:
    """The prefecture's meeting, passed on by the county's."""
    with clock.frozen(MORNING - 70 * HOUR):
        upper = services.convene(
            by=city, area=areas[PREFECTURE], title="市疫情防控指挥部专题会议", number=51, kind="SPECIAL", form="VIDEO",
            chair="市指挥部指挥长", attendees="各县（市、区）指挥部\n市直各专班", source=Source.DEMO,
            minutes="通报当前疫情形势，要求各地从严从紧从快落实外防输入各项措施。",
        )  # fmt: skip
    with clock.frozen(MORNING - 66 * HOUR):
        return services.convene(
            by=duty, area=areas[COUNTY], title="疫情防控工作领导小组（扩大）会议", number=8, kind="LEADING_GROUP",
            form="ON_SITE", chair="县指挥部指挥长", place="市政府第一会议室", passes_on=upper, source=Source.DEMO,
            attendees="各乡镇（街道）党政主要负责同志\n各工作组组长", minutes="传达上级会议精神，再安排、再部署。",
        )  # fmt: skip


def _done(county: Area, meeting: Meeting, staff: Staff) -> None:
    """Round-the-clock duty: received, answered and checked in every township within a day."""
    with clock.frozen(MORNING - 65 * HOUR):
        directive = services.issue(
            by=staff["duty-officer1"], area=county, meeting=meeting, title="落实24小时值班值守", depth="NEXT",
            text="各乡镇（街道）落实领导带班和24小时值班制度，值班表当日报备。", due_at=MORNING - 48 * HOUR,
            source=Source.DEMO,
        )  # fmt: skip
    for number, handing in enumerate(_units(directive, 9)):
        by = staff[f"township-{handing.area_id}"]
        with clock.frozen(MORNING - 64 * HOUR + number * timedelta(minutes=7)):
            services.receive(handing=handing, by=by, leader="党（工）委书记", deputy="分管副职")
        with clock.frozen(MORNING - 55 * HOUR + number * timedelta(minutes=11)):
            services.answer(handing=handing, by=by, answer="值班表已排定，带班领导到岗。")
        with clock.frozen(MORNING - 49 * HOUR):
            services.check(handing=handing, by=staff["duty-officer1"])


def _sweep(county: Area, meeting: Meeting, staff: Staff, secretaries: dict[str, Officer]) -> None:
    """A sweep straight down to the villages: some have answered, some only received, the others are overdue."""
    with clock.frozen(MORNING - 40 * HOUR):
        directive = services.issue(
            by=staff["duty-officer1"], area=county, meeting=meeting, title=SWEEP, priority="HIGH",
            text="各村（社区）逐户排查2月27日以来中高风险地区来返人员，登记造册，做到不漏一户、不漏一人。",
            due_at=MORNING - 4 * HOUR, goal="在本月底圈住封死扑灭疫情", goal_at=MORNING + 16 * 24 * HOUR,
            basis_text="在本月底圈住封死扑灭疫情", requirement="F1", source=Source.DEMO,
        )  # fmt: skip
    towns, villages = _units(directive, 9), _units(directive, 12)
    for number, handing in enumerate(towns[:-1]):
        with clock.frozen(MORNING - 39 * HOUR + number * timedelta(minutes=9)):
            by = staff[f"township-{handing.area_id}"]
            services.deploy(handing=handing, by=by, deployment="召开镇村两级会议，包村干部分片负责。")
    for number, handing in enumerate(villages[: ANSWERED + RECEIVED]):
        with clock.frozen(MORNING - 38 * HOUR + number * timedelta(minutes=5)):
            services.receive(handing=handing, by=secretaries[handing.area_id], leader="村党支部书记")
    for number, handing in enumerate(villages[:ANSWERED]):
        with clock.frozen(MORNING - 20 * HOUR + number * timedelta(minutes=6)):
            services.answer(
                handing=handing, by=secretaries[handing.area_id], answer=f"已排查{80 + number}户，无来返人员。"
            )
    _looked_at(villages, staff)
    with clock.frozen(MORNING - 4 * HOUR + timedelta(minutes=1)):
        command.escalate_overdue(clock.now())


def _looked_at(villages: list[Handing], staff: Staff) -> None:
    """The township has looked at some answers and sent one back."""
    with clock.frozen(MORNING - 16 * HOUR):
        for handing in villages[:8]:
            services.check(handing=handing, by=staff[f"township-{handing.area_id[:9]}"])
        back = villages[8]
        services.send_back(handing=back, by=staff[f"township-{back.area_id[:9]}"], reason="台账缺第3网格，请补全。")


def _this_morning(areas: dict[str, Area], meeting: Meeting, duty: Officer, city: Officer) -> None:
    """One from the prefecture to the county, one of the county just handed down, one resolved only."""
    county = areas[COUNTY]
    with clock.frozen(MORNING - 2 * HOUR):
        services.issue(
            by=city, area=areas[PREFECTURE], title="报送隔离房间储备情况", to=[county], depth="NEXT",
            text="请核实集中隔离点可启用房间数，今日18时前反馈。", due_at=MORNING + 10 * HOUR, source=Source.DEMO,
        )  # fmt: skip
        made = services.issue(
            by=duty, area=county, title="药店“四类药品”实名登记检查", due_at=MORNING + 8 * HOUR, needs_evidence=True,
            text="各村（社区）今日内对辖区药店、诊所逐一检查，附照片。", source=Source.DEMO,
        )  # fmt: skip
        services.resolve(
            by=duty, area=county, meeting=meeting, title="开展一次应急处置演练", source=Source.DEMO,
            text="每月组织一次全流程应急演练，查找问题并整改。",
        )  # fmt: skip
    with clock.frozen(MORNING - HOUR):
        services.correct(
            directive=made,
            by=duty,
            reason="补充村卫生室",
            text="各村（社区）今日内对辖区药店、诊所、村卫生室逐一检查，附照片。",
        )


def _reports(staff: Staff) -> None:
    """Some townships and a working group have reported up; the county has noted one of them."""
    towns = list(
        Area.objects.filter(parent_id=COUNTY, kind=Area.Kind.TOWNSHIP).select_related("parent").order_by("code")
    )
    with clock.frozen(MORNING - HOUR / 2):
        sent = [
            services.report_up(by=staff[f"township-{town.code}"], area=town, source=Source.DEMO,
                               remarks="各村排查进度正常，未反馈村已电话督促。")
            for town in towns[:4]
        ]  # fmt: skip
        for group in group_selectors.led_by(staff["investigator1"])[:1]:
            services.report_up(by=staff["investigator1"], area=group.area, group=group, source=Source.DEMO,
                               remarks="流调溯源值班力量已到位。")  # fmt: skip
        services.note(report=selectors.report(sent[0].pk), by=staff["duty-officer1"])


def _units(directive: Directive, length: int) -> list[Handing]:
    rows = selectors.of_directive(directive).select_related("directive", "area", "from_area").order_by("area_id")
    return [row for row in rows if len(row.area_id) == length]
