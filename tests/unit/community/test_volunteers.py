"""Volunteers: confirmed by their village, asked when they fit, on one shift at a time, never a contact among people."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command.models import Task
from fangxian.systems.community import selectors, services, tickets
from fangxian.systems.community.models import VolunteerShift
from fangxian.systems.people import services as people
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.needs import Need
from fangxian.workflows import volunteering

pytestmark = pytest.mark.django_db


@pytest.fixture
def helper(staff, cell, person):
    """Factory: a confirmed volunteer."""

    def make(name: str = "李志愿", skill: str = "GATE", someone=None, **values):
        offered = services.offer_help(by=None, area=cell, name=name, skill=skill, phone="13812345678", **values)
        return services.confirm_volunteer(volunteer=offered, by=staff["worker"], person=someone or person(name))

    return make


@pytest.fixture
def called(town):
    def make(hours: int = 24, needed: int = 1, **values):
        starts = now() + timedelta(hours=hours)
        ends = starts + timedelta(hours=4)
        given = {"what": "值守卡口", "place": "村口", "starts_at": starts, "ends_at": ends, **values}
        return services.call(by=None, area=town, needed=needed, **given)

    return make


def test_offered_by_the_page_and_confirmed_by_the_village(staff, cell, person):
    ticket = tickets.new()
    values = {"by": None, "area": cell, "name": "李志愿", "skill": "GATE", "phone": "13812345678", "ticket": ticket}
    offered = services.offer_help(**values)
    assert services.offer_help(**values) == offered
    task = tasks.for_subject("community.volunteer", offered.pk)[0]
    assert (task.role, task.area, offered.state) == ("grid_worker", cell, "APPLIED")
    neighbour, other = person("李志愿", phone="13812345678"), person("王建国", phone="13812345678")
    assert volunteering.possible(offered) == [neighbour, other]
    confirmed = services.confirm_volunteer(volunteer=offered, by=staff["worker"], person=neighbour)
    assert confirmed.state == "CONFIRMED" and Task.objects.get(pk=task.pk).status == "REMOVED"
    second = services.offer_help(by=None, area=cell, name="李志", skill="DRIVE", phone="13812345679")
    with pytest.raises(ValidationError, match="already"):
        services.confirm_volunteer(volunteer=second, by=staff["worker"], person=neighbour)
    assert services.refuse_volunteer(volunteer=second, by=staff["worker"], reason="重复").state == "REFUSED"
    with pytest.raises(ValidationError, match="over"):
        services.offer_help(by=None, area=cell, name="张三", skill="IT", until=date(2022, 3, 1))


def test_who_fits_is_asked_the_nearest_first(helper, called, staff):
    gate, driver = helper("李志愿"), helper("王师傅", "DRIVE", second_skill="GATE")
    weekends = helper("周末人", available="WEEKENDS")
    wanted = called(skill="GATE")
    assert selectors.candidates(wanted, "410883") == [gate, driver]  # the sixteenth is a Wednesday
    assert weekends not in selectors.candidates(wanted, "410883")
    assert volunteering.offer(called=wanted, volunteers=[gate], by=staff["township"]).held_back == 0
    assert selectors.candidates(wanted, "410883") == [driver]
    assert volunteering.offer(called=wanted, volunteers=[gate], by=staff["township"]).shifts == []  # asked once


def test_promised_came_and_credited(helper, called, staff):
    gate, other = helper("李志愿"), helper("王师傅")
    wanted = called()
    shifts = volunteering.offer(called=wanted, volunteers=[gate, other], by=staff["township"]).shifts
    first = volunteering.accept(shift=shifts[0], by=None)
    with pytest.raises(ValidationError, match="Enough"):
        volunteering.accept(shift=shifts[1], by=None)
    again = called(hours=26)  # while the first still lasts
    (clash,) = volunteering.offer(called=again, volunteers=[gate], by=staff["township"]).shifts
    with pytest.raises(ValidationError, match="elsewhere"):
        volunteering.accept(shift=clash, by=None)
    with pytest.raises(ValidationError, match="not begun"):
        services.came(shift=first, by=staff["township"])
    with clock.frozen(now() + timedelta(hours=28)):
        with pytest.raises(ValidationError, match="240"):
            services.came(shift=first, by=staff["township"], minutes=241)
        assert services.came(shift=first, by=staff["township"], minutes=180).minutes == 180
        services.settle_call(called=wanted, by=staff["township"])
    assert selectors.minutes_of([gate.pk]) == {gate.pk: 180}
    assert VolunteerShift.objects.get(pk=shifts[1].pk).state == "WITHDRAWN"


def test_nobody_who_lives_with_somebody_in_quarantine_is_put_on_shift(staff, cell, helper, called, person):
    home = people.add_household(by=None, area=cell, number="1", address="段西村1号")
    someone, ill = person("李志愿", household=home), person("李家人", household=home)
    gate, free = helper("李志愿", someone=someone), helper("王师傅")
    early = called(needed=5)
    before = volunteering.offer(called=early, volunteers=[gate, free], by=staff["township"])
    promised = volunteering.accept(shift=before.shifts[0], by=None)
    assert volunteering.stand_down() == 0
    need = Need(
        person=ill, area=cell, starts_on=date(2022, 3, 15), ends_on=date(2022, 3, 28), subject_id=uuid7(),
        rule="contact.close.isolation", pack="covid19-cn-v8@1",
    )  # fmt: skip
    quarantine.book(by=None, needs=[need])
    assert volunteering.stand_down() == 1
    promised.refresh_from_db()
    assert (promised.state, "密接" in promised.reason) == ("WITHDRAWN", False)  # nobody is told why
    later = volunteering.offer(called=called(hours=48), volunteers=[gate, free], by=staff["township"])
    assert (later.held_back, [shift.volunteer for shift in later.shifts]) == (1, [free])


def test_leaving_or_calling_off_takes_back_what_lies_ahead(helper, called, staff):
    gate = helper()
    (shift,) = volunteering.offer(called=called(), volunteers=[gate], by=staff["township"]).shifts
    services.leave(volunteer=gate, by=None)
    shift.refresh_from_db()
    assert shift.state == "WITHDRAWN"
    off = services.cancel_call(called=called(hours=30), by=staff["township"], reason="下雨")
    with pytest.raises(ValidationError, match="settled"):
        services.settle_call(called=off, by=staff["township"])
    with pytest.raises(ValidationError, match="settled or over"):
        services.offer(called=off, volunteers=[], by=None)
