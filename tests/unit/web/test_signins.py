"""Sign-ins and changes to an account leave a row in the audit."""

from datetime import UTC, datetime, timedelta

import pytest

from fangxian.core import audit, clock

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.unit.web.site")]
MORNING = datetime(2022, 3, 15, 0, 0, tzinfo=UTC)


def acts(officer) -> list[str]:
    kept = (entry.action.removeprefix("core.officer.") for entry in audit.history(officer))
    return [act for act in kept if not act.startswith("core.")]


def log_in(client, officer):
    client.post("/accounts/login/", {"login": officer.username, "password": "correct horse"})


def test_coming_and_going(client, officer):
    known = officer("grid_worker", "410883001212")
    log_in(client, known)
    client.post("/accounts/logout/")
    client.post("/accounts/logout/")  # nobody is signed in any more
    assert acts(known) == ["logged_in", "logged_out"]
    assert audit.verify().sound


def test_being_away_too_long(client, enter):
    known = enter()
    for minutes in (0, 45):
        with clock.frozen(MORNING + timedelta(minutes=minutes)):
            client.get("/everyone/")
    last = audit.history(known).last()
    assert (last.action, last.detail) == ("core.officer.logged_out", {"idle": True})


def test_a_new_password(client, officer):
    known = officer("grid_worker", "410883001212")
    log_in(client, known)
    own = {"password1": "paper lantern 42", "password2": "paper lantern 42"}
    client.post("/accounts/password/", {"oldpassword": "correct horse", **own})
    assert acts(known) == ["logged_in", "password_changed"]


def test_a_second_factor(client, officer, monkeypatch, django_capture_on_commit_callbacks):
    known = officer("grid_worker", "410883001212")
    log_in(client, known)
    monkeypatch.setattr("allauth.mfa.totp.forms.auth.validate_totp_code", lambda secret, code: True)
    client.get("/accounts/second-factor/activate/")
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/second-factor/activate/", {"code": "123456"})
    with django_capture_on_commit_callbacks(execute=True):
        client.post("/accounts/second-factor/deactivate/")
    totp = [entry.action for entry in audit.history(known) if entry.detail.get("type") == "totp"]
    assert totp == ["core.officer.second_factor_added", "core.officer.second_factor_removed"]
