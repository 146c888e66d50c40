"""What keeps a site running: the exceptions of the round, requests, meals, disinfection, waste, the shift sheet."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from fangxian.core.clock import today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.isolation.site import dressed
from fangxian.systems.quarantine import day as days
from fangxian.systems.quarantine import selectors, services

READ, WRITE = Permission.QUARANTINE_READ, Permission.QUARANTINE_WRITE
TROUBLE = ("FEVER", "SYMPTOMS", "UNSEEN", "MISSED")


class DisinfectionForm(forms.Form):
    """One disinfection."""

    kind = forms.ChoiceField(label=_("Kind"), choices=days.DISINFECTIONS)
    zone = forms.ChoiceField(label=_("Zone"), choices=list(days.ZONES.items()), initial="CONTAMINATED")
    room = forms.ChoiceField(label=_("Room"), required=False)
    where = forms.CharField(label=_("What was disinfected"), max_length=80, required=False)
    mg_per_litre = forms.IntegerField(label=_("Available chlorine (mg/L)"), min_value=0, required=False)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, required=False)

    def __init__(self, *args, site, **kwargs):
        super().__init__(*args, **kwargs)
        self.rooms = {str(cell.room.pk): cell.room for cell in days.board(site)}
        named = [(pk, room.number) for pk, room in self.rooms.items()]
        self.fields["room"].choices = [("", "–"), *named]

    def clean_room(self):
        """The room, not its id."""
        return self.rooms.get(self.cleaned_data["room"])


class WasteForm(forms.Form):
    """One batch of waste."""

    number = forms.CharField(label=_("Number"), max_length=20)
    bags = forms.IntegerField(label=_("Bags"), min_value=1)
    weight_kg = forms.DecimalField(label=_("Weight (kg)"), min_value=0, max_digits=7, decimal_places=1)
    mg_per_litre = forms.IntegerField(label=_("Available chlorine (mg/L)"), min_value=0)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0)
    carrier = forms.CharField(label=_("Handed over to"), max_length=80, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, auto_id="id_waste_%s", **kwargs)  # stands beside the other form on one page


@guard.needs(READ)
@require_GET
def day(request: HttpRequest, pk) -> HttpResponse:
    """A site today, what has not been done first."""
    return render(request, "isolation/day.html", _context(request, selectors.site(pk)))


@guard.needs(WRITE)
@require_POST
def answer(request: HttpRequest, pk, request_pk) -> HttpResponse:
    """Answer what a guest asked for."""
    found = selectors.request_of(selectors.site(pk), request_pk)
    declined = request.POST.get("declined") == "1"
    guard.attempt(
        request,
        lambda: services.answer(request=found, by=request.user, answer=request.POST.get("text", ""), declined=declined),
        _("The answer is given."),
    )
    return redirect("site_day", pk)


@guard.needs(WRITE)
@require_POST
def deliveries(request: HttpRequest, pk) -> HttpResponse:
    """Count out the day, or say that one kind stands at the doors, or has been taken in."""
    site, act, item = selectors.site(pk), request.POST.get("act"), request.POST.get("item", "")
    rows = selectors.deliveries_of(site, today(), item)
    acts = {
        "plan": lambda: services.plan_deliveries(by=request.user, site=site, day=today()),
        "deliver": lambda: services.deliver(by=request.user, deliveries=rows),
        "confirm": lambda: services.confirm(by=request.user, deliveries=rows),
    }
    if act in acts:
        guard.attempt(request, acts[act], _("Noted."))
    return redirect("site_day", pk)


@guard.needs(WRITE)
@require_POST
def log(request: HttpRequest, pk) -> HttpResponse:
    """Enter a disinfection or a batch of waste."""
    site = selectors.site(pk)
    if request.POST.get("log") == "waste":
        form, verb = WasteForm(request.POST), services.log_waste
    else:
        form, verb = DisinfectionForm(request.POST, site=site), services.log_disinfection
    if not form.is_valid():
        return render(request, "isolation/day.html", _context(request, site, wrong=form), status=422)
    values = {**form.cleaned_data, "area": site.area, "day": today()}
    guard.attempt(request, lambda: verb(by=request.user, site=site, **values), _("Entered, and signed by you."))
    return redirect("site_day", pk)


@guard.needs(WRITE)
@require_POST
def sign(request: HttpRequest, pk, record_pk) -> HttpResponse:
    """The second signature."""
    logs = {row.pk: row for row in selectors.logs_of(selectors.site(pk), today())}
    if record_pk in logs:
        guard.attempt(
            request, lambda: services.countersign(record=logs[record_pk], by=request.user), _("Countersigned.")
        )
    return redirect("site_day", pk)


@guard.needs(READ)
@require_http_methods(["GET", "POST"])
def hand_over(request: HttpRequest, pk) -> HttpResponse:
    """The sheet of the shift, to print; writing it keeps the figures as they are, the next shift signs it."""
    site = selectors.site(pk)
    last = selectors.last_hand_over(site)
    if request.method == "POST":
        require(request.user, WRITE, site.area_id)
        if request.POST.get("act") == "take" and last:
            guard.attempt(request, lambda: services.take_over(sheet=last, by=request.user), _("Taken over."))
        else:
            said = {"notes": request.POST.get("notes", ""), "figures": days.figures(site)}
            guard.attempt(request, lambda: services.hand_over(site=site, by=request.user, **said), _("Handed over."))
        return redirect("site_hand_over", pk)
    cells = days.board(site)
    context = {
        "site": site, "last": last, "figures": days.figures(site, cells), "requests": days.requests(site),
        "trouble": _trouble(cells), "gaps": days.gaps(site), "may_write": bool(may(request.user, WRITE, site.area_id)),
    }  # fmt: skip
    return render(request, "isolation/hand_over.html", context)


def _context(request: HttpRequest, site, wrong: forms.Form | None = None) -> dict[str, Any]:
    cells = days.board(site)
    forms_ = {"disinfection": DisinfectionForm(site=site), "waste": WasteForm()}
    if wrong is not None:
        forms_["waste" if isinstance(wrong, WasteForm) else "disinfection"] = wrong
    return {
        "site": site, "trouble": _trouble(cells), "figures": days.figures(site, cells),
        "requests": days.requests(site), "deliveries": days.deliveries(site, today()), "gaps": days.gaps(site),
        "logs": selectors.logs_of(site, today()), "forms": forms_, "slot": days.slot_now(),
        "may_write": bool(may(request.user, WRITE, site.area_id)),
    }  # fmt: skip


def _trouble(cells: list[days.Cell]) -> list[dict[str, Any]]:
    """Rooms with something the matter, the worst first."""
    found = [cell for cell in cells if set(cell.marks) & set(TROUBLE)]
    return [dressed(cell) for cell in sorted(found, key=lambda cell: (TROUBLE.index(cell.marks[0]), cell.room.number))]
