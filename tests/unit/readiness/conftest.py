"""A community that meets every criterion, and a hand that breaks each of them with real rows."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.systems.arrivals.models import Arrival
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.checkpoints.models import PointOfEntry, Shift
from fangxian.systems.immunization.models import Dose
from fangxian.systems.inspection import services as inspection
from fangxian.systems.people import services as people
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.testing.models import RoundCount, TestDuty, TestRound
from tests.registers.samples import resident_number

NOON = datetime(2022, 3, 20, 4, tzinfo=UTC)
VILLAGE, CELL = "410883001212", "410883001212001"
OTHER = "410883002201"


@pytest.fixture
def noon(county):
    with clock.frozen(NOON), scope.everywhere("test data"):
        yield NOON


class Hand:
    """Makes evidence in an area, as of the clock."""

    def __init__(self, code: str):
        self.area = Area.objects.get(code=code)
        self.numbers = iter(range(1, 449))

    def person(self, elders=0, **values):
        """Born in 1990; an elder in 1950."""
        number = next(self.numbers) + 450 * (self.area.code == OTHER) + 1000 * elders
        return people.add_person(by=None, area=self.area, name="某人", id_number=resident_number(number), **values)

    def case(self, days_ago=0, classification="CONFIRMED", **values):
        at = now() - timedelta(days=days_ago)
        return self._made(
            Case,
            person=self.person(),
            disease="covid19",
            number=f"T{self.area.code}{next(self.numbers)}",
            classification=classification,
            positive_at=at,
            **values,
        )

    def contact(self, case, **values):
        return self._made(
            Contact, case=case, case_area=case.area, person=self.person(), ring="CLOSE", rule="contact.close", **values
        )

    def home(self, state="IN", place="HOME"):
        day = today()
        return self._made(Stay, person=self.person(), place=place, state=state, starts_on=day, ends_on=day)

    def round(self, tested, due, days_ago=1, area="410883", state="CLOSED"):
        begins = now() - timedelta(days=days_ago)
        number = TestRound.unscoped.count() + 1
        made = TestRound(
            area_id=area,
            number=number,
            name="一轮",
            disease="covid19",
            begins_at=begins,
            ends_at=begins + timedelta(hours=12),
            state=state,
        )
        made.save()
        for state, people_ in ((2, tested), (0, due - tested)):
            RoundCount.objects.create(round=made, area=self.area, state=state, people=people_)
        return made

    def elder(self, complete):
        who = self.person(elders=1)
        if complete:
            self._made(
                Dose,
                person=who,
                disease="covid19",
                vaccine="inactivated",
                given_on=today(),
                number=2,
                role="BASIC",
                completes=True,
            )
        return who

    def finding(self, hours_late):
        at = now() - timedelta(hours=hours_late) if hours_late > 0 else now() + timedelta(hours=-hours_late)
        return inspection.raise_finding(by=None, area=self.area, where="村口", what="登记不全，缺三天", due_at=at)

    def point(self, manned):
        point = self._made(PointOfEntry, name=f"卡口{next(self.numbers)}")
        if manned:
            self._made(Shift, point=point, starts_at=now(), ends_at=now() + timedelta(hours=8), state="ON")
        return point

    def arrival(self, hours_late, state="LANDED"):
        return self._made(
            Arrival,
            person=self.person(),
            arrived_on=today(),
            state=state,
            receive_due_at=now() - timedelta(hours=hours_late),
        )

    def duty(self, state, days_ago=1):
        return self._made(
            TestDuty,
            person=self.person(),
            disease="covid19",
            due_on=today() - timedelta(days=days_ago),
            day=1,
            stage="home",
            state=state,
        )

    def _made(self, model, **values):
        row = model(area=self.area, **values)
        row.save()
        return row


@pytest.fixture
def hand(noon):
    return Hand(CELL)


@pytest.fixture
def other(noon):
    return Hand(OTHER)


@pytest.fixture
def ready(hand):
    """A community in which everything holds."""
    hand.person()
    return Area.objects.get(code=VILLAGE)
