"""Travel advice: derived, published by two, out of date when a risk area changes; and what one journey means."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.systems.arrivals import services as arrivals
from fangxian.systems.arrivals.services import Stayed
from fangxian.systems.command import modes
from fangxian.systems.command.models import Task
from fangxian.systems.people import services as people
from fangxian.systems.publicity import selectors, services
from fangxian.systems.publicity.models import Message
from fangxian.systems.risk_areas import services as risk_areas
from fangxian.workflows import travel_advice
from fangxian.workflows.publicity import trips
from fangxian.workflows.travel_advice import Journey

NOON = datetime(2022, 7, 10, 4, tzinfo=UTC)  # protocol v9: 7 days central from high, 7 days home from medium
HOME, AWAY, FAR = "410883001", "410882001", "310115"


@pytest.fixture
def county_(county):
    with clock.frozen(NOON), scope.everywhere("test data"):
        yield county


@pytest.fixture
def two(officer):
    return officer("duty_officer"), officer("duty_officer")


@pytest.fixture
def declare(county_, two):
    def make(name: str, codes: str, level: str, **values):
        zone = risk_areas.propose(by=two[0], area=county_, name=name, disease="covid19", level=level, codes=codes,
                                  from_at=NOON - timedelta(hours=2), **values)  # fmt: skip
        return risk_areas.publish(version=zone, by=two[1])

    return make


@pytest.fixture
def published(county_, two, officer):
    writer = officer("investigator")

    def publish() -> Message:
        message = travel_advice.renew(area=county_, disease="covid19", by=writer)
        services.approve(message=message, by=two[0])
        return services.approve(message=message, by=two[1])

    return publish


def test_advice_says_where_not_to_go_and_what_coming_back_means(declare, published):
    declare("覃怀街道", AWAY, "HIGH")
    declare("西关村", "410882001201", "MEDIUM")
    message = published()
    high, medium = message.basis["groups"]
    assert (high["level"], high["advice"], high["zones"][0]["codes"]) == ("HIGH", "stay_away", [AWAY])
    assert high["back"]["stages"] == [["central", 7]] and [day for _place, day in high["back"]["tests"]] == [
        1,
        2,
        3,
        5,
        7,
    ]
    assert medium["back"]["stages"] == [["home", 7]] and medium["back"]["source"].startswith("http")
    assert "覃怀街道" in message.text and "7" in message.text and "Do not go there" in message.text_en
    assert selectors.on_page(HOME) == [message] and message.is_in_force


def test_a_risk_area_that_changes_puts_the_advice_out_of_date(declare, published, county_, two):
    zone = declare("覃怀街道", AWAY, "HIGH")
    old = published()
    assert travel_advice.standing(old).is_fresh
    with pytest.raises(ValidationError, match="same already"):
        travel_advice.renew(area=county_, disease="covid19", by=two[0])

    lifted = risk_areas.lift(version=zone, by=two[0], from_at=now(), reason="七天无新增")
    risk_areas.publish(version=lifted, by=two[1])
    jobs.run_pending()
    assert not travel_advice.standing(old).is_fresh
    task = Task.unscoped.get(subject_kind=travel_advice.SUBJECT)
    jobs.enqueue(travel_advice.JOB, by=None, key="again", disease="covid19")
    jobs.run_pending()
    assert Task.unscoped.filter(subject_kind=travel_advice.SUBJECT).count() == 1  # run again, one task

    new = published()
    task.refresh_from_db()
    assert (new.number, new.corrects_id, new.state) == (2, old.pk, "PUBLISHED") and "覃怀街道" in new.change_note
    assert task.status == Task.Status.REMOVED and new.basis["groups"] == []


def test_a_version_that_waits_is_brought_up_to_date(declare, county_, two, officer):
    writer = officer("investigator")
    declare("覃怀街道", AWAY, "HIGH")
    waits = travel_advice.renew(area=county_, disease="covid19", by=writer)
    assert travel_advice.renew(area=county_, disease="covid19", by=writer).pk == waits.pk
    services.approve(message=waits, by=two[0])
    declare("大定街道", HOME, "MEDIUM")
    again = travel_advice.renew(area=county_, disease="covid19", by=writer)
    assert (again.pk, again.state, again.first_by) == (waits.pk, Message.State.FIRST, None)
    assert "大定街道" in again.text


def ask(to: str, name: str = "", back: date = date(2022, 7, 14)) -> list[travel_advice.Answer]:
    return travel_advice.answer(Journey(HOME, to, name, date(2022, 7, 12), back))


def test_one_journey_is_judged_like_an_arrival(declare):
    declare("覃怀街道", AWAY, "HIGH")
    (answer,) = ask(AWAY)
    assert (answer.category, answer.advice, answer.maybe) == ("HIGH", "stay_away", False)
    assert answer.back.until == "2022-07-20" and answer.back.tests_on[0] == "2022-07-14"
    assert answer.back.rule == "traveller.high.management" and answer.back.source.startswith("http")
    assert answer.why["zone"] == "覃怀街道"

    (county,) = ask("410882")  # only part of it is a risk area
    assert (county.category, county.maybe) == ("LOW", True) and county.advice == "stay_away"
    (elsewhere,) = ask(FAR)
    assert (elsewhere.category, elsewhere.advice, elsewhere.back) == ("OUTSIDE", "free", None)
    (nowhere,) = ask("")
    assert nowhere.is_unknown and nowhere.advice == "free"


def test_without_any_risk_area_the_usual_disease_answers(county_):
    (answer,) = ask("410882001")
    assert (answer.disease, answer.category, answer.advice, answer.back) == ("covid19", "NONE", "free", None)


def test_the_mode_of_an_area_changes_what_is_said_about_leaving(county_, two):
    proposed = modes.declare(by=two[0], area=county_, mode="emergency", from_at=now(), reason="本土疫情", basis="令1号")
    modes.confirm(declaration=proposed, by=two[1])
    with clock.frozen(NOON + timedelta(minutes=1)):
        assert travel_advice.derive(Area.objects.get(code="410883"), "covid19").leaving["province"] == "stay_away"
        assert ask(FAR)[0].advice == "stay_away"
        assert ask("410882001")[0].advice == "if_needed"


def test_trips_begun_against_the_advice_are_told(declare, published, county_):
    declare("覃怀街道", AWAY, "HIGH")
    message = published()
    town = Area.objects.get(code=HOME)

    def came(name: str, code: str, left: int) -> None:
        who = people.add_person(by=None, area=town, name=name, id_type="NONE")
        stay = Stayed(code, date(2022, 7, left), date(2022, 7, 14), "覃怀街道")
        arrivals.record_arrival(by=None, person=who, area=town, arrived_on=date(2022, 7, 14), stays=[stay])

    with clock.frozen(NOON + timedelta(days=4)):
        came("后去的", AWAY, 12)
        came("早已在的", AWAY, 8)  # before anybody said so
        came("不知哪里", "410882", 12)  # told too roughly to be held against anybody
        found = trips.against(message)
    assert [(trip.place, trip.left_on) for trip in found] == [("覃怀街道", date(2022, 7, 12))]
    assert trips.against(message.corrects or Message(basis={}, area=county_)) == []
