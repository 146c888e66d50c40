"""The pharmacies of an area at a glance: who reported, who is silent, what sold, what was not allowed."""

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission
from fangxian.core.roles import PharmacyClerk
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.figures import row_of
from fangxian.faces.web.pages.pharmacies.lists import CALLS, SALES
from fangxian.systems.pharmacies import rules, selectors
from fangxian.systems.pharmacies.signal import TOWNSHIP, days
from fangxian.systems.pharmacies.words import Drug, Stage

DAYS, HEIGHT, BAR = 14, 28, 7
SHOWN, WRONG_DAYS = 300, 7


@guard.needs(Permission.PHARMACIES_READ)
@require_GET
def entrance(request: HttpRequest) -> HttpResponse:
    """A clerk comes to the till, everybody else to the overview."""
    own = selectors.mine(request.user)
    if len(own) == 1:
        return redirect("till", pk=own[0].pk)
    if own or _is_only_clerk(request):
        return render(request, "pharmacies/choose.html", {"pharmacies": own})
    return redirect("pharmacies_overview")


@guard.needs(Permission.PHARMACIES_READ)
@require_GET
def overview(request: HttpRequest) -> HttpResponse:
    """Every pharmacy with its last fortnight; a silent day is a gap, not a zero."""
    yesterday = today() - timedelta(days=1)
    houses = list(selectors.pharmacies()[: SHOWN + 1])
    asked = {house.pk for house in selectors.expected("")}
    told = selectors.reported("", yesterday - timedelta(days=DAYS - 1), yesterday)
    wrong = list(selectors.violations(now() - timedelta(days=WRONG_DAYS))[:SHOWN])
    shown_days = days(yesterday - timedelta(days=DAYS - 1), yesterday)
    rows = [_row(house, told.get(house.pk, selectors.Reported()), shown_days, house.pk in asked, wrong)
            for house in houses[:SHOWN]]  # fmt: skip
    rows.sort(key=lambda row: (not row["silent"], not row["wrong"]))
    context = {
        "rows": rows, "wrong": wrong, "yesterday": yesterday, "classes": _ladder(houses), "height": HEIGHT,
        "width": DAYS * BAR, "figures": _figures(request.user, rows, len(wrong)), "days": DAYS,
        "townships": _townships(rows), "calls": list(selectors.open_calls().filter(due_at__lt=now())[:20]),
    }  # fmt: skip
    return render(request, "pharmacies/overview.html", context)


def _is_only_clerk(request: HttpRequest) -> bool:
    posts = request.user.posts_with(Permission.PHARMACIES_READ)
    return all(post.role == PharmacyClerk.key for post in posts)


def _row(house: Any, told: selectors.Reported, shown: list[date], asked: bool, wrong: list) -> dict[str, Any]:
    latest, is_due = told.on(shown[-1]), rules.is_due(house.area_id, shown[-1], now())
    fever = [None if told.on(day) is None else told.on(day).get(Drug.FEVER, 0) for day in shown]
    return {
        "pharmacy": house, "asked": asked, "silent": asked and latest is None and is_due, "latest": latest,
        "waiting": asked and latest is None and not is_due,
        "counts": [None if latest is None else latest.get(drug, 0) for drug in _watched()],
        "bars": _bars(fever, shown), "missing": sum(count is None for count in fever) if asked else 0,
        "wrong": sum(sale.pharmacy_id == house.pk for sale in wrong),
    }  # fmt: skip


def _bars(counts: list[int | None], shown: Iterable[date]) -> list[dict[str, Any]]:
    """Rectangles of a small drawing: heights to the largest day; a silent day is a mark on the ground of its own."""
    most = max([count for count in counts if count] or [1])
    drawn = []
    for number, (count, day) in enumerate(zip(counts, shown, strict=True)):
        height = 3 if count is None else max(round(count / most * HEIGHT), 1)
        drawn.append({"x": number * BAR, "y": HEIGHT - height, "height": height, "silent": count is None, "day": day,
                      "count": count})  # fmt: skip
    return drawn


def _watched() -> list[str]:
    return [str(drug) for drug in Drug if drug != Drug.OTHER]


def _townships(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """By township: how many spoke of how many, who was silent, and what was sold; None where nobody spoke."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        fresh = {
            "name": str(row["pharmacy"].area),
            "all": 0,
            "told": 0,
            "silent": 0,
            "counts": [None] * len(_watched()),
        }
        town = found.setdefault(row["pharmacy"].area_id[:TOWNSHIP], fresh)
        town["all"] += 1
        town["silent"] += row["silent"]
        if row["latest"] is not None:
            town["told"] += 1
            town["counts"] = [(known or 0) + new for known, new in zip(town["counts"], row["counts"], strict=True)]
    return [found[code] for code in sorted(found)]


def _ladder(houses: list[Any]) -> list[tuple[Any, list[tuple[Any, str, int]]]]:
    """Each class under watch with the steps in force, and in how many pharmacies."""
    steps: dict[str, dict[str, int]] = {}
    packs: dict[str, dict[str, str]] = {}
    for house in houses:
        area = house.area_id
        packs[area] = packs.get(area) or rules.ladder(rules.pack_of(area, now()))
        for drug, step in packs[area].items():
            steps.setdefault(drug, {}).setdefault(step, 0)
            steps[drug][step] += 1
    return [(Drug(drug).label, [(Stage(step).label, step, count) for step, count in found.items()])
            for drug, found in steps.items()]  # fmt: skip


def _figures(officer: Any, rows: list[dict[str, Any]], wrong: int) -> list[Any]:
    silent = sum(row["silent"] for row in rows)
    sales = reverse("register", args=[SALES])
    return [
        *row_of(
            officer, (SALES, "today", _("Receipts today"), {}),
            (SALES, "fever_today", _("Buyers with fever today"), {"tone": "warning"}),
        ),
        {"label": _("Not allowed, seven days"), "value": wrong, "url": "#wrong" if wrong else sales,
         "tone": "danger" if wrong else ""},
        {"label": _("Silent yesterday"), "value": silent, "url": "#pharmacies", "tone": "danger" if silent else ""},
        *row_of(officer, (CALLS, "open", _("Call-backs open"), {})),
    ]  # fmt: skip
