"""Load from every system that knows of work, the alert to the leader, and the statement two agree to."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from fangxian.core import audit, clock, records
from fangxian.core.areas import Area
from fangxian.core.officers import appoint
from fangxian.core.second_person import SamePerson
from fangxian.systems.checkpoints import services as checkpoints
from fangxian.systems.checkpoints.models import PointOfEntry, Shift
from fangxian.systems.command.models import Task
from fangxian.systems.community.models import Volunteer, VolunteerCall, VolunteerShift
from fangxian.systems.people.models import Person
from fangxian.systems.quarantine import opening
from fangxian.systems.quarantine.models import Site
from fangxian.systems.testing.models import SamplingPoint, TestRound, Tube
from fangxian.systems.workforce import rules, services
from fangxian.systems.workforce.models import SubsidyStatement
from fangxian.systems.workforce.words import Limit, StatementState
from fangxian.workflows import frontline_care
from fangxian.workflows.frontline.spans import names_of, worked
from tests.unit.workforce.conftest import NOW

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_eight")]
SKILL = Volunteer._meta.get_field("skill").choices[0][0]
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEBRUARY = date(2022, 2, 1)


def add(model, **values):
    return records.create(model, by=None, action="test.made", **values)


def spans():
    found = worked(NOW - 10 * DAY, NOW + DAY)
    return {(one.worker, one.kind): one for one in found.spans}, found.unknown


def test_a_checkpoint_shift_counts_from_signature_to_signature(county, officer):
    """Its leader and the members known by name; the name nobody bears is said, not guessed."""
    leader, other, member = officer("checkpoint_guard", name="李强"), officer(name="王伟"), officer(name="赵敏")
    point = add(PointOfEntry, area=county, name="孟吉交界处")
    begins = NOW - 12 * HOUR
    first = add(Shift, area=county, point=point, starts_at=begins, ends_at=begins + 8 * HOUR, leader=leader,
                members="查验：赵敏、钱七；测温：李强")  # fmt: skip
    add(Shift, area=county, point=point, starts_at=begins + 8 * HOUR, ends_at=begins + 16 * HOUR, leader=other)
    add(Shift, area=county, point=point, starts_at=NOW - DAY, ends_at=NOW - 16 * HOUR, leader=other)  # never begun
    checkpoints.begin_shift(shift=first, by=leader)
    with clock.frozen(begins + 9 * HOUR):
        sheet = checkpoints.hand_over(shift=first, by=leader)
        checkpoints.take_over(sheet=sheet, by=other)
    found, unknown = spans()
    assert found[f"officer:{leader.pk}", "CHECKPOINT"].hours == 9
    assert found[f"officer:{member.pk}", "CHECKPOINT"].hours == 9
    assert found[f"officer:{other.pk}", "CHECKPOINT"].starts_at == begins + 9 * HOUR
    assert [one.names for one in unknown] == [("钱七",)]


def test_two_of_one_name_are_nobody(county, officer):
    officer(name="王伟"), officer(name="王伟")
    point = add(PointOfEntry, area=county, name="汽车站")
    add(Shift, area=county, point=point, starts_at=NOW + HOUR, ends_at=NOW + 9 * HOUR, members="王伟")
    found, unknown = spans()
    assert not found
    assert [one.names for one in unknown] == [("王伟",)]


def test_names_on_a_sheet():
    assert names_of("checks: Li, Wang; temperature: Zhao") == ["Li", "Wang", "Zhao"]
    assert names_of("查验：李强、王伟；测温：李强") == ["李强", "王伟"]
    assert names_of("") == names_of("查验：2 人；登记：1 人；测温：1 人") == []


def test_an_isolation_site_knows_its_shifts_from_the_hand_overs(county, officer):
    one, two = officer("nurse"), officer("nurse")
    site = add(Site, area=county, name="宜尚酒店")
    with clock.frozen(NOW - 20 * HOUR):
        opening.take_over(sheet=opening.hand_over(site=site, by=one, figures={}), by=two)
    with clock.frozen(NOW - 8 * HOUR):
        opening.take_over(sheet=opening.hand_over(site=site, by=two, figures={}), by=one)
    found, _unknown = spans()
    assert found[f"officer:{two.pk}", "SITE"].hours == 12
    assert found[f"officer:{one.pk}", "SITE"].hours == 8  # and still there


def test_sampling_counts_from_the_first_to_the_last_tube_of_a_day(county, officer):
    sampler = officer("sampler")
    point = add(SamplingPoint, area=county, name="广场", code="P1")
    held = add(
        TestRound, area=county, number=1, name="第一轮", disease="covid19", begins_at=NOW - DAY, ends_at=NOW + DAY
    )
    for number, hour in enumerate((6, 3, 1)):
        with clock.frozen(NOW - hour * HOUR):
            records.create(Tube, by=sampler, action="test.made", area=county, barcode=f"T{number}", round=held,
                           sampling_point=point)  # fmt: skip
    found, _unknown = spans()
    assert found[f"officer:{sampler.pk}", "SAMPLING"].hours == 5


def test_volunteers_count_as_long_as_they_were_credited(county):
    helper = add(Person, area=county, name="孙丽")
    one = add(
        Volunteer,
        area=county,
        name="孙丽",
        person=helper,
        skill=Volunteer._meta.get_field("skill").choices[0][0],
        state="CONFIRMED",
    )
    call = add(VolunteerCall, area=county, what="送菜", place="社区", starts_at=NOW - 9 * HOUR, ends_at=NOW - 5 * HOUR,
               needed=1)  # fmt: skip
    add(VolunteerShift, area=county, call=call, volunteer=one, home_area=county, state="CAME", minutes=90)
    found, _unknown = spans()
    assert found[f"person:{helper.pk}", "COMMUNITY"].hours == 1.5
    assert [row.name for row in frontline_care.loads(county.code).rows] == [str(helper)]


def test_whoever_is_over_a_limit_stands_first_and_tomorrow_is_seen(county, officer, works):
    tired, fine, tomorrow = officer("nurse"), officer("nurse"), officer("nurse")
    for day in range(1, 8):
        works(tired, day)
    works(fine, 2)
    for day in range(1, 7):
        works(tomorrow, day)
    works(tomorrow, 0, begins=1)
    board = frontline_care.loads(county.code)
    assert [row.name for row in board.rows] == [str(tired), str(tomorrow), str(fine)]
    assert [one.limit for one in board.over[0].over] == [Limit.DAYS]
    assert [(row.name, [one.limit for one in row.soon]) for row in board.soon] == [(str(tomorrow), [Limit.DAYS])]


def test_work_in_the_next_township_counts_too(county, officer, works):
    """Half a day here and half a day there is one long day, on both boards."""
    guard = officer("checkpoint_guard")
    here, there = Area.objects.get(code="410883001"), Area.objects.get(code="410883002")
    works(guard, 1, 7, "CHECKPOINT", here)
    works(guard, 1, 7, "CHECKPOINT", there, begins=7)
    with clock.frozen(NOW - 8 * HOUR):
        for area in (here, there):
            assert [one.limit for one in frontline_care.loads(area.code).over[0].over] == [Limit.SHIFT]
    assert frontline_care.loads("410883001212").rows == []


def test_the_leader_of_the_unit_is_told_once_and_untold(county, officer, works):
    nurse = officer("nurse")
    town = Area.objects.get(code="410883001")
    for day in range(1, 8):
        works(nurse, day, area=town)
    assert frontline_care.look() == {"handed_down": 1, "taken_back": 0}
    assert frontline_care.look() == {"handed_down": 0, "taken_back": 0}
    task = Task.objects.get()
    assert (task.role, task.area, task.due_at) == ("township_officer", town, NOW + 4 * HOUR)
    assert "days" in task.title_text and "workforce.days_without_rest" in task.instructions_text
    with clock.frozen(NOW + 2 * DAY):
        assert frontline_care.look() == {"handed_down": 0, "taken_back": 1}


def drawn(officer, county, works) -> tuple:
    """A nurse with three days of February, and her statement drawn up."""
    nurse, duty = officer("nurse"), officer()
    for day in (20, 21, 22):
        works(nurse, day)
    (statement,) = frontline_care.draw_up(by=duty, area=county, month=FEBRUARY)
    return nurse, duty, statement


def test_a_statement_is_derived_and_agreed_to_by_two(county, officer, works):
    nurse, duty, statement = drawn(officer, county, works)
    assert (statement.worker, statement.days, statement.total) == (f"officer:{nurse.pk}", 3, Decimal(900))
    assert [one.day.day for one in frontline_care.evidence(statement)] == [21, 22, 23]
    assert all(one.spans[0].slug == "workforce.frontlineshift" for one in frontline_care.evidence(statement))
    seen = frontline_care.agree(statement=statement, by=duty)
    assert (seen.state, seen.first_by) == (StatementState.SEEN, duty)
    with pytest.raises(SamePerson):
        frontline_care.agree(statement=statement, by=duty)
    assert audit.history(statement).filter(action="workforce.statement.agreed.refused").exists()
    done = frontline_care.agree(statement=statement, by=officer())
    assert done.state == StatementState.APPROVED
    with pytest.raises(ValidationError, match="Two have agreed already"):
        frontline_care.agree(statement=statement, by=officer())
    with pytest.raises(ValidationError, match="Two have agreed already"):
        frontline_care.draw_again(statement=statement, by=duty)


def test_nobody_agrees_to_their_own(county, officer, works):
    nurse, duty, statement = drawn(officer, county, works)
    appoint(nurse, role="duty_officer", area=county, by=None)
    with pytest.raises(ValidationError, match="your own statement"):
        frontline_care.agree(statement=statement, by=nurse)
    with pytest.raises(IntegrityError), transaction.atomic():
        SubsidyStatement.unscoped.update(first_by=nurse, first_at=NOW)


def test_what_changed_is_drawn_up_anew_before_anybody_agrees(county, officer, works):
    nurse, duty, statement = drawn(officer, county, works)
    works(nurse, 23)
    with pytest.raises(ValidationError, match="Shifts have changed"):
        frontline_care.agree(statement=statement, by=duty)
    (again,) = frontline_care.draw_up(by=duty, area=county, month=FEBRUARY)
    assert (again.pk, again.days) == (statement.pk, 4)
    assert frontline_care.draw_up(by=duty, area=county, month=FEBRUARY) == []
    frontline_care.agree(statement=again, by=duty)
    works(nurse, 24)
    assert frontline_care.draw_up(by=duty, area=county, month=FEBRUARY) == []  # somebody has agreed: not behind them
    redrawn = frontline_care.draw_again(statement=again, by=duty)
    assert (redrawn.days, redrawn.state, redrawn.first_by) == (5, StatementState.DRAWN, None)


def test_a_month_that_is_not_over_is_not_drawn_up(county, officer):
    with pytest.raises(ValidationError, match="not over"):
        services.draw_up(by=officer(), month=date(2022, 3, 1), dues=[])


def test_the_rates_of_the_pack(county):
    found = {rate.category: (rate.yuan, rate.hours) for rate in rules.rates(county.code, FEBRUARY)}
    assert found == {"direct": (Decimal(300), 4.0), "other": (Decimal(200), 4.0)}
    assert rules.category_name(county.code, "gone", FEBRUARY) == "gone"


def test_work_of_nobody_and_backwards_is_refused(county, officer):
    given = {"by": None, "area": county, "kind": "DUTY", "where": "x", "starts_at": NOW}
    with pytest.raises(ValidationError, match="Name an officer"):
        services.enter_shift(**given, ends_at=NOW + HOUR)
    with pytest.raises(ValidationError, match="ends after it begins"):
        services.enter_shift(**given, ends_at=NOW, officer=officer())
