"""Lists: search by prefix or full number, filters, order, bounded counts."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import records
from fangxian.core.areas import Area
from fangxian.registers import Column, exports, listing, site
from fangxian.registers.listing import Page, Query
from fangxian.systems.people import services
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine.models import DailyCheck, Stay
from fangxian.systems.screening.models import Place
from tests.registers.samples import resident_number

NUMBER = resident_number(123)


@pytest.fixture
def people(county, everywhere):
    area = Area.objects.get(code="410883001212")
    other = Area.objects.get(code="410883002201")
    return [
        services.add_person(by=None, area=area, name="张伟", id_number=NUMBER, phone="13800001234"),
        services.add_person(by=None, area=area, name="张卫东", id_type="NONE", sex="FEMALE"),
        services.add_person(by=None, area=other, name="李娜", id_type="NONE", birth_date=date(1990, 1, 1)),
    ]


def names(**query) -> list[str]:
    return sorted(person.name for person in listing.page(site.get("people.person"), Query(**query)).rows)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({}, ["张伟", "张卫东", "李娜"]),
        ({"search": "张"}, ["张伟", "张卫东"]),
        ({"search": "张卫"}, ["张卫东"]),
        ({"search": "ZW"}, ["张伟", "张卫东"]),
        ({"search": NUMBER}, ["张伟"]),
        ({"search": "13800001234"}, ["张伟"]),
        ({"search": "13800009999"}, []),
        ({"search": "没有"}, []),
        ({"area": "410883002"}, ["李娜"]),
        ({"filters": {"sex": "FEMALE"}}, ["张卫东"]),
    ],
)
def test_what_is_found(people, query, found):
    assert names(**query) == sorted(found)


def test_a_row_of_two_areas_is_listed_under_the_one_that_answers_for_it(people):
    stays = site.get("quarantine.stay")
    made = records.create(
        Stay, by=None, action="x", area=people[0].area, present_area=people[2].area, person=people[0], place="CENTRAL",
        starts_on="2022-03-15", ends_on="2022-03-28",
    )  # fmt: skip
    assert listing.page(stays, Query(area="410883001")).rows == [made]
    assert listing.page(stays, Query(area="410883002")).rows == []


def test_a_wrong_filter_or_order_is_refused(people):
    with pytest.raises(ValidationError):
        names(filters={"sex": "MARTIAN"})
    for order in ("nothing", "id_number"):
        with pytest.raises(ValidationError):
            names(order=order)


def test_a_column_that_may_be_sorted_sorts_both_ways(people, monkeypatch):
    register = site.get("people.person")
    monkeypatch.setitem(register.__dict__, "shown", [Column("name", sort="name")])
    rows = {order: [p.name for p in listing.page(register, Query(order=order)).rows] for order in ("name", "-name")}
    assert rows["name"] == rows["-name"][::-1] == sorted(rows["name"])


def test_counts_stop_at_the_limit_and_pages_turn(people, monkeypatch):
    monkeypatch.setattr(listing, "COUNT_LIMIT", 2)
    monkeypatch.setattr(listing, "PAGE_SIZE", 1)
    register = site.get("people.person")
    first, last = listing.page(register, Query()), listing.page(register, Query(page=99))
    assert (first.count, first.more, first.pages, first.previous, first.next) == (2, True, 2, None, 2)
    assert (last.number, last.previous, last.next) == (2, 1, None)
    assert Page([], 1, 0, False).pages == 1


def test_every_kind_of_filter(people):
    worn = records.create(
        Place, by=None, action="x", area=people[0].area, name="饭店", code="P1", kind="RESTAURANT", is_hub=True
    )
    places = site.get("screening.place")
    assert listing.page(places, Query(filters={"is_hub": "true"})).rows == [worn]
    assert listing.page(places, Query(filters={"kind": "MALL"})).rows == []
    from fangxian.registers.filters import _filter

    kinds = {type(_filter(model._meta.get_field(name))).__name__ for model, name in [
        (Person, "birth_date"), (Person, "household"), (Person, "name"), (Place, "is_hub"), (DailyCheck, "slot"),
    ]}  # fmt: skip
    assert kinds == {"DateFromToRangeFilter", "UUIDFilter", "CharFilter", "BooleanFilter", "ChoiceFilter"}


def test_exports_stream_by_key(people, monkeypatch):
    monkeypatch.setattr(exports, "CHUNK", 2)
    register = site.get("people.person")
    assert len(list(exports.rows(register, Query()))) == 3
    assert exports.xlsx(register, Query(), by=None).startswith(b"PK")
    assert exports.fields(site.get("quarantine.stay"))[:2] == ["person", "place"]
