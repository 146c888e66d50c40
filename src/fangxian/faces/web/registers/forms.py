"""Adding and changing a record.

Two people may change one record: different fields merge, the same field is shown to whoever comes second.
"""

from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from fangxian.core.records import Conflict, Source
from fangxian.faces.web.registers import access, tables, touched, widgets
from fangxian.faces.web.registers.values import readable
from fangxian.registers import forms

BASE, CHOICE, THEIRS = "base_version", "choice__", "theirs"


@dataclass(frozen=True)
class Choice:
    """One field two people changed, as the page shows it."""

    name: str
    label: str
    stored: str
    wanted: str
    by: str
    at: object


@access.requires("write")
@require_http_methods(["GET", "POST"])
def add(request: HttpRequest, register) -> HttpResponse:
    """A new record."""
    initial = {name: request.GET[name] for name in register.form if name in request.GET}
    form = widgets.dress(forms.form_class(register)(request.POST or None, initial=initial or _usual(register, request)))
    if request.method == "POST" and form.is_valid():
        made = _written(register, form, by=request.user, values=form.cleaned_data)
        if made is not None:
            messages.success(request, _("Entered."))
            return redirect(tables.url_of(made))
    return _form_page(request, register, form)


@access.requires("write")
@require_http_methods(["GET", "POST"])
def change(request: HttpRequest, register, pk) -> HttpResponse:
    """Change a record; the form remembers the version it was filled from."""
    found = register.get(pk)
    initial = forms.values_of(register, found)
    form = widgets.dress(forms.form_class(register)(request.POST or None, initial=initial))
    for name in register.secrets:
        if name in form.fields:
            form.fields[name].help_text = _("Leave empty to keep what is stored.")
    if request.method == "POST" and form.is_valid():
        answer = _save(request, register, found, form)
        if answer is not None:
            return answer
    return _form_page(request, register, form, found)


def _save(request: HttpRequest, register, found, form) -> HttpResponse | None:
    values = forms.changes(register, found, touched.values(form, request))
    kept = {name for name in values if request.POST.get(f"{CHOICE}{name}") == THEIRS}
    values = {name: value for name, value in values.items() if name not in kept}
    base = int(request.POST[BASE]) if request.POST.get(BASE, "").isdecimal() else found.version
    try:
        written = _written(register, form, by=request.user, values=values, record=found, base_version=base)
    except Conflict as conflict:
        return _conflict_page(request, register, found, conflict)
    if written is None:
        return None
    messages.success(request, _("Saved."))
    return redirect(tables.url_of(written))


def _written(register, form, **what):
    """The written record, or None with the reasons in the form."""
    try:
        return register.write(source=Source.WEB, **what)
    except ValidationError as error:
        _add_errors(form, error)
        return None


def _add_errors(form, error: ValidationError) -> None:
    """A reason about a field the form does not have is a reason about the whole."""
    if not hasattr(error, "error_dict"):
        form.add_error(None, error)
        return
    for name, reasons in error.error_dict.items():
        form.add_error(name if name in form.fields else None, reasons)


def _form_page(request: HttpRequest, register, form, found=None) -> HttpResponse:
    context = {"register": register, "form": form, "record": found}
    if found is not None:
        context |= {
            "base_version": request.POST.get(BASE) or found.version,
            "shown": touched.filled(form, request.POST),
        }
    return render(request, "registers/form.html", context, status=422 if form.errors else 200)


def _conflict_page(request: HttpRequest, register, found, conflict: Conflict) -> HttpResponse:
    labels = {name: register.model._meta.get_field(name).verbose_name for name in register.form}
    clashes = [clash for clash in conflict.clashes if clash.field in labels]  # what follows from them is no choice
    choices = [_choice(register, clash, str(labels[clash.field])) for clash in clashes]
    hidden = [(name, value) for name in request.POST for value in request.POST.getlist(name)
              if name not in (BASE, "csrfmiddlewaretoken") and not name.startswith(CHOICE)]  # fmt: skip
    context = {"register": register, "record": found, "choices": choices, "hidden": hidden,
               "base_version": conflict.record.version}  # fmt: skip
    return render(request, "registers/conflict.html", context, status=409)


def _choice(register, clash, label: str) -> Choice:
    stored, wanted = (_in_words(register, clash.field, value) for value in (clash.stored, clash.wanted))
    return Choice(clash.field, label, stored, wanted, clash.by, parse_datetime(clash.at))


def _in_words(register, name: str, value: str) -> str:
    """A choice by its label, another record by its name."""
    target = getattr(register.model._meta.get_field(name), "related_model", None)
    if target is None or not value:
        return readable(register, name, value)
    return str(getattr(target, "objects", target._default_manager).filter(pk=value).first() or value)


def _usual(register, request: HttpRequest) -> dict:
    """A new record begins in the officer's own area when there is only one."""
    posts = request.user.posts_with(register.right("write"))
    return {"area": posts[0].area} if len(posts) == 1 else {}
