"""The page of a case: tabs, evidence, what may be done with it, and who may not see it."""

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from fangxian.core import jobs
from fangxian.core.jobs import Job
from fangxian.systems.cases.models import Case, Contact

pytestmark = pytest.mark.django_db


def page(case, name: str = "case") -> str:
    return reverse(name, args=[case.pk])


TABS = {
    "contacts": "Lives in the same household",
    "chain": "No link yet",
    "timeline": "Positive result known",
    "map": "map",
    "tasks": "Report case",
    "responses": "Run 1",
    "report": "Measures",
    "nonsense": "Evidence",
}


def test_every_tab_shows_what_it_says(investigator, story):
    for tab, seen in TABS.items():
        answer = investigator.get(page(story.case), {"tab": tab})
        assert answer.status_code == 200 and seen in answer.content.decode(), tab


def test_the_clocks_stand_in_the_head(investigator, story):
    answer = investigator.get(page(story.case))
    keys = [clock.key for clock, _tone, _words in answer.context["clocks"]]
    assert keys == ["report", "track", "close", "secondary", "initial"]
    assert "running" in answer.content.decode()


def test_behind_every_contact_stand_its_evidence_rule_stay_tests_and_task(investigator, story):
    cards = investigator.get(page(story.case)).context["cards"]
    by_name = {card["contact"].person.name: card for card in cards}
    colleague = by_name["丙"]
    assert colleague["pieces"][0]["place_name"] == "办公室" and colleague["minutes"] == 180
    assert colleague["contact"].rule and colleague["contact"].pack
    assert colleague["stays"] and colleague["duties"] and colleague["task"]
    assert by_name["丁"]["pieces"][0]["via_person"].name == "丙"


def test_contacts_are_chosen_by_ring_and_state(investigator, story):
    def names(**asked):
        return {card["contact"].person.name for card in investigator.get(page(story.case), asked).context["cards"]}

    assert names(ring="SECONDARY") == {"丁"}
    assert names(ring="GENERAL", state="ACTIVE") == {"己"}
    assert names(state="DROPPED") == set() and len(names(state="all")) == 5


def test_the_number_of_queries_does_not_grow_with_the_contacts(investigator, story):
    def asked() -> int:
        investigator.get(page(story.case))
        with CaptureQueriesContext(connection) as caught:
            investigator.get(page(story.case))
        return len(caught)

    before = asked()
    everyone = Contact.objects.filter(ring="GENERAL")
    for contact in Contact.objects.exclude(ring="GENERAL")[:3]:
        contact.delete() if False else None
    assert everyone.count() == 1
    Contact.objects.exclude(ring="GENERAL").update(status="DROPPED")
    assert asked() <= before


def test_a_case_of_another_county_is_not_found(story, officer, sign_in):
    stranger = sign_in(officer("investigator", "410882"))
    for name in ("case", "case_onset", "case_withdraw"):
        assert stranger.get(page(story.case, name)).status_code == 404
    assert stranger.post(page(story.case, "case_respond")).status_code == 404


def test_who_may_only_read_gets_no_buttons_and_is_refused_with_a_reason(story, officer, sign_in):
    viewer = sign_in(officer("viewer"))
    shown = viewer.get(page(story.case)).content.decode()
    assert "Run the response" not in shown and "Correct the onset" not in shown
    refused = viewer.post(page(story.case, "case_respond"))
    assert refused.status_code == 403 and "respond.run" in refused.content.decode()


def test_the_response_is_run_again_by_a_job_that_shows_how_far_it_is(investigator, story):
    answer = investigator.post(page(story.case, "case_respond"), follow=True)
    job = Job.objects.get(kind="cases.respond")
    progress = reverse("job_progress", args=[job.pk])
    assert progress in answer.content.decode()
    assert "fx-progress" in investigator.get(progress).content.decode()
    jobs.run_pending()
    assert investigator.get(progress)["HX-Refresh"] == "true"
    assert "Run 2" in investigator.get(page(story.case), {"tab": "responses"}).content.decode()


def test_nobody_watches_anothers_job_without_the_right(investigator, story, worker):
    investigator.post(page(story.case, "case_respond"))
    address = reverse("job_progress", args=[Job.objects.get(kind="cases.respond").pk])
    assert worker.get(address).status_code == 403


