"""The residents' page: report something, offer to help, give notice of a gathering, ask what became of it.

Nobody signs in. What is sent is counted by sender and refused when flooded. The code is shown in the answer itself: it
stands in no address, no session and no log. An unknown code is answered like any other, and says nothing of anybody.
"""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import policy, scope
from fangxian.faces.web import policies
from fangxian.faces.web.pages.community.resident_forms import (
    CodeForm,
    HelperForm,
    NoticeForm,
    ReportForm,
    ResidentForm,
    villages,
)
from fangxian.registers import attachments
from fangxian.systems.arrivals import throttle
from fangxian.systems.community import photos, selectors, services, tickets
from fangxian.systems.community.words import GatheringState
from fangxian.workflows import volunteering

WHY = "a resident without an account tells something about the area it names, and asks for it by its code"
SEND, ASK = "community", "community_code"
SHUT, UNPROCESSABLE = 429, 422
UNKNOWN = _("Nothing is known under this code. Check the letters.")


@policies.public
@never_cache
@require_GET
def hub(request: HttpRequest) -> HttpResponse:
    """What a resident can do here."""
    return render(request, "resident/community/hub.html", {"form": CodeForm()})


@policies.public
@require_GET
def choose_village(request: HttpRequest) -> HttpResponse:
    """The villages of the township that was chosen."""
    return render(request, "resident/community/villages.html", {"form": ResidentForm(initial=_asked_for(request))})


@policies.public
@never_cache
def report(request: HttpRequest) -> HttpResponse:
    """Report something."""
    return _told(request, ReportForm, _report, "report")


@policies.public
@never_cache
def help_out(request: HttpRequest) -> HttpResponse:
    """Offer to help."""
    return _told(request, HelperForm, _help, "help")


@policies.public
@never_cache
def give_notice(request: HttpRequest) -> HttpResponse:
    """Give notice of a gathering."""
    return _told(request, NoticeForm, _notice, "notice")


@policies.public
@never_cache
@require_POST
def answer(request: HttpRequest) -> HttpResponse:
    """What became of what was told under a code, and what its holder may do about it."""
    form = CodeForm(request.POST)
    try:
        _knock(request, ASK)
    except throttle.TooMany:
        return render(request, "resident/too_many.html", status=SHUT)
    problem = ""
    with scope.everywhere(WHY):
        found = selectors.asked(form.cleaned_data["code"]) if form.is_valid() else None
        if not found:
            form.errors.setdefault(
                "code", form.error_class([_("Nothing is known under this code. Check the letters.")])
            )
            return render(request, "resident/community/hub.html", {"form": form}, status=UNPROCESSABLE)
        try:
            if deed := DEEDS.get(request.POST.get("deed", "")):
                deed(request, found)
                found = selectors.asked(form.cleaned_data["code"])
        except ValidationError as error:
            problem = " ".join(error.messages)
        offers = selectors.offers_to(found.volunteer) if found.volunteer else []
        context = {"found": found, "code": form.cleaned_data["code"], "offers": offers, "problem": problem,
                   "may_cancel": found.gathering and found.gathering.state in services.AHEAD}  # fmt: skip
        return render(request, "resident/community/answer.html", context)


def _told(request: HttpRequest, form_class: type[ResidentForm], take: Callable, name: str) -> HttpResponse:
    """The form, and what it sends; the code stands in the answer, so that it is kept nowhere else."""
    page = f"resident/community/{name}.html"
    if request.method != "POST":
        return render(request, page, {"form": form_class(initial={"ticket": tickets.new(), **_asked_for(request)})})
    form = form_class(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, page, {"form": form}, status=UNPROCESSABLE)
    try:
        _knock(request, SEND)
        with scope.everywhere(WHY):
            made = take(form)
    except throttle.TooMany:
        return render(request, "resident/too_many.html", status=SHUT)
    except ValidationError as error:
        _show(form, error)
        return render(request, page, {"form": form}, status=UNPROCESSABLE)
    return render(
        request, "resident/community/sent.html", {"code": tickets.code_of(form.cleaned_data["ticket"]), name: made}
    )


def _report(form: ReportForm) -> Any:
    given = form.told()
    pictures = [photos.bare(file.read(attachments.MOST_BYTES + 1)) for file in given.pop("photos")]
    made = services.report(area=form.place_area(), ticket=form.cleaned_data["ticket"], **given)
    for number, (content, ending) in enumerate(pictures, start=1):
        attachments.attach(made, name=f"photo{number}.{ending}", content=content, by=None)
    return made


def _help(form: HelperForm) -> Any:
    return services.offer_help(by=None, area=form.place_area(), ticket=form.cleaned_data["ticket"], **form.told())


def _notice(form: NoticeForm) -> Any:
    ticket = form.cleaned_data["ticket"]
    return services.notice(by=None, area=form.place_area(), ticket=ticket, way="PAGE", **form.told())


def _come(request: HttpRequest, found: selectors.Asked) -> None:
    volunteering.accept(shift=_own_shift(request, found), by=None)


def _stay_away(request: HttpRequest, found: selectors.Asked) -> None:
    services.decline(shift=_own_shift(request, found), by=None)


def _stop_helping(request: HttpRequest, found: selectors.Asked) -> None:
    if found.volunteer:
        services.leave(volunteer=found.volunteer, by=None)


def _give_up(request: HttpRequest, found: selectors.Asked) -> None:
    if found.gathering and found.gathering.state != GatheringState.CANCELLED:
        services.cancel(gathering=found.gathering, by=None)


DEEDS: dict[str, Callable[[HttpRequest, selectors.Asked], None]] = {
    "come": _come, "away": _stay_away, "stop": _stop_helping, "cancel": _give_up,
}  # fmt: skip


def _own_shift(request: HttpRequest, found: selectors.Asked) -> Any:
    """A shift of the code's holder; nobody else's."""
    mine = {str(shift.pk): shift for shift in selectors.offers_to(found.volunteer)} if found.volunteer else {}
    if (shift := mine.get(request.POST.get("shift", ""))) is None:
        raise ValidationError(_("This offer does not hold any more."))
    return shift


def _show(form: ResidentForm, error: ValidationError) -> None:
    """Each reason at its field; what belongs to none above the form."""
    told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, reasons in told.items():
        form.add_error(name if name in form.fields else None, reasons)


def _asked_for(request: HttpRequest) -> dict[str, str]:
    """The township an address on a poster names."""
    code = request.GET.get("area", "")[:12]
    return {"area": code[:9], "village": code} if code.isalnum() and villages(code[:9])[1:] else {}


def _knock(request: HttpRequest, door: str) -> None:
    rules, sender = policy.pack(disease="unknown"), throttle.sender_of(request.META.get("REMOTE_ADDR", ""))
    most = "community.page.per_sender_hour" if door == SEND else "community.page.lookups_per_hour"
    throttle.knock(door, sender, most=int(rules.number(most)), most_of_all=int(rules.number("community.page.per_hour")))
