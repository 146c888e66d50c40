"""The back office: for administrators, code tables and accounts, nothing is deleted, every change is in the audit."""

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.core.officers import Officer, Post
from fangxian.faces.backoffice.site import office
from fangxian.registers import site


@pytest.fixture
def enter(officer):
    """Factory: a browser signed in as such an officer, second factor done."""

    def make(role: str, area: str = "410883", factor: bool = True) -> Client:
        made = officer(role, area=area)
        if factor:
            Authenticator.objects.create(user=made, type=Authenticator.Type.TOTP, data={})
        client = Client()
        client.force_login(made)
        return client

    return make


def test_no_register_is_in_it() -> None:
    assert not {register.model for register in site} & set(office._registry)


def test_only_administrators_come_in(enter, county) -> None:
    assert Client().get("/backoffice/").status_code == 302
    assert enter("investigator").get("/backoffice/").status_code == 403
    assert enter("system_admin").get("/backoffice/").status_code == 200


def test_the_second_factor_applies(enter, county) -> None:
    answer = enter("system_admin", factor=False).get("/backoffice/")
    assert (answer.status_code, answer["Location"]) == (302, "/accounts/second-factor/activate/")


@pytest.mark.parametrize(
    ("role", "open_", "closed"),
    [
        ("system_admin", ["area", "areacode", "zonemember", "job", "officer", "post"], ["auditentry"]),
        ("security_admin", ["officer", "post"], ["area", "auditentry", "job"]),
        ("audit_admin", ["auditentry"], ["area", "officer", "job"]),
    ],
)
def test_each_administration_sees_its_own(enter, county, role, open_, closed) -> None:
    client = enter(role)
    assert [client.get(f"/backoffice/core/{name}/").status_code for name in open_] == [200] * len(open_)
    assert [client.get(f"/backoffice/core/{name}/").status_code for name in closed] == [403] * len(closed)


def test_an_area_is_changed_and_written_down(enter, county) -> None:
    client = enter("system_admin")
    page = client.get("/backoffice/core/area/410883001/change/")
    assert page.status_code == 200
    form = {"name": "大定", "name_en": "Dading", "kind": "township"}
    assert client.post("/backoffice/core/area/410883001/change/", form).status_code == 302
    assert Area.objects.get(code="410883001").name == "大定"
    entry = AuditEntry.objects.get(action="core.area.changed")
    assert (entry.target_id, entry.detail["fields"]) == ("410883001", ["name"])


def test_areas_of_others_are_not_there(enter, county) -> None:
    answer = enter("system_admin").get("/backoffice/core/area/410882001/change/")
    assert answer.status_code == 302


def test_nothing_is_deleted(enter, county) -> None:
    client = enter("system_admin")
    assert client.post("/backoffice/core/area/410883002201/delete/", {"post": "yes"}).status_code == 403
    assert Area.objects.filter(code="410883002201").exists()


def test_an_account_gets_a_password_for_one_login(enter, county) -> None:
    client = enter("security_admin")
    form = {"username": "lihua", "name": "李华", "language": "zh-hans", "is_active": "on"}
    answer = client.post("/backoffice/core/officer/add/", form, follow=True)
    made = Officer.objects.get(username="lihua")
    said = next(str(message) for message in answer.context["messages"] if "lihua" in str(message))
    assert made.check_password(said.rsplit(" ", 1)[-1].rsplit("：", 1)[-1])
    assert made.must_change_password
    assert (
        client.post(f"/backoffice/core/officer/{made.pk}/change/", {"name": "李华", "language": "en"}).status_code
        == 302
    )
    made.refresh_from_db()
    assert (made.is_active, made.language) == (False, "en")


def test_a_post_is_given_within_reach_and_only_ended(enter, officer, county) -> None:
    client, someone = enter("security_admin"), officer(role=None, username="lihua")
    form = {"officer": someone.pk, "role": "grid_worker", "area": "410883001"}
    assert client.post("/backoffice/core/post/add/", form).status_code == 302
    post = Post.objects.get(officer=someone)
    assert AuditEntry.objects.filter(action="core.post.appointed", target_id=str(someone.pk)).exists()
    assert client.post("/backoffice/core/post/add/", {**form, "area": "410882"}).status_code in (200, 403)
    assert Post.objects.filter(officer=someone).count() == 1
    ended = client.post(f"/backoffice/core/post/{post.pk}/change/", {"valid_to": "2099-01-01", "role": "viewer"})
    post.refresh_from_db()
    assert (ended.status_code, post.role, str(post.valid_to)) == (302, "grid_worker", "2099-01-01")


def test_an_account_may_not_hold_two_administrations(enter, officer, county) -> None:
    client, someone = enter("security_admin"), officer("audit_admin")
    form = {"officer": someone.pk, "role": "system_admin", "area": "410883"}
    assert client.post("/backoffice/core/post/add/", form).status_code == 200
    assert someone.posts.count() == 1


def test_the_audit_and_the_jobs_are_only_looked_at(enter, county) -> None:
    client, entry = enter("audit_admin"), AuditEntry.objects.order_by("-seq").first()
    assert client.get(f"/backoffice/core/auditentry/{entry.pk}/change/").status_code == 200
    assert client.post(f"/backoffice/core/auditentry/{entry.pk}/change/", {"action": "x"}).status_code == 403
    assert client.get("/backoffice/core/auditentry/add/").status_code == 403
    assert enter("system_admin").get("/backoffice/core/job/add/").status_code == 403


def test_there_is_one_login_one_logout_and_one_page_for_the_password(client, enter, county) -> None:
    assert client.get("/backoffice/login/")["Location"] == "/accounts/login/"
    inside = enter("audit_admin")
    assert inside.get("/backoffice/password_change/")["Location"] == "/accounts/password/"
    assert inside.post("/backoffice/logout/")["Location"] == "/accounts/logout/"
