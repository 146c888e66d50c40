"""A drill of the county on its day, and this process as the copy it is run on."""

from datetime import timedelta

import pytest
from django.utils import timezone

from fangxian.core import clock, drilling, jobs
from fangxian.core.areas import Area
from fangxian.core.audit import AuditHead
from fangxian.core.drilling import Marker
from fangxian.systems.drills import services


@pytest.fixture
def planned(officer, frozen, everywhere):
    """The drill of a school, planned for the day."""
    leader = officer("duty_officer")
    area = Area.objects.get(code="410883")
    return services.plan(by=leader, area=area, scenario="school_pool", on=clock.today(), leader=leader)


@pytest.fixture
def copy(planned, visits, settings, tmp_path):
    """Make this process the copy of a drill: `copy()` starts it; the clock is moved with `clock.frozen`."""

    def make(drill=planned):
        running = services.start(drill=drill, by=drill.leader, copy_at=str(tmp_path), factor=24)
        head = AuditHead.objects.get()
        marker = Marker(drill=str(drill.pk), name="学校", at=clock.now(), seq=head.seq, mac=head.mac,
                        factor=24)  # fmt: skip
        settings.IS_DRILL = True
        drilling.write(tmp_path, marker)
        return running

    yield make
    drilling.forget()


@pytest.fixture
def later():
    """`with later(30)`: half an hour after the drill began, with the work done that waits."""

    def at(minutes: float):
        return clock.frozen(timezone.now() + timedelta(minutes=minutes))

    return at


@pytest.fixture
def work():
    """Do the jobs that wait, as the copy's worker does."""
    return lambda: jobs.run_pending()
