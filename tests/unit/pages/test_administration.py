"""Administration: officers and posts, jobs, audit, rules in force."""

import pytest
from django.urls import reverse

from fangxian.core import jobs
from fangxian.core.audit import AuditEntry
from fangxian.core.officers import Officer, Post

pytestmark = pytest.mark.django_db
OFFICERS, AUDIT, PACKS = reverse("officers"), reverse("audit"), reverse("packs")


@pytest.fixture
def guardian(officer, sign_in):
    """The security administrator of the county."""
    made = officer("security_admin")
    client = sign_in(made)
    client.officer = made
    return client


PARTS = ("officers", "jobs", "audit", "packs", "admin:index")


@pytest.mark.parametrize(
    ("role", "opens"),
    [
        ("security_admin", {"officers", "packs", "admin:index"}),
        ("system_admin", {"officers", "jobs", "packs", "admin:index"}),
        ("audit_admin", {"audit", "admin:index"}),
        ("investigator", {"jobs", "packs"}),
        ("grid_worker", set()),
    ],
)
def test_each_account_opens_only_its_own_part(officer, sign_in, role, opens):
    client = sign_in(officer(role))
    landing = client.get(reverse("administration"))
    assert {name for name, *_rest in landing.context["parts"]} == opens
    statuses = {name: client.get(reverse(name)).status_code for name in PARTS}
    assert {name for name, status in statuses.items() if status == 200} == opens
    assert set(statuses.values()) <= {200, 403}


def test_an_account_is_made_with_a_password_shown_once(guardian):
    answer = guardian.post(OFFICERS, {"username": "lisi", "name": "李四"}, follow=True)
    assert "First password, shown only now" in answer.content.decode()
    made = Officer.objects.get(username="lisi")
    assert made.must_change_password and not made.posts.exists()
    assert "shown only now" not in guardian.get(reverse("officer", args=[made.pk])).content.decode()
    assert guardian.post(OFFICERS, {"username": "LISI", "name": "李四"}).status_code == 422
    assert AuditEntry.objects.get(action="core.officer.made").detail == {"username": "lisi"}
    assert "lisi" in guardian.get(OFFICERS, {"q": "李"}).content.decode()


def test_posts_are_appointed_and_ended(guardian, officer):
    worker = officer(None, username="li")
    address = reverse("officer", args=[worker.pk])
    given = {"role": "grid_worker", "area": "410883001212"}
    assert guardian.post(address, given).status_code == 302
    post = Post.objects.get(officer=worker)
    assert guardian.post(address, {**given, "area": "410882001"}).status_code == 422
    guardian.post(reverse("post_end", args=[post.pk]))
    assert AuditEntry.objects.filter(target_id=str(worker.pk)).count() >= 2
    assert "ended" in guardian.get(address).content.decode()


def test_two_administrations_never_meet_in_one_account(guardian, officer):
    keeper = officer("audit_admin")
    answer = guardian.post(reverse("officer", args=[keeper.pk]), {"role": "system_admin", "area": "410883"})
    assert answer.status_code == 422 and "may not meet in one account" in answer.content.decode()


def test_an_account_is_closed_but_never_ones_own(guardian, officer):
    worker = officer("grid_worker", "410883001212")
    for active in (False, True):
        guardian.post(reverse("officer_switch", args=[worker.pk]))
        worker.refresh_from_db()
        assert worker.is_active is active
    guardian.post(reverse("officer_switch", args=[guardian.officer.pk]))
    guardian.officer.refresh_from_db()
    assert guardian.officer.is_active


def test_the_audit_is_read_searched_and_verified(officer, sign_in, story):
    keeper = sign_in(officer("audit_admin"))
    shown = keeper.get(AUDIT, {"act": "cases.case"}).content.decode()
    assert "cases.case.opened" in shown and "people.person" not in shown
    assert "No entry fits" in keeper.get(AUDIT, {"who": "nobody"}).content.decode()
    assert keeper.get(AUDIT, {"before": "3"}).status_code == 200
    assert "Sound:" in keeper.post(AUDIT).content.decode()
    AuditEntry.objects.filter(seq=2).update(action="nothing.happened")
    assert "entry 2 was changed" in keeper.post(AUDIT).content.decode()


def test_jobs_show_how_far_they_are(investigator, story):
    assert "No job" in investigator.get(reverse("jobs"), {"state": "failed"}).content.decode()
    jobs.enqueue("cases.respond", by=investigator.officer, key="x", case_id=str(story.case.pk))
    assert "cases.respond" in investigator.get(reverse("jobs"), {"state": "queued"}).content.decode()


def test_rules_stand_with_their_source_and_two_days_are_compared(investigator):
    answer = investigator.get(PACKS, {"disease": "covid19", "day": "2022-03-15", "other": "2022-07-15"})
    shown = answer.content.decode()
    assert "contact.close.test_days" in shown and answer.context["pack"].key == "covid19-cn-v8"
    assert {change.key for change in answer.context["changes"]} >= {"contact.close.isolation"}
    assert investigator.get(PACKS, {"disease": "nonsense", "day": "nonsense"}).status_code == 200
