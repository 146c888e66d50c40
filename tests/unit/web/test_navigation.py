"""The menu: what the posts permit, grouped, the current page marked."""

import pytest

from fangxian.faces.web import context, navigation

LEDGER = {"label": "Ledger", "url": "/ledger/", "icon": "list", "group": navigation.WORK, "phone": True}
CASES = {"label": "Cases", "url": "/registers/cases/", "icon": "virus", "group": navigation.REGISTERS}
OWN = {"label": "Own", "url": "/registers/", "icon": "x", "group": "Local"}


@pytest.fixture
def providers(monkeypatch):
    monkeypatch.setattr(navigation, "_providers", [])


def test_a_provider_counts_once_and_decides_for_the_officer(providers):
    @navigation.add
    def mine(officer):
        return [LEDGER] if officer == "duty" else []

    navigation.add(mine)
    assert navigation.entries("duty") == [LEDGER]
    assert navigation.entries("guard") == []


def test_groups_keep_their_order_and_strange_ones_come_last():
    groups = navigation.grouped([OWN, CASES, LEDGER])
    assert [group["key"] for group in groups] == [navigation.WORK, navigation.REGISTERS, "Local"]
    assert [group["label"] for group in groups][::2] == ["", "Local"]


def test_the_longest_address_is_the_current_one():
    marked = navigation.mark_active([LEDGER, OWN, CASES], "/registers/cases/7/")
    assert [entry["active"] for entry in marked] == [False, False, True]
    assert not any(entry["active"] for entry in navigation.mark_active([LEDGER], "/elsewhere/"))


def test_the_phone_shows_a_few():
    assert navigation.bottom([LEDGER, CASES, *[LEDGER] * 5]) == [LEDGER] * navigation.BOTTOM_BAR_SIZE


@pytest.mark.django_db
def test_the_shell_knows_posts_languages_and_clock(rf, officer, providers, settings):
    navigation.add(lambda officer: [LEDGER])
    request = rf.get("/ledger/")
    request.user = officer("grid_worker", "410883001212")
    shown = context.shell(request)
    assert shown["posts"] == request.user.current_posts
    assert shown["navigation"][0]["entries"][0]["active"]
    assert shown["languages_offered"] == [("zh-hans", "简体中文"), ("en", "English")]
    assert not shown["clock_is_shifted"]


@pytest.mark.django_db
def test_parts_of_a_page_and_visitors_get_no_menu(rf, officer, providers):
    request = rf.get("/")
    assert "navigation" not in context.shell(request)
    request.user, request.htmx = officer("grid_worker", "410883001212"), True
    assert "navigation" not in context.shell(request)
