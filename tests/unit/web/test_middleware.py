"""Sessions end by the platform's clock, second factors come first, nothing opens unless it says so."""

from datetime import UTC, datetime, timedelta

import pytest
from django.core.exceptions import ImproperlyConfigured

from fangxian.core import clock
from fangxian.faces.web import middleware

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.unit.web.site")]
MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)
LOGIN = "/accounts/login/"


def get_at(client, minutes: float, path: str = "/everyone/", **extra):
    with clock.frozen(MORNING + timedelta(minutes=minutes)):
        return client.get(path, **extra)


def test_work_goes_on_while_there_is_work(client, enter):
    enter()
    assert [get_at(client, minutes).status_code for minutes in (0, 29, 58, 87)] == [200] * 4


def test_thirty_idle_minutes_end_the_session(client, enter):
    enter()
    get_at(client, 0)
    ended = get_at(client, 31)
    assert ended.url == f"{LOGIN}?next=/everyone/"
    assert get_at(client, 32).status_code == 302
    assert "_auth_user_id" not in client.session


def test_administrators_have_fifteen(client, enter):
    with clock.frozen(MORNING):  # the post begins on that day
        enter("system_admin", "41", secured=True)
    get_at(client, 0)
    assert get_at(client, 14).status_code == 200
    assert get_at(client, 30).status_code == 302


def test_twelve_hours_end_it_however_busy(client, enter):
    enter()
    statuses = [get_at(client, minutes).status_code for minutes in range(0, 12 * 60 + 21, 20)]
    assert statuses == [200] * 37 + [302]


def test_the_session_row_is_written_once_a_minute(client, enter):
    enter()
    get_at(client, 0)
    before = client.session[middleware.SEEN]
    get_at(client, 0.5)
    assert client.session[middleware.SEEN] == before
    get_at(client, 1.5)
    assert client.session[middleware.SEEN] == before + 90


def test_a_part_of_a_page_sends_the_whole_page_to_the_login(client, enter):
    enter()
    get_at(client, 0)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/ledger/"}
    ended = get_at(client, 40, headers=headers)
    assert ended.status_code == 401 and ended["HX-Redirect"] == f"{LOGIN}?next=/ledger/"


def test_a_stranger_asking_for_data_is_refused_and_led_nowhere(client, county):
    part = client.get("/everyone/", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/ledger/"})
    assert part.status_code == 401 and part["HX-Redirect"] == f"{LOGIN}?next=/ledger/"
    data = client.get("/everyone/", headers={"Accept": "application/json"})
    assert data.status_code == 401 and data.json()["detail"]
    assert client.get("/everyone/", headers={"Accept": "text/html,*/*"}).status_code == 302


def test_an_account_without_a_password_is_told_who_gives_one(client, enter):
    known = enter()
    known.set_unusable_password()
    known.save()
    client.force_login(known, backend="allauth.account.auth_backends.AuthenticationBackend")
    refused = client.get("/accounts/password/", headers={"Accept-Language": "en"})
    assert refused.status_code == 403 and "Ask the administrator" in refused.content.decode()


def test_a_sent_form_comes_back_to_the_start(client, county):
    assert client.post("/everyone/").url == f"{LOGIN}?next=/"


@pytest.mark.parametrize("role", ["duty_officer", "investigator", "system_admin", "audit_admin"])
def test_who_needs_a_second_factor_sets_it_up_first(client, enter, role):
    enter(role, "410883")
    assert client.get("/everyone/").url == "/accounts/second-factor/activate/"
    part = client.get("/everyone/", headers={"HX-Request": "true"})
    assert part["HX-Redirect"] == "/accounts/second-factor/activate/"
    assert client.post("/language/", {"language": "en"}).url == "/"


def test_who_has_one_works(client, enter):
    enter("duty_officer", "410883", secured=True)
    assert client.get("/everyone/").status_code == 200


def test_who_needs_none_works(client, enter):
    enter("grid_worker")
    assert client.get("/everyone/").status_code == 200


def test_nothing_opens_unless_it_says_so(client, county):
    assert client.get("/public/").content == b"public"
    for path in ("/everyone/", "/cases/"):
        assert client.get(path).url == f"{LOGIN}?next={path}"


def test_an_undeclared_view_never_runs(client, enter):
    for _visit in range(2):
        with pytest.raises(ImproperlyConfigured, match="undeclared does not say who may open it"):
            client.get("/undeclared/")
        enter()


def test_what_an_officer_read_is_not_kept_by_the_browser(client, enter):
    assert "no-store" not in client.get("/public/").get("Cache-Control", "")
    enter()
    assert client.get("/everyone/")["Cache-Control"] == "no-store"


def test_headers_that_close_the_rest(client, county):
    answer = client.get("/accounts/login/")
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "microphone=()" in answer["Permissions-Policy"]
    policy = dict(part.strip().split(" ", 1) for part in answer["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert policy["default-src"] == "'none'"


def test_a_given_password_is_changed_before_anything_else(client, enter):
    officer = enter("duty_officer", "410883", must_change_password=True)
    assert client.get("/everyone/").url == "/accounts/password/"
    assert client.get("/accounts/second-factor/activate/").url == "/accounts/password/"
    own = {"password1": "paper lantern 42", "password2": "paper lantern 42"}
    client.post("/accounts/password/", {"oldpassword": "correct horse", **own})
    officer.refresh_from_db()
    assert not officer.must_change_password
    assert client.get("/everyone/").url == "/accounts/second-factor/activate/"
