"""Columns: what a list shows of a row. A field's name is enough; an object where it is not."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.utils.translation import gettext as _

from fangxian.core.fields import EncryptedTextField


@dataclass(frozen=True)
class Column:
    """One column.

    name   field of the model, or any word when `value` is given
    label  heading; the field's own when empty
    value  function of the row; the field's value when missing
    sort   field to order by; "" for none; None for the field itself when an index makes that cheap
    needs  links of the shown record that its name is made of: a room is called after its site
    """

    name: str
    label: str = ""
    value: Callable[[Any], Any] | None = None
    sort: str | None = None
    needs: tuple[str, ...] = ()

    def field(self, model: type[models.Model]) -> models.Field | None:
        """The model field behind the column, if there is one."""
        try:
            return model._meta.get_field(self.name)
        except FieldDoesNotExist:
            return None

    def heading(self, model: type[models.Model]) -> str:
        """The heading in the reader's language."""
        field = self.field(model)
        return str(self.label or (field.verbose_name if field else self.name))

    def raw(self, row: models.Model) -> Any:
        """The value itself."""
        return self.value(row) if self.value else getattr(row, self.name)

    def shown(self, row: models.Model) -> Any:
        """The value as people read it: choices by label, personal values masked, yes and no in words."""
        if self.value:
            return self.value(row)
        display = getattr(row, f"get_{self.name}_display", None)
        value = display() if display else getattr(row, self.name)
        if isinstance(value, bool):
            return _("Yes") if value else _("No")
        return "" if value is None else value

    def kind(self, model: type[models.Model]) -> str:
        """How to set it: text, number, date, time, choice, link or secret."""
        field = self.field(model)
        if field is None or self.value:
            return "text"
        for kind, classes in KINDS.items():
            if isinstance(field, classes):
                return kind
        return "choice" if field.choices else "text"


KINDS: dict[str, tuple[type, ...]] = {
    "secret": (EncryptedTextField,),
    "time": (models.DateTimeField,),
    "date": (models.DateField,),
    "link": (models.ForeignKey,),
    "number": (models.FloatField, models.DecimalField),
}


def column(item: "str | Column") -> Column:
    """A column from a name or as it is."""
    return item if isinstance(item, Column) else Column(item)
