"""The field that looks up an area or a record: a text with suggestions, and the chosen code or id beside it."""

from collections.abc import Callable
from uuid import UUID

from django import forms as django_forms
from django.urls import reverse, reverse_lazy

from fangxian.faces.web.registers import vocabularies
from fangxian.faces.web.registers.asking import TEXT, area_text
from fangxian.registers import forms
from fangxian.workflows.letters import regions


class Lookup(django_forms.TextInput):
    """Sends the chosen code or id; without script, or when nothing was chosen, the text as typed."""

    template_name = "registers/widgets/lookup.html"

    def __init__(self, url: str, text_of: Callable[[str], str]):
        super().__init__()
        self.url, self.text_of, self.typed = url, text_of, ""

    def value_from_datadict(self, data, files, name):
        self.typed = (data.get(f"{name}{TEXT}") or "").strip()
        chosen = (data.get(name) or "").strip()
        return chosen or self.typed.split(" · ")[0]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        shown = self.typed or (self.text_of(str(value)) if value else "")
        return {**context, "url": self.url, "text_name": f"{name}{TEXT}", "text": shown}


class AreaCodes(django_forms.TextInput):
    """Several areas of the nation: their codes in one text, a search that adds to it, the chosen ones by name."""

    template_name = "registers/widgets/codes.html"

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        named = [(code, place_text(code)) for code in str(value or "").split()]
        return {**context, "url": reverse("lookup_areas") + "?nation=1", "text_name": f"{name}{TEXT}", "named": named}


def place() -> Lookup:
    """One area of the nation, chosen or typed as a code."""
    return Lookup(reverse_lazy("lookup_areas", query={"nation": 1}), place_text)


def place_text(code: str) -> str:
    """An area of the tree, or a division of the nation, in words."""
    shown = area_text(code)
    region = regions.regions().get(code) if shown == code else None
    return region.name if region else shown


def dress(form: django_forms.Form) -> django_forms.Form:
    """Give the area and record fields of a register's form their lookups."""
    for name, field in form.fields.items():
        if isinstance(field, forms.AreaField):
            url = reverse("lookup_areas") + ("?anywhere=1" if field.anywhere else "")
            field.widget = _keep(field, Lookup(url, area_text))
        elif isinstance(field, forms.RecordField):
            url = reverse("lookup_records", args=[field.model._meta.label_lower])
            field.widget = _keep(field, Lookup(url, _record_text(field.model)))
        elif offered := vocabularies.choices(name):
            field.widget = _keep(field, django_forms.Select(choices=[("", ""), *offered]))
    return form


def _keep(field: django_forms.Field, widget: django_forms.Widget) -> django_forms.Widget:
    widget.is_required = field.required
    return widget


def _record_text(model) -> Callable[[str], str]:
    def text(value: str) -> str:
        try:
            found = model.objects.filter(pk=UUID(value)).first()
        except ValueError:
            found = None
        return str(found or value)

    return text
