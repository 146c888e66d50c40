"""Who has fallen silent has a card, one a township and kind, and it ends when they speak again."""

from datetime import date, datetime, time, timedelta

import pytest
from django.utils import timezone

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.systems.environment.models import EnvironmentSample, MonitoringPoint
from fangxian.systems.medical.models import Facility, FeverVisit
from fangxian.systems.people import services as people
from fangxian.systems.pharmacies.models import TillTotal
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.unit.pharmacies.conftest import ladder, opened  # noqa: F401
from tests.unit.surveillance.conftest import DAY

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


def moment(day: date):
    return timezone.make_aware(datetime.combine(day, time(9)))


def cards() -> list[tuple]:
    rows = Signal.objects.filter(kind="SILENCE", state="OPEN").order_by("channel", "area_id")
    return [(one.channel, one.area_id, one.observed, [other["name"] for other in one.others]) for one in rows]


@pytest.fixture
def sees(county):
    """Factory: a clinic sees a patient on each day of a range, counted back from the last day."""
    person = people.add_person(by=None, area=Area.objects.get(code="410883001"), name="王建国", sex="MALE")

    def see(name: str, days: range, area: str = "410883001", **values) -> Facility:
        town = Area.objects.get(code=area)
        house = Facility.objects.filter(name=name).first() or records.create(
            Facility, by=None, action="test.made", area=town, kind="FEVER_CLINIC", name=name, **values
        )
        rows = [
            FeverVisit(area=town, facility=house, person=person, temperature="36.5", outcome="TREATED",
                       visited_at=moment(DAY - timedelta(days=back))) for back in days
        ]  # fmt: skip
        records.create_many(FeverVisit, rows, by=None, action="test.made")
        return house

    return see


@pytest.fixture
def point(county):
    def make(name: str, days: range, every: int = 1) -> MonitoringPoint:
        made = records.create(
            MonitoringPoint,
            by=None,
            action="test.made",
            area=Area.objects.get(code="410883001"),
            name=name,
            every_days=every,
            opened_on=DAY - timedelta(days=60),
        )
        for back in days:
            sampled(made, DAY - timedelta(days=back))
        return made

    return make


def sampled(point: MonitoringPoint, day: date) -> None:
    records.create(
        EnvironmentSample, by=None, action="test.made", area=point.area, point=point, where="x", due_at=moment(day),
        barcode=f"{point.name}{day}", sampled_at=moment(day), result="NEGATIVE", reported_at=moment(day),
    )  # fmt: skip


def night(day: date = DAY):
    return early_warning.warn(as_of=day, by=None)


def test_silent_clinics_of_a_township_stand_on_one_card_by_name(sees):
    sees("east", range(3, 40))
    sees("west", range(5, 40))
    sees("speaks", range(40))
    sees("just now", range(2, 40))  # two days are allowed
    sees("small", range(20, 60, 7))  # may have none
    sees("closed", range(10, 40), closed_on=DAY - timedelta(days=9))
    sees("south", range(3, 40), area="410883002")
    night()
    assert cards() == [
        ("FEVER_CLINIC", "410883001", 5, ["east", "west"]), ("FEVER_CLINIC", "410883002", 3, ["south"]),
    ]  # fmt: skip
    assert {one.rule for one in Signal.objects.all()} == {"warning.speaks"}


def test_the_card_ends_when_they_speak_again(sees):
    sees("east", range(3, 40))
    assert night().raised == 1 and night().extended == 1
    sees("east", range(-1, 0))
    told = night(DAY + timedelta(days=1))
    assert told.ended == 1 and cards() == []


def test_nobody_waits_for_a_clinic_for_ever(sees):
    sees("east", range(200, 240))
    sees("west", range(201, 240), area="410883002")
    night()
    assert [card[1] for card in cards()] == ["410883001"]


def test_a_silent_pharmacy_and_a_silent_clinic_of_a_township_have_a_card_each(sees, ladder):  # noqa: F811
    """Both speak of the same syndrome: the rule tells them apart."""
    ladder(FEVER="REAL_NAME")
    town = Area.objects.get(code="410883001")
    opened(town, "quiet pharmacy")
    speaks = opened(town, "pharmacy that speaks")
    records.create(
        TillTotal, by=None, action="test.made", area=town, pharmacy=speaks, product=speaks.products.get(code="B1"),
        code="B1", day=DAY, quantity=2,
    )  # fmt: skip
    sees("east", range(3, 40))
    night()
    assert cards() == [
        ("FEVER_CLINIC", "410883001", 3, ["east"]), ("PHARMACY", "410883001", 3, ["quiet pharmacy"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("every", "last", "silent"),
    [(1, 3, True), (1, 2, False), (4, 6, True), (4, 5, False), (14, 3, False)],
)
def test_a_monitoring_point_is_silent_by_its_own_frequency(point, every, last, silent):
    point("sewage works", range(last, 40, every), every)
    night()
    assert cards() == ([("ENVIRONMENT", "410883001", 3, ["sewage works"])] if silent else [])


def test_a_monitoring_point_speaks_again(point):
    made = point("sewage works", range(3, 40))
    night()
    with clock.frozen(clock.now() + timedelta(days=1)):
        sampled(made, DAY + timedelta(days=1))
        assert night(DAY + timedelta(days=1)).ended == 1
    assert cards() == []
