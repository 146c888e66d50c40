"""Scope fails closed: no scope, no rows; a foreign row is not there; nothing is written outside."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import records, scope
from fangxian.core.areas import Area, ZoneMember
from fangxian.core.officers import appoint
from fangxian.core.permissions import Permission
from fangxian.core.scope import Scope, ScopeMissing
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models import Stay

HERE, THERE = "410883001212", "410882001201"


def person(code: str, name: str = "甲") -> Person:
    with scope.everywhere("test"):
        return records.create(Person, by=None, action="test.made", area=Area.objects.get(code=code), name=name)


def test_reading_without_a_scope_raises(county):
    with pytest.raises(ScopeMissing):
        Person.objects.count()


def test_only_rows_inside_are_there(county):
    mine, theirs = person(HERE), person(THERE)
    with scope.within("410883"):
        assert list(Person.objects.all()) == [mine]
        assert not Person.objects.filter(pk=theirs.pk).exists()
    with scope.everywhere("test"):
        assert Person.objects.count() == 2


def test_an_officer_sees_what_the_posts_with_that_right_reach(officer):
    both = officer("checkpoint_guard", area="410883001")
    appoint(both, role="township_officer", area=Area.objects.get(code="410882001"), by=None)
    assert scope.of_officer(both, Permission.PEOPLE_READ).ranges == (("410882001", "410882002"),)
    assert len(scope.of_officer(both).ranges) == 2
    with scope.of(both, Permission.PEOPLE_READ):
        assert [area.code for area in scope.areas_in_scope()] == ["410882001", "410882001201"]


def test_an_officer_without_posts_sees_nothing(officer):
    person(HERE)
    with scope.of(officer(None)):
        assert Person.objects.count() == 0


def test_a_zone_reaches_areas_under_another_parent(county, officer):
    zone = Area.objects.create(code="410871", name="示范区", kind="zone", parent_id="4108")
    ZoneMember.objects.create(zone=zone, member_id="410882001")
    duty = officer("duty_officer", area="410871")
    theirs = person(THERE)
    with scope.of(duty):
        assert list(Person.objects.all()) == [theirs]


def test_nothing_is_written_outside(county):
    village = Area.objects.get(code=THERE)
    with scope.within("410883"), pytest.raises(ValidationError):
        records.create(Person, by=None, action="test.made", area=village, name="乙")
    mine = person(HERE)
    with scope.within("410883"), pytest.raises(ValidationError):
        records.change(mine, by=None, action="test.moved", area=village)


def test_a_row_of_two_areas_is_visible_to_both(county):
    somebody = person(HERE)
    with scope.everywhere("test"):
        stay = records.create(
            Stay, by=None, action="test.made", area=somebody.area, present_area=Area.objects.get(code=THERE),
            person=somebody, place="CENTRAL", starts_on="2022-03-15", ends_on="2022-03-28",
        )  # fmt: skip
    for code in ("410883", "410882"):
        with scope.within(code):
            assert list(Stay.objects.all()) == [stay]
    with scope.within("410883002"):
        assert not Stay.objects.exists()


def test_everywhere_covers_everything_and_says_why():
    with scope.everywhere("because"):
        assert scope.current() == Scope(None, "because")
        assert scope.current().covers("99")


def test_areas_everywhere_are_all_areas(county):
    with scope.everywhere("test"):
        assert scope.areas_in_scope().count() == Area.objects.count()


@pytest.mark.parametrize(
    ("in_force", "area", "left"),
    [
        ("410883", "410883001", [("410883001", "410883002")]),
        ("410883001", "410883", [("410883001", "410883002")]),
        ("410883", "410882", []),
    ],
)
def test_a_scope_is_cut_down_to_an_area(in_force, area, left):
    with scope.within(in_force), scope.narrowed(area):
        assert list(scope.current().ranges) == left
    with scope.everywhere("test"), scope.narrowed("410883"):
        assert scope.current().ranges == (("410883", "410884"),)


def test_a_post_for_one_house_sees_that_house_only(officer):
    """On every way to a row: list, look-up, write; another post that reaches the area takes the wall away."""
    from fangxian.systems.pharmacies.models import Clerk, Pharmacy

    clerk = officer("pharmacy_clerk", area="410883001")
    with scope.everywhere("test"):
        town = Area.objects.get(code="410883001")
        mine, theirs = (
            records.create(Pharmacy, by=None, action="test.made", area=town, name=name) for name in ("甲", "乙")
        )
        held = records.create(Clerk, by=None, action="test.made", area=town, pharmacy=mine, officer=clerk)
    with scope.of(clerk):
        assert list(Pharmacy.objects.all()) == [mine]
        records.change(mine, by=clerk, action="test.changed", head="王")
        with pytest.raises(ValidationError, match="another house"):
            records.change(theirs, by=clerk, action="test.changed", head="王")
        with pytest.raises(ValidationError, match="another house"):
            records.create(Clerk, by=clerk, action="test.made", area=town, pharmacy=theirs, officer=clerk)
        with scope.narrowed("410883001"):
            assert list(Pharmacy.objects.all()) == [mine]
        with scope.narrowed("410883002"):
            assert not Pharmacy.objects.exists()
    appoint(clerk, role="township_officer", area=town, by=None)
    with scope.of(clerk):
        assert Pharmacy.objects.count() == 2
    with scope.everywhere("test"):
        records.change(held, by=None, action="test.ended", valid_to=held.valid_from)
    other = officer("pharmacy_clerk", area="410883002")
    with scope.of(other):
        assert not Pharmacy.objects.exists()
