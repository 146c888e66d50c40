"""A county on a March morning, people in one village, a sampler at a table."""

from datetime import timedelta

import pytest
from django.utils import translation

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.people.models import Person
from fangxian.systems.testing import services

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
def tube(village, people):
    """Factory: `tube("A1", size=10, samples=3)` is a tube with three people's samples, an hour old."""

    def make(barcode: str, size: int = 1, samples: int = 1):
        made = services.register_tube(by=None, area=village, barcode=barcode, size=size)
        if samples:
            hour_ago = now() - timedelta(hours=1)
            services.add_samples(by=None, tube=made, persons=people(samples), sampled_at=hour_ago)
        return made

    return make


@pytest.fixture
def enter(village):
    """Factory: `enter("A1", "POSITIVE")` is what the laboratory says now."""

    def say(barcode: str, value: str, **changes):
        word = {"disease": DISEASE, "tested_at": now(), "laboratory": "CDC", **changes}
        return services.enter_result(by=None, barcode=barcode, value=value, **word)

    return say
