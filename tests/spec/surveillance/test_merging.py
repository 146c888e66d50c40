"""Which excess stays, and what goes onto one card. Areas: county c, townships c1 and c2, villages c11, c12, c21."""

from datetime import date

import pytest

from fangxian.engines.surveillance import Excess, filed, lowest, merged

PARENTS = {"c1": "c", "c2": "c", "c11": "c1", "c12": "c1", "c21": "c2"}


def excess(area: str, cases: float = 10, expected: float = 2, bound: float = 6, day: int = 10, **more) -> Excess:
    named = {"disease": "flu", "first": date(2026, 3, day), "last": date(2026, 3, day + 2), "p": 0.001, **more}
    return Excess(area=area, cases=cases, expected=expected, bound=bound, **named)


def areas(found) -> list[str]:
    return [one.area for one in found]


def test_the_village_explains_township_and_county():
    found = lowest([excess("c", 30, 20, 27), excess("c1", 16, 6, 11), excess("c11")], PARENTS)
    assert areas(found) == ["c11"]


def test_the_county_stays_when_it_is_too_many_without_the_village():
    assert areas(lowest([excess("c", 60, 20, 27), excess("c11")], PARENTS)) == ["c", "c11"]


def test_two_villages_explain_a_county_together():
    assert areas(lowest([excess("c", 40, 20, 27), excess("c11"), excess("c21")], PARENTS)) == ["c11", "c21"]


def test_a_village_inside_an_alarming_township_is_not_counted_twice():
    given = [excess("c", 46, 20, 27), excess("c1", 16, 6, 11), excess("c11")]
    assert areas(lowest(given, PARENTS)) == ["c", "c11"]


def test_other_days_other_diseases_and_rules_explain_nothing_away():
    given = [excess("c", 30, 20, 27), excess("c11", day=20)]
    assert areas(lowest(given, PARENTS)) == ["c", "c11"]
    assert areas(lowest([excess("c", 30, 20, 27), excess("c11", disease="mumps")], PARENTS)) == ["c", "c11"]
    assert areas(lowest([excess("c", 30, 20, 27, rule="five in a school"), excess("c11")], PARENTS)) == ["c", "c11"]


@pytest.mark.parametrize(
    ("given", "cards"),
    [
        ([excess("c11"), excess("c11", day=13)], [["c11"]]),
        ([excess("c11"), excess("c11", day=25)], [["c11"], ["c11"]]),
        ([excess("c11"), excess("c21")], [["c11"], ["c21"]]),
        ([excess("c11"), excess("c12")], [["c11", "c12"]]),
        ([excess("c11"), excess("c12"), excess("c21", disease="mumps")], [["c11", "c12"], ["c21"]]),
        ([excess("c1"), excess("c11")], [["c1", "c11"]]),
        ([excess("c11"), excess("c1"), excess("c12")], [["c1", "c11", "c12"]]),
        ([excess("c11", day=1), excess("c11", day=9), excess("c11", day=17)], [["c11"]]),
    ],
)
def test_what_belongs_on_one_card(given, cards):
    found = merged(given, near=lambda one, other: {one, other} == {"c11", "c12"}, parents=PARENTS)
    assert [list(card.areas) for card in found] == cards


def test_a_card_says_from_when_to_when_and_leads_with_its_strongest():
    weak, strong = excess("c11", p=0.01, day=9), excess("c11", p=1e-6, day=12)
    (card,) = merged([weak, strong])
    assert (card.first, card.last, card.strongest) == (date(2026, 3, 9), date(2026, 3, 14), strong)


def test_a_rule_leads_and_its_card_comes_first():
    ruled, strong = excess("c11", p=1.0, rule="one case of plague"), excess("c21", p=1e-9)
    assert [card.strongest for card in merged([strong, ruled])] == [ruled, strong]


KIN = {"flu": "respiratory", "mumps": "respiratory"}


def test_a_disease_and_its_syndrome_share_a_card_in_one_area_only():
    given = [excess("c11", p=0.01), excess("c11", disease="respiratory"), excess("c12", disease="respiratory")]
    cards = merged(given, parents=PARENTS, kin=KIN)
    assert [[(one.area, one.disease) for one in card.excesses] for card in cards] == [
        [("c11", "flu"), ("c11", "respiratory")], [("c12", "respiratory")],
    ]  # fmt: skip
    assert cards[0].disease == "respiratory"  # the least likely leads
    assert len(merged(given[:2], parents=PARENTS)) == 2


@pytest.mark.parametrize(
    ("today", "under_way", "new", "joins"),
    [
        ([excess("c11")], [], ["c11"], []),
        ([excess("c11", day=16)], [excess("c11")], [], [("c11", "c11")]),
        ([excess("c11", day=16)], [excess("c")], [], [("c11", "c")]),
        ([excess("c", day=16)], [excess("c11"), excess("c21", p=0.0001)], [], [("c", "c21")]),
        ([excess("c11", day=16)], [excess("c"), excess("c11")], [], [("c11", "c11")]),
        ([excess("c11"), excess("c21")], [excess("c21", disease="mumps")], ["c11", "c21"], []),
        ([excess("c11"), excess("c11", disease="respiratory")], [excess("c11")], [], [("c11", "c11"), ("c11", "c11")]),
        ([excess("c11", day=29)], [excess("c11")], ["c11"], []),
        ([excess("c"), excess("c21")], [excess("c11")], ["c21"], [("c", "c11")]),
    ],
    ids=[
        "nothing there",
        "the same",
        "county around",
        "nearest",
        "own first",
        "other disease",
        "syndrome",
        "long ago",
        "not by way of the county",
    ],
)
def test_where_an_excess_of_today_belongs(today, under_way, new, joins):
    found = filed(today, under_way, parents=PARENTS, kin=KIN)
    assert sorted(area for card in found.new for area in card.areas) == new
    assert [(one.area, card.area) for one, card in found.joins] == joins
    assert sum(len(card.excesses) for card in found.new) + len(found.joins) == len(today)
