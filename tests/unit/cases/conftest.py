"""A county on a March morning and people in one village."""

import pytest
from django.utils import translation

from fangxian.core.areas import Area
from fangxian.systems.cases import services
from fangxian.systems.people.models import Person

DISEASE = "covid19"


@pytest.fixture(autouse=True)
def in_english():
    """Messages are compared in English."""
    with translation.override("en"):
        yield


@pytest.fixture
def village(county, frozen, everywhere) -> Area:
    """The village where everybody lives; the clock stands still and all rows are visible."""
    return Area.objects.get(code="410883001212")


@pytest.fixture
def people(village):
    """Factory: `people(3)` are three residents."""

    def make(count: int) -> list[Person]:
        start = Person.objects.count()
        made = [Person(area=village, name=f"P{start + n}", id_type="NONE") for n in range(count)]
        return Person.objects.bulk_create(made)

    return make


@pytest.fixture
def case(people):
    """Factory: `case()` is a case of somebody new; values as `open_case` takes them."""

    def make(**values):
        person = values.pop("person", None) or people(1)[0]
        return services.open_case(by=None, person=person, disease=values.pop("disease", DISEASE), **values)

    return make
