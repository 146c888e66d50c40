"""What the county says to its people: tips, a notice to officers, one corrected, one still to be approved."""

from datetime import timedelta

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.publicity import library, rules, services
from fangxian.systems.publicity.models import Message
from fangxian.systems.publicity.words import Audience, MessageKind
from fangxian.workflows import travel_advice

DISEASE = "covid19"
TIPS = ("one_metre", "hands", "airing", "self_monitoring", "home_quarantine", "venues")
DUTY = "省内多地报告本土病例，请各乡镇（街道）值班员保持电话畅通，发现中高风险地区来返人员两小时内报县指挥部。"


def load_publicity(staff: Staff) -> None:
    """Write, approve and publish with the real verbs; the writer is of the CDC, two duty officers approve."""
    county = Area.objects.get(code=COUNTY)
    with clock.frozen(MORNING - timedelta(days=3)):
        tips = [_publish(_tip(key, county, staff), staff) for key in TIPS]
        notice = _publish(_notice(county, staff), staff)
        services.acknowledge(message=notice, by=staff["duty-officer2"], source=Source.DEMO)
        services.count_views({f"message:{tips[1].series}": 41, f"area:{COUNTY}": 263})
    with clock.frozen(MORNING - timedelta(hours=14)):
        longer = tips[2].text.replace("半小时", "二三十分钟")
        mended = services.correct(message=tips[2], by=staff["investigator1"], text=longer, source=Source.DEMO,
                                  change_note="开窗时间改为每次二三十分钟")  # fmt: skip
        _publish(mended, staff)
        services.take(message=tips[0], by=staff["duty-officer1"], channel="as_broadcast", source=Source.DEMO)
        _left_waiting(county, staff)
        advice = travel_advice.renew(area=county, disease=DISEASE, by=staff["investigator1"])
        services.approve(message=advice, by=staff["duty-officer1"])
        services.approve(message=advice, by=staff["duty-officer2"])


def _publish(message: Message, staff: Staff) -> Message:
    services.submit(message=message, by=staff["investigator1"])
    services.approve(message=message, by=staff["duty-officer1"])
    return services.approve(message=message, by=staff["duty-officer2"])


def _tip(key: str, county: Area, staff: Staff) -> Message:
    words = library.pack_words(rules.pack_of(COUNTY, DISEASE))
    text = library.texts()[key].filled(words, words)
    ways = {name: channel in text.channels for channel, name in Message.CHANNELS.items()}
    return services.draft(
        by=staff["investigator1"], area=county, kind=MessageKind.HABIT, disease=DISEASE, text_key=key,
        source=Source.DEMO, audience=text.audience, title=text.title, text=text.text, title_en=text.title_en,
        text_en=text.text_en, until_at=MORNING + timedelta(days=30), **ways,
    )  # fmt: skip


def _notice(county: Area, staff: Staff) -> Message:
    return services.draft(
        by=staff["investigator1"], area=county, audience=Audience.OFFICERS, title="加强值守的通知", text=DUTY,
        on_page=False, source=Source.DEMO,
    )  # fmt: skip


def _left_waiting(county: Area, staff: Staff) -> None:
    """One that waits for its second approval, and a draft."""
    waits = services.draft(
        by=staff["investigator1"], area=county, audience=Audience.SCHOOLS, title="学校晨午检提示", source=Source.DEMO,
        text="坚持晨检、午检和因病缺课登记，同班多人有相同症状的，立即报疾控中心。",
    )  # fmt: skip
    services.submit(message=waits, by=staff["investigator1"])
    services.approve(message=waits, by=staff["duty-officer1"])
    services.draft(by=staff["investigator1"], area=county, title="核酸检测便民采样点开放时间", source=Source.DEMO,
                   text="城区便民采样点每天八点到二十点开放，请带好身份证件，错峰前往。", as_sms=True)  # fmt: skip
