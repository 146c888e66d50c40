"""Outbox, inbox, drafts and the chase: exceptions first."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import guard
from fangxian.systems.letters import selectors

PAGE = 50
CHASE, INBOX, OUTBOX, DRAFTS = "chase", "in", "out", "drafts"
BOXES = {
    CHASE: (_("To chase"), lambda: selectors.late("OUT")), INBOX: (_("Letters received"), lambda: selectors.box("IN")),
    DRAFTS: (_("Drafts"), lambda: selectors.drafts()), OUTBOX: (_("Sent out"), lambda: selectors.sent_out()),
}  # fmt: skip
TONES = {"DRAFT": "neutral", "SENT": "warning", "ACKNOWLEDGED": "info", "IN_PROGRESS": "info", "PARTLY": "info",
         "ANSWERED": "success", "CLOSED": "neutral", "RECALLED": "neutral"}  # fmt: skip


@guard.needs(Permission.LETTERS_READ)
@require_GET
def letters(request: HttpRequest) -> HttpResponse:
    """One box at a time; what is overdue is red and stands first."""
    box = request.GET.get("box") if request.GET.get("box") in BOXES else _first()
    page = Paginator(BOXES[box][1](), PAGE).get_page(request.GET.get("page"))
    progress = selectors.progress_of(page.object_list)
    context = {
        "box": box, "boxes": [(key, label, _count(key)) for key, (label, _rows) in BOXES.items()],
        "rows": [(row, progress[row.pk], TONES[row.state]) for row in page.object_list], "page": page,
        "may_write": bool(may(request.user, Permission.LETTERS_WRITE)),
        "may_import": bool(may(request.user, Permission.LETTERS_IMPORT)),
        "may_trust": bool(may(request.user, Permission.LETTERS_PEERS)),
        "waiting": selectors.waiting_deliveries(), "late_received": selectors.late("IN").count(),
    }  # fmt: skip
    return render(request, "letters/letters.html", context)


def _first() -> str:
    return CHASE if selectors.late("OUT").exists() else INBOX


def _count(box: str) -> int | None:
    """Only what wants attention is counted."""
    if box == CHASE:
        return selectors.late("OUT").count()
    if box == DRAFTS:
        return selectors.drafts().count()
    return selectors.new_received().count() if box == INBOX else None
