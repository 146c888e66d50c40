"""Adverse events: clocks by the pack, stages forward only, three of a kind are a cluster."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.systems.immunization import selectors, services
from fangxian.systems.immunization.models import Aefi
from tests.unit.immunization.conftest import somebody, vaccinated

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
HOUR = timedelta(hours=1)


@pytest.fixture
def dose(site, lot, person):
    return vaccinated(site, person, lot)


def report(dose, **values):
    return services.report(by=None, dose=dose, symptoms="发热38.6℃", **values)


@pytest.mark.parametrize(
    ("grade", "hours"),
    [
        ({}, 48), ({"severity": "SERIOUS", "serious_reason": "HOSPITALIZATION"}, 48),
        ({"severity": "SERIOUS", "serious_reason": "DEATH"}, 2),
        ({"severity": "SERIOUS", "serious_reason": "LIFE_THREATENING"}, 2),
    ],
)  # fmt: skip
def test_the_clocks_follow_from_the_grade(dose, grade, hours):
    event = report(dose, **grade)
    assert event.report_due_at == now() + hours * HOUR and event.stage == "FIRST"
    assert event.investigate_due_at == event.report_due_at + 48 * HOUR
    assert event.conclude_due_at == now() + timedelta(days=30)
    assert list(selectors.open_events()) == [event]


def test_an_event_is_reported_investigated_and_concluded_once(dose, officer):
    investigator = officer("investigator")
    event = report(dose)
    with pytest.raises(ValidationError, match="Investigate first"):
        services.conclude(
            event=event, by=None, classification="UNDETERMINED", causality="INCONCLUSIVE", outcome="UNKNOWN"
        )
    with clock.frozen(now() + HOUR):
        event = services.grade(event=event, by=None, severity="SERIOUS", serious_reason="DEATH")
        assert event.report_due_at == event.found_at + 2 * HOUR  # from the moment it was found, not regraded
        event = services.report_up(event=event, by=investigator)
    with pytest.raises(ValidationError, match="reported already"):
        services.report_up(event=event, by=investigator)
    event = services.investigate(event=event, by=investigator, findings="接种后2小时发热", outcome="RECOVERING")
    assert (event.stage, event.outcome) == ("INTERIM", "RECOVERING")
    with pytest.raises(ValidationError, match="Choose what it was"):
        services.conclude(event=event, by=None, classification="x", causality="CONFIRMED", outcome="RECOVERED")
    event = services.conclude(event=event, by=investigator, classification="COINCIDENTAL_ADVERSE_EVENT",
                              causality="CONFIRMED", outcome="RECOVERED")  # fmt: skip
    assert (event.stage, event.findings) == ("FINAL", "接种后2小时发热") and not selectors.open_events()
    for act in (services.report_up, lambda **k: services.investigate(findings="x", **k)):
        with pytest.raises(ValidationError, match="final report stands"):
            act(event=event, by=investigator)


def test_a_serious_event_says_why_and_nothing_begins_before_the_dose(dose):
    with pytest.raises(ValidationError, match="why the event is serious"):
        report(dose, severity="SERIOUS")
    assert report(dose, severity="NON_SERIOUS", serious_reason="DEATH").serious_reason == ""
    with pytest.raises(ValidationError, match="before the dose"):
        report(dose, onset_at=now() - HOUR)
    with pytest.raises(ValidationError, match="yet to come"):
        report(dose, onset_at=now() + HOUR)


def test_three_of_one_lot_are_a_cluster_and_its_clock_is_short(site, lot, town, dose):
    first = report(dose)
    services.report_up(event=first, by=None)
    second = report(vaccinated(site, somebody(town, "李四"), lot))
    assert not second.is_cluster
    with clock.frozen(now() + timedelta(days=8)):
        assert not report(vaccinated(site, somebody(town, "赵六"), lot)).is_cluster  # too long after the others
    with clock.frozen(now() + timedelta(days=2)):
        third = report(vaccinated(site, somebody(town, "王五"), lot))
        assert third.is_cluster and third.report_due_at == now() + 2 * HOUR
        first, second = Aefi.objects.get(pk=first.pk), Aefi.objects.get(pk=second.pk)
        assert first.is_cluster and first.report_due_at == first.found_at + 48 * HOUR  # it was reported in time
        assert second.is_cluster and second.report_due_at == second.found_at + 48 * HOUR  # due sooner than that anyway
