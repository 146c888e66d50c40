"""Supervision of the demo county: trips along key places, what was found there, and every state a finding can be in.

Findings are raised on two trips and by a self-check; townships mend some with photos, inspectors agree or open them
anew; a market repeats what it was told a month before; one finding nobody mends climbs the ladder to accountability,
which is decided, appealed and waits to be heard. Four parties are named for most key places and lack at some.
"""

from datetime import timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.records import Record, Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.command import services as command
from fangxian.systems.inspection import rules
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Accountability, Finding, Sheet, Trip
from fangxian.systems.inspection.services import Answer, Stop
from fangxian.systems.quarantine.models import Site
from fangxian.systems.screening.models import Place
from fangxian.workflows import rectification

BASIS = "《疫情防控专项督导检查清单》"
PHOTO = b"\x89PNG\r\n\x1a\n" + b"demo "
FOUND = (
    ("PHARMACY", "购买退热药品未做实名登记", "MAJOR", "DRUG_SALES", "TRUSTING_LUCK", ("mended", "agreed")),
    ("PHARMACY", "测温记录不全", "MINOR", "CODES", "SLACK", ("mended",)),
    ("MARKET", "冷链摊位进口食品无追溯码", "CRITICAL", "GOODS", "TRUSTING_LUCK", ("mended", "refused")),
    ("MARKET", "入口无人查验场所码", "MAJOR", "CODES", "COMPLACENT", ()),
    ("RESTAURANT", "餐具消毒记录缺失", "MINOR", "DISINFECTION", "WEARY", ("impossible",)),
    ("SHOP", "场所码张贴位置不显眼", "MINOR", "CODES", "SLACK", ("mended", "agreed")),
    ("SCHOOL", "重复登记的同一问题", "MINOR", "REGISTRATION", "", ("withdrawn",)),
)
"""Kind of place, what was found, how grave, about what, the state of mind behind it, and what happened since."""

PARTIES = ("驻街道县级领导", "市场监管局", "法定代表人单位", "店长")
NAMED_EVERY, LACKING_EVERY = 2, 5
"""Four parties are named for every second key place; every fifth of them lacks one."""


def load_inspections(staff: Staff) -> None:
    """Live through it with the real verbs, on a clock that moves."""
    _name_parties(staff)
    _hold_to_account(staff, _a_month_before(staff))
    with clock.frozen(MORNING - timedelta(days=2)):
        found = [_raise(staff, place, *facts[1:5]) for place, facts in _chosen()]
        site = Site.objects.select_related("area").order_by("pk").first()
        if site is not None:
            found.append(
                _raise(staff, site, "清洁区与半污染区之间无缓冲间", "CRITICAL", "ZONES", "", role="isolation_manager")
            )
    with clock.frozen(MORNING - timedelta(days=1)):
        for finding, (_place, facts) in zip(found, _chosen(), strict=False):
            for act in facts[5]:
                _ACTS[act](staff, finding)
        _walk(staff)
        rectification.climb_due()


def _chosen() -> list[tuple[Place, tuple]]:
    """A place of each kind; a small county lacks some."""
    made = []
    for number, facts in enumerate(FOUND):
        places = list(Place.objects.filter(kind=facts[0]).select_related("area").order_by("pk")[: number + 1])
        made += [(places[-1], facts)] if places else []
    return made


def _raise(staff: Staff, about: Record, what: str, severity: str, topic: str, attitude: str, **values) -> Finding:
    return inspection.raise_finding(
        by=staff["inspector1"], area=about.area, where=str(about), subject=about, what=what, severity=severity,
        topic=topic, attitude=attitude, basis=BASIS, source=Source.DEMO, **values,
    )  # fmt: skip


def _a_month_before(staff: Staff) -> Finding | None:
    """A finding at the market that comes back on the day of the trip, and one nobody mends."""
    market = Place.objects.filter(kind="MARKET").select_related("area").order_by("pk").first()
    if market is None:
        return None
    with clock.frozen(MORNING - timedelta(days=30)):
        again = next((place for place, facts in _chosen() if facts[0] == "MARKET" and facts[3] == "CODES"), market)
        first = _raise(staff, again, "入口扫码无人值守", "MINOR", "CODES", "COMPLACENT")
        _mend(staff, first)
        _agree(staff, first)
    with clock.frozen(MORNING - timedelta(days=16)):
        return _raise(staff, market, "进口冷冻食品货主不提供核酸检测证明", "CRITICAL", "GOODS", "TRUSTING_LUCK")


def _township(staff: Staff, finding: Finding):
    return staff[f"township-{finding.area_id[:9]}"]


def _mend(staff: Staff, finding: Finding) -> None:
    photo = ("整改后.png", PHOTO + finding.pk.bytes)
    done = inspection.mend(finding=finding, by=_township(staff, finding), evidence="已整改，台账已补齐", files=(photo,))
    finding.task = done.task


