"""The shell's own pages: first start, sign-in, language, landing, errors."""

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache

from fangxian.core import setup
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.faces.web import accounts, navigation

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.unit.web.site")]
PASSWORD = "paper lantern 42"


@pytest.fixture(autouse=True)
def fresh_limits():
    cache.clear()


@pytest.fixture
def answers(db):
    """A complete set-up form with a code that works."""
    Area.objects.create(code="41", name="河南省", kind="province")
    names = {"username": "guardian", "name": "王守", "password": PASSWORD, "password_again": PASSWORD}
    return {"code": setup.issue_code(), **names}


def english(client, path):
    return client.get(path, headers={"Accept-Language": "en"})


def test_an_empty_installation_leads_to_its_set_up(client, db):
    assert client.get("/").url == "/setup/"


def test_the_code_makes_the_first_administrator_once(client, answers):
    assert client.post("/setup/", answers).url == "/accounts/login/"
    officer = Officer.objects.get()
    assert (officer.name, officer.posts.get().role) == ("王守", "system_admin")
    assert client.get("/setup/").status_code == 404
    assert client.post("/setup/", {**answers, "username": "second"}).status_code == 404
    assert client.get("/").url == "/accounts/login/"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"code": "AAAA-AAAA-AAAA"}, "code"),
        ({"password_again": "other"}, "password_again"),
        ({"password": "1234567890", "password_again": "1234567890"}, "password"),
        ({"username": ""}, "username"),
    ],
)
def test_wrong_answers_make_nobody(client, answers, change, field):
    refused = client.post("/setup/", {**answers, **change})
    assert refused.status_code == 422
    assert list(refused.context["form"].errors) == [field]
    assert not Officer.objects.exists()


def test_a_code_used_up_meanwhile_makes_nobody(client, answers, monkeypatch):
    monkeypatch.setattr(setup, "_usable", lambda code: None)
    monkeypatch.setattr(setup, "code_is_valid", lambda code: True)
    refused = client.post("/setup/", answers)
    assert refused.context["form"].non_field_errors()
    assert not Officer.objects.exists()


def log_in(client, username, password="correct horse"):
    return client.post("/accounts/login/", {"login": username, "password": password})


def test_login_and_log_out(client, officer):
    known = officer("grid_worker", "410883001212")
    assert log_in(client, known.username).url == "/"
    assert client.get("/everyone/").status_code == 200
    client.post("/accounts/logout/")
    assert client.get("/everyone/").status_code == 302


def test_a_failed_login_never_says_which_half_was_wrong(client, officer):
    known = officer("grid_worker", "410883001212")
    answers = [log_in(client, name, "wrong") for name in (known.username, "nobody")]
    known_name, unknown_name = [list(answer.context["form"].non_field_errors()) for answer in answers]
    assert known_name == unknown_name != []


def test_an_officer_who_left_cannot_log_in(client, officer):
    gone = officer("grid_worker", "410883001212", is_active=False)
    log_in(client, gone.username)
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize("path", ["signup/", "password/reset/", "email/", "password/set/"])
def test_there_is_no_sign_up_and_no_way_in_by_mail(client, county, path):
    assert client.get(f"/accounts/{path}").status_code == 404


def test_the_secret_of_a_second_factor_is_stored_encrypted(enter):
    officer = enter("duty_officer", "410883", secured=True)
    stored = Authenticator.objects.get(user=officer, type="totp").data["secret"]
    assert stored.startswith("fx1:")
    assert len(Authenticator.objects.get(user=officer, type="totp").wrap().instance.data["secret"]) > 60


def test_the_second_factor_is_asked_for_at_login(client, enter):
    officer = enter("duty_officer", "410883", secured=True)
    client.logout()
    assert log_in(client, officer.username).url.startswith("/accounts/second-factor/authenticate/")
    assert client.get("/everyone/").status_code == 302


def test_the_language_chosen_before_the_login_goes_to_the_account(client, officer):
    known = officer("grid_worker", "410883001212")
    client.post("/language/", {"language": "en"})
    log_in(client, known.username)
    known.refresh_from_db()
    assert known.language == "en"


def test_else_the_language_of_the_account_comes_along(client, officer):
    log_in(client, officer("grid_worker", "410883001212", language="en").username)
    assert client.cookies["django_language"].value == "en"


def test_a_switch_while_signed_in_stays_with_the_account(client, enter):
    known = enter()
    client.post("/language/", {"language": "en"})
    client.post("/language/", {"language": "xx"})
    known.refresh_from_db()
    assert known.language == "en"


def test_tries_are_counted_under_what_was_typed(rf):
    assert accounts.typed_username(rf.post("/", {"login": " Wang "}), None) == "wang"
    assert accounts.typed_username(None, {"username": "LI"}) == "li"
    assert accounts.typed_username(None, None) == ""


def test_many_wrong_tries_have_to_wait(client, officer, settings):
    settings.AXES_ENABLED = True
    known = officer("grid_worker", "410883001212")
    statuses = [log_in(client, known.username, "wrong").status_code for _n in range(12)]
    assert statuses[0] == 200
    assert statuses[-1] == 429
    assert log_in(client, known.username).status_code == 429


def test_each_role_lands_on_its_page(client, enter, monkeypatch):
    enter("grid_worker")
    monkeypatch.setattr("fangxian.core.roles.GridWorker.landing", "mfa_index")
    assert client.get("/").url == "/accounts/second-factor/"


def test_without_a_landing_page_the_first_of_the_menu_will_do(client, enter, monkeypatch):
    enter("grid_worker")
    monkeypatch.setattr("fangxian.core.roles.GridWorker.landing", "not-there")
    entry = {"label": "Everyone", "url": "/everyone/", "icon": "users", "group": navigation.WORK}
    monkeypatch.setattr(navigation, "_providers", [lambda officer: [entry]])
    assert client.get("/").url == "/everyone/"


def test_without_a_post_the_page_says_what_to_do(client, enter):
    enter(None)
    assert "No post yet" in english(client, "/").content.decode()


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/odd/", 400, "did not understand"),
        ("/too-large/", 413, "too large"),
        ("/nowhere/", 404, "no such page"),
        ("/broken/", 500, "The fault is ours"),
    ],
)
def test_error_pages_say_what_happened(client, county, path, status, says):
    client.raise_request_exception = False
    answer = english(client, path)
    assert answer.status_code == status
    assert says in answer.content.decode()
    assert "Content-Security-Policy" in answer


def test_a_form_without_its_token_is_refused_politely(officer):
    from django.test import Client

    officer("viewer")
    refused = Client(enforce_csrf_checks=True).post("/accounts/login/", {}, headers={"Accept-Language": "en"})
    assert refused.status_code == 403
    assert "reload the page" in refused.content.decode()


@pytest.mark.parametrize("path", ["/accounts/login/", "/setup/"])
def test_pages_of_visitors_in_both_languages(client, db, path):
    assert 'lang="en"' in english(client, path).content.decode()
    assert 'lang="zh-Hans"' in client.get(path).content.decode()
