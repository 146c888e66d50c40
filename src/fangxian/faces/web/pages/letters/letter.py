"""One letter: its people, its hand-overs with their times, and what can be done with it now."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.letters.boxes import TONES
from fangxian.faces.web.pages.letters.forms import CorrectionForm, ReceiverForm, ResultForm
from fangxian.systems.letters import selectors, services
from fangxian.systems.letters.transitions import Verb, allows
from fangxian.systems.people import derived
from fangxian.workflows import letter_by_sheet, letter_of_assistance
from fangxian.workflows.letters import papers

PAGE = 100
LEADS_ON = {"pass"}
"""Steps after which another letter is to be seen."""
RESULT_TONES = {"FOUND": "success", "NOT_FOUND": "danger", "TRANSFERRED": "info", "": "neutral"}


@guard.needs(Permission.LETTERS_READ)
@require_GET
def letter(request: HttpRequest, pk) -> HttpResponse:
    """The letter as it stands."""
    found = selectors.letter(pk)
    page = Paginator(selectors.items_exceptions_first(found), PAGE).get_page(request.GET.get("page"))
    may_write = bool(may(request.user, Permission.LETTERS_WRITE, found.area_id))
    context = {
        "letter": found, "tone": TONES[found.state], "progress": selectors.progress_of([found])[found.pk],
        "items": [(row, RESULT_TONES[row.result], row.missing(found.actions)) for row in page.object_list],
        "page": page, "steps": selectors.hand_overs(found), "deliveries": selectors.deliveries(found)[:8],
        "may_write": may_write, "passes": may_write and not found.is_out and allows(found, Verb.ANSWER_PART),
        "may_correct": may_write and _may_correct(found), "can": _verbs(request, found) if may_write else [],
        "may_export": bool(may(request.user, Permission.LETTERS_EXPORT, found.area_id)),
        "code": papers.code(found) if found.is_out and found.revision else "", "receiver": ReceiverForm(),
        "drafts": selectors.drafts_beside(found) if found.state == "DRAFT" and not found.other_name else [],
    }  # fmt: skip
    return render(request, "letters/letter.html", context)


@guard.needs(Permission.LETTERS_WRITE)
@require_POST
def act(request: HttpRequest, pk, step: str) -> HttpResponse:
    """One step of a letter; a refusal says why on its page."""
    found = selectors.letter(pk)
    require(request.user, Permission.LETTERS_WRITE, found.area_id)
    do, done = ACTS[step]
    made: list[Any] = []
    guard.attempt(request, lambda: made.append(do(request, found)), done)
    return redirect("letter", made[0].pk if made and step in LEADS_ON else found.pk)


@guard.needs(Permission.LETTERS_WRITE)
@require_POST
def item_act(request: HttpRequest, pk, decision: str) -> HttpResponse:
    """One decision about one person of a letter."""
    row = selectors.item(pk)
    require(request.user, Permission.LETTERS_WRITE, row.letter_area_id)
    do, done = ITEM_ACTS[decision]
    guard.attempt(request, lambda: do(request, row), done)
    return redirect("letter", row.letter_id)


@guard.needs(Permission.LETTERS_WRITE)
@require_http_methods(["GET", "POST"])
def result(request: HttpRequest, pk) -> HttpResponse:
    """What became of a person, where it comes by phone or paper and stands in no ledger of ours."""
    row = selectors.item(pk)
    require(request.user, Permission.LETTERS_WRITE, row.letter_area_id)
    known = {name: getattr(row, name) for name in ResultForm.base_fields}
    form = ResultForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        guard.attempt(request, lambda: _set_result(row, form.cleaned_data, request.user), str(_("Entered.")))
        return redirect("letter", row.letter_id)
    return render(request, "letters/result.html", {"item": row, "form": form}, status=422 if form.errors else 200)


@guard.needs(Permission.LETTERS_WRITE)
@require_http_methods(["GET", "POST"])
def correct(request: HttpRequest, pk) -> HttpResponse:
    """Say something else about a person of a letter of ours; sent already, the letter becomes a later edition."""
    row = selectors.item(pk)
    require(request.user, Permission.LETTERS_WRITE, row.letter_area_id)
    if not _may_correct(row.letter) or row.is_recalled:
        raise Http404
    form = CorrectionForm(request.POST or None, item=row)
    if request.method == "POST" and form.is_valid():
        done = _("Corrected; a letter sent already became a later edition.")
        if form.said:
            guard.attempt(request, lambda: _correct(row, form.said, request.user), done)
        return redirect("letter", row.letter_id)
    return render(request, "letters/correct.html", {"item": row, "form": form}, status=422 if form.errors else 200)


def _may_correct(found) -> bool:
    return found.is_out and (found.state == "DRAFT" or allows(found, Verb.CORRECT))


def _correct(row, said: dict[str, Any], by) -> None:
    if "phone" in said:
        said["phone"] = derived.complete({"phone": said["phone"]})["phone"]
    services.correct_item(item=row, by=by, **said)


def _verbs(request: HttpRequest, found) -> list[str]:
    words = [verb.value for verb in Verb if allows(found, verb)]
    if "sign" in words and (not found.signature_needed or found.signed_at):
        words.remove("sign")
    ours, theirs = {"sign", "send", "remind", "recall", "close"}, {"acknowledge", "start", "answer"}
    paper = {"acknowledge"} if found.channel == "DOCUMENT" and found.is_out else set()
    return [word for word in words if word in (ours | paper if found.is_out else theirs)]


def _text(request: HttpRequest) -> str:
    return request.POST.get("text", "").strip()


def _acknowledge(request: HttpRequest, found) -> object:
    typed = request.POST.get("code", "")
    if found.is_out and typed and not papers.is_code(found, typed):
        messages.warning(request, _("This is not the code of this letter: it may be of an earlier edition."))
        return None
    return services.acknowledge(letter=found, by=request.user, who=_text(request))


def _set_result(row, values: dict[str, Any], by) -> None:
    services.set_results(letter=row.letter, by=by, results={row.pk: values})
    if row.letter.is_out:
        services.settle(selectors.letter(row.letter_id), by=by)


def _readdress(request: HttpRequest, found) -> object:
    form = ReceiverForm(request.POST)
    form.is_valid()
    return services.readdress(letter=found, by=request.user, receiver=services.Receiver(**form.cleaned_data))


def _move(request: HttpRequest, row) -> object:
    """A parked person goes to a receiver that was chosen from the drafts, or typed."""
    to = request.POST.get("letter")
    if to:
        return services.move_items(by=request.user, items=[row], letter=selectors.letter(to))
    form = ReceiverForm(request.POST)
    form.is_valid()
    return letter_of_assistance.move(by=request.user, item=row, receiver=services.Receiver(**form.cleaned_data))


def _pass_on(request: HttpRequest, found) -> object:
    """The ticked people belong elsewhere: a draft to there, which is shown next."""
    form, chosen = ReceiverForm(request.POST), set(request.POST.getlist("item"))
    form.is_valid()
    rows = [row for row in selectors.items_exceptions_first(found) if str(row.pk) in chosen]
    receiver = services.Receiver(**form.cleaned_data)
    return letter_of_assistance.pass_on(
        by=request.user, letter=found, items=rows, receiver=receiver, note=_text(request)
    )


def _answer_sheet(request: HttpRequest, found) -> None:
    upload = request.FILES.get("file")
    taken, strangers = letter_by_sheet.take_answer_sheet(
        by=request.user, letter=found, content=upload.read() if upload else b""
    )
    messages.info(request, _("%(taken)s answered, %(strangers)s rows fit nobody of this letter.")
                  % {"taken": taken, "strangers": strangers})  # fmt: skip


Do = Callable[[HttpRequest, Any], object]
ACTS: dict[str, tuple[Do, Any]] = {
    "sign": (lambda request, found: services.sign(letter=found, by=request.user), _("Signed.")),
    "send": (lambda request, found: letter_of_assistance.send(letter=found, by=request.user), _("Sent.")),
    "acknowledge": (_acknowledge, ""),
    "start": (lambda request, found: letter_of_assistance.receive(letter=found, by=request.user), _("Handed down.")),
    "answer": (lambda request, found: letter_of_assistance.answer(letter=found, by=request.user), _("Answered.")),
    "remind": (lambda request, found: services.remind(letter=found, by=request.user), _("Reminded.")),
    "recall": (lambda request, found: services.recall(letter=found, by=request.user, reason=_text(request)),
               _("Recalled.")),
    "close": (lambda request, found: services.close(letter=found, by=request.user, reason=_text(request)),
              _("Closed.")),
    "readdress": (_readdress, _("Another receiver.")),
    "sheet": (_answer_sheet, ""),
    "pass": (_pass_on, _("A draft to the other command. Look at it and send it.")),
}  # fmt: skip
ITEM_ACTS: dict[str, tuple[Do, Any]] = {
    "same": (lambda request, row: services.decide_match(item=row, by=request.user, same=True), _("The same person.")),
    "other": (lambda request, row: services.decide_match(item=row, by=request.user, same=False),
              _("Somebody else: a new person.")),
    "recall": (lambda request, row: services.recall_items(
        letter=row.letter, items=[row], by=request.user, reason=_text(request)), _("Recalled.")),
    "move": (_move, _("Moved to that letter.")),
}  # fmt: skip