def _agree(staff: Staff, finding: Finding) -> None:
    inspection.agree(finding=finding, by=staff["inspector2"])


def _refuse(staff: Staff, finding: Finding) -> None:
    command.send_back(task=finding.task, by=staff["inspector2"], reason="现场复查仍有两个摊位未贴追溯码")


def _cannot(staff: Staff, finding: Finding) -> None:
    command.cannot(task=finding.task, by=_township(staff, finding), reason="店铺停业装修，负责人在外地")


def _withdraw(staff: Staff, finding: Finding) -> None:
    asked = inspection.ask_withdrawal(finding=finding, by=staff["inspector1"], reason="与前一条为同一问题，重复登记")
    inspection.agree_withdrawal(finding=asked, by=staff["inspector2"])


_ACTS = {"mended": _mend, "agreed": _agree, "refused": _refuse, "impossible": _cannot, "withdrawn": _withdraw}


def _walk(staff: Staff) -> None:
    """A trip of yesterday that is over, one of today to come, and a self-check of a township."""
    county, inspector = Area.objects.get(code=COUNTY), staff["inspector1"]
    trip = rectification.plan_route(
        by=inspector, area=county, name="第三查访组“四不两直”督查", leader=inspector, on=clock.today(),
        kinds=("screening.place:MARKET", "screening.place:SCHOOL", "screening.place:PHARMACY"), most=4,
        team="王建国、李红梅、疾控中心刘洋",
    )  # fmt: skip
    for number, sheet in enumerate(Sheet.objects.filter(trip=trip).select_related("area").order_by("number")):
        if number == 3:
            inspection.leave_out(sheet=sheet, by=inspector, reason="闭店，已电话核实")
        else:
            rectification.visit(sheet=sheet, by=inspector, answers=_answers(sheet, number))
    inspection.end_trip(
        trip=Trip.objects.get(pk=trip.pk), by=inspector, conclusion="总体落实较好，冷链和扫码登记仍有漏洞。"
    )
    rectification.plan_route(
        by=inspector, area=county, name="隔离点与重点场所夜查", leader=inspector, on=MORNING.date(), most=5,
        kinds=("quarantine.site", "screening.place:HOTEL", "screening.place:COLD_STORE", "screening.place:MALL"),
        team="王建国、李红梅",
    )  # fmt: skip
    _check_itself(staff, county)


def _answers(sheet: Sheet, number: int) -> dict[str, Answer]:
    asked = rules.checklist(rules.pack_of(sheet.area_id), sheet.checklist).items
    seen = Answer("NO", "现场抽查，登记缺三天", (("现场.png", PHOTO + sheet.pk.bytes),))
    return {item.key: seen if number and place == number else Answer("YES") for place, item in enumerate(asked)}


def _check_itself(staff: Staff, county: Area) -> None:
    town = Area.objects.filter(parent=county).order_by("code").first()
    if town is not None:
        answers = {"minds": Answer("NO", "夜间值班有人脱岗"), "measures": Answer("YES"), "duty": Answer("YES")}
        stop = Stop(town, town.name, "three_questions")
        inspection.check_oneself(by=staff[f"township-{town.code}"], stop=stop, answers=answers, source=Source.DEMO)


def _hold_to_account(staff: Staff, finding: Finding | None) -> None:
    """The clock proposes it, the first duty officer decides, the township appeals, somebody else will hear it."""
    if finding is None:
        return
    with clock.frozen(MORNING - timedelta(days=9)):
        inspection.climb(finding=finding)
        account = Accountability.objects.filter(finding=finding).first()
        inspection.decide(account=account, by=staff["duty-officer1"], measure="CRITICISM",
                          decision="全县通报批评，责令停业整顿冷链摊区三日。")  # fmt: skip
    with clock.frozen(MORNING - timedelta(days=3)):
        inspection.appeal(
            account=account, by=_township(staff, finding), appeal="货主已注销，市场已于当日封存全部货物，请求减轻。"
        )


def _name_parties(staff: Staff) -> None:
    """Four parties for every second key place of a handful of kinds."""
    places = Place.objects.filter(kind__in=["MARKET", "SCHOOL", "PHARMACY", "MALL", "COLD_STORE"]).select_related(
        "area"
    )
    rows: list[Record] = [*places.order_by("pk")[:40], *Site.objects.select_related("area").order_by("pk")[:4]]
    with clock.frozen(MORNING - timedelta(days=40)):
        for number, place in enumerate(rows[::NAMED_EVERY]):
            locality, department, _unit, keeper = PARTIES
            lacks = number % LACKING_EVERY == LACKING_EVERY - 1
            inspection.name_parties(
                by=None, area=place.area, where=str(place), about=(place._meta.label_lower, place.pk),
                locality=f"{place.area.name}{locality}", department="" if lacks else department, unit=str(place),
                individual=getattr(place, "keeper", "") or keeper, phone="13800138000", source=Source.DEMO,
            )  # fmt: skip
