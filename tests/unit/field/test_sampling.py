"""The sampler's phone: what lies on it, what it sends, and what becomes of an entry that cannot be right."""

from datetime import timedelta

import pytest

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.faces.field.parts import sampling
from fangxian.systems.people.models import Person
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.models import LabAccident, Sample, SamplingPoint
from tests.unit.field.test_submissions import NOON, entry, phone, send  # noqa: F401  (the fixture)

VILLAGE = "410883001212"


@pytest.fixture(autouse=True)
def noon():
    with clock.frozen(NOON):
        yield


@pytest.fixture
def worker(officer):
    """Who signs in on the phone: a sampler of the village."""
    return officer("sampler", area=VILLAGE)


@pytest.fixture
def morning(county, worker):
    """A round of four residents under way, and its point."""
    with scope.everywhere("test"):
        area = Area.objects.get(code=VILLAGE)
        people = Person.objects.bulk_create(Person(area=area, name=f"P{n}", id_type="NONE") for n in range(4))
        point = records.create(SamplingPoint, by=None, action="test.made", area=area, name="Square", code="P1")
        ends = {"begins_at": NOON - timedelta(hours=2), "ends_at": NOON + timedelta(hours=4)}
        planned = services.plan_round(by=None, area=area, name="R", disease="covid19", **ends)
        yield services.open_round(by=None, test_round=planned), point, people


def swab(point, person, barcode="A1", size=5, **more):
    who = {"person": str(person.pk)} if isinstance(person, Person) else {"id_number": person}
    return entry("sample", point=str(point.pk), barcode=barcode, size=size, **who, **more)


def test_the_phone_carries_the_points_and_who_is_waited_for(morning, worker):
    _round, _point, people = morning
    with scope.of(worker):
        (card,) = sampling.cards(worker)["cards"]
    assert (card["name"], card["n"], card["size"], card["more"]) == ("Square", 0, 10, 0)
    assert [one["n"] for one in card["p"]] == [person.name for person in people]


def test_a_registration_of_the_phone_counts_once(morning, phone, worker):  # noqa: F811
    test_round, point, people = morning
    first = swab(point, people[0])
    assert [row["state"] for row in send(phone, worker, first, first)] == ["accepted", "known"]
    with scope.everywhere("test"):
        assert Sample.objects.get().source == "field"
        assert (coverage.figures(test_round).pending, coverage.drift(test_round)) == (1, 0)


def test_what_cannot_be_right_is_refused_and_noted_all_the_same(morning, phone, worker):  # noqa: F811
    _round, point, people = morning
    wrong = [swab(point, people[1], size=10), swab(point, "410883199001011237"), swab(point, people[2], size=7)]
    rows = send(phone, worker, swab(point, people[0]), *wrong, swab(point, people[3], barcode=" "))
    assert [(row["state"], row.get("field")) for row in rows] == [
        ("accepted", None), ("refused", "size"), ("refused", "id_number"), ("refused", "size"), ("refused", "barcode"),
    ]  # fmt: skip
    with scope.everywhere("test"):
        assert [(one.kind, one.outcome, one.source) for one in LabAccident.objects.all()] == [
            ("TUBE_OTHER_SIZE", "REFUSED", "field")
        ]
