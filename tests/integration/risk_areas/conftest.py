"""People with every way of having been in a risk area: at home, a stay told, a passage, a check-in."""

from datetime import UTC, date, datetime, timedelta

import pytest

from fangxian.core import clock, jobs, records
from fangxian.core.areas import Area
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.people.models import Household, Person
from fangxian.systems.risk_areas import services
from fangxian.systems.risk_areas.models import AffectedPerson, Evaluation
from fangxian.systems.screening.models import Place

MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
CELL, VILLAGE, NEIGHBOUR, ELSEWHERE = "410883001212001", "410883001212", "410882001201", "410883002201"
TOWN = "410882001"


@pytest.fixture
def world(officer, visits, frozen, everywhere):
    """Two officers who may publish, and people around the county."""
    return World(officer, visits)


class World:
    """Who lives where, who told what, who checked in."""

    def __init__(self, officer, visits):
        self.proposer, self.second = officer("duty_officer"), officer("duty_officer")
        self.worker = officer("grid_worker", area=CELL)
        area = {code: Area.objects.get(code=code) for code in (CELL, NEIGHBOUR, ELSEWHERE, "410883", "410883001")}
        self.area, self.county, self.visits = area, area["410883"], visits
        first = make(Household, area=area[CELL], number="1", address="孟州市大定街道段西村3号楼2单元101")
        second = make(Household, area=area[CELL], number="2", address="孟州市大定街道段西村13号楼1单元201")
        self.resident = make(Person, area=area[CELL], name="甲", household=first)
        self.next_door = make(Person, area=area[CELL], name="乙", household=second)
        self.returner = make(Person, area=area[ELSEWHERE], name="丙")
        self.rough = make(Person, area=area[ELSEWHERE], name="丁")
        self.shopper = make(Person, area=area[ELSEWHERE], name="戊")
        self.early = make(Person, area=area[ELSEWHERE], name="己")
        self.shop = make(Place, area=area[CELL], name="超市", code="P1", kind="SHOP", address="段西村3号楼底商",
                         latitude=34.9105, longitude=112.7905)  # fmt: skip
        self.far = make(
            Place, area=area[CELL], name="诊所", code="P2", kind="HOSPITAL", latitude=34.95, longitude=112.9
        )

    def returns(self, person=None, code=NEIGHBOUR, first=date(2022, 3, 9), last=date(2022, 3, 12), **where):
        """Somebody comes home and tells of a stay."""
        person = person or self.returner
        return arrivals.record_arrival(
            by=self.proposer, person=person, area=person.area, arrived_on=date(2022, 3, 13),
            stays=[Stayed(code, first, last, **where)],
        )  # fmt: skip

    def checks_in(self, person=None, place=None, at=MORNING - timedelta(days=2)):
        """Somebody scans the code of a place."""
        self.visits((person or self.shopper, place or self.shop, at, 30))

    def propose(self, level="MEDIUM", codes=TOWN, **values):
        """One officer proposes an area."""
        given = {"name": "沁阳市覃怀街道", "from_at": MORNING - timedelta(days=1), "reason": "新增病例", **values}
        return services.propose(
            by=self.proposer, area=self.county, disease="covid19", level=level, codes=codes, **given
        )  # fmt: skip

    def publish(self, version=None, **values):
        """A second one agrees, and the work that brings is done; returns the run."""
        version = services.publish(version=version or self.propose(**values), by=self.second)
        jobs.run_pending()
        return Evaluation.objects.filter(risk_area=version.risk_area).order_by("-judged_at", "-pk").first()

    def affected(self, run=None):
        """Names of whom areas concern now."""
        rows = AffectedPerson.objects.filter(until__isnull=True).select_related("person")
        return {row.person.name: row for row in rows}


def later(**delta):
    """The clock some time after the morning."""
    return clock.frozen(MORNING + timedelta(**delta))


def make(model, **values):
    """A stored row."""
    return records.create(model, by=None, action="test.made", **values)
