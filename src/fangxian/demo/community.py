"""What the county's people tell and do: reports, volunteers and their calls, gatherings of these weeks."""

from collections.abc import Callable
from datetime import datetime, timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.community import services, tickets
from fangxian.systems.community.models import Gathering, PublicReport
from fangxian.systems.people.models import Person
from fangxian.workflows import gathering as gatherings
from fangxian.workflows import public_report, volunteering

TOLD = (
    ("UNDECLARED", "隔壁家儿子前天夜里从外地开车回来，没见登记", "南街{n}号", "checking"),
    ("FEVER", "独居老人发烧两天，不肯去医院", "幸福院{n}排", "taken"),
    ("SHOP", "药店买退烧药不登记身份证", "合欢大街{n}号药店", "confirmed"),
    ("GATHERING", "棋牌室关门打麻将，十几个人不戴口罩", "老车站旁棋牌室", "checked"),
    ("PLACE", "菜市场后门没人查码，随便进", "综合市场后门", "duplicate"),
    ("PLACE", "综合市场后门一直开着，没有人查验", "综合市场后门", "new"),
    ("OTHER", "楼下垃圾三天没清运", "西苑小区{n}号楼", "passed_on"),
    ("GATHERING", "有人摆酒席", "王庄大队部", "unfounded"),
    ("FEVER", "邻居说孩子发热，在诊所输液", "北关诊所", "late"),
)
"""About what, in whose words, where, how far it has come."""

HELPERS = (
    ("GATE", "CARRY", "ANY"), ("DRIVE", "", "WEEKDAYS"), ("REGISTER", "IT", "ANY"), ("CARRY", "", "WEEKENDS"),
    ("QUEUE", "GATE", "ANY"), ("TALK", "", "EVENINGS"), ("CLEAN", "CARRY", "ANY"), ("MEDICAL", "", "ANY"),
)  # fmt: skip
"""What a volunteer can do, can also do, and when; the last two wait for their village."""

PLANNED = (
    ("WEDDING", "李家喜宴", 80, 4, "", "approved"),
    ("FUNERAL", "张家丧事", 40, 1, "", "approved"),
    ("MEETING", "镇人大会议", 160, 6, "", "waiting"),
    ("FAIR", "三月初三庙会", 3000, 20, "周边县市", "waiting"),
    ("BANQUET", "满月酒", 30, 3, "", ""),
    ("TRAINING", "消防员资格考试", 220, 9, "郑州、洛阳", "refused"),
    ("WEDDING", "赵家婚礼", 120, -1, "", "held"),
    ("BANQUET", "乔迁宴", 60, -2, "", "refused_held"),
)
"""Kind, name, persons, in how many days, guests from where, what became of it."""


def load_community(staff: Staff) -> None:
    """Enter it all with the real verbs, on the days it happened."""
    cells = list(Area.objects.filter(kind=Area.Kind.GRID_CELL, code__startswith=COUNTY).order_by("code")[:40:4])
    _gatherings(staff, cells)
    _volunteers(staff, cells)
    for number, (kind, words, place, end) in enumerate(TOLD):
        hours = 30 if end == "late" else 8 + number
        with clock.frozen(MORNING - timedelta(hours=hours)):
            told = services.report(
                area=cells[number % len(cells)].parent.parent, kind=kind, words=words, place=place.format(n=number + 3),
                ticket=tickets.new(), phone="13800138000" if number % 3 else "", source=Source.DEMO,
            )  # fmt: skip
        with clock.frozen(MORNING - timedelta(hours=6)):
            _ENDS[end](staff, told, cells[number % len(cells)])


def _township(staff: Staff, report: PublicReport):
    return staff[f"township-{report.area_id[:9]}"]


def _left(staff: Staff, report: PublicReport, cell: Area) -> None:
    """Nobody has looked at it yet."""


def _taken(staff: Staff, report: PublicReport, cell: Area) -> None:
    services.take_up(report=report, by=_township(staff, report))


def _checking(staff: Staff, report: PublicReport, cell: Area) -> PublicReport:
    return public_report.send_out(
        report=report, by=_township(staff, report), route="GRID", where=report.place.reveal(), area=cell,
        order="请上门看一看，并核对登记情况。",
    )  # fmt: skip


def _checked(staff: Staff, report: PublicReport, cell: Area) -> PublicReport:
    sent = _checking(staff, report, cell)
    task = Task.objects.get(key=f"{public_report.CHECK}{sent.pk}:{sent.checks}")
    command.finish(task=task, by=staff.worker_of[cell.code], outcome="现场属实，已拍照留存")
    sent.refresh_from_db()
    return sent


def _confirmed(staff: Staff, report: PublicReport, cell: Area) -> None:
    seen = _checked(staff, report, cell)
    public_report.conclude(
        report=seen, by=_township(staff, report), answer="情况属实，已责令整改，感谢您的监督。", where="合欢大街药店",
        is_finding=True,
    )  # fmt: skip


