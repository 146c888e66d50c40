"""Decorators that say who may open a page, and put the scope in force."""

import pytest

from fangxian.core.permissions import Permission
from fangxian.faces.web import policies
from tests.unit.web import site

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.unit.web.site")]


def test_the_policy_can_be_read_off_the_view():
    assert str(site.public.policy) == "public"
    assert str(site.everyone.policy) == "signed in"
    assert str(site.cases.policy) == Permission.CASES_READ


def test_a_view_reads_in_the_scope_of_the_posts_that_carry_its_right(client, enter):
    enter("viewer", "410883")
    assert client.get("/cases/").content == b"(('410883', '410884'),)"


def test_a_refusal_gives_its_reason(client, enter):
    enter("grid_worker")
    refused = client.get("/cases/", headers={"Accept-Language": "en"})
    assert refused.status_code == 403
    assert "cases.read" in refused.content.decode()


def test_any_officer_reads_in_the_scope_of_all_posts(client, enter):
    enter("grid_worker", "410883001")
    assert client.get("/everyone/").content == b"True"


def test_a_lazy_template_is_drawn_inside_the_scope(rf, officer, monkeypatch):
    class Lazy:
        drawn = False

        def render(self):
            from fangxian.core import scope

            self.drawn = bool(scope.current())
            return self

    request = rf.get("/")
    request.user = officer("grid_worker", "410883001212")
    assert policies.signed_in(lambda request: Lazy())(request).drawn
