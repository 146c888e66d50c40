"""In which places cases count: by kind on record, by name, by how they were told; and what a county may add."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from fangxian.core.areas import Area
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.settings import settings_of
from fangxian.workflows import early_warning
from fangxian.workflows.warning.by_rule import by_rule
from tests.unit.surveillance.cases import at, draw, place, told
from tests.unit.surveillance.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]

# kind on record, name, told as → settings besides those that follow from them
KINDS = [
    ("SCHOOL", "第一小学", "VISIT", "school collective campus"),
    ("", "第一小学", "WORK", "school collective campus"),
    ("", "河南大学附属医院", "WORK", "medical collective campus"),
    ("", "大学家属院", "HABITATION", "compound campus"),
    ("", "学院路12号", "HABITATION", ""),
    ("", "School road 12", "HABITATION", ""),
    ("", "Riverside Primary School", "WORK", "school collective campus"),
    ("", "华美商行", "WORK", "collective campus"),
    ("RESTAURANT", "学院小吃", "FOOD", ""),
    ("RESTAURANT", "学院小吃", "WORK", "collective campus"),
    ("HOSPITAL", "大学门诊", "CARE", "medical collective campus"),
    ("WORKPLACE", "夕阳红养老院", "VISIT", "care factory collective campus"),
    ("OTHER", "二号工地", "WORK", "construction collective campus"),
    ("", "东城隔离点", "WORK", "isolation collective campus"),
    ("OTHER", "河边", "VISIT", ""),
]


@pytest.mark.parametrize(("kind", "name", "how", "settings"), KINDS)
def test_what_a_place_is(kind, name, how, settings):
    assert settings_of("410883", DAY).of(kind, name, how) == set(settings.split())


PARTS = [
    ("第一小学三（2）班", "第一小学"),
    ("第一小学，大班", "第一小学"),
    ("Riverside School, class 2", "Riverside School"),
    ("Class 2, Riverside School", "Class 2, Riverside School"),
    ("第一小学", None),
    ("晚班", None),
]


@pytest.mark.parametrize(("name", "whole"), PARTS)
def test_a_class_and_its_school(name, whole):
    assert settings_of("410883", DAY).part(name) == (("class", whole) if whole else None)


def cards(disease: str = "") -> set[tuple[str, str, str, float]]:
    found = by_rule("410883", DAY)
    return {(one.rule, one.area.code, one.where, one.observed) for one in found if disease in ("", one.disease)}


def test_a_class_counts_in_its_school_however_it_was_told():
    school = place("第一小学")
    told(draw("hfmd", [DAY], area="410883001"), "第一小学三(2)班")
    assert cards() == set()
    told(draw("hfmd", [DAY], area="410883002"), "三（2）班", place=school)
    told(draw("hfmd", [DAY], area="410882001"), "第一小学三（2）班")  # another county's own
    assert cards() == {("cluster.class", "410883002", "第一小学三(2)班", 2)}
    draw("hfmd", [DAY] * 3, area="410883001", workplace="第一小学")
    assert cards() == {
        ("cluster.class", "410883002", "第一小学三(2)班", 2), ("cluster.school", "410883002", "第一小学", 5),
    }  # fmt: skip


def test_a_name_nobody_has_on_record_is_a_place_of_the_county():
    draw("measles", [DAY], area="410883001", workplace="红星制衣厂")
    told(draw("measles", [DAY], area="410883002"), " 红星制衣厂 ")
    assert {one for one in cards() if one[2]} == set()
    draw("measles", [DAY] * 8, area="410883002201", workplace="红星制衣厂")
    assert {one for one in cards() if one[2]} == {("emergency.collective", "410883", "红星制衣厂", 10)}
    place("红星制衣厂", "WORKPLACE")
    assert {one for one in cards() if one[2]} == {("emergency.collective", "410883002", "红星制衣厂", 10)}
    place("红星制衣厂", "WORKPLACE", area="410883001")  # two of one name: nobody knows which
    assert {one[1] for one in cards() if one[2]} == {"410883"}


def test_a_case_in_two_places_counts_in_both():
    both = draw("measles", [DAY])
    told(both, place=place("第一小学"))
    told(both, place=place("第二小学"))
    told(draw("measles", [DAY]), place=place("第三小学"))
    assert cards() == set()
    told(draw("measles", [DAY], workplace="第一小学"), "第二小学", kind="VISIT")  # a visit to a name is no place
    told(draw("measles", [DAY]), "第二小学")
    assert {one[2] for one in cards()} == {"第一小学", "第二小学"}


def test_the_gravest_rule_of_a_place_makes_the_card():
    at("school", draw("influenza", [DAY] * 10))
    assert cards("influenza") == {("cluster.school", "410883", "第一小学", 10)}
    at("school", draw("influenza", [DAY] * 20))
    assert cards("influenza") == {("emergency.school", "410883", "第一小学", 30)}


def test_a_county_adds_a_rule_of_its_own_and_the_next_county_has_it_not(own):
    own({"outbreak.care": "{min_cases: 2, window_days: 60, report_hours: 1}"})
    for area in ("410883001", "410882001"):
        draw("hfmd", [DAY, DAY - timedelta(days=59)], area=area, workplace="敬老院")
    early_warning.look(as_of=DAY)
    (card,) = Signal.objects.filter(where="敬老院")
    assert (card.rule, card.area_id, card.series["rule"]["days"]) == ("outbreak.care", "410883", 60)
    assert len(card.series["days"]) == 61 and sum(card.series["counts"]) == 2
    assert card.due_at - card.raised_at == timedelta(hours=1)


def test_a_rule_in_parts_without_settings_holds_in_villages_and_collective_units(own):
    own({"outbreak.min_cases": "2", "outbreak.window_days": "3"}, disease="varicella")
    draw("varicella", [DAY] * 2)
    draw("varicella", [DAY] * 2, area="410883001", workplace="华美商行")
    assert {(rule, where) for rule, _area, where, _number in cards()} == {
        ("outbreak.village", ""), ("outbreak.collective", "华美商行"),
    }  # fmt: skip


def test_a_township_may_have_a_pack_and_a_setting_of_its_own(own):
    rows = '[{key: temple, zh: "寺庙", en: "temple", words: "寺|temple"}]'
    own({"warning.settings": rows, "cluster.temple": "{min_cases: 2, window_days: 7}"}, disease="*")
    draw("hfmd", [DAY] * 2, area="410883001", workplace="白马寺")
    (found,) = by_rule("410883", DAY)
    assert found.rule == "cluster.temple" and found.series["rule"]["en"] == "temple"
    own({"cluster.any": "{min_cases: 2, window_days: 7}"}, area="410883001")
    draw("hfmd", [DAY] * 2, area="410883002")
    assert {(one.rule, one.area.code, one.series["rule"]["zh"]) for one in by_rule("", DAY)} == {
        ("cluster.any", "410883001", "乡镇（街道）")
    }


@pytest.mark.parametrize(("hours", "expected"), [(1, 1), (2, 2), (24, 2)])
def test_the_clock_is_the_earlier_of_the_rules_and_the_packs(own, hours, expected):
    own({"emergency.village": f"{{min_cases: 2, window_days: 7, report_hours: {hours}}}"})
    draw("hfmd", [DAY] * 2)
    early_warning.look(as_of=DAY)
    card = Signal.objects.get(rule="emergency.village")
    assert card.due_at - card.raised_at == timedelta(hours=expected)


def test_a_zone_with_a_code_of_its_own_answers_for_its_cases():
    Area.objects.create(code="ZONE-INDUSTRY-1", name="产业集聚区", kind="zone")
    draw("cholera", [DAY], area="ZONE-INDUSTRY-1")
    (found,) = by_rule("", DAY)
    assert (found.rule, found.area.code) == ("emergency.any", "ZONE-INDUSTRY-1")


def test_no_query_a_case_or_a_place():
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            by_rule("410883", DAY)
        return len(queries)

    at("class", draw("hfmd", [DAY] * 2, workplace="第一中学"))
    few = asked()
    for number in range(12):
        cases = draw("hfmd", [DAY] * 5, workplace=f"第{number}幼儿园")
        told(cases, place=place(f"第{number}中学"))
        told(draw("norovirus", [DAY] * 3, area="410883002201"), f"第{number}工厂")
    assert asked() == few <= 8 and len(by_rule("410883", DAY)) > 20
