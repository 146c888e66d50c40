"""Public reports: what waits, one report with its words, and what may be done with it."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.community.officer_forms import ORDERS, SendForm, TellForm
from fangxian.faces.web.registers import attachments
from fangxian.registers import site
from fangxian.systems.community import rules, selectors, services, tickets
from fangxian.systems.community.transitions import REPORT, allowed
from fangxian.systems.community.words import ReportState
from fangxian.systems.inspection import selectors as inspection
from fangxian.workflows import public_report

SHOWN, SEEN = 100, "reports_read"
TABS = (("open", _("To be answered")), ("closed", _("Answered")))
LABELS = {
    "take_up": _("Taken up."),
    "confirm": _("Confirmed; the informant can read the answer."),
    "dismiss": _("Not confirmed."),
    "join": _("Joined to the earlier report."),
    "pass_on": _("Passed on."),
    "reopen": _("Opened again."),
    "send": _("Sent for a check."),
}


@guard.needs(Permission.PUBLIC_REPORTS_READ)
@require_GET
def reports(request: HttpRequest) -> HttpResponse:
    """Reports of the officer's area: late first, then new ones."""
    tab = "closed" if request.GET.get("tab") == "closed" else "open"
    found = selectors.closed_reports() if tab == "closed" else selectors.open_reports()
    writes = bool(may(request.user, Permission.PUBLIC_REPORTS_WRITE))
    context = {"tabs": TABS, "tab": tab, "rows": found[:SHOWN], "now": now(), "may_write": writes}
    return render(request, "community/reports.html", context)


@guard.needs(Permission.PUBLIC_REPORTS_WRITE)
@never_cache
@require_http_methods(["GET", "POST"])
def tell(request: HttpRequest) -> HttpResponse:
    """Enter what a caller reports; their code is shown once, to be read out."""
    form = TellForm(request.POST or None, initial={"ticket": tickets.new()})
    if request.method == "POST" and form.is_valid():
        require(request.user, Permission.PUBLIC_REPORTS_WRITE, form.cleaned_data["area"].code)
        try:
            made = services.report(by=request.user, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            code = tickets.code_of(form.cleaned_data["ticket"])
            return render(request, "community/told.html", {"report": made, "code": code})
    return render(request, "community/tell.html", {"form": form}, status=422 if form.errors else 200)


@guard.needs(Permission.PUBLIC_REPORTS_READ)
@never_cache
@require_GET
def report(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One report: where, in whose words, how far, and what may be done now."""
    return render(request, "community/report.html", _context(request, pk))


@guard.needs(Permission.PUBLIC_REPORTS_WRITE)
@never_cache
@require_POST
def phone(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The informant's phone, shown once for a stated reason."""
    found, shown = _writable(request, pk), []

    def act() -> None:
        shown.append(services.reveal_phone(report=found, by=request.user, reason=request.POST.get("reason", "")))

    if not guard.attempt(request, act):
        return redirect("public_report", pk)
    return render(request, "community/report.html", {**_context(request, pk), "phone": shown[0]})


@guard.needs(Permission.PUBLIC_REPORTS_WRITE)
@require_POST
def act(request: HttpRequest, pk: UUID, report_deed: str) -> HttpResponse:
    """One step; the reason it is refused for stands on the page."""
    found = _writable(request, pk)
    done = guard.attempt(request, lambda: DEEDS[report_deed](request, found), str(LABELS[report_deed]))
    gone = report_deed == "pass_on" and done and found.state != ReportState.CHECKING
    return redirect("public_reports") if gone else redirect("public_report", pk)


def _take_up(request: HttpRequest, found: Any) -> Any:
    return services.take_up(report=found, by=request.user)


def _send(request: HttpRequest, found: Any) -> Any:
    form = SendForm(request.POST)
    if not form.is_valid():
        raise ValidationError([reason for reasons in form.errors.values() for reason in reasons])
    return public_report.send_out(report=found, by=request.user, **form.cleaned_data)


def _confirm(request: HttpRequest, found: Any) -> Any:
    return public_report.conclude(
        report=found, by=request.user, answer=_text(request, "answer"), seen=_text(request, "seen"),
        where=_text(request, "where"), is_finding="finding" in request.POST,
    )  # fmt: skip


def _dismiss(request: HttpRequest, found: Any) -> Any:
    reason, answer = _text(request, "reason"), _text(request, "answer")
    return services.dismiss(report=found, by=request.user, reason=reason, answer=answer)


def _join(request: HttpRequest, found: Any) -> Any:
    if not (chosen := request.POST.get("twin")):
        raise ValidationError(_("Choose the report that came first."))
    return services.join(report=found, by=request.user, twin=selectors.report(chosen))


def _pass_on(request: HttpRequest, found: Any) -> Any:
    area = _township(request.POST.get("area", ""))
    return services.pass_on(report=found, by=request.user, to=_text(request, "to"), area=area)


def _reopen(request: HttpRequest, found: Any) -> Any:
    return services.reopen(report=found, by=request.user, reason=_text(request, "reason"))


DEEDS: dict[str, Callable[[HttpRequest, Any], Any]] = {
    "take_up": _take_up, "send": _send, "confirm": _confirm, "dismiss": _dismiss, "join": _join, "pass_on": _pass_on,
    "reopen": _reopen,
}  # fmt: skip


def _context(request: HttpRequest, pk: UUID) -> dict[str, Any]:
    found, register = selectors.report(pk), site.get("community.publicreport")
    writes = bool(may(request.user, Permission.PUBLIC_REPORTS_WRITE, found.area_id))
    told, pack = _words(request, found), rules.pack_of(found.area_id)
    since = found.sent_at - pack.duration("community.report.alike_days")
    sending = {"area": found.area_id, "where": told["place"], "order": ORDERS[found.kind]}
    return {
        "report": found, "told": told, "may_write": writes, "now": now(), "register": register,
        "steps": allowed(REPORT, found) if writes else [], "alike": selectors.alike(found, since),
        "form": SendForm(initial=sending), "townships": _townships(found), "finding": _finding(found),
        "becomes_finding": bool(rules.severity(pack, found.kind)), **attachments.tab(request, register, found),
    }  # fmt: skip


def _words(request: HttpRequest, found: Any) -> dict[str, str]:
    """Place and words in full; the reading is on record once a session, as the page is looked at again and again."""
    known = request.session.get(SEEN, [])
    if str(found.pk) in known:
        return {"place": found.place.reveal(), "words": found.words.reveal()}
    request.session[SEEN] = [*known[-200:], str(found.pk)]
    return services.read(found, by=request.user)


def _finding(found: Any) -> Any:
    """The finding that came of it, where the officer may see findings there."""
    if found.finding_id is None:
        return None
    try:
        return inspection.finding(found.finding_id)
    except ObjectDoesNotExist:
        return None


def _writable(request: HttpRequest, pk: UUID) -> Any:
    found = selectors.report(pk)
    require(request.user, Permission.PUBLIC_REPORTS_WRITE, found.area_id)
    return found


def _townships(found: Any) -> list[Area]:
    """The other townships of the county, to pass it on to."""
    towns = Area.objects.filter(kind=Area.Kind.TOWNSHIP, code__startswith=found.area_id[:6]).order_by("code")
    return list(towns.exclude(code=found.area_id[:9]))


def _township(code: str) -> Area | None:
    return Area.objects.filter(kind=Area.Kind.TOWNSHIP, code=code).first() if code else None


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").strip()
