"""The chain of one arrival, on a clock that is moved by hand: plan, rides, tasks, completeness, release."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from fangxian.core import clock, jobs, policy
from fangxian.core.areas import Area
from fangxian.systems.arrivals import declaring, selectors
from fangxian.systems.arrivals import services as arrival_services
from fangxian.systems.arrivals.models import Arrival, Loop
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.command.models import Task
from fangxian.systems.quarantine import selectors as quarantine_selectors
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Stay, Transfer
from fangxian.systems.testing.models import TestDuty
from fangxian.workflows import closed_loop

DAY = date(2022, 3, 15)
MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)


@pytest.fixture
def open_one(person, rooms, frozen):
    """Factory: the loop of a new person by a rule of the county's pack that day."""

    def make(rule="contact.close", who=None, begins=DAY, **values):
        who = who or person()
        pack = policy.pack(disease="covid19", area_code=who.area_id, on=begins)
        return closed_loop.open_loop(
            by=None,
            person_id=who.pk,
            rule=rule,
            because={"place": "长治市潞州区"},
            subject_id=values.pop("subject", who.pk),
            area_code=who.area_id,
            begins=begins,
            pack=pack,
            **values,
        )

    return make


def at(hours: float):
    return clock.frozen(MORNING + timedelta(hours=hours))


def kinds(loop):
    return [(link["kind"], link["place"]) for link in loop.links]


def test_a_plan_becomes_stays_tests_a_ride_and_a_task(open_one):
    loop = open_one()
    assert [(one["place"], one["from"], one["until"]) for one in loop.stages] == [
        ("central", "2022-03-15", "2022-03-28"), ("home", "2022-03-29", "2022-04-04"),
    ]  # fmt: skip
    assert kinds(loop) == [
        ("TRANSFER", "central"), ("RECEPTION", "central"), ("STAGE", "central"),
        ("TRANSFER", "home"), ("RECEPTION", "home"), ("STAGE", "home"), ("RELEASE", ""),
    ]  # fmt: skip
    stays = quarantine_selectors.stays_for([loop.subject_id])[loop.subject_id]
    assert [(stay.place, stay.ends_on) for stay in stays] == [
        ("CENTRAL", date(2022, 3, 28)),
        ("HOME", date(2022, 4, 4)),
    ]
    duties = TestDuty.objects.filter(subject_id=loop.subject_id).order_by("due_on")
    assert [duty.due_on.day for duty in duties] == [15, 18, 21, 28, 30, 4]
    ride = Transfer.objects.get()
    assert (ride.stay_id, ride.due_at) == (stays[0].pk, MORNING + timedelta(hours=8))
    task = Task.objects.get()
    assert (task.title, task.due_at, task.role) == ("Bring %(name)s to quarantine", ride.due_at, "duty_officer")
    assert (loop.next_kind, loop.next_due_at) == ("TRANSFER", ride.due_at)


def test_running_it_again_changes_nothing(open_one):
    loop = open_one()
    count = (Stay.objects.count(), Task.objects.count(), Transfer.objects.count(), TestDuty.objects.count())
    again = open_one(who=loop.person)
    closed_loop.look()
    assert again.pk == loop.pk and Loop.objects.get().version == loop.version
    assert (Stay.objects.count(), Task.objects.count(), Transfer.objects.count(), TestDuty.objects.count()) == count


def test_the_next_clock_starts_when_the_link_before_is_done(open_one, officer):
    loop, ride = open_one(), Transfer.objects.get()
    with at(3):
        quarantine.arrange(transfer=ride, by=None, vehicle="豫H12345")
        quarantine.depart(transfer=ride, by=None)
        quarantine.receive(transfer=ride, by=None)
        closed_loop.look()
    loop.refresh_from_db()
    done = [link["done_at"] for link in loop.links]
    assert done[:2] == ["2022-03-15T11:00:00+08:00"] * 2 and not any(done[2:])
    assert (loop.next_kind, loop.missed, loop.gap_minutes) == ("STAGE", 0, 0)
    assert not Task.objects.filter(status__in=Task.OPEN).exists()


def test_a_missed_link_goes_up_by_the_clock(open_one):
    from fangxian.systems.command import services as command

    loop = open_one()
    with at(8.5):
        closed_loop.look()
        command.escalate_overdue(clock.now())
    loop.refresh_from_db()
    assert (loop.missed, loop.gap_minutes) == (1, 30)
    assert loop.links[0]["missed_at"] == "2022-03-15T16:00:00+08:00"
    assert Task.objects.get(subject_kind="arrivals.loop").escalated_at == MORNING + timedelta(hours=8.5)


def test_completed_says_what_was_missed(open_one, person):
    """The 2 tests in 3 days of the 9th edition: own monitoring; one day and one test are left out."""
    begins = date(2022, 7, 4)
    with clock.frozen(datetime(2022, 7, 4, 0, 0, tzinfo=UTC)):
        loop = open_one(rule="traveller.low", begins=begins)
        assert kinds(loop) == [("STAGE", "personal"), ("RELEASE", "")]
        who = loop.person
        for day in (4, 5):
            quarantine.record_check(
                by=None, person=who, area=who.area, day=date(2022, 7, day), slot="AM", temperature=Decimal("36.5")
            )
        TestDuty.objects.filter(due_on=begins).update(state="DONE")
    with clock.frozen(datetime(2022, 7, 7, 0, 0, tzinfo=UTC)):
        closed_loop.look()
    loop.refresh_from_db()
    assert loop.state == Loop.State.COMPLETED and not loop.is_whole
    assert (loop.days_checked, loop.days_owed, loop.tests_done, loop.tests_owed) == (2, 3, 1, 2)


