"""Who may call: nobody unknown, nobody whose time is up, nobody past their post; and every operation says so."""

from datetime import timedelta

import pytest
from django.test import Client

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.core.officers import dismiss
from fangxian.faces.api import models
from fangxian.faces.api.policy import Guard
from fangxian.faces.api.site import api
from tests.unit.api.conftest import Caller


def operations():
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{operation.methods[0]} {prefix}{path}", operation


def test_every_operation_declares_a_policy() -> None:
    found = list(operations())
    assert len(found) > 80
    bare = [name for name, one in found if not (one.auth_callbacks and isinstance(one.auth_callbacks[0], Guard))]
    assert bare == []


def test_every_operation_declares_its_refusals() -> None:
    for name, one in operations():
        assert {401, 403, 404, 409, 422, 429} <= set(one.response_models), name


def test_nobody_unknown_learns_whether_a_call_was_right(call) -> None:
    for headers in ({}, {"Authorization": "Bearer fx_nothing"}, {"Authorization": "Basic eA=="}):
        answer = call()("POST", "/results", {"nonsense": 1}, **headers)
        assert answer.status_code == 401
        assert answer.json() == {"error": "unknown_caller", "reasons": []}


def test_a_right_is_asked_for_before_the_values(call) -> None:
    answer = call("viewer")("POST", "/results", {"nonsense": 1})
    assert answer.status_code == 403
    assert "testing.write" in answer.json()["reasons"][0]["reason"]


def test_a_token_ends_with_its_day_its_post_and_its_revocation(officer, token, county) -> None:
    worker = officer("grid_worker")
    secret = token(worker, days=2)
    me = Caller(Client(), Authorization=f"Bearer {secret}")
    assert me("GET", "/me").json()["posts"][0]["role"] == "grid_worker"
    with clock.frozen(now() + timedelta(days=3)):
        assert me("GET", "/me").status_code == 401
    row = models.mine(worker).get()
    models.revoke(row, by=worker)
    assert me("GET", "/me").status_code == 401
    again = Caller(Client(), Authorization=f"Bearer {token(worker)}")
    assert again("GET", "/me").status_code == 200
    dismiss(worker.posts.get(), by=None)
    assert again("GET", "/me").status_code == 401


def test_a_token_speaks_for_one_post_only(officer, token, county) -> None:
    from fangxian.core.areas import Area
    from fangxian.core.officers import appoint

    both = officer("grid_worker", area="410883001212001")
    secret = token(both)
    appoint(both, role="investigator", area=Area.objects.get(code="410883"), by=None)
    posts = Caller(Client(), Authorization=f"Bearer {secret}")("GET", "/me").json()["posts"]
    assert [post["role"] for post in posts] == ["grid_worker"]


def test_a_token_makes_no_token(call, officer) -> None:
    answer = call("grid_worker")("POST", "/tokens", {"post": 1, "name": "more"})
    assert answer.status_code == 403


def test_a_session_must_prove_that_the_page_called(officer) -> None:
    worker = officer("grid_worker")
    client = Client(enforce_csrf_checks=True)
    client.force_login(worker)
    body = {"post": worker.posts.get().pk, "name": "phone"}
    assert Caller(client)("POST", "/tokens", body).status_code == 403
    client.get("/accounts/login/")
    cookie = client.get("/setup/").cookies or client.cookies
    token = client.cookies["csrftoken"].value if "csrftoken" in client.cookies else None
    assert cookie is not None
    if token is None:
        pytest.skip("no page set the cookie")
    made = Caller(client)("POST", "/tokens", body, X_CSRFToken=token)
    assert made.status_code == 200, made.content
    assert made.json()["token"].startswith("fx_")
    assert models.mine(worker).get().fingerprint == models.fingerprint(made.json()["token"])


def test_a_session_without_the_second_factor_is_refused_with_the_reason(officer) -> None:
    client = Client()
    client.force_login(officer("investigator"))
    answer = Caller(client)("GET", "/registers")
    assert answer.status_code == 403
    assert answer.json()["reasons"][0]["reason"]


def test_an_expired_session_is_unknown_not_led_to_a_page(officer, settings) -> None:
    client = Client()
    client.force_login(officer("grid_worker"))
    assert Caller(client)("GET", "/me").status_code == 200
    with clock.frozen(now() + timedelta(hours=13)):
        assert Caller(client)("GET", "/me").status_code == 401


def test_too_many_calls_are_told_to_wait(call, monkeypatch) -> None:
    from fangxian.faces.api import policy

    caller = call("grid_worker")
    monkeypatch.setattr(policy.RATE, "num_requests", 2)
    assert [caller("GET", "/me").status_code for _ in range(3)] == [200, 200, 429]
