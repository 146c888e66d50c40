"""The door for registrations: what is read, what shares a commit, what each request hears."""

import asyncio
import json
from datetime import timedelta

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.faces.ingest.body import Body
from fangxian.faces.ingest.reading import MOST_ROWS, Reader
from fangxian.faces.ingest.registrations import Registrations, Row, Sent, Store
from fangxian.systems.people.models import Person
from fangxian.systems.testing import services
from fangxian.systems.testing.models import Sample, SamplingPoint
from fangxian.systems.testing.services import Registration
from fangxian.warehouse.visits import Device

VILLAGE = "410883001212"


@pytest.fixture
def point(county) -> SamplingPoint:
    """A point of a round under way, and three residents."""
    area = Area.objects.get(code=VILLAGE)
    Person.unscoped.bulk_create(Person(area=area, name=f"R{n}", id_type="NONE") for n in range(3))
    with scope.everywhere("test"):
        planned = services.plan_round(
            by=None, area=area, name="R", disease="covid19", begins_at=now() - timedelta(hours=1),
            ends_at=now() + timedelta(hours=5),
        )  # fmt: skip
        services.open_round(by=None, test_round=planned)
    return SamplingPoint.unscoped.create(area=area, name="Square", code="P1")


def sent(base: int, point: SamplingPoint, person: Person, tube: str, area: str = "410883") -> Sent:
    row = Registration(base, uuid7(), person.pk, tube, 5, point.pk, now(), within=area)
    return Sent(base, [row])


def test_requests_share_a_commit_and_each_hears_of_its_own(point):
    people = list(Person.unscoped.order_by("pk"))
    groups = [
        [sent(0, point, people[0], "T1")],
        [sent(MOST_ROWS, point, people[1], "T1", area="410882")],
        [sent(2 * MOST_ROWS, point, people[0], "T2")],
    ]
    first, elsewhere, twice = Store().insert(groups)
    assert (first.new, first.refused, first.flagged) == ([0], [], [])
    assert [word.reason for word in elsewhere.refused] == ["unknown"]
    assert [word.reason for word in twice.flagged] == ["person_in_two_tubes"]
    assert Sample.unscoped.count() == 2


def test_rows_are_read_one_by_one_where_one_is_no_row():
    good = {
        "id": str(uuid7()),
        "person": str(uuid7()),
        "tube": "T1",
        "point": str(uuid7()),
        "sampled_at": 1_647_302_400,
    }
    reader = Reader(Row)
    rows, bad = reader.rows(json.dumps([good, {**good, "size": 0}, {**good, "tube": 7}, 3]).encode())
    assert [number for number, _row in rows] == [0]
    assert [(one.row, one.field, one.reason) for one in bad] == [
        (1, "size", "invalid"), (2, "tube", "invalid"), (3, "", "not_an_object"),
    ]  # fmt: skip
    del good["person"]
    assert [(one.field, one.reason) for one in reader.rows(json.dumps(good).encode())[1]] == [("person", "missing")]


def test_a_request_without_a_sound_row_says_so():
    async def receive() -> dict:
        return {"type": "http.request", "body": b'[{"tube": "T1"}]'}

    door = Registrations()
    body = Body({b"content-length": b"16"}, receive)
    status, content, _headers = asyncio.run(door(Device("d", "410883", None, 0, None), body))
    assert (status, content["rejected"][0]["reason"]) == (422, "missing")
    door.close()
