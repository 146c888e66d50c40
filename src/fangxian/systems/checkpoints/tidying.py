"""One spelling of plates, numbers and codes: forms, sheets, calls, phones and devices all come through here."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import identity
from fangxian.core.fields import Secret
from fangxian.core.identity.text import compact, normalise
from fangxian.systems.checkpoints.words import PlateKind


def tidy(values: dict[str, Any]) -> dict[str, Any]:
    """The values with plate, identity number, phone and names in one spelling; ValidationError by field."""
    done = dict(values)
    if _given(done.get("plate")):
        done["plate"] = plate(done["plate"], done.get("plate_kind") or PlateKind.CIVIL)
    if _given(done.get("id_number")):
        done["id_number"] = _parsed("id_number", _number, done["id_number"])
    if _given(done.get("phone")):
        done["phone"] = _parsed("phone", lambda text: identity.phone(text).number, done["phone"])
    for name in ("name", "from_name", "why"):
        if isinstance(done.get(name), str):
            done[name] = normalise(done[name])
    return done


def plate(value: Any, kind: str = PlateKind.CIVIL) -> str:
    """A plate in its one spelling; only civil ones have a form that can be checked."""
    if kind == PlateKind.CIVIL:
        return _parsed("plate", lambda text: identity.plate(text).number, value)
    return _parsed("plate", lambda text: compact("plate", text, "·•・.-_"), value)[:12]


def plate_or_person(values: dict[str, Any]) -> None:
    """A passage is of a vehicle or of a person; plate, name or number says which."""
    if not any(_given(values.get(name)) for name in ("plate", "name", "id_number")):
        raise ValidationError({"plate": _("Enter the plate, or name or number of the person on foot.")})


def _number(value: Any) -> str:
    """A resident's or foreigner's number, checked; anything else is a passport or permit as written."""
    text = compact("id_number", value, "-/.")
    if len(text) in (15, 18) and text[:14].isdigit():
        return identity.resident_id(text).number
    return text[:30]


def _parsed(field: str, parse: Callable[[Any], str], value: Any) -> str:
    try:
        return parse(value.reveal() if isinstance(value, Secret) else value)
    except identity.InvalidIdentifier as error:
        raise ValidationError({field: error.reason}) from error


def _given(value: Any) -> bool:
    return value is not None and bool(value)
