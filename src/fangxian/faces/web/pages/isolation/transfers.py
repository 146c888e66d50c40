"""Who is to be brought where, against the clock; each step one tap, with its reason where there must be one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from fangxian.core import scope
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.isolation.site import top_areas
from fangxian.faces.web.pages.isolation.stay import sites_around
from fangxian.systems.quarantine import selectors, services
from fangxian.systems.quarantine.transitions import TRANSFERS

READ, WRITE = Permission.QUARANTINE_READ, Permission.QUARANTINE_WRITE
SHOWN = 200
ACTS = {
    "accept": (_("Accept"), lambda row, by, said: services.accept(transfer=row, by=by)),
    "arrange": (
        _("Vehicle arranged"),
        lambda row, by, said: services.arrange(transfer=row, by=by, vehicle=said["vehicle"], team=said["team"]),
    ),
    "depart": (
        _("Has departed"),
        lambda row, by, said: services.depart(transfer=row, by=by, vehicle=said["vehicle"], team=said["team"]),
    ),
    "receive": (_("Arrived and received"), lambda row, by, said: services.receive(transfer=row, by=by)),
    "divert": (_("Divert to another site"), lambda row, by, said: _divert(row, by, said)),
    "hold": (_("Put on hold"), lambda row, by, said: services.hold(transfer=row, by=by, reason=said["reason"])),
    "refuse": (_("Do not take in"), lambda row, by, said: services.refuse(transfer=row, by=by, reason=said["reason"])),
    "cancel": (_("Cancel"), lambda row, by, said: services.cancel_transfer(transfer=row, by=by, reason=said["reason"])),
}
"""Words and verb of each step."""
WITH_REASON = ("divert", "hold", "refuse", "cancel")
WITH_SITE = ("divert",)
WITH_VEHICLE = ("arrange", "depart")


@guard.needs(READ)
@require_GET
def transfers(request: HttpRequest) -> HttpResponse:
    """Open transfers from and to the officer's areas, the most urgent first."""
    rows = {row.pk: row for area in top_areas(request) for row in selectors.open_transfers(area.pk)[:SHOWN]}
    return _shown(request, sorted(rows.values(), key=lambda row: (row.due_at, row.pk)))


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def act(request: HttpRequest, pk) -> HttpResponse:
    """One transfer by itself, and one step of it."""
    row, verb = selectors.transfer(pk), request.POST.get("verb", "")
    if request.method == "GET":
        return _shown(request, [row], alone=True)
    require(request.user, WRITE)
    if verb in ACTS:
        label, do = ACTS[verb]
        said = {name: request.POST.get(name, "") for name in ("vehicle", "team", "reason", "site")}
        with scope.of(request.user, WRITE):
            guard.attempt(request, lambda: do(row, request.user, said), _("Noted: %(act)s.") % {"act": label})
    return redirect("transfers")


def _shown(request: HttpRequest, rows: list[Any], *, alone: bool = False) -> HttpResponse:
    may_write = bool(may(request.user, WRITE))
    cards = [
        {"transfer": row, "late": row.is_open and row.due_at < now(), "acts": _acts(row) if may_write else []}
        for row in rows
    ]
    late = sum(card["late"] for card in cards)
    return render(request, "isolation/transfers.html", {"cards": cards, "late": late, "alone": alone})


def _acts(row) -> list[dict]:
    """The steps the table of transitions allows now."""
    return [
        {"verb": verb, "label": label, "reason": verb in WITH_REASON, "vehicle": verb in WITH_VEHICLE,
         "sites": sites_around(row.to_area, but=row.to_site_id) if verb in WITH_SITE else {}}
        for verb, (label, _do) in ACTS.items()
        if (row.state, verb) in TRANSFERS
    ]  # fmt: skip


def _divert(row, by, said: dict[str, str]) -> object:
    site = sites_around(row.to_area).get(said["site"])
    if site is None:
        raise ValidationError(_("Name the site the person is brought to."))
    return services.divert(transfer=row, by=by, to_site=site, reason=said["reason"])
