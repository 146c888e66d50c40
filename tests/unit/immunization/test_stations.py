"""Three stations: judged at the desk, counted at the chair, timed in the observation room."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now, today
from fangxian.engines.schedules import Condition
from fangxian.systems.immunization import judging, rules, selectors, services
from fangxian.systems.immunization.announcements import left_early
from fangxian.systems.immunization.models import Dose, Visit
from fangxian.systems.immunization.services import Agreed
from tests.unit.immunization.conftest import DISEASE, fill, made_site, registered, somebody, vaccinated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]


def later(**how):
    return clock.frozen(now() + timedelta(**how))


def test_a_visit_goes_through_the_rooms_and_the_board_follows_from_its_moments(site, lot, person):
    visit = services.arrive(by=None, site=site, person=person, disease=DISEASE)
    assert (visit.number, visit.station, visit.since) == (1, "REGISTRATION", visit.arrived_at)
    with later(minutes=4):
        visit = services.register(visit=visit, by=None, vaccine="inactivated", agreed=Agreed("SELF"))
        assert (visit.station, visit.outcome, visit.dose_number) == ("VACCINATION", "ELIGIBLE", 1)
    with later(minutes=10):
        dose = services.vaccinate(visit=visit, by=None, lot=lot, body_site="RIGHT_ARM")
        assert (dose.number, dose.role, dose.completes) == (1, "PRIMARY", False)
        visit = selectors.visit(visit.pk)
        assert visit.station == "OBSERVATION" and visit.observed_until - visit.vaccinated_at == timedelta(minutes=30)
        board = selectors.day_of(site, today())
        assert [len(room.waiting) for room in board.rooms] == [0, 0, 1] and board.rooms[2].label == "Observation"
        assert [room.median for room in board.rooms] == [4, 6, None]
        with pytest.raises(ValidationError, match="Say why"):
            services.leave(visit=visit, by=None)
    with later(minutes=41):
        visit = services.leave(visit=visit, by=None)
        assert (visit.state, visit.station, visit.since) == ("LEFT", "GONE", visit.left_at)
        board = selectors.day_of(site, today())
        assert (board.came, board.vaccinated, board.rooms[2].longest) == (1, 1, 31)
        with pytest.raises(ValidationError, match="has ended"):
            services.leave(visit=visit, by=None)
    assert selectors.queues([site.pk], today())[site.pk]["vaccinated"] == 1


def test_who_goes_early_says_why_and_somebody_is_told(site, lot, person):
    visit, told = vaccinated(site, person, lot).visit, []
    left_early.connect(lambda sender, visit, by, **named: told.append(visit), weak=False, dispatch_uid="t")
    gone = services.leave(visit=visit, by=None, reason="接孩子")
    left_early.disconnect(dispatch_uid="t")
    assert (gone.state, gone.note, told) == ("LEFT_EARLY", "接孩子", [gone])
    assert selectors.day_of(site, today()).left_early == 1


def test_whoever_may_not_be_vaccinated_goes_home_with_the_answer(site, lot, person):
    services.record_history(by=None, person=person, disease=DISEASE, vaccine="inactivated", given_on=today())
    visit = registered(site, person, agreed=None)
    assert (visit.state, visit.outcome, visit.reason) == ("TURNED_AWAY", "NOT_YET", "INTERVAL")
    assert visit.from_on == today() + timedelta(21) and visit.vaccine_name == "Inactivated vaccine"
    again = registered(site, person, conditions=[Condition("PREGNANCY")])
    assert (again.number, again.outcome, again.condition) == (2, "CONTRAINDICATED", "PREGNANCY")
    with pytest.raises(ValidationError, match="has ended"):
        services.vaccinate(visit=visit, by=None, lot=lot)


def test_consent_is_somebody_s_and_a_child_s_is_its_guardian_s(site, lot, person, child):
    visit = services.arrive(by=None, site=site, person=child, disease=DISEASE)
    for agreed, why in (
        (None, "Enter who agreed"), (Agreed("SELF"), "guardian has to agree"),
        (Agreed("GUARDIAN", " "), "name of the guardian"),
    ):  # fmt: skip
        with pytest.raises(ValidationError, match=why):
            services.register(visit=visit, by=None, vaccine="inactivated", agreed=agreed)
    visit = services.register(visit=visit, by=None, vaccine="inactivated", agreed=Agreed("GUARDIAN", "王建国"))
    assert (visit.consent, visit.guardian.reveal(), str(visit.guardian)) == ("GUARDIAN", "王建国", "王**")
    with pytest.raises(ValidationError, match="registered already"):
        services.register(visit=visit, by=None, agreed=Agreed("SELF"))
    other = services.arrive(by=None, site=site, person=person, disease=DISEASE)
    assert services.turn_away(visit=other, by=None, reason="改变主意").note == "改变主意"


def test_the_chair_refuses_what_does_not_fit(site, lot, person, town):
    visit = services.arrive(by=None, site=site, person=person, disease=DISEASE)
    with pytest.raises(ValidationError, match="Register this person first"):
        services.vaccinate(visit=visit, by=None, lot=lot)
    with pytest.raises(ValidationError, match="Nobody is observed"):
        services.leave(visit=visit, by=None)
    with pytest.raises(ValidationError, match="here already, with number 1"):
        services.arrive(by=None, site=site, person=person, disease=DISEASE)
    visit = services.register(visit=visit, by=None, vaccine="inactivated", agreed=Agreed("SELF"))
    elsewhere = fill(made_site(town, "另一接种点"))
    with pytest.raises(ValidationError, match="at another site"):
        services.vaccinate(visit=visit, by=None, lot=elsewhere)
    with pytest.raises(ValidationError, match="another vaccine"):
        services.vaccinate(visit=visit, by=None, lot=fill(site, "AD1", vaccine="adenovirus"))
    with later(days=1), pytest.raises(ValidationError, match="register anew"):
        services.vaccinate(visit=visit, by=None, lot=lot)
    with later(days=1):  # yesterday's visit is ended by the next one
        assert services.arrive(by=None, site=site, person=person, disease=DISEASE).number == 1
        assert Visit.objects.get(pk=visit.pk).state == "TURNED_AWAY"


def test_a_chair_gives_one_dose_and_an_observation_is_not_turned_away(site, lot, person):
    dose = vaccinated(site, person, lot)
    visit = dose.visit
    with pytest.raises(ValidationError, match="not changed"):
        services.correct(dose=dose, by=None, given_on=date(2022, 1, 1))
    with pytest.raises(ValidationError, match="has had the dose"):
        services.vaccinate(visit=visit, by=None, lot=lot)
    with pytest.raises(ValidationError, match="end the observation"):
        services.turn_away(visit=visit, by=None, reason="x")


def test_a_closed_site_takes_nobody(town, person):
    with pytest.raises(ValidationError, match="closed"):
        services.arrive(by=None, site=made_site(town, "x", closed_on=date(2022, 1, 1)), person=person, disease=DISEASE)


def test_the_place_of_a_dose_follows_from_all_of_them(person, town):
    def enter(day, vaccine="inactivated"):
        return services.record_history(by=None, person=person, disease=DISEASE, vaccine=vaccine, given_on=day)

    enter(date(2021, 7, 1))
    second = enter(date(2021, 8, 1))
    assert (second.number, second.completes) == (2, True)
    first = enter(date(2021, 5, 1))  # a paper found later moves the others up
    places = {dose.given_on.month: (dose.number, dose.role) for dose in selectors.doses_of(person.pk, DISEASE)}
    assert places == {5: (1, "PRIMARY"), 7: (2, "PRIMARY"), 8: (0, "NONE")}
    gone = services.void(dose=first, by=None, reason="录错人")
    assert (gone.state, gone.number) == ("VOID", 0)
    assert [dose.number for dose in selectors.doses_of(person.pk)] == [1, 2]
    with pytest.raises(ValidationError, match="taken back already"):
        services.void(dose=gone, by=None, reason="x")
    assert services.correct(dose=second, by=None, given_on=date(2021, 7, 10)).number == 0  # nine days after the first
    with pytest.raises(ValidationError, match="yet to come"):
        enter(today() + timedelta(1))
    with pytest.raises(ValidationError, match="no schedule for this vaccine"):
        enter(date(2021, 9, 1), "sputnik")


def test_another_disease_s_dose_and_a_severe_event_are_known_at_the_desk(site, lot, person, town):
    Dose.objects.create(person=person, area=town, home_area=town, disease="influenza", vaccine="flu", given_on=today())
    pack = rules.pack_of(DISEASE, town.code)
    answer = judging.verdict(person, DISEASE, pack, vaccine="inactivated")
    assert (answer.condition, answer.from_on) == ("OTHER_VACCINE", today() + timedelta(14))
    other = somebody(town, "李四")
    dose = vaccinated(site, other, lot)
    services.report(by=None, dose=dose, symptoms="过敏性休克", severity="SERIOUS", serious_reason="LIFE_THREATENING")
    answer = judging.verdict(other, DISEASE, pack, vaccine="inactivated")
    assert (answer.outcome, answer.condition) == ("CONTRAINDICATED", "SEVERE_REACTION")
