"""Coverage of a large area: counted by a job, the same figures as counted at once, with the moment and anew in time."""

from datetime import date, timedelta

import pytest

from fangxian.core import clock, jobs, scope
from fangxian.core.areas import Area
from fangxian.systems.immunization import coverage, rules
from fangxian.systems.immunization import services as immunization
from fangxian.workflows import coverage_count
from tests.registers.samples import MOMENT
from tests.unit.immunization.conftest import DISEASE, somebody

pytestmark = pytest.mark.django_db
CELLS = ("410883001212001", "410883001213001")


@pytest.fixture(autouse=True)
def large(county, monkeypatch):
    """Two cells of one township, in an area taken for a large one."""
    with scope.everywhere("test data"), clock.frozen(MOMENT):
        for number, code in enumerate(CELLS):
            area = Area.objects.filter(code=code).first() or Area.objects.get(code="410883001")
            one = somebody(area, f"甲{number}", date(1950, 1, 1))
            immunization.record_history(by=None, person=one, disease=DISEASE, vaccine="adenovirus",
                                        given_on=date(2021, 6, 1))  # fmt: skip
        monkeypatch.setattr(coverage, "more_than", lambda *_asked: True)
        yield


def counted(area="410883", digits=9):
    pack = rules.pack_of(DISEASE, area)
    return coverage_count.of_area(area, DISEASE, pack, digits=digits, by=None)


def test_the_first_look_asks_for_a_count_and_the_next_shows_it():
    first = counted()
    assert (first.lines, first.at, first.runs) == ([], None, True)
    assert jobs.run_pending() == 1
    shown = counted()
    assert shown.lines == coverage.by_area("410883", DISEASE, rules.pack_of(DISEASE, "410883"), digits=9)
    assert (shown.at, shown.runs) == (MOMENT, False) and shown.lines[0].groups["seniors_60"].people == 2
    town = counted("410883001", 12)
    assert town.lines[0].groups == shown.lines[0].groups and not jobs.run_pending()
    assert counted("4108", 6).lines[0].groups == shown.lines[0].groups


def test_an_old_count_is_shown_while_a_new_one_runs_and_yesterdays_is_not():
    counted()
    jobs.run_pending()
    with clock.frozen(MOMENT + timedelta(minutes=11)):
        again = counted()
        assert (again.at, again.runs, len(again.lines)) == (MOMENT, True, 2)
        jobs.run_pending()
        assert counted().at == clock.now() and not counted().runs
    with clock.frozen(MOMENT + timedelta(days=1)):
        assert (counted().lines, counted().runs) == ([], True)
