"""What the county reported and concluded: the report of the evening before, a session with follow-ups, the draft of the
outbreak day, and the session it was called to."""

from datetime import timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.cases import selectors as cases
from fangxian.systems.command import services as command
from fangxian.systems.situation import reporting_selectors as selectors
from fangxian.systems.situation import reporting_services as services
from fangxian.workflows import assessment_session, daily_report
from fangxian.workflows.assessment_session import FollowUp

EVENING = MORNING - timedelta(hours=14) + timedelta(minutes=10)
"""Ten past six on the evening before the outbreak."""
QUESTIONS = ("周边地市疫情对我市输入风险如何", "退烧药销售是否有聚集性增加", "隔离房间储备能否满足24小时内启用需要")
CONCLUSION = """外防输入压力持续加大，尚未发现本地传播迹象。
对中高风险地区来返人员排查要做到不漏一户、不漏一人；隔离房间储备按两倍日均需求准备。"""
WANTED = ("核实两处备用隔离点启用条件", "对未反馈排查结果的村逐一电话督促", "对退烧药购买人员逐一回访")


def load_reporting(staff: Staff) -> None:
    """The evening before: a session that ended with three follow-ups, one of them done; the report, signed by two."""
    county = Area.objects.select_related("parent").get(code=COUNTY)
    towns = list(Area.objects.filter(parent=county, kind=Area.Kind.TOWNSHIP).order_by("code")[:2])
    duty, second = staff["duty-officer1"], staff["duty-officer2"]
    with clock.frozen(EVENING - timedelta(hours=8)):
        session = services.convene(
            by=duty, area=county, title="疫情形势研判会", chair="县指挥部指挥长", place="市应急指挥中心",
            attendees=[duty, second], guests="市疾控中心\n市公安局", source=Source.DEMO,
            matters=[{"question": one, "register": "", "id": "", "label": ""} for one in QUESTIONS],
        )  # fmt: skip
    with clock.frozen(EVENING - timedelta(hours=7)):
        wanted = [FollowUp(title, area, EVENING + timedelta(hours=12))
                  for title, area in zip(WANTED, [county, *towns], strict=True)]  # fmt: skip
        assessment_session.conclude(
            session=session, by=duty, level="MODERATE", conclusion=CONCLUSION, follow_ups=wanted,
            grounds="周边地市报告本土病例，我市有来返人员；药店监测未见异常。",
        )  # fmt: skip
    with clock.frozen(EVENING - timedelta(hours=1)):
        command.finish(task=selectors.follow_ups(session)[0], by=second, outcome="两处共86间，6小时内可启用。")
    with clock.frozen(EVENING):
        draft = daily_report.prepare(area=county, day=today(), by=duty, source=Source.DEMO)
        signed = daily_report.sign(report=draft, by=duty, digest=draft.digest)
        daily_report.agree(report=signed, by=second, digest=draft.digest)


def report_outbreak(staff: Staff) -> None:
    """The outbreak day: its report as far as the day has come, and a session called about the event."""
    county = Area.objects.select_related("parent").get(code=COUNTY)
    duty = staff["duty-officer1"]
    daily_report.prepare(area=county, day=today(), by=duty, source=Source.DEMO)
    first = cases.cases_in(COUNTY).order_by("created_at").first()
    about = {"register": "cases.case", "id": str(first.pk), "label": first.number} if first else {}
    services.convene(
        by=duty, area=county, title="突发疫情紧急研判会", chair="县指挥部指挥长", source=Source.DEMO,
        held_at=now() + timedelta(hours=1), attendees=[duty, staff["duty-officer2"]],
        matters=[{"question": "首例病例感染来源与传播范围", "register": "", "id": "", "label": "", **about}],
    )  # fmt: skip
