"""What a list is asked: the address's parameters as a `Query`, and the controls that write them."""

from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.faces.web.registers import vocabularies
from fangxian.registers import forms
from fangxian.registers.listing import Query

BEGUN = 100  # more areas than that beginning alike are too many to choose from
TEXT = "__text"  # what a person typed into a lookup, beside the code or id that was chosen


@dataclass(frozen=True)
class Control:
    """One filter as the page draws it: kind is choice, range, record or text."""

    kind: str
    name: str
    label: str
    value: str = ""
    text: str = ""
    until: str = ""
    choices: list[tuple[str, str]] = field(default_factory=list)
    lookup: str = ""

    @property
    def is_set(self) -> bool:
        """Whether it narrows the list."""
        return bool(self.value or self.until)


def query_of(register, given: QueryDict) -> Query:
    """The parameters of an address as a query; raises `ValidationError` when one makes no sense."""
    return Query(
        search=given.get("q", "").strip(),
        area=area_code(given),
        filters=_filters(register, given),
        order=given.get("order", ""),
        page=_number(given.get("page", "1")),
    )


def area_code(given: QueryDict) -> str:
    """The chosen area; what was only typed is looked up by name."""
    code, typed = given.get("area", "").strip(), given.get(f"area{TEXT}", "").strip()
    if code or not typed:
        return code
    name = typed.split(" · ")[0]
    return _begun(name) or forms.find_area(name).code


def _begun(name: str) -> str:
    """The area whose name begins like this, when there is only one besides those below it."""
    found = scope.areas_in_scope().filter(Q(name__startswith=name) | Q(name_en__istartswith=name)).order_by("code")
    codes = list(found.values_list("code", flat=True)[:BEGUN])
    return codes[0] if codes and len(codes) < BEGUN and all(code.startswith(codes[0]) for code in codes) else ""


def clean_address(given: QueryDict) -> str:
    """The parameters worth keeping in the address: no empty ones, no typed text beside a code, no first page."""
    kept = given.copy()
    for name in list(kept):
        if not kept[name] or name.endswith(TEXT) or (name, kept[name]) == ("page", "1"):
            del kept[name]
    return kept.urlencode()


def controls(register, given: QueryDict) -> list[Control]:
    """One control a declared filter; the area has its own place on the page."""
    names = [name for name in register.filters if name != "area"]
    return [_control(register.model._meta.get_field(name), given) for name in names]


def area_text(code: str) -> str:
    """The name of the area in force as filter."""
    area = Area.objects.filter(code=code).first() if code else None
    return str(area) if area else code


def _filters(register, given: QueryDict) -> dict[str, str]:
    wanted = {name for item in register.filters for name in (item, f"{item}_after", f"{item}_before")}
    return {name: given[name] for name in given if name in wanted and name != "area" and given[name]}


def _control(of: models.Field, given: QueryDict) -> Control:
    common: dict[str, Any] = {"name": of.name, "label": str(of.verbose_name), "value": given.get(of.name, "")}
    if isinstance(of, models.DateField):
        after, before = given.get(f"{of.name}_after", ""), given.get(f"{of.name}_before", "")
        return Control("range", **{**common, "value": after}, until=before)
    offered = of.choices or vocabularies.choices(of.name)
    if offered:
        return Control("choice", **common, choices=[(str(key), str(label)) for key, label in offered])
    if isinstance(of, models.BooleanField):
        return Control("choice", **common, choices=[("true", _("Yes")), ("false", _("No"))])
    if isinstance(of, models.ForeignKey):
        return _record_control(of, common)
    return Control("text", **common)


def _record_control(of: models.ForeignKey, common: dict[str, Any]) -> Control:
    lookup, text = of.related_model._meta.label_lower, ""
    if common["value"]:
        manager = getattr(of.related_model, "objects", of.related_model._default_manager)
        text = str(manager.filter(pk=_known_id(common["value"])).first() or common["value"])
    return Control("record", **common, text=text, lookup=lookup)


def _known_id(value: str) -> str:
    """A text that is no id finds nothing instead of failing."""
    try:
        return forms.UUID(value)
    except ValueError:
        raise ValidationError(_("“%(value)s” is no record.") % {"value": value[:40]}) from None


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 1
