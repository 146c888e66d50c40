"""Values as the audit keeps them (text, ids, UTC), in the reader's words: names, choices, local times, yes and no."""

from typing import Any
from uuid import UUID

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from fangxian.faces.web.registers import vocabularies
from fangxian.faces.web.templatetags import shell
from fangxian.registers import site

HIDDEN = ("version",)


def readable(register, name: str, value: Any) -> str:
    """One value of one field in words."""
    return Words(register, [{name: value}]).of(name, value)


class Words:
    """The words for the fields of one register; what ids name is read once for all of them, inside the scope."""

    def __init__(self, register, given: list[dict[str, Any]]):
        self._fields = {name: _field(register, name) for name in {name for one in given for name in one}}
        self._names = {
            name: _names(field, {one[name] for one in given if one.get(name)})
            for name, field in self._fields.items()
            if isinstance(field, models.ForeignKey)
        }

    def is_telling(self, name: str) -> bool:
        """Whether the field says something to people: a bare id of something without a page does not."""
        return name not in HIDDEN and not isinstance(self._fields[name], models.UUIDField)

    def label(self, name: str) -> str:
        """What the field is called."""
        field = self._fields[name]
        return str(BY_LABELS[name]) if name in BY_LABELS else str(field.verbose_name) if field else name

    def of(self, name: str, value: Any) -> str:
        """One value."""
        if value in ("", None):
            return ""
        if name in self._names:
            return self._names[name].get(str(value), _("not in your areas"))
        return _worded(self._fields[name], name, value)


def _worded(field: models.Field | None, name: str, value: Any) -> str:
    if str(value) in ("True", "False"):
        return _("yes") if str(value) == "True" else _("no")
    if isinstance(field, models.DateTimeField) and (moment := parse_datetime(str(value))):
        return shell.moment(moment)
    if isinstance(field, models.DateField) and (day := parse_date(str(value))):
        return shell.day(day)
    choices = {str(key): label for key, label in getattr(field, "choices", None) or ()}
    return str(choices.get(str(value)) or vocabularies.named(name, value))


def _field(register, name: str) -> models.Field | None:
    try:
        return register.model._meta.get_field(name)
    except FieldDoesNotExist:
        return None


def _names(field: models.ForeignKey, ids: set) -> dict[str, str]:
    """The records the ids name, as far as the reader may see them."""
    target, wanted = field.related_model, [one for one in ids if _fits(field, one)]
    manager = target.objects if site.of(target) else target._base_manager  # scoped where it is a register's
    found = manager.filter(pk__in=wanted)
    return {str(record.pk): str(record) for record in found}


def _fits(field: models.ForeignKey, value: Any) -> bool:
    if not isinstance(field.target_field, models.UUIDField):
        return True
    try:
        return bool(UUID(str(value)))
    except ValueError:
        return False


BY_LABELS = {
    "clinical_by": _lazy("Confirmed clinically by"),
    "epidemiological_by": _lazy("Confirmed epidemiologically by"),
    "laboratory_by": _lazy("Laboratory result entered by"),
}
