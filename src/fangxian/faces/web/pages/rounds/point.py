"""The point's own page: register people one after the other; the tube fills up, the next begins; pack what is full."""

from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Permission, require
from fangxian.core.records import Source
from fangxian.faces.web.pages import guard
from fangxian.systems.people import selectors as people
from fangxian.systems.testing import selectors, services
from fangxian.systems.testing.selectors import TUBE_SIZES
from fangxian.systems.testing.services import Registration


class RegisterForm(django_forms.Form):
    """One person into the tube in hand."""

    tube = django_forms.CharField(label=_("Tube"), max_length=40)
    size = django_forms.TypedChoiceField(label=_("Size"), choices=TUBE_SIZES, coerce=int)
    who = django_forms.CharField(
        label=_("Person"), max_length=60, help_text=_("Scan or type the identity number, or scan the person's code.")
    )


@guard.needs(Permission.TESTING_WRITE)
@require_GET
def point(request: HttpRequest, pk) -> HttpResponse:
    """The form, the tube in hand, the tubes of the point that wait to be packed."""
    found = selectors.sampling_point(pk)
    test_round = selectors.round_at(found)
    code = request.GET.get("tube", "").strip().upper()
    tube, inside = selectors.tube_and_people(code)
    size = tube.size if tube else int(request.GET.get("size") or (test_round.tube_size if test_round else 10))
    full = tube is not None and len(inside) >= tube.size
    waiting = selectors.tubes_to_pack(found)
    context = {
        "point": found, "round": test_round, "tube": tube, "inside": inside, "full": full,
        "room": max(size - len(inside), 0), "waiting": waiting, "hour": selectors.registered_at(found, test_round),
        "form": RegisterForm(initial={"tube": "" if full else code, "size": size}),
        "batches": selectors.batches(sampling_point=found.pk)[:10],
    }  # fmt: skip
    return render(request, "rounds/point.html", context)


@guard.needs(Permission.TESTING_WRITE)
@require_POST
def register(request: HttpRequest, pk) -> HttpResponse:
    """Register one person; what is wrong is said on the same page, and the tube stays in hand."""
    found = selectors.sampling_point(pk)
    require(request.user, Permission.TESTING_WRITE, found.area_id)
    form = RegisterForm(request.POST)
    tube = request.POST.get("tube", "").strip().upper()[:40]
    if form.is_valid():
        guard.attempt(request, lambda: _register(request, found, form.cleaned_data))
    else:
        messages.error(request, gettext("Tube and person are both needed."))
    return redirect(f"{reverse('sampling_point', args=[found.pk])}?tube={tube}&size={request.POST.get('size', '')}")


def _register(request: HttpRequest, found, said: dict) -> None:
    person = _person(said["who"].strip())
    row = Registration(0, uuid7(), person.pk, said["tube"].strip().upper(), said["size"], found.pk, now())
    answer = services.register_sample(row, by=request.user, source=Source.WEB)
    kinds = dict(selectors.ACCIDENT_KINDS)
    if answer.known:
        messages.info(request, gettext("%(name)s is in this tube already.") % {"name": person.name})
    else:
        messages.success(request, gettext("%(name)s is registered.") % {"name": person.name})
    for word in answer.flagged:
        messages.warning(request, str(kinds[word.reason.upper()]))


def _person(who: str):
    try:
        found = people.by_ids([UUID(who)]).get(UUID(who))
    except ValueError:
        found = people.find_by_id_number(who)
    if found is None:
        raise ValidationError(_("Nobody is known by this number: enter the person first."))
    return found
