"""A gathering: who decides follows from kind, size, guests and risk areas; what broke its terms becomes findings."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock, jobs, modes
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command.models import Task
from fangxian.systems.community import rules, selectors, services, tickets
from fangxian.systems.community.words import ApprovalLevel
from fangxian.systems.inspection.models import Finding
from fangxian.systems.risk_areas import services as risk_areas
from fangxian.workflows import gathering as story

pytestmark = pytest.mark.django_db
KIND = "community.gathering"


def open_titles(gathering) -> list[str]:
    return [task.title for task in tasks.for_subject(KIND, gathering.pk) if task.status in Task.OPEN]


@pytest.mark.parametrize(
    ("kind", "persons", "elsewhere", "area", "level"),
    [
        ("WEDDING", 49, False, "410883001212", "NOBODY"),
        ("WEDDING", 50, False, "410883001212", "VILLAGE"),
        ("WEDDING", 100, False, "410883001212", "TOWNSHIP"),
        ("WEDDING", 500, False, "410883001212", "COUNTY"),
        ("WEDDING", 10, True, "410883001212", "TOWNSHIP"),  # guests from elsewhere, whatever the size
        ("FUNERAL", 30, False, "410883001212", "VILLAGE"),
        ("FAIR", 5, False, "410883001212", "TOWNSHIP"),
        ("EXHIBITION", 300, False, "410883001212", "COUNTY"),
    ],
)
def test_who_decides(town, kind, persons, elsewhere, area, level):
    verdict = rules.judge(kind, persons=persons, elsewhere=elsewhere, area_code=area, on=date(2022, 3, 19))
    assert verdict.level == level and verdict.measures
    assert not verdict.licence and ApprovalLevel.PROHIBITED.rank == 4


def test_small_ones_may_be_held_and_large_ones_are_decided_at_their_level(noticed, staff):
    small = noticed(20)
    assert (small.state, small.level, open_titles(small)) == ("APPROVED", "NOBODY", [])
    large = noticed(200)
    assert (large.state, large.level, large.is_late) == ("WAITING", "TOWNSHIP", False)
    with pytest.raises(Refused):
        services.approve(gathering=large, by=staff["worker"])
    services.approve(gathering=large, by=staff["duty"], conditions="分两批开席")  # who is above may as well
    assert open_titles(large) == [story.LOOK]
    village = services.approve(gathering=noticed(60), by=staff["worker"])
    assert village.granted_under == "VILLAGE"
    with pytest.raises(ValidationError, match="does not allow"):
        services.approve(gathering=village, by=staff["worker"])


def test_notice_is_taken_once_and_late_notice_is_marked(noticed):
    ticket = tickets.new()
    first = noticed(ticket=ticket, day=16)
    assert noticed(ticket=ticket, day=16) == first and first.is_late
    assert first.decide_by == now() + timedelta(hours=24)
    assert selectors.asked(tickets.code_of(ticket)).gathering == first
    with pytest.raises(ValidationError, match="ends after"):
        noticed(ends_at=now())


def test_rules_that_change_have_it_looked_at_again(noticed, staff, monkeypatch):
    wedding = services.approve(gathering=noticed(60), by=staff["worker"])
    assert story.look_again() == 0
    stricter = rules.Verdict(ApprovalLevel.COUNTY, "gathering.approval", "pack@2")
    monkeypatch.setattr(rules, "judge", lambda *_args, **_named: stricter)
    assert (story.look_again(), story.look_again()) == (1, 0)
    wedding.refresh_from_db()
    assert (wedding.state, wedding.cause) == ("REVIEW", "RULES")
    assert story.AGAIN in open_titles(wedding)
    monkeypatch.undo()
    assert story.look_again() == 1  # the cause is gone: it stands as it was approved
    wedding.refresh_from_db()
    assert (wedding.state, wedding.cause, open_titles(wedding)) == ("APPROVED", "", [story.LOOK])
    monkeypatch.setattr(rules, "judge", lambda *_args, **_named: stricter)
    story.look_again()
    wedding.refresh_from_db()
    ended = services.refuse(gathering=wedding, by=staff["duty"], reason="疫情升级，缓办")
    assert (ended.state, open_titles(ended)) == ("REFUSED", [story.NOT_HELD])


def test_what_is_not_allowed_is_refused_by_the_rule(noticed, staff, monkeypatch):
    waiting = noticed(200)
    forbidden = rules.Verdict(ApprovalLevel.PROHIBITED, "gathering.approval", "pack@3")
    monkeypatch.setattr(rules, "judge", lambda *_args, **_named: forbidden)
    at_once = noticed(20)
    assert (at_once.state, at_once.reason) == ("REFUSED", "gathering.approval")
    story.look_again()
    waiting.refresh_from_db()
    assert waiting.state == "REFUSED"


def test_looked_at_on_the_day_and_what_broke_the_terms_is_found(noticed, staff):
    wedding = services.approve(gathering=noticed(60), by=staff["worker"])
    with pytest.raises(ValidationError, match="not begun"):
        services.look(gathering=wedding, by=staff["worker"], held=True, came=60)
    with clock.frozen(datetime(2022, 3, 19, 5, tzinfo=UTC)):
        seen = services.look(gathering=wedding, by=staff["worker"], held=True, came=90, not_kept=["MASKS", "x"])
    assert (seen.state, seen.not_kept) == ("HELD", ["MASKS"])
    assert sorted(Finding.objects.values_list("severity", flat=True)) == ["MAJOR", "MINOR"]
    assert Task.objects.get(key=f"gathering:look:{wedding.pk}:yes").done_by == staff["worker"]


def test_refused_but_held_and_held_without_notice(noticed, staff, cell):
    refused = services.refuse(gathering=noticed(60), by=staff["township"], reason="暂缓聚集")
    with clock.frozen(datetime(2022, 3, 19, 7, tzinfo=UTC)):
        assert list(selectors.unlooked("410883")) == [refused]
        services.look(gathering=refused, by=staff["worker"], held=True, came=55)
        found = services.found(
            by=staff["township"], area=cell, kind="FAIR", name="集市", place="村口", responsible="不详", came=300,
            starts_at=now() - timedelta(hours=1), ends_at=now() + timedelta(hours=1), seen="沿街摆摊，无人戴口罩",
        )  # fmt: skip
        assert set(selectors.against_the_rules()) == {refused, found}
    findings = dict(Finding.objects.values_list("subject_id", "severity"))
    assert findings == {refused.pk: "CRITICAL", found.pk: "MAJOR"}


def test_given_up_or_not_held_leaves_nothing_to_do(noticed, staff):
    given_up = services.cancel(gathering=noticed(60), by=None, reason="改期")
    assert open_titles(given_up) == []
    approved = services.approve(gathering=noticed(60), by=staff["worker"])
    with clock.frozen(datetime(2022, 3, 19, 7, tzinfo=UTC)):
        with pytest.raises(ValidationError, match="how many"):
            services.look(gathering=approved, by=staff["worker"], held=True)
        done = services.look(gathering=approved, by=staff["worker"], held=False, came=9)
    assert (done.state, done.came, open_titles(done)) == ("NOT_HELD", 0, [])


def test_what_was_told_is_corrected_until_it_is_decided(noticed, staff):
    wedding = services.change_gathering(gathering=noticed(60), by=staff["township"], expected=120)
    assert wedding.level == "TOWNSHIP"
    wedding = services.approve(gathering=wedding, by=staff["township"])
    with pytest.raises(ValidationError, match="decided"):
        services.change_gathering(gathering=wedding, by=staff["township"], expected=20)


def test_a_risk_area_over_the_place_has_what_was_approved_looked_at_again(noticed, officer, county, staff):
    wedding = services.approve(gathering=noticed(60), by=staff["worker"])
    elsewhere = noticed(60, area=county)
    version = risk_areas.propose(
        by=staff["duty"], area=county, disease="covid19", name="段西村", level="HIGH", codes="410883001212",
        from_at=now(),
    )  # fmt: skip
    risk_areas.publish(version=version, by=officer("duty_officer"))
    assert story.again_job(jobs.Job.objects.get(kind=story.JOB)) == {"judged": 1}
    wedding.refresh_from_db()
    assert (wedding.state, wedding.cause, wedding.level) == ("REVIEW", "RISK_AREA", "PROHIBITED")
    with pytest.raises(ValidationError, match="may not be held"):
        services.approve(gathering=wedding, by=staff["duty"])
    assert noticed(20).state == "REVIEW"  # small, but in the risk area
    assert elsewhere.state == "WAITING"


@pytest.mark.parametrize(
    ("mode", "kind", "persons", "level"),
    [
        ("alert", "WEDDING", 60, "TOWNSHIP"),
        ("alert", "WEDDING", 300, "PROHIBITED"),
        ("alert", "FAIR", 5, "PROHIBITED"),
        ("alert", "WEDDING", 9, "NOBODY"),
        ("emergency", "WEDDING", 5, "PROHIBITED"),
        ("emergency", "FUNERAL", 12, "TOWNSHIP"),
        ("emergency", "MEETING", 30, "COUNTY"),
    ],
)
def test_the_operating_mode_decides_who_decides(town, monkeypatch, mode, kind, persons, level):
    monkeypatch.setattr(modes, "mode_of", lambda *_asked, **_named: mode)
    verdict = rules.judge(kind, persons=persons, elsewhere=False, area_code=town.code, on=date(2022, 3, 19))
    assert verdict.level == level
