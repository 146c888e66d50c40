"""Writing places: each verb validated, inside the scope in force, audited in its own transaction.

Visits are not written here: they go to the visit log, thirty times cheaper a scan.
"""

from collections.abc import Iterable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxian.core import identity, records
from fangxian.core.areas import Area
from fangxian.core.fields import Secret
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.registers import site
from fangxian.systems.screening.models import Place
from fangxian.systems.screening.selectors import assumed_stay, normal_code

BATCH = 5_000
_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud and typed by hand without mistakes


def add_place(
    *, by: Officer | None, area: Area, name: str, kind: str, source: str = Source.WEB, **values: Any
) -> Place:
    """Enter a place. Without a code it gets one, without an assumed stay that of its kind."""
    values = tidy({**values, "area": area})
    values.setdefault("assumed_stay", assumed_stay(kind, area_code=area.code))
    return records.create(Place, by=by, action="screening.place.added", source=source, name=name, kind=kind, **values)


def add_places_many(
    *, by: Officer | None, places: Iterable[Place], source: str = Source.IMPORT,
    action: str = "screening.place.imported",
) -> list[Place]:  # fmt: skip
    """Enter many places, one transaction and audit row per 5,000; those without a code get one."""
    rows = list(places)
    for row in rows:
        row.code = normal_code(row.code) if row.code else new_code(row.area_id)
    for start in range(0, len(rows), BATCH):
        records.create_many(Place, rows[start : start + BATCH], by=by, action=action, source=source)
    return rows


def change_place(*, place: Place, by: Officer | None, base_version: int | None = None, **changes: Any) -> Place:
    """Change fields of a place. Visits already logged keep the stay they were given."""
    _refuse_kept(place, changes)
    return records.change(
        place, by=by, action="screening.place.changed", base_version=base_version, **tidy(changes, known=True)
    )


def close_place(*, place: Place, by: Officer | None, on: date) -> Place:
    """The place takes no more visitors from this day on; its visits stay."""
    _refuse_kept(place, {"closed_on": on})
    return records.change(place, by=by, action="screening.place.closed", closed_on=on)


def keep(*, place: Place, by: Officer | None, kept_in: str, facts: dict[str, Any]) -> Place:
    """From now on the place says what a record of another register says; again whenever that record changes."""
    return records.change(place, by=by, action="screening.place.kept", kept_in=kept_in, **tidy(facts, known=True))


def let_go(*, place: Place, by: Officer | None) -> Place:
    """The place follows no other record any more; what it says stays and may be changed."""
    return records.change(place, by=by, action="screening.place.let_go", kept_in="")


def _refuse_kept(place: Place, changes: dict[str, Any]) -> None:
    """What another register keeps is changed there and nowhere else."""
    kept = site.get(place.kept_in) if place.kept_in else None
    followed = {*kept.model.venue_fields, "area", "closed_on"} if kept else set()
    wrong = [name for name in sorted(followed & set(changes)) if getattr(place, name) != changes[name]]
    if kept and wrong:
        reason = _("This place is kept in the register “%(register)s”: change it there, it follows at once.")
        raise ValidationError(dict.fromkeys(wrong, reason % {"register": kept.title}))


def tidy(values: dict[str, Any], *, known: bool = False) -> dict[str, Any]:
    """One spelling of code, phone and credit code, and a code for a new place without one; ValidationError by field."""
    done = dict(values)
    for field, parse in (("phone", identity.phone), ("credit_code", identity.organisation_code)):
        if done.get(field):
            done[field] = _parsed(field, parse, done[field])
    if done.get("code"):
        done["code"] = normal_code(done["code"])
    elif not known:
        done["code"] = new_code(done["area"].code)
    return done


def new_code(area_code: str) -> str:
    """A venue code nobody has: the county and eight characters from a fresh id."""
    number = uuid7().int
    return f"P{area_code[:6]}" + "".join(_LETTERS[number >> 5 * place & 31] for place in range(8))


def _parsed(field: str, parse: Any, value: Any) -> str:
    try:
        return parse(value.reveal() if isinstance(value, Secret) else value).number
    except identity.InvalidIdentifier as error:
        raise ValidationError({field: error.reason}) from error
