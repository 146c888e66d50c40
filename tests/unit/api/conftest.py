"""A caller with a session or a token, and a household and a person in each of two counties."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.faces.api import models
from fangxian.systems.people import services


class Caller:
    """JSON in, JSON out."""

    def __init__(self, client: Client, **headers: str) -> None:
        self.client, self.headers = client, headers

    def __call__(self, method: str, path: str, body: object = None, **headers: str):
        content = None if body is None else json.dumps(body, default=str)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.generic(
            method, f"/api{path}", content or "", content_type="application/json", headers={**self.headers, **given}
        )


@pytest.fixture
def token():
    """Factory: a token for an officer's first post."""

    def make(officer, days: int = 30) -> str:
        post = officer.posts.first()
        return models.issue(post, name="test", expires_at=now() + timedelta(days=days), by=officer)[1]

    return make


@pytest.fixture
def call(officer, token):
    """Factory: `call("investigator")` speaks with a token of such an officer; without a role, anonymously."""

    def make(role: str | None = None, area: str = "410883") -> Caller:
        if role is None:
            return Caller(Client())
        return Caller(Client(), Authorization=f"Bearer {token(officer(role, area=area))}")

    return make


@pytest.fixture
def person(county):
    """Factory: a person in a village."""

    def make(name: str = "王小明", area: str = "410883001212", **values):
        with scope.everywhere("test"):
            return services.add_person(by=None, area=Area.objects.get(code=area), name=name, **values)

    return make
