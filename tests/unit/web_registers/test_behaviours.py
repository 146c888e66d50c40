"""Tabs that come with a mixin: files, daily checks, findings."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from fangxian.core import clock, records, scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.registers import attachments
from fangxian.systems.cases.models import Contact
from fangxian.systems.command import services as command
from fangxian.systems.inspection.models import Finding
from fangxian.systems.quarantine import services as quarantine
from fangxian.systems.quarantine.models import Stay
from fangxian.systems.screening import services as screening
from tests.unit.registers.test_attachments import JPEG, PDF

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(county):
    with scope.everywhere("test data"):
        return screening.add_place(by=None, area=Area.objects.get(code="410883001212"), name="红星超市", kind="SHOP")


def at(name: str, record, *more) -> str:
    return reverse(name, args=[record._meta.label_lower, record.pk, *more])


def tab(client, record, key: str) -> str:
    return client.get(at("register_record", record), {"tab": key}).content.decode()


# --- files ---


def test_a_photo_is_put_shown_and_taken_away(officer, sign_in, place):
    clerk = sign_in(officer("township_officer", area="410883001"))
    clerk.post(at("register_attach", place), {"file": SimpleUploadedFile("door.jpg", JPEG)})
    assert "door.jpg" in tab(clerk, place, "files")

    [file] = attachments.of(place)
    shown = clerk.get(at("register_file", place, file.pk))
    assert shown.content == JPEG and shown["Content-Type"] == "image/jpeg"
    assert shown["Content-Disposition"].startswith("inline") and "sandbox" in shown["Content-Security-Policy"]

    remove = at("register_file_remove", place, file.pk)
    assert "door.jpg" in clerk.get(remove).content.decode()
    assert clerk.post(remove, {"reason": ""}).status_code == 422
    assert clerk.post(remove, {"reason": "wrong door"}).status_code == 302
    assert clerk.get(at("register_file", place, file.pk)).status_code == 404
    assert "“wrong door”" in tab(clerk, place, "history")


def test_a_paper_is_a_download(officer, sign_in, place):
    clerk = sign_in(officer("township_officer", area="410883001"))
    clerk.post(at("register_attach", place), {"file": SimpleUploadedFile("list.pdf", PDF)})
    [file] = attachments.of(place)
    shown = clerk.get(at("register_file", place, file.pk))
    assert shown["Content-Disposition"].startswith("attachment") and "list" not in shown["Content-Disposition"]


@pytest.mark.parametrize("given", [{}, {"file": SimpleUploadedFile("a.exe", b"MZ")}])
def test_what_cannot_be_taken_is_said(officer, sign_in, place, given):
    clerk = sign_in(officer("township_officer", area="410883001"))
    answer = clerk.post(at("register_attach", place), given, follow=True)
    assert "alert" in answer.content.decode() and not attachments.of(place).exists()


def test_who_only_reads_puts_nothing(officer, sign_in, place):
    with scope.everywhere("test data"):
        file = attachments.attach(place, name="list.pdf", content=PDF, by=None)
    guard = sign_in(officer("checkpoint_guard"))
    assert "register_attach" not in tab(guard, place, "files") and "list.pdf" in tab(guard, place, "files")
    assert guard.post(at("register_attach", place), {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 403
    assert guard.post(at("register_file_remove", place, file.pk), {"reason": "because"}).status_code == 403


def test_a_neighbours_file_is_not_found(officer, sign_in, place):
    with scope.everywhere("test data"):
        file = attachments.attach(place, name="list.pdf", content=PDF, by=None)
    stranger = sign_in(officer("township_officer", area="410882"))
    assert stranger.get(at("register_file", place, file.pk)).status_code == 404
    assert stranger.post(at("register_attach", place), {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 404


def test_who_does_a_task_shows_what_was_done(officer, sign_in, county):
    with scope.everywhere("test data"):
        cell = Area.objects.get(code="410883001212001")
        task = command.hand_down(by=None, area=cell, title="look at the door", role="grid_worker", from_area=county)
    worker, other = officer("grid_worker", area=cell.code), officer("grid_worker", area="410883001212002")
    page = reverse("task", args=[task.pk])
    given = {"file": SimpleUploadedFile("door.jpg", JPEG), "own_page": "1"}
    answer = sign_in(worker).post(at("register_attach", task), given, follow=True)
    assert answer.redirect_chain == [(page, 302)] and "door.jpg" in answer.content.decode()
    assert attachments.of(task).count() == 1
    assert sign_in(other).get(at("register_record", task)).status_code == 404
    guard = sign_in(officer("checkpoint_guard"))
    assert guard.post(at("register_attach", task), {"file": SimpleUploadedFile("a.pdf", PDF)}).status_code == 403


def test_kinds_without_files_have_no_such_page(investigator, person):
    zhang = person()
    assert investigator.post(at("register_attach", zhang)).status_code == 404
    assert '"?tab=files"' not in tab(investigator, zhang, "files")


# --- daily checks ---


@pytest.fixture
def stay(person):
    with scope.everywhere("test data"):
        zhang = person("张三")
        return records.create(
            Stay, by=None, action="test.made", area=zhang.area, present_area=zhang.area, person=zhang, place="HOME",
            starts_on=date(2022, 3, 14), ends_on=date(2022, 3, 20),
        )  # fmt: skip


@pytest.mark.parametrize(
    ("hour", "expected"),
    [
        (1, {"14": ["36.5 °C", "Missed"], "15": ["Due now", "—"]}),  # UTC: nine in the morning
        (6, {"14": ["36.5 °C", "Missed"], "15": ["Missed", "Due now"]}),
    ],
)
def test_mornings_and_evenings_seen_missed_and_to_come(officer, sign_in, stay, hour, expected):
    with clock.frozen(datetime(2022, 3, 15, hour, tzinfo=UTC)):
        with scope.everywhere("test data"):
            quarantine.record_check(
                by=None, person=stay.person, area=stay.area, day=date(2022, 3, 14), slot="AM",
                temperature=Decimal("36.5"),
            )  # fmt: skip
        shown = tab(sign_in(officer("isolation_manager")), stay, "following")
    rows = [row for row in shown.split("<tr>") if "2022-03-1" in row and "fx-date" in row]
    assert len(rows) == 2
    for row, (day, words) in zip(reversed(rows), expected.items(), strict=True):
        assert f"2022-03-{day}" in row and all(word in row for word in words)
    assert "slot=PM" in rows[1]  # the missed evening leads to its form


def test_a_check_by_another_area_counts_without_being_shown(officer, sign_in, stay):
    with clock.frozen(datetime(2022, 3, 14, 1, tzinfo=UTC)):
        with scope.everywhere("test data"):
            elsewhere = Area.objects.get(code="410882001201")
            quarantine.record_check(
                by=None, person=stay.person, area=elsewhere, day=date(2022, 3, 14), slot="AM",
                temperature=Decimal("38.5"),
            )  # fmt: skip
        shown = tab(sign_in(officer("isolation_manager")), stay, "following")
    assert "Entered by another area" in shown and "38.5" not in shown


def test_nothing_to_follow_says_so(officer, sign_in, stay):
    with scope.everywhere("test data"):
        quarantine.cancel_many(stays=[stay], by=None, reason="not a contact")
    assert "Nothing to follow" in tab(sign_in(officer("isolation_manager")), stay, "following")


def test_a_released_stay_ends_on_the_day_of_release(stay):
    stay.released_at = datetime(2022, 3, 18, 3, tzinfo=UTC)
    assert stay.followed_days() == (date(2022, 3, 14), date(2022, 3, 18))


# --- findings ---


def test_a_finding_is_raised_on_the_spot(officer, sign_in, place):
    inspector = sign_in(officer("inspector"))
    assert "No findings" in tab(inspector, place, "findings")
    given = {"what": "no thermometer at the door", "severity": "CRITICAL", "role": "township_officer"}
    assert inspector.post(at("register_raise_finding", place), given).status_code == 302

    finding = Finding.unscoped.get()
    assert (finding.where, finding.subject_id, finding.area) == ("红星超市", place.pk, place.area)
    assert "no thermometer" in tab(inspector, place, "findings")
    assert AuditEntry.objects.filter(action="inspection.finding.raised").exists()


def test_a_finding_without_words_says_what_is_missing(officer, sign_in, place):
    inspector = sign_in(officer("inspector"))
    answer = inspector.post(at("register_raise_finding", place), {"severity": "MINOR"}, follow=True)
    assert "What was found" in answer.content.decode() and not Finding.unscoped.exists()


def test_who_may_not_inspect_raises_nothing(officer, sign_in, place, person):
    guard = sign_in(officer("checkpoint_guard"))
    assert '"?tab=findings"' not in tab(guard, place, "findings")
    assert guard.post(at("register_raise_finding", place), {"what": "open gate"}).status_code == 403
    township = sign_in(officer("township_officer", area="410883001"))
    assert township.post(at("register_raise_finding", person())).status_code == 404


@pytest.mark.parametrize(
    ("known", "days"),
    [
        ({"follow_up_until": date(2022, 3, 20)}, (date(2022, 3, 13), date(2022, 3, 20))),
        ({"follow_up_until": date(2022, 3, 20), "extended_until": date(2022, 3, 24)},
         (date(2022, 3, 13), date(2022, 3, 24))),
        ({"follow_up_until": date(2022, 3, 10)}, (date(2022, 3, 10), date(2022, 3, 10))),
        ({}, None),
        ({"follow_up_until": date(2022, 3, 20), "follow_up": "NO_FOLLOW_UP"}, None),
    ],
)  # fmt: skip
def test_a_contact_is_followed_from_the_last_meeting_on(known, days):
    met = Contact(last_contact_at=datetime(2022, 3, 13, 3, tzinfo=UTC), **known)
    assert met.followed_days() == days
