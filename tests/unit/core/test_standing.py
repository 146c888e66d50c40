"""A house that closes next month is still there; one that closed is not."""

from datetime import timedelta

import pytest

from fangxian.core.clock import today
from fangxian.core.standing import standing
from fangxian.systems.goods import selectors as goods
from fangxian.systems.medical import selectors as medical
from fangxian.systems.pharmacies import selectors as pharmacies
from fangxian.systems.screening.models import Place
from fangxian.systems.supplies import selectors as supplies

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
HOUSES = {
    "pharmacies": pharmacies.pharmacies, "facilities": medical.facilities, "goods places": goods.stores,
    "stores": supplies.stores,
}  # fmt: skip


@pytest.mark.parametrize("asked", HOUSES.values(), ids=HOUSES)
def test_who_closes_next_month_is_there_until_then(asked):
    model = asked().model
    for name, days in (("open", None), ("closing", 30), ("closed today", 0)):
        closed = None if days is None else today() + timedelta(days=days)
        model.objects.create(area_id="410883001", name=name, closed_on=closed)
    assert sorted(row.name for row in asked()) == ["closing", "open"]


@pytest.mark.parametrize(("days", "there"), [(0, True), (29, True), (30, False)])
def test_on_a_day_and_along_a_way(days, there):
    Place.objects.create(area_id="410883001", name="市场", closed_on=today() + timedelta(days=30))
    on = today() + timedelta(days=days)
    assert Place.objects.filter(standing(on=on)).exists() is there
    assert str(standing("site__").children).count("site__closed_on") == 2
