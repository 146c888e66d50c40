"""What a bulletin says of itself, and its measures: as tables."""

from datetime import date

import pytest

from fangxian.engines.bulletins import Mode, deadlines, heads, measures, read, requirements
from fangxian.faces.cli.checks.bulletins import samples

DAY = date(2022, 3, 9)


@pytest.mark.parametrize(
    ("words", "due", "every"),
    [
        ("每月组织一次应急演练", None, "month"),
        ("每日上报", None, "day"),
        ("在本月底圈住封死", date(2022, 3, 31), ""),
        ("本周内完成", date(2022, 3, 13), ""),
        ("年底前完成", date(2022, 12, 31), ""),
        ("立即整改", None, ""),
        ("第一时间管控", None, ""),
        ("聚集性病例要在2小时内报告", None, ""),
        ("发现异常后24小时内处置", None, ""),
        ("一旦出现聚集性病例，3日内完成评估", None, ""),
        ("48小时内反馈", date(2022, 3, 11), ""),
        ("3日内反馈", date(2022, 3, 12), ""),
        ("3月20日前完成", date(2022, 3, 20), ""),
        ("1月5日前完成", date(2022, 1, 5), ""),
        ("2月30日前完成", None, ""),
        ("“第一时间”管控", None, ""),
        ("加强宣传", None, ""),
    ],
)
def test_deadlines(words, due, every):
    found = deadlines.found_in(words, DAY)
    assert (found.due, found.every) == (due, every)
    assert deadlines.found_in(words, None).due is None


def test_how_quickly_is_kept_in_words():
    assert deadlines.found_in("问题要立即整改", DAY).words == "立即"
    assert deadlines.found_in("聚集性病例要在2小时内报告", DAY).words == "2小时内"


def test_a_day_half_a_year_back_is_of_the_next_year():
    assert deadlines.named_day(1, 5, date(2022, 12, 1)) == date(2023, 1, 5)


def test_heads_of_the_samples():
    found = [read(text, date(2022, 3, 15)).head for text in samples()]
    assert [(one.place, one.issuer, one.date.day) for one in found] == [
        ("安澜市", "安澜市委", 12), ("安澜高新区", "高新区党工委", 9), ("河湾镇", "安澜市委", 8),
        ("松溪自治县", "松溪自治县疫情防控工作领导小组", 11), ("云阳市", "云阳市委", 10),
    ]  # fmt: skip
    assert [one.speakers for one in found] == [
        ("方启明",),
        ("宋明远",),
        ("方启明",),
        ("覃海波",),
        ("梁思远", "顾清")[:1],
    ]
    assert found[0].unsure == ("date",) and found[1].unsure == ()


@pytest.mark.parametrize(
    ("text", "given", "received", "day", "place", "unsure"),
    [
        ("8月5日,召开会议。", "网络编辑 长治 2021-08-06\n", None, date(2021, 8, 5), "长治", ("title", "place")),
        ("12月30日,市委召开会议。", "时间:2022年01月02日\n", None, date(2021, 12, 30), "", ("title",)),
        ("11月20日,市委召开会议。", "2021年專題\n焦作網(wǎng)免責聲明:\n", None, date(2021, 11, 20), "焦作市",
         ("title", "date", "place")),
        ("12月20日,召开会议。", "", date(2022, 3, 1), date(2021, 12, 20), "", ("title", "date")),
        ("12月20日,召开会议。", "", None, None, "", ("title",)),
        ("2月30日,召开会议。", "2021-13-40", None, None, "", ("title",)),
        ("昨日,召开会议。", "", None, None, "", ("title",)),
    ],
)  # fmt: skip
def test_what_is_concluded_is_named(text, given, received, day, place, unsure):
    head = heads.read(text, given + text, received)
    assert (head.date, head.place, head.unsure) == (day, place, unsure)


def test_a_bare_office_gets_the_name_of_its_place():
    head = heads.read("标题一行\n云阳市召开会议。市委书记某某主持。", "")
    assert (head.issuer, head.unsure) == ("云阳市委", ("issuer",)) and head.title == "标题一行"


ARTICLE = """某县召开会议
3月9日,某县召开专题会议,传达省、市会议精神,并要求全县上下保持战时状态。县委副书记、县长李明主持会议并讲话。
李明先后深入卡点、药店,察看台账记录。他强调,要加强核酸检测,确保应检尽检;每月组织一次应急演练。各乡镇要细化到人。
李明在座谈会上指出,国内多地出现零星疫情,要落实“四方责任”,对整改不到位的,要严肃追责问责。
在冷链企业,李明查看消毒情况,强调要做好物资储备。进口冷链食品是外防输入的关口。
会议要求抓好宣传。重点对公共场所、学校,宾馆等住宿场所进行督导检查。他要求,健康第一。
强调要有序推进。
(记者某某)
"""


def test_measures_of_an_article():
    found = measures.found_in(ARTICLE, DAY, skip=6, speakers=("李明",))
    told = {one.text: one for one in found}
    assert all(ARTICLE[one.start : one.end] == one.text for one in found)
    drill = told["每月组织一次应急演练"]
    assert (drill.mode, drill.every, drill.requirements, drill.speaker) == (Mode.ORDERED, "month", ("D1",), "李明")
    assert told["要加强核酸检测,确保应检尽检"].verbs == ("加强", "确保")
    assert (told["各乡镇要细化到人"].actors, told["各乡镇要细化到人"].level) == (("各乡镇",), "person")
    assert told["全县上下保持战时状态"].mode is Mode.ORDERED and told["全县上下保持战时状态"].speaker == "会议"
    assert told["国内多地出现零星疫情"].mode is Mode.REPORTED and told["李明在座谈会上指出"].requirements == ("C2",)
    assert told["对整改不到位的,要严肃追责问责"].requirements == ("S8",)
    assert told["重点对公共场所、学校,宾馆等住宿场所进行督导检查"].mode is Mode.ORDERED
    assert any(one.mode is Mode.INSPECTED for one in found) and not any("记者" in one.text for one in found)


def test_requirements_are_told_most_words_first():
    assert requirements.of("进口冷链物流和非冷链物品检测") == ("K1", "K3")
    assert requirements.of("天气") == () and requirements.by_id()["D1"].system == "drills"


def test_a_bulletin_without_a_title():
    found = read("昨日上午,市长某某检查。他强调,要加强核酸检测。")
    assert "title" in found.head.unsure and found.text.startswith("昨日") and len(found.measures) == 1
