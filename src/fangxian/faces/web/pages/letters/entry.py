"""Lists in: people we ask others about, and letters of others that came as files; and papers out."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.permissions import Permission, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.letters.forms import ListForm, ReceivedForm
from fangxian.faces.web.registers import widgets
from fangxian.systems.letters import selectors
from fangxian.workflows import letter_by_sheet
from fangxian.workflows.letters import papers

METHODS = ["GET", "POST"]


@guard.needs(Permission.LETTERS_IMPORT)
@require_http_methods(METHODS)
def ask(request: HttpRequest) -> HttpResponse:
    """A list becomes drafts, one a receiver; nothing leaves before an officer has looked and sent."""
    form = widgets.dress(ListForm(request.POST or None, request.FILES or None, initial=_initial(request)))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        require(request.user, Permission.LETTERS_IMPORT, said["area"].code)
        try:
            asked, ledger = letter_by_sheet.ask_sheet(
                by=request.user, content=said["file"].read(), area=said["area"], disease=said["disease"],
                because=said["reason"], actions=said["actions"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("file", error)
        else:
            _tell(request, ledger)
            messages.success(request, _("%(new)s people on %(letters)s drafts, %(parked)s to be decided, %(ours)s live "
                             "with us.") % {**asked.as_json(), "ours": len(asked.ours)})  # fmt: skip
            return redirect(f"{reverse('letters')}?box=drafts")
    return render(request, "letters/ask.html", {"form": form}, status=422 if form.errors else 200)


@guard.needs(Permission.LETTERS_IMPORT)
@require_http_methods(METHODS)
def received(request: HttpRequest) -> HttpResponse:
    """A letter of others with its list: everybody is recognised at once, the doubtful ones are asked about."""
    form = widgets.dress(ReceivedForm(request.POST or None, request.FILES or None, initial=_initial(request)))
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        require(request.user, Permission.LETTERS_IMPORT, said["area"].code)
        try:
            letter, ledger = letter_by_sheet.enter_sheet(
                by=request.user, content=said["file"].read(), area=said["area"], sender=said["sender"],
                their_number=said["their_number"], disease=said["disease"], because=said["reason"],
                actions=said["actions"], due_at=said["due_at"],
            )  # fmt: skip
        except ValidationError as error:
            form.add_error("file", error)
        else:
            _tell(request, ledger)
            return redirect("letter", letter.pk)
    return render(request, "letters/received.html", {"form": form}, status=422 if form.errors else 200)


@guard.needs(Permission.LETTERS_EXPORT)
@require_http_methods(METHODS)
def paper(request: HttpRequest, pk, paper: str) -> HttpResponse:
    """The letter as a file: masked with GET, in full with POST and a reason; both are on record."""
    found = selectors.letter(pk)
    require(request.user, Permission.LETTERS_EXPORT, found.area_id)
    reason = request.POST.get("reason", "").strip() if request.method == "POST" else ""
    if request.method == "POST" and len(reason) < 4:
        messages.error(request, _("Say why the values are needed in full."))
        return redirect("letter", found.pk)
    try:
        made = papers.paper(found, paper, by=request.user, full_because=reason)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("letter", found.pk)
    response = HttpResponse(made.content, content_type=made.kind)
    response["Content-Disposition"] = f'attachment; filename="{made.name}"'
    response["Cache-Control"] = "no-store"
    return response


def _initial(request: HttpRequest) -> dict[str, str]:
    posts = request.user.posts_with(Permission.LETTERS_IMPORT)
    return {"area": posts[0].area_id if posts else "", "disease": "covid19"}


def _tell(request: HttpRequest, ledger) -> None:
    """Every row of the sheet is accounted for."""
    messages.info(request, _("%(rows)s rows: %(inserted)s taken, %(duplicate)s twice, %(blank)s blank, %(rejected)s "
                  "refused.") % ledger.counts())  # fmt: skip
    for reject in ledger.rejects[:10]:
        messages.warning(request, _("Row %(row)s: %(reason)s") % {"row": reject.row, "reason": reject.reason})
