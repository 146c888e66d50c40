"""Areas: prefix codes, functional zones, and names that decide when two lists disagree about a code."""

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from fangxian.core import areas
from fangxian.core.areas import Area, AreaCode, UnknownArea, ZoneMember, code_range, resolve

codes = st.text(alphabet="0123456789ABCZ", min_size=1, max_size=15)


@given(codes, codes)
def test_the_range_of_a_code_holds_exactly_what_begins_with_it(outer, inner):
    low, high = code_range(outer)
    assert (low <= inner < high) == inner.startswith(outer) == areas.covers(outer, inner)


def test_the_empty_code_holds_everything():
    low, high = code_range("")
    assert low <= "410883" < high


def test_path_and_county(county):
    village = Area.objects.get(code="410883001212")
    assert [area.name for area in areas.path(village)] == ["河南省", "焦作市", "孟州市", "大定街道", "段西村"]
    assert areas.county_of(village.code) == county
    assert areas.county_of("4108") is None
    assert county.range == ("410883", "410884")


def test_an_area_is_shown_in_the_readers_language(county):
    with translation.override("en"):
        assert str(county) == "Mengzhou"
    with translation.override("zh-hans"):
        assert str(county) == "孟州市"


def test_a_functional_zone_stands_for_its_members_too(county):
    zone = Area.objects.create(code="410871", name="示范区", kind="zone", parent_id="4108")
    member = ZoneMember.objects.create(zone=zone, member_id="410882001")
    assert areas.ranges(zone) == [("410871", "410872"), ("410882001", "410882002")]
    assert areas.ranges(county) == [("410883", "410884")]
    assert "示范区" in str(member)


def test_a_code_is_believed_only_with_its_list_and_its_name(county):
    other = AreaCode.objects.create(area_id="410883002", system="mca", code="410883001", name="会昌街道办")
    assert str(other) == "mca 410883001 会昌街道办"
    assert resolve(system="nbs", code="410883001").name == "大定街道"
    assert resolve(system="mca", code="410883001").name == "会昌街道"
    # the code says one town, the name another: the name decides
    assert resolve(system="nbs", code="410883001", name="会昌街道", within="410883").code == "410883002"
    assert resolve(code="410883001").code == "410883001"
    assert resolve(name="会昌街道办", within="410883").code == "410883002"


def test_an_unknown_area_says_what_to_do(county):
    with pytest.raises(UnknownArea, match="crosswalk|对照表"):
        resolve(name="没有这个村", code="999")
    with pytest.raises(UnknownArea):
        resolve()
