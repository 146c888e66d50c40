"""Who is to do it, known by the shape of a name; and what is only an appeal: a notice of our own writing."""

from datetime import date

import pytest

from fangxian.engines.bulletins import measures, read

NOTICE = """望溪县部署登革热和手足口病防控工作
2022年7月6日,望溪县召开登革热、手足口病防控工作专题会议。副县长罗青主持会议并讲话。
罗青强调,要树牢底线思维,保持高度清醒。县疾控中心要开展蚊媒密度监测,每周上报一次。教体局、卫健委要落实托幼机构晨午检,发现手足口病聚集性病例要在2小时内报告。市场监管局要加强农贸市场环境卫生检查。各镇街要立即组织清理积水容器。城投公司负责排查建筑工地积水。要坚定必胜信心。要加强重点场所消毒。
"""


def test_bodies_are_found_by_the_shape_of_their_names():
    found = read(NOTICE, date(2022, 7, 6)).measures
    actors = {name for one in found for name in one.actors}
    assert {"县疾控中心", "教体局", "卫健委", "市场监管局", "各镇街", "城投公司"} <= actors
    hours = next(one for one in found if "2小时内" in one.text)
    assert (hours.deadline, hours.due) == ("2小时内", None)
    assert next(one for one in found if "蚊媒" in one.text).every == "week"


def test_what_is_ordered_of_a_hospital_is_no_actor():
    found = measures.found_in("会议要求,要加强乡镇卫生院、县医院发热门诊管理。", None)
    assert [one.actors for one in found if "门诊" in one.text] == [()]


@pytest.mark.parametrize(
    ("text", "appeal"),
    [
        ("要树牢底线思维,保持高度清醒", True),
        ("要坚定必胜信心", True),
        ("坚持人民至上、生命至上", True),
        ("要克服松懈心态、侥幸心理,确保万无一失", True),
        ("教体局要增强底线意识", False),
        ("要立即克服松懈心态", False),
        ("引导群众增强防护意识", False),
        ("要加强重点场所消毒", False),
        ("要树牢底线思维,开展蚊媒密度监测", False),
    ],
)
def test_appeals(text, appeal):
    assert measures.is_appeal(text) is appeal
