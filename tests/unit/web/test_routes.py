"""Every address of the real site says who may open it, and keeps its word towards a visitor nobody knows."""

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from fangxian.faces.web.middleware import OWN_GUARD

# The back office says and tests its own; the redirects inside it come from Django.
OTHERS = (*OWN_GUARD, "functools", "fangxian.faces.backoffice", "django.views.generic")
WORDS = {
    "step": "remind",
    "station": "leave",
    "movement": "open",
    "stage": "report-up",
    "move": "approve",
    "decision": "same",
    "paper": "docx",
    "slug": "cases.case",
    "key": "doors",
    "turn": "submit",
    "way": "sms",
    "verb": "receive",
    "form": "csv",
    "basis": "clinical",
    "act": "confirm",
    "report_deed": "dismiss",
    "helper_deed": "refuse",
    "shift_deed": "decline",
    "gathering_deed": "refuse",
    "directive_deed": "withdraw",
    "evening_deed": "count",
    "evening_form": "json",
    "session_deed": "matter",
    "session_form": "docx",
    "unit_deed": "withdraw",
    "item": "SUIT",
    "supply_step": "cancel",
    "signal_deed": "judge",
    "product_step": "deliver",
    "product_form": "docx",
    "deed": "agree",
    "account_deed": "decide",
    "scenario": "school_pool",
    "ledger": "screening.place",
    "checklist": "key_place",
    "choice": "confirm",
    "course": "command",
    "worker": "officer:0",
    "community_deed": "refuse",
    "opening_deed": "propose",
}


def routes(resolver=None) -> list[URLPattern]:
    found = []
    for entry in (resolver or get_resolver()).url_patterns:
        found += [entry] if isinstance(entry, URLPattern) else routes(entry)
    return [route for route in found if not route.callback.__module__.startswith(OTHERS)]


def filled(route: URLPattern) -> str:
    """An address of the route; what it names need not exist."""
    kinds = route.pattern.converters
    values = {"IntConverter": 7, "UUIDConverter": uuid4()}
    names = route.pattern.regex.groupindex
    return reverse(
        route.name, kwargs={name: values.get(type(kinds.get(name)).__name__, WORDS.get(name, "x")) for name in names}
    )


@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name or str(route.pattern))
def test_every_route_declares_its_policy(route):
    assert str(route.callback.policy)
    assert route.name


@pytest.mark.django_db
@pytest.mark.parametrize("route", routes(), ids=lambda route: route.name or str(route.pattern))
def test_a_stranger_is_sent_to_the_login(route, officer):
    officer("viewer")
    answer = Client().get(filled(route))
    if route.callback.policy.public:
        assert answer.status_code != 500
    else:
        assert answer.status_code == 302
        assert answer.url.startswith("/accounts/login/")
