"""A night of early warning: what becomes a card, what does not, and what happens to a card."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Event
from fangxian.systems.command import selectors as tasks
from fangxian.systems.people import services as people
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.unit.surveillance.conftest import DAY, days_later, feed, filled, one_a_week, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


@pytest.fixture
def loud(feed, filled, quiet):  # noqa: F811
    """A school with many absent on the last days, one as always, one that fell silent."""
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    filled(feed("S2", area="410883002"), quiet)
    filled(feed("S3", area="410883002", channel="OTHER"), quiet, last=DAY - timedelta(days=5))


def card(**wanted) -> Signal:
    return Signal.objects.get(**wanted)


def test_an_excess_is_one_card_in_the_lowest_area_that_explains_it(loud):
    night = early_warning.warn(as_of=DAY, by=None)
    excess = card(kind="STATISTICAL")
    assert (excess.area_id, excess.disease, excess.channel, excess.method) == (
        "410883001", "s:respiratory", "ABSENCE", "ESSENCE",
    )  # fmt: skip
    assert (excess.observed, excess.last_on, excess.state) == (24, DAY, "OPEN")
    assert excess.expected < excess.bound < excess.observed and excess.p < 0.01 and excess.first_on < DAY
    assert len(excess.series["days"]) == len(excess.series["counts"]) == len(excess.series["bound"])
    assert (night.raised, night.withheld) == (2, 0)


def test_a_silent_feed_has_its_own_card_that_ends_when_it_speaks(loud, feed, filled):  # noqa: F811
    early_warning.warn(as_of=DAY, by=None)
    silence = card(kind="SILENCE")
    assert (silence.where, silence.observed, silence.first_on) == ("第S3小学", 5, DAY - timedelta(days=4))
    from fangxian.systems.surveillance.models import Feed

    filled(Feed.objects.get(code="S3"), [4], last=DAY + timedelta(days=1))
    assert early_warning.warn(as_of=DAY - timedelta(days=5), by=None).ended == 0  # it was not silent then
    night = early_warning.warn(as_of=DAY + timedelta(days=1), by=None)
    assert night.ended == 1 and card(pk=silence.pk).state == "ENDED"
    with pytest.raises(ValidationError, match="ended by itself"):
        services.judge(signal=card(pk=silence.pk), by=None, verdict="ARTEFACT", reason="late")


def test_the_same_night_twice_says_the_same(loud):
    first = early_warning.warn(as_of=DAY, by=None)
    before = list(Signal.objects.values_list("pk", "version", "observed"))
    again = early_warning.warn(as_of=DAY, by=None)
    assert (first.raised, again.raised, again.extended) == (2, 0, 2)
    assert list(Signal.objects.values_list("pk", "version", "observed")) == before


def test_the_next_day_lengthens_the_card(loud, filled):  # noqa: F811
    from fangxian.systems.surveillance.models import Feed

    early_warning.warn(as_of=DAY, by=None)
    filled(Feed.objects.get(code="S1"), [31], last=DAY + timedelta(days=1))
    early_warning.warn(as_of=DAY + timedelta(days=1), by=None)
    longer = card(kind="STATISTICAL")
    assert (longer.last_on, longer.observed) == (DAY + timedelta(days=1), 31)
    early_warning.warn(as_of=DAY, by=None)  # an earlier day run again changes nothing
    assert card(kind="STATISTICAL").observed == 31


@pytest.mark.parametrize(("newest", "cards"), [(26, 1), (60, 2)], ids=["as big", "twice as big"])
def test_an_answered_card_is_quiet_unless_it_grows(loud, filled, officer, newest, cards):  # noqa: F811
    from fangxian.systems.surveillance.models import Feed

    early_warning.warn(as_of=DAY, by=None)
    services.judge(signal=card(kind="STATISTICAL"), by=officer("investigator"), verdict="CHANCE", reason="sports day")
    filled(Feed.objects.get(code="S1"), [newest], last=DAY + timedelta(days=1))
    early_warning.warn(as_of=DAY + timedelta(days=1), by=None)
    assert Signal.objects.filter(kind="STATISTICAL").count() == cards


@pytest.mark.usefixtures("one_a_week")
def test_the_budget_keeps_the_least_likely_and_never_throttles_rules(feed, filled, quiet, town_cases):  # noqa: F811
    filled(feed("S1"), [*quiet[:-1], 30])
    filled(feed("S2", area="410883002", disease="norovirus", channel="OTHER"), [*quiet[:-1], 12])
    town_cases("hfmd", 3)
    night = early_warning.warn(as_of=DAY, by=None)
    assert night.withheld == 1 and card(kind="STATISTICAL").disease == "s:respiratory"
    assert card(kind="RULE").rule == "cluster.village"


@pytest.fixture
def town_cases(county):
    """Factory: so many cases of a disease in one village, known on the last day."""

    def make(disease: str, number: int) -> None:
        village = Area.objects.get(code="410883001212")
        for nth in range(number):
            person = people.add_person(by=None, area=village, name=f"张{nth}", sex="MALE")
            made = cases.open_case(by=None, person=person, disease=disease, area=village)
            made.positive_at = now() - timedelta(hours=12)
            made.save(update_fields=["positive_at"])

    return make


@pytest.mark.parametrize(
    ("disease", "number", "rule"),
    [
        ("hfmd", 2, None),
        ("hfmd", 3, "cluster.village"),
        ("hfmd", 5, "outbreak.village"),
        ("cholera", 1, "emergency.any"),
        ("polio", 1, "fixed:1"),
    ],
)
def test_rules_by_place_and_the_gravest_counts(town_cases, disease, number, rule):
    town_cases(disease, number)
    early_warning.look(as_of=DAY)
    assert [row.rule for row in Signal.objects.all()] == ([rule] if rule else [])
    assert early_warning.look(as_of=DAY) == 0


def test_handed_over_taken_back_and_an_event(loud, officer):
    early_warning.warn(as_of=DAY, by=None)
    signal, by = card(kind="STATISTICAL"), officer("investigator")
    signal = services.judge(signal=signal, by=by, verdict="SUSPECTED", reason="two classes with fever")
    task = early_warning.hand_over(signal=signal, by=by, note="call the school")
    assert early_warning.hand_over(signal=signal, by=by) == task and task.subject_id == signal.pk
    assert "call the school" in task.instructions_text
    event = early_warning.become_event(signal=signal, by=by)
    assert (event.status, event.disease, event.started_on) == (Event.Status.SIGNAL, "unknown", signal.first_on)
    assert card(pk=signal.pk).event_id == event.pk
    (told,) = selectors.track_record()
    assert (told.method, told.answered, told.worth, told.ppv) == ("ESSENCE", 1, 1, 1.0)
    services.take_back(signal=card(pk=signal.pk), by=by, reason="wrong school")
    assert card(pk=signal.pk).state == "OPEN"
    assert [one.status for one in tasks.for_subject("surveillance.signal", signal.pk)] == ["REMOVED"]
    with pytest.raises(ValidationError, match="no verdict"):
        services.take_back(signal=card(pk=signal.pk), by=by, reason="again")


def test_a_card_nobody_answers_becomes_a_task_once(loud, days_later):  # noqa: F811
    early_warning.warn(as_of=DAY, by=None)
    assert early_warning.chase() == 0
    with days_later(2):
        assert early_warning.chase() == 2 and early_warning.chase() == 0


def test_who_may_answer(loud, officer):
    early_warning.warn(as_of=DAY, by=None)
    for role, area in (("viewer", "410883"), ("duty_officer", "410882")):
        with pytest.raises(Refused):
            services.judge(signal=card(kind="STATISTICAL"), by=officer(role, area=area), verdict="CHANCE", reason="x")
        with pytest.raises(Refused):
            early_warning.hand_over(signal=card(kind="STATISTICAL"), by=officer(role, area=area))
    with scope.within("410882"):
        assert not selectors.signals().exists()


def test_the_night_is_queued_once_a_day_in_the_morning(loud):
    from fangxian.core import clock

    assert not early_warning.queue_night()  # eight o'clock: pharmacies may still report
    with clock.frozen(now() + timedelta(hours=4)):
        assert early_warning.queue_night() and not early_warning.queue_night()
