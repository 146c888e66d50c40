"""Form fields from the declaration: the one place where a value from outside becomes a value of the model.

Web forms, sheets and the interface all clean their input with these fields, so they accept and refuse the same.
"""

from functools import cache
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.forms.models import fields_for_model
from django.utils.translation import gettext_lazy as _

from fangxian.core import scope
from fangxian.core.areas import Area, UnknownArea, resolve
from fangxian.core.fields import EncryptedTextField, Secret, blind
from fangxian.core.identity import normalise
from fangxian.core.officers import Officer


class AreaField(forms.CharField):
    """An area, by code or by name; it must lie inside the scope in force unless `anywhere`."""

    def __init__(self, *args, anywhere: bool = False, **kwargs):
        self.anywhere = anywhere
        super().__init__(*args, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        area = find_area(text)
        if not self.anywhere and not scope.current().covers(area.code):
            raise ValidationError(_("This area lies outside your posts."))
        return area

    def prepare_value(self, value):
        return value.code if isinstance(value, Area) else value


class UnknownRecord(ValidationError):
    """No record of the scope fits a text."""


class RecordField(forms.CharField):
    """Another record inside the scope, by its id or by the single key of its register.

    `makes`: the key of one that is not there yet is handed on as text, for the register's verb to make it.
    """

    makes = False

    def __init__(self, model: type[models.Model], *args, **kwargs):
        self.model = model
        super().__init__(*args, **kwargs)

    def clean(self, value):
        text = super().clean(str(value) if isinstance(value, UUID) else value)
        if not text:
            return None
        try:
            return find_record(self.model, text)
        except UnknownRecord:
            if self.makes and _by_id(text) is None:
                return text
            raise

    def prepare_value(self, value):
        return str(value.pk) if isinstance(value, models.Model) else value


class SecretField(forms.CharField):
    """A personal value. It is never filled in again; an empty answer on a change means “as it was”."""

    def prepare_value(self, value):
        return "" if isinstance(value, Secret) else value

    def to_python(self, value):
        return normalise(super().to_python(value))


class MomentInput(forms.DateTimeInput):
    """A day and an hour as a browser lets one choose them, written in the one form it reads."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


def find_area(text: str) -> Area:
    """An area by code, or by a name that is unique inside the scope in force."""
    known = Area.objects.filter(code=text).first()
    if known is not None:
        return known
    named = list(scope.areas_in_scope().filter(name=text)[:2])
    if len(named) == 1:
        return named[0]
    if named:
        raise ValidationError(_("Several areas are called “%(name)s”: use the code.") % {"name": text})
    try:
        return resolve(name=text, code=text)
    except UnknownArea as error:
        raise ValidationError(str(error)) from error


def find_record(model: type[models.Model], text: str):
    """A record by id, by the key of its register (the area is taken from the scope), or by an encrypted number."""
    condition = _by_id(text) or _by_key(model, text)
    found = list(model.objects.filter(**condition)[:2]) if condition else []
    if len(found) == 1:
        return found[0]
    words = {"kind": model._meta.verbose_name, "text": text[:40]}
    if found:
        raise ValidationError(_("Several “%(kind)s” fit “%(text)s” in your areas: use the id.") % words)
    raise UnknownRecord(_("No “%(kind)s” fits “%(text)s” in your areas.") % words)


def _by_id(text: str) -> dict | None:
    try:
        return {"pk": UUID(text)}
    except ValueError:
        return None


def _by_key(model, text: str) -> dict:
    from fangxian.registers.collection import site

    register = site.of(model)
    names = [name for name in register.key if name != "area"] if register else []
    if len(names) != 1:
        return {}
    if isinstance(model._meta.get_field(names[0]), EncryptedTextField):
        index = next(field.name for field in model._meta.fields if getattr(field, "of", None) == names[0])
        return {index: blind(model, names[0], text)}
    return {names[0]: text}


def form_fields(register) -> dict[str, forms.Field]:
    """Fresh form fields of a register, in the declared order."""
    made = fields_for_model(register.model, fields=register.form, formfield_callback=_form_field)
    for name in register.makes:
        made[name].makes = True
    return register.fields(made)


@cache
def form_class(register) -> type[forms.Form]:
    """The register's form: the declared fields, and the checks across them."""

    def clean(form) -> dict:
        values = form.cleaned_data
        return values if form.errors else register.clean_row(without_silence(register, values))

    return type(f"{type(register).__name__}Form", (forms.Form,), {**form_fields(register), "clean": clean})


def without_silence(register, values: dict) -> dict:
    """Without the fields that were left empty and have a default: saying nothing means the default, or “as it was”."""
    return {name: value for name, value in values.items() if value not in ("", None) or not has_default(register, name)}


def has_default(register, name: str) -> bool:
    """Whether a field may be left out because the model knows what it then is."""
    return register.model._meta.get_field(name).has_default()


def values_of(register, record) -> dict:
    """What the form of an existing record starts from."""
    return {name: getattr(record, name) for name in register.form}


def changes(register, record, values: dict) -> dict:
    """The entered values without the secrets that were left empty."""
    return {name: value for name, value in values.items() if not (name in register.secrets and not value)}


def _form_field(field: models.Field) -> forms.Field | None:
    required = not field.blank and not field.has_default()
    common = {"label": field.verbose_name, "required": required, "help_text": field.help_text}
    if isinstance(field, EncryptedTextField):
        return SecretField(**common)
    if isinstance(field, models.ForeignKey):
        return _link_field(field, common)
    made = field.formfield(localize=False)
    made.required = required
    if isinstance(field, models.DateTimeField):
        made.widget = MomentInput()
    elif isinstance(field, models.DateField):
        made.widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return made


def _link_field(field: models.ForeignKey, common: dict) -> forms.Field:
    if field.related_model is Area:
        return AreaField(anywhere=field.name != "area", **common)
    if field.related_model is Officer:
        return forms.ModelChoiceField(Officer.objects.filter(is_active=True), **common)
    return RecordField(field.related_model, **common)
