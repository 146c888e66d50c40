"""Unmasking: one person at a time, for a reason that is written down, for half a minute."""

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from fangxian.core import audit
from fangxian.core.permissions import Permission, require
from fangxian.faces.web.registers import access
from fangxian.faces.web.registers.records import secret_cells


class ReasonForm(forms.Form):
    """Why somebody needs to see personal values."""

    reason = forms.CharField(
        label=_("What do you need it for?"), min_length=4, max_length=200,
        help_text=_("Your name, the time and this reason are recorded."),
    )  # fmt: skip


@access.requires("read")
@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
def unmask(request: HttpRequest, register, pk) -> HttpResponse:
    """The masked values with the question why; after a reason the plain ones, which hide themselves again."""
    found = register.get(pk)
    require(request.user, Permission.PEOPLE_UNMASK, found.area_id)
    form = ReasonForm(request.POST or None)
    context = {"register": register, "record": found, "form": form, "may_unmask": True}
    if request.method == "POST" and form.is_valid():
        context |= {"secrets": _reveal(register, found, request.user, form.cleaned_data["reason"]), "is_plain": True}
    else:
        context |= {"secrets": secret_cells(register, found), "is_asking": "ask" in request.GET or bool(form.errors)}
    page = "registers/secrets.html" if request.htmx else "registers/secrets_page.html"
    return render(request, page, context, status=422 if form.errors else 200)


def _reveal(register, found, officer, reason: str) -> list[tuple[str, str]]:
    field = register.model._meta.get_field
    with audit.act("people.unmasked", by=officer, area=found.area_id, target=found,
                   detail={"reason": reason, "fields": register.secrets}):  # fmt: skip
        return [(str(field(name).verbose_name), getattr(found, name).reveal()) for name in register.secrets]
