"""Who was entered twice is traced as one person; visits stay as they were, and an undone merge is undone here too."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.systems.people import merging, selectors, services
from fangxian.systems.screening.models import Place
from fangxian.warehouse.tracing import Tracer, Window
from fangxian.workflows.erasure import erase_visits

NOON = datetime(2022, 3, 14, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
pytestmark = pytest.mark.usefixtures("everywhere", "frozen")


@pytest.fixture
def town(county, visits):
    """A shop; a case entered twice, a neighbour entered twice and a stranger, all there within three hours."""
    cell = Area.objects.get(code="410883001212001")
    names = ("case", "case again", "neighbour", "neighbour again", "stranger")
    people = {name: services.add_person(by=None, area=cell, name=name) for name in names}
    shop = Place.objects.create(area=cell, name="shop", code="P1", kind="SHOP")
    visits(
        (people["case"], shop, NOON, 60),
        (people["neighbour"], shop, NOON + HOUR / 2, 30),
        (people["case again"], shop, NOON + 2 * HOUR, 60),
        (people["neighbour again"], shop, NOON + 2 * HOUR, 30),
        (people["stranger"], shop, NOON + 2 * HOUR, 15),
        (people["case"], shop, NOON + 2 * HOUR, 6),
    )
    return people, shop


def met(people) -> dict[str, int]:
    windows = [Window("C1", people["case"].pk, NOON - HOUR, NOON + 6 * HOUR)]
    names = {person.pk: name for name, person in people.items()}
    return {names[row.person]: row.overlap_s for row in Tracer().trace(windows)}


def test_both_entries_are_traced_as_one_person(town, officer):
    people, shop = town
    by = officer()
    before = met(people)
    assert "case again" in before and before["neighbour"] == 1800

    merging.merge(winner=people["case"], loser=people["case again"], reason="same person", by=by)
    made = merging.merge(winner=people["neighbour"], loser=people["neighbour again"], reason="same person", by=by)

    found = met(people)
    assert set(found) == {"neighbour", "stranger"}
    # half an hour at noon; then half an hour, and the case's other entry was there for six minutes of it
    assert found["neighbour"] == 1800 + 1800 + 360
    exposed = {row.person for row in Tracer().exposed_at(shop.pk, NOON, NOON + 4 * HOUR)}
    assert exposed == {people[name].pk for name in ("case", "neighbour", "stranger")}
    windows = [Window("C1", people["case"].pk, NOON - HOUR, NOON + 6 * HOUR)]
    assert len(Tracer().meetings(windows[0], people["neighbour"].pk)) == 3

    merging.undo(merge=made, reason="brothers", by=by)
    assert set(met(people)) == {"neighbour", "neighbour again", "stranger"}


def test_contacts_of_contacts_are_of_the_entries_that_stand(town, officer):
    people, _shop = town
    merging.merge(winner=people["case"], loser=people["case again"], reason="same person", by=officer())
    windows = [Window("C1", people["case"].pk, NOON - HOUR, NOON + 1.5 * HOUR)]

    found = Tracer().second_degree(windows, expand_min_overlap=60, limit=10)

    assert {row.person for row in found.first} == {people["neighbour"].pk}
    assert people["case again"].pk not in {row.person for row in found.second}


def test_erasing_a_person_erases_what_was_scanned_under_either_entry(town, officer):
    people, _shop = town
    merging.merge(winner=people["neighbour"], loser=people["neighbour again"], reason="same person", by=officer())

    done = erase_visits(person_id=people["neighbour"].pk, by=None, reason="asked for it")

    assert done.visits == 2
    with scope.everywhere("test"):
        assert selectors.person(people["neighbour again"].pk) == people["neighbour"]
    assert "neighbour" not in met(people)