def test_a_day_nobody_looked_is_a_task_of_the_morning_after(open_one):
    loop = open_one()
    with at(24.5):
        closed_loop.look()
    titles = dict(Task.objects.filter(subject_kind="arrivals.loop", status="PENDING").values_list("title", "due_at"))
    assert titles["Nobody has checked %(name)s on %(day)s: go and see"] == datetime(2022, 3, 16, 4, 0, tzinfo=UTC)
    assert titles["The test of %(name)s on %(day)s was missed: take it now"] == datetime(2022, 3, 16, 4, 0, tzinfo=UTC)
    with at(25):
        who = loop.person
        quarantine.record_check(by=None, person=who, area=who.area, day=DAY, slot="PM", temperature=Decimal("36.4"))
        closed_loop.look()
    assert not Task.objects.filter(title__startswith="Nobody", status="PENDING").exists()


def test_a_loop_ends_with_its_reason(open_one):
    loop = open_one()
    assert closed_loop.close_loop(by=None, subject_id=loop.subject_id, reason="风险区解除") == 1
    assert closed_loop.close_loop(by=None, subject_id=loop.subject_id, reason="风险区解除") == 0
    loop.refresh_from_db()
    assert (loop.state, loop.reason) == (Loop.State.CLOSED, "风险区解除")
    assert set(Stay.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert set(TestDuty.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert set(Transfer.objects.values_list("state", flat=True)) == {"CANCELLED"}
    assert set(Task.objects.values_list("status", flat=True)) == {"REMOVED"}


# --- from the arrival to its loop ---


def test_an_arrival_is_pushed_to_both_areas(arrive, rooms, frozen):
    made = arrive(present_area=Area.objects.get(code="410882001"), stays=[Stayed("410105", date(2022, 3, 1), DAY)])
    jobs.run_pending()
    made.refresh_from_db()
    assert (made.category, made.rule) == ("NONE", "")
    tasks = {task.key.split(":")[-1]: task for task in Task.objects.all()}
    assert (tasks["landing"].area_id, tasks["landing"].from_area_id) == ("410882001", "410883001212001")
    assert (tasks["home"].area_id, tasks["home"].from_area_id) == ("410883001212001", "410882001")
    assert (tasks["landing"].due_at, tasks["home"].due_at) == (
        MORNING + timedelta(hours=2), MORNING + timedelta(hours=8),
    )  # fmt: skip
    assert Loop.objects.count() == 0


@pytest.mark.parametrize(
    ("stay", "category", "rule", "days"),
    [
        (Stayed("310115", date(2022, 3, 1), DAY, "浦东新区"), "OUTSIDE", "", 0),
        (Stayed("US", date(2022, 3, 1), DAY, "美国"), "OVERSEAS", "inbound", 21),
        (Stayed("410105", date(2022, 3, 1), DAY, "金水区"), "NONE", "", 0),
    ],
)
def test_the_travel_history_decides(arrive, rooms, frozen, stay, category, rule, days):
    made = arrive(stays=[stay])
    jobs.run_pending()
    made.refresh_from_db()
    assert (made.category, made.rule) == (category, rule)
    loops = list(Loop.objects.all())
    assert sum((loop.ends_on - loop.begins_on).days + 1 for loop in loops) == days


def test_a_handed_over_person_serves_what_is_left(person, rooms, frozen):
    who = person()
    declaring.announce_hand_over(
        by=None, area=who.area, person=who, from_name="郑州市航空港区", from_code="410171", certificate="ZZ-0001",
        entered_on=date(2022, 3, 1), released_on=date(2022, 3, 14), expected_on=DAY,
    )  # fmt: skip
    jobs.run_pending()
    arrival = Arrival.objects.get()
    assert (arrival.state, arrival.category) == ("EXPECTED", "RELEASED") and Loop.objects.count() == 0
    arrival_services.land(by=None, arrival=arrival)
    jobs.run_pending()
    loop = Loop.objects.get()
    # no. 19 of Jiaozuo: 7 central, 7 home, 7 weeks of own monitoring after the 14 days at entry
    assert [(one["place"], one["until"]) for one in loop.stages] == [
        ("central", "2022-03-21"), ("home", "2022-03-28"), ("personal", "2022-05-16"),
    ]  # fmt: skip
    assert selectors.loop_of(arrival.pk) == loop


@pytest.mark.parametrize(("came", "state"), [(True, "RECEIVED"), (False, "MISSED")])
def test_a_hand_over_follows_its_arrival(person, rooms, frozen, officer, came, state):
    who, by = person(), officer("duty_officer")
    made = declaring.announce_hand_over(
        by=None, area=who.area, person=who, from_name="郑州市航空港区", from_code="410171", certificate="ZZ-0002",
        entered_on=date(2022, 3, 1), released_on=date(2022, 3, 14), expected_on=DAY,
    )  # fmt: skip
    jobs.run_pending()
    made.refresh_from_db()
    assert made.state == "ANNOUNCED"
    if came:
        arrival_services.receive(by=by, arrival=made.arrival)
    else:
        arrival_services.not_come(by=by, arrival=made.arrival, note="no such train")
    jobs.run_pending()
    jobs.run_pending()
    made.refresh_from_db()
    assert made.state == state