def _unfounded(staff: Staff, report: PublicReport, cell: Area) -> None:
    services.dismiss(report=report, by=_township(staff, report), reason="现场无人聚集",
                     answer="已到现场查看，未发现聚集，感谢您的关心。")  # fmt: skip


def _duplicate(staff: Staff, report: PublicReport, cell: Area) -> None:
    first = PublicReport.objects.filter(kind=report.kind).exclude(pk=report.pk).order_by("sent_at").first()
    if first is not None:
        services.join(report=report, by=_township(staff, report), twin=first)


def _passed_on(staff: Staff, report: PublicReport, cell: Area) -> None:
    services.pass_on(report=report, by=_township(staff, report), to="城市管理局")


_ENDS: dict[str, Callable] = {
    "new": _left, "late": _left, "taken": _taken, "checking": _checking, "checked": _checked, "confirmed": _confirmed,
    "unfounded": _unfounded, "duplicate": _duplicate, "passed_on": _passed_on,
}  # fmt: skip


def _volunteers(staff: Staff, cells: list[Area]) -> None:
    """Volunteers of the first cell's township, a call that is full, one that looks for people."""
    with clock.frozen(MORNING - timedelta(days=5)):
        people = list(
            Person.objects.filter(area__in=cells, birth_date__year__lt=1995).select_related("area")[: len(HELPERS)]
        )
        helpers = []
        for person, (skill, second, available) in zip(people, HELPERS, strict=False):
            offered = services.offer_help(
                by=None, area=person.area, name=person.name, phone="13900139000", skill=skill, second_skill=second,
                available=available, source=Source.DEMO,
            )  # fmt: skip
            if len(helpers) < len(HELPERS) - 2:
                worker = staff.worker_of[person.area_id]
                helpers.append(services.confirm_volunteer(volunteer=offered, by=worker, person=person))
    by, town = staff["duty-officer1"], cells[0].parent.parent
    with clock.frozen(MORNING - timedelta(days=3)):
        shifts = volunteering.offer(
            called=_call(town, "村口卡点夜间值守", 1, "GATE"), volunteers=helpers[:3], by=by
        ).shifts
        for shift in shifts[:2]:
            volunteering.accept(shift=shift, by=None)
        ahead = _call(town, "核酸检测点维持秩序", 4, "QUEUE")
        for shift in volunteering.offer(called=ahead, volunteers=helpers[2:5], by=by).shifts[:1]:
            volunteering.accept(shift=shift, by=None)
    with clock.frozen(MORNING - timedelta(hours=20)):
        for shift in shifts[:2]:
            services.came(shift=shift, by=by)


def _call(town: Area, what: str, days: int, skill: str):
    starts = clock.now() + timedelta(days=days)
    return services.call(
        by=None, area=town, what=what, skill=skill, place="村委会门口", starts_at=starts,
        ends_at=starts + timedelta(hours=6), needed=3, source=Source.DEMO,
    )  # fmt: skip


def _gatherings(staff: Staff, cells: list[Area]) -> None:
    """What is coming, what waits, what was refused but held."""
    for number, (kind, name, persons, days, guests, end) in enumerate(PLANNED):
        cell = cells[number % len(cells)]
        starts = MORNING + timedelta(days=days, hours=3)
        with clock.frozen(min(MORNING - timedelta(hours=10), starts - timedelta(days=4))):
            made = services.notice(
                by=None, area=cell.parent, kind=kind, name=name, place="村文化大院", starts_at=starts,
                ends_at=starts + timedelta(hours=4), expected=persons, coming_from=guests, responsible="负责人",
                phone="13700137000", measures="登记、测温、戴口罩、分桌", source=Source.DEMO,
            )  # fmt: skip
            _decide(staff, made, end)
        _held(staff, made, end, starts)
    with clock.frozen(MORNING - timedelta(days=1)):
        services.found(
            by=staff[f"township-{cells[3].code[:9]}"], area=cells[3].parent, kind="SHOW", name="村头戏班演出",
            place="村头广场", responsible="不详", came=150, seen="未报备，无人戴口罩",
            starts_at=MORNING - timedelta(days=1, hours=3), ends_at=MORNING - timedelta(days=1),
        )  # fmt: skip
    gatherings.look_again()


def _decide(staff: Staff, made: Gathering, end: str) -> None:
    by = staff["duty-officer1"]
    if made.state != Gathering.state.field.default:
        return
    if end in ("approved", "held"):
        services.approve(gathering=made, by=by, conditions="分批就餐，人数不超过报备数")
    elif end.startswith("refused"):
        services.refuse(gathering=made, by=by, reason="当前不宜聚集，建议缓办")


def _held(staff: Staff, made: Gathering, end: str, starts: datetime) -> None:
    if end in ("held", "refused_held"):
        with clock.frozen(starts + timedelta(hours=5)):
            services.look(gathering=made, by=staff["duty-officer1"], held=True, came=made.expected,
                          not_kept=["MASKS"] if end == "held" else [], seen="现场查看")  # fmt: skip
