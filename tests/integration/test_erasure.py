"""A person's visits go from the log and the flagged scans, with a reason on record; everybody else's stay."""

from datetime import UTC, datetime

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.people import services as people
from fangxian.systems.people.models import Person
from fangxian.systems.screening import flagged
from fangxian.systems.screening import services as screening
from fangxian.systems.screening.models import FlaggedScan
from fangxian.systems.screening.plausible import Attempt
from fangxian.warehouse.tracing import Tracer
from fangxian.workflows.erasure import Erased, erase_visits

AT = datetime(2022, 3, 14, 4, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture
def met(county, visits, frozen):
    """Zhang and Li at one shop, and a bad scan of each."""
    with scope.everywhere("test data"):
        area = Area.objects.get(code="410883001212")
        shop = screening.add_place(by=None, area=area, name="红星超市", kind="SHOP")
        zhang, li = (people.add_person(by=None, area=area, name=name) for name in ("张三", "李四"))
        visits((zhang, shop, AT, 30), (li, shop, AT, 30), (zhang, shop, AT.replace(hour=8), 5))
        second = int(AT.timestamp())
        flagged.keep(
            Attempt(uuid7(), "expired", who.pk, shop.pk.bytes, second, None, "", area.code, "") for who in (zhang, li)
        )
        yield zhang, li, shop


def there(shop) -> list:
    """Who was at the shop that day, as a trace sees it."""
    return [one.person for one in Tracer().exposed_at(shop.pk, AT.replace(hour=0), AT.replace(hour=23))]


def test_all_of_one_person_goes_and_nothing_else(met):
    zhang, li, shop = met
    assert erase_visits(person_id=zhang.pk, by=None, reason="asked for it") == Erased(2, 1)
    assert there(shop) == [li.pk]
    assert [scan.person for scan in FlaggedScan.objects.all()] == [li.pk]
    last = audit.history(zhang).last()
    assert last.action == "people.person.visits_erased" and last.detail["reason"] == "asked for it"
    assert erase_visits(person_id=zhang.pk, by=None, reason="again").flagged_scans == 0


def test_it_needs_a_reason_and_somebody(met):
    with pytest.raises(ValidationError):
        erase_visits(person_id=met[0].pk, by=None, reason=" ")
    with pytest.raises(Person.DoesNotExist):
        erase_visits(person_id=uuid7(), by=None, reason="asked for it")
    assert set(there(met[2])) == {met[0].pk, met[1].pk}
