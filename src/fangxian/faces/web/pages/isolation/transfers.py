"""Who is to be brought where, against the clock; each step one tap, with its reason where there must be one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Permission
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.isolation.site import top_areas
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
    "hold": (_("Put on hold"), lambda row, by, said: services.hold(transfer=row, by=by, reason=said["reason"])),
    "refuse": (_("Do not take in"), lambda row, by, said: services.refuse(transfer=row, by=by, reason=said["reason"])),
    "cancel": (_("Cancel"), lambda row, by, said: services.cancel_transfer(transfer=row, by=by, reason=said["reason"])),
}
"""Words and verb of each step. Diverting needs a site and is offered by the register of transfers."""
WITH_REASON = ("hold", "refuse", "cancel")
WITH_VEHICLE = ("arrange", "depart")


@guard.needs(READ)
@require_GET
def transfers(request: HttpRequest) -> HttpResponse:
    """Open transfers from and to the officer's areas, the most urgent first."""
    rows = {row.pk: row for area in top_areas(request) for row in selectors.open_transfers(area.pk)[:SHOWN]}
    cards = [
        {"transfer": row, "late": row.due_at < now(), "acts": _acts(row)}
        for row in sorted(rows.values(), key=lambda row: (row.due_at, row.pk))
    ]
    return render(request, "isolation/transfers.html", {"cards": cards, "late": sum(card["late"] for card in cards)})


@guard.needs(WRITE)
@require_POST
def act(request: HttpRequest, pk) -> HttpResponse:
    """One step of one transfer."""
    row, verb = selectors.transfer(pk), request.POST.get("verb", "")
    if verb in ACTS:
        label, do = ACTS[verb]
        said = {name: request.POST.get(name, "") for name in ("vehicle", "team", "reason")}
        guard.attempt(request, lambda: do(row, request.user, said), _("Noted: %(act)s.") % {"act": label})
    return redirect("transfers")


def _acts(row) -> list[dict]:
    """The steps the table of transitions allows now."""
    return [
        {"verb": verb, "label": label, "reason": verb in WITH_REASON, "vehicle": verb in WITH_VEHICLE}
        for verb, (label, _do) in ACTS.items()
        if (row.state, verb) in TRANSFERS
    ]