def test_a_corrected_onset_replans_and_shows_the_difference(investigator, story):
    address = page(story.case, "case_onset")
    assert investigator.get(address).status_code == 200
    answer = investigator.post(
        address, {"onset_on": "2022-03-17", "onset_precision": "DAY", "base_version": str(story.case.version)}
    )
    assert answer.status_code == 302
    jobs.run_pending()
    assert Case.objects.get().onset_on == date(2022, 3, 17)
    shown = investigator.get(page(story.case), {"tab": "responses"}).content.decode()
    assert "dropped 4" in shown


def test_an_onset_somebody_else_corrected_meanwhile_is_not_overwritten(investigator, story, officer, sign_in):
    address, base = page(story.case, "case_onset"), str(story.case.version)
    other = sign_in(officer("duty_officer"))
    given = {"onset_precision": "DAY", "base_version": base}
    other.post(address, {**given, "onset_on": "2022-03-14"})
    answer = investigator.post(address, {**given, "onset_on": "2022-03-12"})
    assert answer.status_code == 200 and "changed this meanwhile" in answer.content.decode()
    assert Case.objects.get().onset_on == date(2022, 3, 14)


def test_a_withdrawn_result_takes_the_contacts_back(investigator, story):
    address = page(story.case, "case_withdraw")
    assert investigator.post(address, {"how": "result", "reason": ""}).status_code == 422
    assert investigator.post(address, {"how": "result", "reason": "样本调换"}).status_code == 302
    jobs.run_pending()
    assert Case.objects.get().classification == "NOT_CLASSIFIED"
    assert not Contact.objects.filter(status="ACTIVE").exists()


def test_what_is_no_case_keeps_no_contacts(story, officer, sign_in):
    duty = sign_in(officer("duty_officer"))
    address = page(story.case, "case_withdraw")
    refused = duty.post(address, {"how": "result", "reason": "样本调换"}, follow=True)
    assert "testing.write" in refused.content.decode()
    assert duty.post(address, {"how": "case", "reason": "复核阴性"}).status_code == 302
    jobs.run_pending()
    assert Case.objects.get().classification == "NO_CASE"
    assert not Contact.objects.filter(status="ACTIVE").exists()


def confirm(client, case, basis: str = "clinical", **given):
    return client.post(reverse("case_confirm", args=[case.pk, basis]), {"reason": "CT 3月14日，张医师", **given})


def test_a_case_is_confirmed_and_the_confirmation_taken_back_with_a_reason(investigator, story):
    address = reverse("case_confirm", args=[story.case.pk, "epidemiological"])
    assert address in investigator.get(page(story.case)).content.decode()
    assert investigator.get(address).status_code == 200
    assert confirm(investigator, story.case, "epidemiological").status_code == 302
    stored = Case.objects.get()
    assert stored.epidemiological_by == story.investigator and "张医师" in stored.note
    assert "Take the epidemiological confirmation back" in investigator.get(address).content.decode()
    assert confirm(investigator, story.case, "epidemiological", back="1", reason="").status_code == 422
    assert confirm(investigator, story.case, "epidemiological", back="1", reason="来源不符").status_code == 302
    stored = Case.objects.get()
    assert stored.epidemiological_at is None and "来源不符" in stored.note and stored.laboratory_at


def test_a_page_that_is_behind_changes_no_confirmation(investigator, story):
    answer = investigator.post(
        reverse("case_confirm", args=[story.case.pk, "clinical"]), {"reason": "look again", "back": "1"}, follow=True
    )
    assert "Somebody else did that meanwhile" in answer.content.decode()
    assert Case.objects.get().clinical_at is None
    confirm(investigator, story.case)
    first = Case.objects.get().clinical_at
    assert confirm(investigator, story.case).status_code == 302 and Case.objects.get().clinical_at == first


def test_confirming_needs_the_right_and_the_area_and_never_replaces_a_laboratory(investigator, story, officer, sign_in):
    assert confirm(sign_in(officer("viewer")), story.case).status_code == 403
    assert confirm(sign_in(officer("investigator", "410882")), story.case).status_code == 404
    assert investigator.get(f"/cases/{story.case.pk}/confirm/laboratory/").status_code == 404
    assert Case.objects.get().clinical_at is None
