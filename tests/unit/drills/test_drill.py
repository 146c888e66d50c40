"""A drill from the calendar to its findings, in one process: planned, played, watched, handed back, confirmed."""

import json
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, clock, drilling
from fangxian.core.clock import now
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.drills import selectors, services
from fangxian.systems.drills.models import Drill, DrillStep
from fangxian.systems.people.models import Person
from fangxian.systems.testing import services as testing
from fangxian.workflows import drill as story
from fangxian.workflows.drilling import injects


@contextmanager
def minute(drill, number, work):
    """A minute of the drill: what is due is played in, the jobs that wait are done."""
    with clock.frozen(drill.begun_at + timedelta(minutes=number)):
        story.play_due()
        work()
        yield


def outcomes() -> dict[str, str]:
    return {one.step.key: one.outcome for one in story.watch() if one.step.kind == "REACTION"}


def finish(by, **which):
    task = Task.unscoped.get(**which)
    return command.finish(task=task, by=by, outcome="done")


def test_two_hours_of_a_school(copy, work, officer):
    drill = copy()
    sampler, duty = officer("sampler"), officer("duty_officer")
    begun = story.begin(by=drill.leader)
    with minute(begun, 0, work):
        assert outcomes() == dict.fromkeys(
            ("recalled", "school_answered", "reported", "contacts", "public_word"), "WAITING"
        )
        assert Person.objects.filter(name__startswith="演练人员").count() == 5
        assert not Case.objects.exists()  # a positive pool is nobody's case
    with minute(begun, 10, work):
        person = Person.objects.get(name="演练人员甲")
        testing.register_tube(by=sampler, area=person.area, barcode="S1")
        testing.add_sample(by=sampler, tube="S1", person=person, sampled_at=now())
        assert outcomes()["recalled"] == "IN_TIME"
    with minute(begun, 30, work):
        pass
    with minute(begun, 50, work):
        finish(duty, key=f"drill:{drill.pk}:school")
        assert outcomes()["school_answered"] == "LATE"  # thirty minutes were allowed
        assert outcomes()["contacts"] == "IN_TIME"
        assert Contact.objects.filter(status="ACTIVE").count() == 4
    with minute(begun, 60, work):
        pass
    with minute(begun, 119, work):
        finish(officer("investigator"), kind="CASE_REPORT")
        found = {one.step.key: one for one in story.watch()}
        assert (found["reported"].outcome, found["reported"].late_minutes) == ("IN_TIME", -31)
    with minute(begun, 121, work):
        ended = Drill.objects.get()
        assert ended.ended_at is not None and outcomes()["public_word"] == "MISSED"
        report = story.hand_back()

    drilled = story.evaluate(drill=ended, by=duty, text=report)
    assert (drilled.state, drilled.expected, drilled.in_time, drilled.late, drilled.missed) == (
        "EVALUATED", 5, 3, 1, 1,
    )  # fmt: skip
    again = story.evaluate(drill=drilled, by=duty, text=report)
    assert DrillStep.objects.count() == 9 and again.missed == 1

    wrong = DrillStep.objects.get(key="reported")
    with pytest.raises(ValidationError, match="too late"):
        story.confirm(drill=again, by=duty, conclusion="…", chosen=[wrong.pk])
    chosen = {step.pk: "" for step in selectors.marked(again)}
    findings = story.confirm(drill=again, by=duty, conclusion="对外口径无人负责", chosen=chosen)
    assert [(one.state, one.topic, one.severity) for one in findings] == [("OPEN", "MECHANISM", "MAJOR")] * 2
    assert {one.what for one in findings} == {
        "10 minutes too late in the drill: The school has been told what to do",
        "Not done in the drill: The word to the public is agreed",
    }
    assert all(one.task.status == "PENDING" for one in findings)
    assert set(story.findings_of(again)) == set(findings)
    assert Drill.objects.get().state == "CLOSED" and audit.verify().sound


@pytest.mark.parametrize("scenario", ["cold_chain", "isolation_site", "fever_patient", "risk_area_arrival"])
def test_every_scenario_can_be_played(copy, planned, work, scenario):
    drill = copy(services.change(drill=planned, by=None, scenario=scenario))
    begun = story.begin(by=drill.leader)
    for number in (0, 15, 40, 600):
        with minute(begun, number, work):
            pass
    lines = list(DrillStep.objects.all())
    assert {line.outcome for line in lines if line.kind == "INJECT"} == {"HAPPENED"}, [line.note for line in lines]
    reactions = [line for line in lines if line.kind == "REACTION"]
    assert reactions and all(line.due_at for line in reactions)


def test_what_cannot_be_played_in_is_said_and_asks_for_nothing(copy, work, monkeypatch):
    def refused(on, inject):
        raise ValidationError("no such place")

    monkeypatch.setitem(injects.KINDS, "pool", refused)
    story.begin(by=copy().leader)
    line = DrillStep.objects.get(key="pool")
    assert (line.outcome, line.note) == ("FAILED", "no such place")
    assert DrillStep.objects.get(key="recalled").due_at is None


def test_nothing_is_played_where_things_are_real(planned):
    assert story.play_due() == 0
    for act in (lambda: story.begin(by=None), story.watch, story.hand_back, lambda: story.end(by=None)):
        with pytest.raises(ValidationError, match="no copy"):
            act()


def test_a_drill_begins_once_and_a_report_needs_a_drill_that_began(copy):
    copy()
    assert story.play_due() == 0
    with pytest.raises(ValidationError, match="not begun"):
        story.hand_back()
    story.begin(by=None, factor=60)
    assert drilling.current().factor == 60
    with pytest.raises(ValidationError, match="begun already"):
        story.begin(by=None)
    ended = story.end(by=None)
    assert story.end(by=None).ended_at == ended.ended_at and story.play_due() == 0


def test_a_report_that_was_changed_or_is_another_s_is_refused(copy, work):
    drill = copy()
    story.begin(by=None)
    text = story.hand_back()
    changed = text.replace("NOT_REACHED", "IN_TIME")
    assert changed != text
    for wrong in (changed, "{}", "no json", json.dumps({"said": {}, "seal": ""})):
        with pytest.raises(ValidationError):
            story.evaluate(drill=drill, by=None, text=wrong)
    with pytest.raises(ValidationError, match="another drill"):
        story.evaluate(drill=Drill(pk=drill.area_id), by=None, text=text)
    stranger = drilling.Marker(**{**vars(drilling.current()), "mac": "0" * 64})
    drilling.write(drilling.settings.DATA_DIR, stranger)
    with pytest.raises(ValidationError, match="not made from this"):
        story.evaluate(drill=drill, by=None, text=story.hand_back())


def test_a_reaction_whose_time_is_after_the_end_is_not_held_against_anybody(copy, work):
    drill = copy()
    story.begin(by=None)
    done = story.evaluate(drill=drill, by=None, text=story.hand_back())
    assert (done.expected, done.missed) == (0, 0)
    assert set(DrillStep.objects.values_list("outcome", flat=True)) == {"HAPPENED", "NOT_REACHED"}
