"""Which fields of a form a person changed: against what the form showed, not against what is stored by now.

The form carries what it was filled with. Without it a field somebody else changed meanwhile would be sent back with
its old value, and a time would lose the seconds a browser does not show.
"""

from typing import Any

from django import forms as django_forms
from django.http import HttpRequest

SHOWN = "shown__"


def filled(form: django_forms.Form, given: Any) -> list[tuple[str, str]]:
    """Hidden fields with what the form shows; a form that comes back with errors keeps what it first showed."""
    return [(f"{SHOWN}{name}", given.get(f"{SHOWN}{name}", _shown(form, name))) for name in form.fields]


def values(form: django_forms.Form, request: HttpRequest) -> dict[str, Any]:
    """The cleaned values of the fields that were touched, and what the register derived from them."""
    return {
        name: value
        for name, value in form.cleaned_data.items()
        if name not in form.fields or _touched(form, name, request) or _derived(form, name, value, request)
    }


def _touched(form: django_forms.Form, name: str, request: HttpRequest) -> bool:
    shown = request.POST.get(f"{SHOWN}{name}")
    return shown is None or _plain(shown) != _plain(_raw(form, name, request))


def _derived(form: django_forms.Form, name: str, value: Any, request: HttpRequest) -> bool:
    """Whether a check across fields gave an untouched field another value than was sent."""
    return form.fields[name].clean(_raw(form, name, request)) != value


def _raw(form: django_forms.Form, name: str, request: HttpRequest) -> Any:
    return form.fields[name].widget.value_from_datadict(request.POST, request.FILES, name)


def _shown(form: django_forms.Form, name: str) -> str:
    field = form.fields[name]
    value = field.prepare_value(form.get_initial_for_field(field, name))
    if isinstance(field.widget, django_forms.DateInput | django_forms.DateTimeInput | django_forms.TimeInput):
        value = field.widget.format_value(value)
    return _plain(value)


def _plain(value: Any) -> str:
    return "" if value is None else str(value).replace("\r\n", "\n").strip()
