"""Declaring an operating mode: who may, when a second person is needed, what can be taken back, its duty."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import modes
from fangxian.core.audit import AuditEntry
from fangxian.core.modes import FOLLOW, Mode, OperatingMode
from fangxian.core.permissions import Permission, Refused
from fangxian.core.second_person import SamePerson
from fangxian.systems.command import mode_registers, mode_selectors
from fangxian.systems.command import modes as verbs

COUNTY, TOWN, VILLAGE = "410883", "410883001", "410883001212"
State = OperatingMode.State


@pytest.fixture
def declare(area, everywhere, frozen):
    """Factory: a declaration for the county at once, by the system; any value may be given."""

    def make(mode=Mode.ALERT, code=COUNTY, by=None, **values):
        said = {"reason": "one case at home", "basis": "no. 12 of 2022", **values}
        return verbs.declare(by=by, area=area(code), mode=mode, **said)

    return make


@pytest.fixture
def now_in(frozen):
    """Factory: the mode an area is in now, or in some hours."""
    return lambda code=VILLAGE, hours=0: modes.mode_of(code, frozen + timedelta(hours=hours))


def test_one_officer_declares_an_alert(declare, now_in, county_officer):
    row = declare(by=county_officer)
    assert (row.state, row.decided_by, now_in()) == (State.DECLARED, None, Mode.ALERT)


@pytest.mark.parametrize("first", [Mode.EMERGENCY, Mode.NORMAL, FOLLOW])
def test_to_and_from_emergency_takes_two(declare, now_in, officer, first):
    one, two = officer("duty_officer"), officer("duty_officer")
    if first != Mode.EMERGENCY:
        verbs.confirm(declaration=declare(Mode.EMERGENCY, by=one), by=two)
    before = now_in()
    row = declare(first, by=one)
    assert (row.state, now_in()) == (State.PROPOSED, before)
    with pytest.raises(SamePerson):
        verbs.confirm(declaration=row, by=one)
    assert AuditEntry.objects.filter(action="command.mode.declared.refused").count() == 1
    done = verbs.confirm(declaration=row, by=two)
    assert (done.state, done.decided_by) == (State.DECLARED, two)
    assert now_in() == (Mode.NORMAL if first == FOLLOW else first)
    with pytest.raises(ValidationError, match="decided already"):
        verbs.confirm(declaration=done, by=two)


def test_whoever_changed_a_proposal_is_no_second_person(declare, officer):
    one, two = officer("duty_officer"), officer("duty_officer")
    row = declare(Mode.EMERGENCY, by=one)
    assert verbs.change_proposal(declaration=row, by=two, basis=row.basis) is row
    changed = verbs.change_proposal(declaration=row, by=two, basis="no. 13")
    with pytest.raises(SamePerson):
        verbs.confirm(declaration=changed, by=two)
    with pytest.raises(ValidationError, match="before it is declared"):
        verbs.change_proposal(declaration=row, by=two, from_at=row.from_at - timedelta(days=1))


def test_a_proposal_is_turned_down_with_a_reason(declare, officer, now_in):
    row = declare(Mode.EMERGENCY, by=officer("duty_officer"))
    with pytest.raises(ValidationError):
        verbs.refuse(declaration=row, by=officer("duty_officer"), reason=" ")
    done = verbs.refuse(declaration=row, by=officer("duty_officer"), reason="not yet")
    assert (done.state, done.decision, now_in()) == (State.REFUSED, "not yet", Mode.NORMAL)
    assert verbs.refuse(declaration=declare(Mode.EMERGENCY), by=None, reason="drill").decided_by is None


def test_what_is_to_come_can_be_taken_back_until_it_begins(declare, now_in, frozen):
    row = declare(from_at=frozen + timedelta(hours=5))
    assert (now_in(), now_in(hours=5)) == (Mode.NORMAL, Mode.ALERT)
    verbs.withdraw(declaration=row, by=None, reason="called off")
    assert now_in(hours=5) == Mode.NORMAL
    with pytest.raises(ValidationError, match="not begun yet"):
        verbs.withdraw(declaration=declare(), by=None, reason="too late")


def test_nothing_is_declared_for_what_has_passed(declare, frozen):
    with pytest.raises(ValidationError, match="before it is declared"):
        declare(from_at=frozen - timedelta(minutes=1))
    with pytest.raises(ValidationError):
        declare(reason=" ")


def test_a_proposal_whose_moment_has_passed_begins_when_it_is_agreed_to(declare, officer, frozen):
    from fangxian.core import clock

    row = declare(Mode.EMERGENCY, by=officer("duty_officer"), from_at=frozen + timedelta(hours=1))
    with clock.frozen(frozen + timedelta(hours=3)):
        assert verbs.confirm(declaration=row, by=officer("duty_officer")).from_at == frozen + timedelta(hours=3)


def test_a_township_may_be_stricter_by_itself_but_not_milder(declare, officer, now_in):
    town, county = officer("township_officer", area=TOWN), officer("duty_officer")
    assert declare(code=TOWN, by=town).state == State.DECLARED
    declare(Mode.ALERT)
    with pytest.raises(Refused, match="area above"):
        declare(Mode.NORMAL, code=TOWN, by=town)
    declare(Mode.NORMAL, code=TOWN, by=county)
    assert (now_in(), now_in("410883002")) == (Mode.NORMAL, Mode.ALERT)
    declare(FOLLOW, code=TOWN, by=town)
    assert now_in() == Mode.ALERT
    with pytest.raises(Refused):
        declare(code="410882", by=county)


def test_what_stands_is_told_with_where_it_comes_from(declare, area, django_assert_num_queries):
    declare()
    declare(Mode.EMERGENCY, code=TOWN)
    places = [area(code) for code in (VILLAGE, "410883002", "410882")]
    with modes.remembered(), django_assert_num_queries(3):
        found = mode_selectors.standing(places)
    own = [(one.mode, one.inherited, str(one.by_area)) for one in found.values()]
    assert [one[:2] for one in own] == [(Mode.ALERT, True), (Mode.ALERT, True), (Mode.NORMAL, False)]
    assert found["410882"].since is None
    assert [one.area.code for one in mode_selectors.apart("4108")] == [COUNTY]
    assert mode_selectors.apart(COUNTY) == []
    assert [row.mode for row in mode_selectors.history(TOWN)] == [Mode.EMERGENCY]
    assert [row.area_id for row in mode_selectors.waiting()] == [TOWN]


SHIFTS = [(Mode.NORMAL, 24, 0, 1), (Mode.ALERT, 12, 0, 4), (Mode.EMERGENCY, 8, 0, 12)]


@pytest.mark.parametrize(("mode", "hours", "began", "people"), SHIFTS)
def test_the_duty_follows_the_mode(declare, officer, frozen, mode, hours, began, people):
    one, two = officer("duty_officer"), officer("duty_officer")
    row = declare(mode, by=one)
    if row.state == State.PROPOSED:
        verbs.confirm(declaration=row, by=two)
    duty = mode_selectors.duty(COUNTY)
    assert (duty.mode, duty.shift_hours, duty.officers) == (mode, hours, 2)
    assert (duty.begins_at, duty.ends_at) == (frozen, frozen + timedelta(hours=hours))
    assert duty.short == max(0, people - 2)
    assert mode_selectors.duty(COUNTY, frozen - timedelta(minutes=1)).ends_at == frozen


def test_who_is_told_holds_a_post_there(officer, area, everywhere):
    worker, outside = officer("grid_worker", area=VILLAGE), officer("grid_worker", area="410882001201")
    laboratory, both = officer("laboratory"), officer("township_officer", area=TOWN)
    told = dict(mode_selectors.officers_in(area(COUNTY), Permission.COMMAND_READ))
    assert {worker, both} <= told.keys() and not {outside, laboratory} & told.keys()
    assert worker not in dict(mode_selectors.officers_in(area(COUNTY), Permission.COMMAND_READ, [VILLAGE]))


def test_the_register_declares_and_never_changes_what_is_declared(declare, area):
    register = mode_registers.OperatingModeRegister()
    row = register.write(by=None, values={"area": area(COUNTY), "mode": Mode.ALERT, "reason": "a", "basis": "b"})
    assert row.state == State.DECLARED
    with pytest.raises(ValidationError, match="decided already"):
        register.write(by=None, record=row, values={"reason": "other"})


def test_what_followed_is_said_once(declare):
    row = declare()
    once = verbs.followed(declaration=row, by=None)
    assert once.followed_at is not None
    assert verbs.followed(declaration=once, by=None).version == once.version
    assert mode_selectors.begun(row.from_at) == []
