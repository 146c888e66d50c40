"""A site with guests in two wings, all close contacts who came on the first day."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import clock, policy
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Room, Stay
from fangxian.systems.quarantine.services import Need
from fangxian.systems.testing import services as testing

CELL = "410883001212001"
MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)  # 08:00 in Beijing


def at(number: int, hour: int = 0):
    """The clock at the n-th day of the story."""
    return clock.frozen(MORNING + timedelta(days=number - 1, hours=hour))


class House:
    """Rooms 301 and 302 in wing A, 303 in wing B; a guest in each."""

    def __init__(self, manager, disease="covid19"):
        self.manager, self.disease = manager, disease
        self.cell, self.town = (Area.objects.get(code=code) for code in (CELL, "410883001"))
        self.pack = policy.pack(disease=disease, area_code="410883").version
        with at(1):
            self.site = quarantine.add_site(by=None, area=self.town, name="宜尚酒店")
            for number, flow in (("301", "A"), ("302", "A"), ("303", "B")):
                quarantine.add_rooms(by=None, site=self.site, numbers=[number], flow=flow)
            self.guests = [self._guest(name) for name in ("甲", "乙", "丙")]

    def _guest(self, name: str) -> Stay:
        person = Person.objects.create(area=self.cell, name=name, id_type="NONE")
        subject, first = uuid7(), MORNING.date()
        days = [(Stay.Place.CENTRAL, 0, 13), (Stay.Place.HOME, 14, 20)]
        needs = [
            Need(person, self.cell, first + timedelta(days=start), first + timedelta(days=end), subject, place,
                 "contact.close.isolation", self.pack)
            for place, start, end in days
        ]  # fmt: skip
        stay, _home = quarantine.book(by=None, needs=needs).stays
        rows = [
            testing.PlannedTest(person, self.disease, first + timedelta(days=day - 1), day, "central", subject,
                                self.cell, "contact.close.test_days", self.pack)
            for day in (1, 4, 7, 14)
        ]  # fmt: skip
        testing.plan_duties(rows, by=None)
        return quarantine.check_in(stay=stay, by=None)

    def test(self, number: int, stay: Stay, value: str = "NEGATIVE", again: str = ""):
        """A single sample of a day and its result."""
        with at(number, 2):
            barcode = f"T{number}{stay.room.number}{again}"
            testing.register_tube(by=None, area=self.town, barcode=barcode)
            testing.add_sample(by=None, tube=barcode, person=stay.person, sampled_at=clock.now())
        with at(number, 8):
            return testing.enter_result(
                by=None, barcode=barcode, disease=self.disease, value=value, tested_at=clock.now(), laboratory="CDC"
            )

    def again(self, stay: Stay) -> Stay:
        """The stay as it is stored now."""
        return Stay.objects.select_related("room__site", "person", "area").get(pk=stay.pk)

    def home_of(self, stay: Stay) -> Stay:
        """What follows at home."""
        return Stay.objects.get(subject_id=stay.subject_id, place="HOME")


@pytest.fixture
def house(officer, frozen, everywhere):
    """The site on its first day."""
    return House(officer("isolation_manager"))


__all__ = ["House", "Room", "at", "house"]
