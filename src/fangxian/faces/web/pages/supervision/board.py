"""The board of the supervision group: what is open, how old, who repeats, who answers; figures open rows."""

from collections import Counter
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.supervision.lists import ACCOUNTS, FINDINGS
from fangxian.faces.web.registers import named
from fangxian.systems.inspection import rules, selectors
from fangxian.systems.inspection.words import LADDER, Step, Topic

SHOWN = 12
AGES = ((2, _("up to 2 days")), (7, _("3 to 7 days")), (30, _("8 to 30 days")), (None, _("older")))


@guard.needs(Permission.INSPECTION_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """Everything at a glance, what is gravest first."""
    here = area_of(request.user)
    open_ = list(selectors.unsettled(here.code)[:2000])
    since = today() - rules.memory(rules.pack_of(here.code))
    context = {
        "area": here, "figures": _figures(), "areas": _areas(here), "ages": _ages(open_), "steps": _steps(),
        "late": [one for one in open_ if one.state == "OPEN" and one.due_at < now()][:SHOWN],
        "repeaters": _named(selectors.repeaters(here.code, since)), "accounts": selectors.accounts(here.code)[:SHOWN],
        "heaviest": _heaviest(open_, here), "trips": selectors.trips(here.code)[:6], "now": now(),
        "may_write": bool(may(request.user, Permission.INSPECTION_WRITE)),
    }  # fmt: skip
    return render(request, "supervision/board.html", context)


def area_of(officer: Any) -> Area:
    """The widest area an officer reads findings of."""
    posts = officer.posts_with(Permission.INSPECTION_READ)
    return min((post.area for post in posts), key=lambda area: (len(area.code), area.code))


def _figures() -> list[dict[str, Any]]:
    asked = (
        (_("Not settled"), FINDINGS, "unsettled", "", ""), (_("Critical"), FINDINGS, "unsettled", "CRITICAL", "danger"),
        (_("Overdue"), FINDINGS, "late", "", "danger"), (_("To be re-checked"), FINDINGS, "to_recheck", "", ""),
        (_("Cannot be rectified"), FINDINGS, "to_decide", "", ""), (_("Repeats"), FINDINGS, "repeated", "", "danger"),
        (_("Reopened"), FINDINGS, "reopened", "", ""), (_("Accountability open"), ACCOUNTS, "open", "", "danger"),
    )  # fmt: skip
    made = []
    for label, slug, key, value, tone in asked:
        count = named.rows(slug, key, value).count()
        made.append({"label": label, "value": count, "url": named.url(slug, key, value), "tone": tone if count else ""})
    return made


def _areas(here: Area) -> list[dict[str, Any]]:
    """Each part of the area with its open findings; one that has none is shown as such."""
    parts = list(Area.objects.filter(parent=here).order_by("code"))
    counted = selectors.by_area([part.code for part in parts])
    rows = [
        {"area": part, **counted[part.code], "url": named.url(FINDINGS, "unsettled", area=part.code),
         "late_url": named.url(FINDINGS, "late", area=part.code)}
        for part in parts
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row["overdue"], -row["all"], row["area"].code))


def _ages(findings: list) -> list[dict[str, Any]]:
    """Open findings by how long they have been known."""
    counted = Counter(_age((now() - one.created_at) // timedelta(days=1)) for one in findings)
    return [{"label": label, "n": counted[place]} for place, (_most, label) in enumerate(AGES)]


def _age(days: int) -> int:
    return next(place for place, (most, _label) in enumerate(AGES) if most is None or days <= most)


def _steps() -> list[dict[str, Any]]:
    return [
        {"label": Step(step).label, "n": named.rows(FINDINGS, "above", step).count(),
         "url": named.url(FINDINGS, "above", step)}
        for step in LADDER
    ]  # fmt: skip


def _heaviest(findings: list, here: Area) -> list[dict[str, Any]]:
    """The units and places whose open findings weigh most by the pack; what they found themselves weighs less."""
    pack = rules.pack_of(here.code)
    weights: Counter[str] = Counter()
    for one in findings:
        weights[one.unit or one.where] += rules.weight(pack, one.severity, one.origin)  # type: ignore[assignment]
    return [{"who": who, "weight": weight} for who, weight in weights.most_common(6)]


def _named(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**row, "who": row["unit"] or row["where"], "topic": Topic(row["topic"]).label} for row in rows]
