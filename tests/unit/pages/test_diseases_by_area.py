"""Diseases by area: a signal stands in the column it lies in, the county's own in its own; a syndrome leads to it."""

from datetime import timedelta

import pytest

from fangxian.core.areas import Area
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Signal
from fangxian.systems.surveillance.services import Found
from tests.unit.surveillance.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


@pytest.fixture
def signal():
    """Factory: a statistical signal of a disease in an area."""

    def make(code: str, disease: str) -> Signal:
        found = Found(area=Area.objects.get(code=code), kind="STATISTICAL", method="ESSENCE", channel="CASES",
                      disease=disease, first_on=DAY - timedelta(days=2), observed=9, expected=1, p=1e-5)  # fmt: skip
        return services.raise_signals(found=[found], as_of=DAY, by=None).new[0]

    return make


@pytest.fixture
def heat(officer, sign_in):
    """Heads and cells of the table of an area, as a reader of the county sees them."""
    client = sign_in(officer("viewer"))

    def read(area: str) -> tuple[list[str], dict[str, list[str]]]:
        answer = client.get(f"/surveillance/heat/?area={area}")
        assert answer.status_code == 200
        rows = answer.context["rows"]
        heads = [one.code for one in answer.context["areas"]]
        return heads, {row.key: [cell.signal for cell in row.cells] for row in rows}, answer.content.decode()

    return read


def test_a_signal_of_a_village_stands_in_its_town(heat, signal):
    card = signal("410883001212", "hfmd")
    heads, cells, _said = heat("410883")
    assert heads[0] == "410883001" and cells["hfmd"][0] == str(card.pk) and not any(cells["hfmd"][1:])


def test_a_signal_of_the_county_has_its_own_column(heat, signal):
    card, below = signal("410883", "mumps"), signal("410883002", "mumps")
    heads, cells, said = heat("410883")
    assert heads[:3] == ["410883", "410883001", "410883002"] and "as a whole" in said
    assert cells["mumps"][:3] == [str(card.pk), "", str(below.pk)]
    assert heat("410883001")[1] == {}


def test_a_syndrome_leads_to_its_signal_and_a_disease_to_its_curve(heat, signal):
    card = signal("410883001", "s:respiratory")
    signal("410883001", "measles")
    _heads, _cells, said = heat("410883")
    assert f'<a href="/surveillance/signals/{card.pk}/">Respiratory syndrome</a>' in said
    assert "disease=s:" not in said and "disease=measles" in said
