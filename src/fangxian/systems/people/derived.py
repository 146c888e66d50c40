"""What follows from what was entered: one spelling of numbers, sex and birth date from the number, pinyin initials.

Forms, sheets, the API and the bulk path all come through `complete`, so a person looks the same however they came in.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from fangxian.core import identity
from fangxian.core.fields import Secret
from fangxian.core.identity.text import compact
from fangxian.systems.people.models import Person

# Surnames that are read otherwise than the same character elsewhere, as far as the first letter differs.
SURNAME_INITIALS = {
    "万俟": "mq", "尉迟": "yc", "长孙": "zs", "单": "s", "仇": "q", "解": "x", "曾": "z", "查": "z",
    "区": "o", "乐": "y", "种": "c", "繁": "p", "秘": "b", "召": "s", "折": "s", "覃": "q", "翟": "z",
}  # fmt: skip
_SEX = {identity.Sex.MALE: Person.Sex.MALE, identity.Sex.FEMALE: Person.Sex.FEMALE}
_PAPERS = {
    identity.Holder.RESIDENT: Person.IdType.RESIDENT,
    identity.Holder.FOREIGN: Person.IdType.FOREIGN,
    identity.Holder.HONG_KONG: Person.IdType.PERMIT,
    identity.Holder.MACAU: Person.IdType.PERMIT,
    identity.Holder.TAIWAN: Person.IdType.PERMIT,
}


def complete(values: dict[str, Any], *, person_id: Any = None) -> dict[str, Any]:
    """The values with everything that follows from them; raises ValidationError by field.

    Only what is there is looked at: a change of the phone alone does not ask for a name. `person_id` makes the number
    of someone without papers, always the same for the same person.
    """
    done = dict(values)
    if "name" in done:
        done["name"] = identity.normalise(done["name"] or "")
        done["initials"] = initials(done["name"])
    if done.get("phone"):
        done["phone"] = _parsed("phone", identity.phone, done["phone"]).number
    if "id_number" in done or "id_type" in done:
        done.update(_identified(done, person_id))
    return done


def initials(name: str) -> str:
    """First letters of a name, for search: 欧阳丽娜 → oyln, Anna Lee → al; the surname is read as a surname."""
    for length in (2, 1):
        if name[:length] in SURNAME_INITIALS:
            return (SURNAME_INITIALS[name[:length]] + "".join(map(_initial, name[length:])))[:20]
    if name.isascii():
        return "".join(word[0] for word in name.lower().split())[:20]
    return "".join(map(_initial, name))[:20]


@lru_cache(maxsize=30_000)
def _initial(character: str) -> str:
    """The letter of one character; marks such as the dot inside Uyghur names have none."""
    from pypinyin import Style, lazy_pinyin  # its dictionary takes a third of a second to load: not at every start

    letter = lazy_pinyin(character, style=Style.FIRST_LETTER)[0][:1].lower()
    return letter if letter.isascii() and letter.isalnum() else ""


@lru_cache(maxsize=30_000)
def reading(character: str) -> str:
    """Pinyin of one character without tone, to compare names by sound."""
    from pypinyin import lazy_pinyin

    return lazy_pinyin(character)[0]


def normal_number(value: object) -> str:
    """One spelling of any identity number, for looking it up: the old 15 digits become 18. "" for no number."""
    for read in (identity.resident_id, identity.foreign_permanent_id):
        try:
            return read(value).number
        except identity.InvalidIdentifier:
            continue
    try:
        return compact("id_number", value, "-/.")
    except identity.InvalidIdentifier:
        return ""


def normal_phone(value: object) -> str:
    """One spelling of a phone number, for looking it up; "" when it is none."""
    try:
        return identity.phone(value).number
    except identity.InvalidIdentifier:
        return ""


def _identified(values: dict[str, Any], person_id: Any) -> dict[str, Any]:
    kind = values.get("id_type") or Person.IdType.RESIDENT
    number = values.get("id_number") or ""
    if kind == Person.IdType.NONE:
        return _without_papers(number)
    if kind == Person.IdType.TEMPORARY:
        return _temporary(values, number, person_id)
    if not number:
        return {}
    if kind == Person.IdType.PASSPORT:
        return {"id_number": _parsed("id_number", identity.passport, number).number}
    return _from_number(values, kind, number)


def _without_papers(number: str) -> dict[str, Any]:
    if number:
        raise ValidationError({"id_number": _("Say of which paper this number is.")})
    return {}


def _temporary(values: dict[str, Any], number: str, person_id: Any) -> dict[str, Any]:
    """People without papers and newborns get a number of ours: county and part of the record's id."""
    if number:
        return {"id_number": _parsed("id_number", lambda text: compact("temporary", text), number)}
    area = values.get("area")
    return {"id_number": f"T{area.code[:6]}{person_id.hex[-10:].upper()}"} if area and person_id else {}


def _from_number(values: dict[str, Any], kind: str, number: str) -> dict[str, Any]:
    """The number says which paper it is, the birth date and the sex; a column that says otherwise is a mistake."""
    foreign = kind == Person.IdType.FOREIGN
    read = _parsed("id_number", identity.foreign_permanent_id if foreign else identity.resident_id, number)
    sex = _SEX.get(read.sex, Person.Sex.UNKNOWN)
    _refuse_other(
        values, "sex", sex, (None, "", Person.Sex.UNKNOWN), _("The identity number belongs to the other sex.")
    )
    _refuse_other(values, "birth_date", read.birth_date, (None, ""), _("The identity number holds another birth date."))
    found = {"id_number": read.number, "birth_date": read.birth_date}
    if sex != Person.Sex.UNKNOWN:
        found["sex"] = sex
    return found | {"id_type": kind if foreign else _PAPERS[read.holder]}


def _refuse_other(values: dict[str, Any], field: str, wanted: Any, unknown: tuple, reason: Promise) -> None:
    given = values.get(field)
    if given not in unknown and wanted not in unknown and given != wanted:
        raise ValidationError({field: reason})


def _parsed(field: str, parse: Callable[[Any], Any], value: Any) -> Any:
    try:
        return parse(value.reveal() if isinstance(value, Secret) else value)
    except identity.InvalidIdentifier as error:
        raise ValidationError({field: error.reason}) from error
