"""Contacts that wait for a second officer: on the case's page, on my ledger, and what each may do there."""

import pytest
from django.urls import reverse

from fangxian.core.jobs import Job
from fangxian.systems.cases import services
from fangxian.systems.cases.models import Contact

pytestmark = pytest.mark.django_db


@pytest.fixture
def waiting(story):
    """A contact the town's investigator typed in."""
    case, person = story.case, story.stranger
    return services.propose_contact(
        by=story.investigator, case=case, case_area=case.area, area=person.area, person=person, ring="CLOSE",
        reason="the neighbour names them",
    )  # fmt: skip


@pytest.fixture
def duty(officer, sign_in, story):
    """A second officer at the desk."""
    return sign_in(officer("duty_officer"))


def shown(client, case, **asked) -> str:
    return client.get(reverse("case", args=[case.pk]), asked).content.decode()


def act(contact, name: str) -> str:
    return reverse("contact_act", args=[contact.pk, name])


def test_what_waits_says_who_proposed_it_and_why(investigator, duty, story, waiting):
    page = shown(duty, story.case, state="waiting")
    for words in ("Proposed: Close contact", str(story.investigator), "the neighbour names them", "no stay, no test"):
        assert words in page
    assert act(waiting, "confirm") in page and act(waiting, "refuse") in page
    own = shown(investigator, story.case, state="waiting")
    assert act(waiting, "confirm") not in own and act(waiting, "refuse") in own
    assert "somebody else has to agree" in own


def test_who_may_not_write_contacts_sees_no_buttons(officer, sign_in, story, waiting):
    page = shown(sign_in(officer("viewer")), story.case, state="waiting")
    assert "Proposed: Close contact" in page and act(waiting, "refuse") not in page


def test_it_is_not_among_those_being_followed(duty, story, waiting):
    assert waiting not in [card["contact"] for card in duty.get(reverse("case", args=[story.case.pk])).context["cards"]]
    assert "Waiting for a second person" in shown(duty, story.case)


def test_the_second_officer_agrees_and_the_response_runs(duty, story, waiting):
    answer = duty.post(act(waiting, "confirm"), follow=True)
    assert "the response runs again" in answer.content.decode()
    assert Contact.objects.get(pk=waiting.pk).in_force
    assert Job.objects.filter(kind="cases.respond", key=str(story.case.pk)).exists()


def test_the_first_officer_is_told_why_not(investigator, waiting):
    answer = investigator.post(act(waiting, "confirm"), follow=True)
    assert "a second person has to agree" in answer.content.decode()
    assert not Contact.objects.get(pk=waiting.pk).in_force


@pytest.mark.parametrize(("name", "proposed"), [("refute", "NO_CONTACT"), ("drop", "DROPPED")])
def test_an_end_is_proposed_with_a_reason(duty, story, name, proposed):
    found = Contact.objects.get(person=story.wife)
    assert act(found, name) in shown(duty, story.case)
    assert duty.get(act(found, name)).status_code == 200
    assert duty.post(act(found, name), {"reason": " "}).status_code == 422
    page = duty.post(act(found, name), {"reason": "has been abroad"}, follow=True).content.decode()
    stored = Contact.objects.get(pk=found.pk)
    assert (stored.proposed, stored.in_force) == (proposed, True)
    assert "Until then what is in force stays." in page


def test_a_refused_one_may_be_followed_again_when_two_say_so(duty, investigator, story, waiting):
    assert "Proposed: Close contact" in duty.get(act(waiting, "refuse")).content.decode()
    duty.post(act(waiting, "refuse"), {"reason": "another man of that name"})
    assert Contact.objects.get(pk=waiting.pk).status == "DROPPED"
    assert act(waiting, "restore") in shown(duty, story.case, state="DROPPED")
    duty.post(act(waiting, "restore"), {"reason": "it was him after all"})
    investigator.post(act(waiting, "confirm"))
    assert not Contact.objects.get(pk=waiting.pk).in_force  # the investigator had entered the contact


def test_my_ledger_counts_what_waits(duty, story, waiting):
    page = duty.get(reverse("ledger"))
    figure = next(one for one in page.context["figures"] if one.label == "Contacts waiting for a second person")
    assert figure.value == 1
    assert str(waiting.person) in duty.get(figure.url).content.decode()


def test_the_task_leads_to_the_case(investigator, duty, story, waiting):
    page = shown(investigator, story.case, tab="tasks")
    assert "Agree to or refuse contacts proposed" in page


def test_the_form_says_that_a_reason_is_missing(investigator, story):
    data = {
        "area": story.stranger.area_id,
        "case": story.case.number,
        "person": str(story.stranger.pk),
        "ring": "CLOSE",
    }
    answer = investigator.post(reverse("register_add", args=["cases.contact"]), data)
    assert answer.status_code == 422 and "Say why." in answer.content.decode()
    answer = investigator.post(reverse("register_add", args=["cases.contact"]), {**data, "reason": "told us"})
    assert answer.status_code == 302
    assert Contact.objects.get(person=story.stranger).status == "PROPOSED"
