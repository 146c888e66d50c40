"""The command of the county: working groups, an alert that is over, and the modes of the demo day."""

from datetime import timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.modes import Mode, OperatingMode
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.cases import selectors as cases
from fangxian.systems.command import groups, modes
from fangxian.systems.command.models import GroupMember
from fangxian.workflows import mode_switch

Position = GroupMember.Position
GROUPS = (
    ("流调溯源组", "INVESTIGATION", "个案流调、密接判定、溯源分析",
     ("investigator1", "investigator2", "investigator3", "sampler1")),
    ("交通管控组", "TRAFFIC", "孟吉交界处等防疫卡点，过往车辆排查和人员检测登记",
     ("checkpoint-guard1", "checkpoint-guard2", "checkpoint-guard3")),
    ("隔离管控组", "ISOLATION", "集中隔离点启用、管理和解除",
     ("isolation-manager1", "isolation-manager2", "nurse1", "nurse2")),
    ("督导检查组", "SUPERVISION", "一线措施落实情况督导，问题整改复查", ("inspector1", "inspector2")),
)  # fmt: skip
"""Name, kind, what it answers for; the leader, the deputy, the members."""


def load_modes(staff: Staff) -> None:
    """Before the day: the groups, and an alert over the festival that was lifted again."""
    with clock.frozen(MORNING - timedelta(days=45)):
        _declared_once(staff, Mode.ALERT, "春节返乡人员增多，外防输入压力加大", "孟疫防指〔2022〕3号")
        made = {name: _form(staff, name, kind, answers, people) for name, kind, answers, people in GROUPS}
    with clock.frozen(MORNING - timedelta(days=30)):
        _declared_once(staff, Mode.NORMAL, "返乡高峰已过，连续14天无疫情", "孟疫防指〔2022〕7号")
    with clock.frozen(MORNING - timedelta(hours=14)):
        groups.hand_to_group(
            by=staff["duty-officer1"], group=made["交通管控组"], title="核查孟吉交界处卡点夜间值守",
            instructions="逐点查看人员到岗、台账登记和测温设备", due_at=MORNING + timedelta(hours=10),
            source=Source.DEMO,
        )  # fmt: skip


def declare_modes(staff: Staff) -> None:
    """After the morning: the township of the latest case goes to emergency, agreed to by a second officer; the county
    follows with an alert in the evening."""
    latest = cases.cases_in(COUNTY).first()
    if latest is not None:
        town = Area.objects.get(code=latest.area_id[:9])
        said = _declare(staff, town.code, Mode.EMERGENCY, "发现本土阳性病例，启动应急响应", "孟疫防指〔2022〕12号")
        agreed = modes.confirm(declaration=said, by=staff["duty-officer2"])
        mode_switch.switch(declaration=agreed, by=agreed.decided_by)
    evening = clock.now().replace(minute=0, second=0, microsecond=0) + timedelta(hours=10)
    _declare(staff, COUNTY, Mode.ALERT, "全市进入灵敏反应状态", "孟疫防指〔2022〕13号", from_at=evening)


def _declared_once(staff: Staff, mode: Mode, reason: str, basis: str) -> None:
    """A mode of the county that is long over: who had to has acknowledged it, and nothing follows any more."""
    modes.followed(declaration=_declare(staff, COUNTY, mode, reason, basis), by=staff["duty-officer1"])


def _declare(staff: Staff, code: str, mode: Mode, reason: str, basis: str, **values) -> OperatingMode:
    return modes.declare(
        by=staff["duty-officer1"], area=Area.objects.get(code=code), mode=mode, reason=reason, basis=basis,
        source=Source.DEMO, **values,
    )  # fmt: skip


def _form(staff: Staff, name: str, kind: str, answers_for: str, people: tuple[str, ...]):
    """A group with its leader, deputy and members."""
    by = staff["duty-officer1"]
    group = groups.form_group(
        by=by, area=Area.objects.get(code=COUNTY), name=name, kind=kind, answers_for=answers_for, source=Source.DEMO
    )
    positions = (Position.LEADER, Position.DEPUTY, *[Position.MEMBER] * len(people))
    for username, position in zip(people, positions, strict=False):
        groups.add_member(by=by, group=group, officer=staff[username], position=position, source=Source.DEMO)
    return group
