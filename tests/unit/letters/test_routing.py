"""Whose person is it: the table of `workflows/letters/routing.py`, case by case."""

import pytest

from fangxian.core.identity.gb11643 import check_character
from fangxian.workflows.letters import regions, routing
from fangxian.workflows.letters.routing import Stated, route, split

NAMES = {"示范区": ("410871",)}


def number(region: str) -> str:
    digits = f"{region}19900307001"
    return digits + check_character(digits)


@pytest.mark.parametrize(
    ("stated", "code", "basis", "certainty"),
    [
        ({"home": "410882001201"}, "410882", "RESIDENCE", "3_HIGH"),
        ({"address": "河南省焦作市沁阳市覃怀街道"}, "410882", "ADDRESS", "3_HIGH"),
        ({"address": "安徽省合肥市肥西县上派镇"}, "340123", "ADDRESS", "3_HIGH"),
        ({"address": "肥西县上派镇"}, "340123", "ADDRESS", "2_MEDIUM"),
        ({"address": "上海市浦东新区张江路"}, "310115", "ADDRESS", "3_HIGH"),
        ({"address": "郑州市某工地"}, "4101", "ADDRESS", "2_MEDIUM"),
        ({"address": "河南省焦作市示范区文昌街道"}, "410871", "ADDRESS", "3_HIGH"),
        ({"id_number": number("410821"), "phone": "13903910001"}, "410821", "ID_REGION", "2_MEDIUM"),
        ({"id_number": number("410821"), "phone": "13800138000"}, "410821", "ID_REGION", "1_LOW"),
        ({"id_number": number("410821")}, "410821", "ID_REGION", "1_LOW"),
        ({"phone": "03913951234"}, "4108", "PHONE", "1_LOW"),
        ({"address": "货车司机，流动"}, "", "NONE", "1_LOW"),
        ({"id_number": "no number", "phone": "none"}, "", "NONE", "1_LOW"),
    ],
)
def test_the_command_that_answers(stated, code, basis, certainty):
    found = route(Stated(name="甲", **stated), NAMES)
    assert (found.code, found.basis, found.certainty) == (code, basis, certainty)


def test_a_name_that_occurs_in_many_places_places_nobody():
    assert route(Stated(name="甲", address="鼓楼区中山路"), {}).code == ""
    assert route(Stated(name="甲", address="南京市鼓楼区中山路"), {}).code == "320106"


def test_a_list_is_split_parked_and_kept():
    people = [Stated(name=str(at), address=where) for at, where in enumerate(
        ("河南省焦作市沁阳市", "河南省焦作市沁阳市", "河南省焦作市孟州市", "流动"))]  # fmt: skip
    done = split(people, own="410883", names={}, certain_enough=routing.Certainty.MEDIUM)
    assert {code: len(rows) for code, rows in done.by_code.items()} == {"410882": 2}
    assert ([one.name for one in done.ours], [one.name for one, _route in done.parked]) == (["2"], ["3"])


def test_codes_have_their_full_names_back_to_the_eighties():
    assert regions.by_code("410821").name == "河南省焦作市修武县"
    assert regions.by_code("310115").name == "上海市浦东新区"
    assert not regions.by_code("110103").current  # 崇文区, until 2010
    assert regions.by_code("410899").code == "4108"
    assert regions.by_code("000000") is None
