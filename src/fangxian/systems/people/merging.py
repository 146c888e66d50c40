"""Two entries of one person made one, and made two again.

The entry that is merged stays in the store, hidden, and points to the one that stays. Everything that pointed to it
points to the winner; what the winner did not know is taken over. The merge keeps which rows moved and what both entries
said (encrypted), so that undoing it puts back exactly those rows: what came later stays where it was entered.

Where a merged person had visited is never rewritten: a trace asks for all ids of a person (`selectors.aliases`) and
answers with the one that stands.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import audit, records, second_person
from fangxian.core.clock import now
from fangxian.core.fields import EncryptedTextField, Secret
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.systems.people import duplicates, references
from fangxian.systems.people.models import Merge, Person

TAKEN_OVER = (
    "id_type", "id_number", "phone", "address", "household", "birth_date", "sex", "occupation", "workplace",
)  # fmt: skip
"""What the winner takes over from the loser where it says nothing itself."""
NUMBER = ("id_type", "id_number")


@dataclass(frozen=True)
class Undone:
    """What undoing a merge did: rows that went back, and rows that had been given to somebody else meanwhile."""

    rows: int
    elsewhere: int


def merge(*, winner: Person, loser: Person, reason: str, by: Officer, is_restricting: bool = False) -> Merge:
    """Make two entries one. With `is_restricting` it is a proposal: a second person has to agree first.

    Raises ValidationError for one entry twice, for entries that are merged already, and for two good identity numbers
    that differ: those are two people.
    """
    with transaction.atomic():
        winner, loser = _locked(winner, loser)
        state = Merge.State.PROPOSED if is_restricting else Merge.State.IN_FORCE
        made = records.create(
            Merge, by=by, action="people.merge.proposed" if is_restricting else "people.merge.decided",
            area=winner.area, loser_area=loser.area, winner=winner, loser=loser, state=state, reason=stated(reason),
            is_restricting=is_restricting, decided_by=None if is_restricting else by,
            decided_at=None if is_restricting else now(),
        )  # fmt: skip
        return made if is_restricting else _carry_out(made, winner, loser, by)


def agree(*, merge: Merge, by: Officer) -> Merge:
    """A second person agrees: now it happens."""
    with second_person.deciding(merge, by=by, action="people.merge.agreed"):
        current = _waiting(merge)
        second_person.require_other(by, [current.created_by_id])
        winner, loser = _locked(current.winner, current.loser)
        agreed = records.change(
            current, by=by, action="people.merge.agreed", state=Merge.State.IN_FORCE, decided_by=by, decided_at=now()
        )
        return _carry_out(agreed, winner, loser, by)


def refuse(*, merge: Merge, reason: str, by: Officer) -> Merge:
    """A second person does not agree: nothing happens, and why is kept."""
    with second_person.deciding(merge, by=by, action="people.merge.refused_by"):
        current = _waiting(merge)
        second_person.require_other(by, [current.created_by_id])
        return records.change(
            current, by=by, action="people.merge.refused_by", state=Merge.State.REFUSED, decided_by=by,
            decided_at=now(), undone_why=stated(reason),
        )  # fmt: skip


def undo(*, merge: Merge, reason: str, by: Officer) -> tuple[Merge, Undone]:
    """Make two entries of one again: exactly the rows that moved go back; what was added later stays with the winner.

    A restriction moved with the entry comes back with it, so undoing needs no second person. Raises ValidationError
    when the winner was itself merged since: the later merge has to be undone first.
    """
    with transaction.atomic():
        current = Merge.objects.select_for_update().get(pk=merge.pk)
        if current.state != Merge.State.IN_FORCE:
            raise ValidationError(_("This merge is not in force."))
        winner, loser = (Person.unscoped.select_for_update().get(pk=pk) for pk in (current.winner_id, current.loser_id))
        if winner.merged_into_id is not None:
            raise ValidationError(_("The entry that stayed was merged itself since: undo that merge first."))
        done = _put_back(current, winner, loser, by)
        undone = records.change(
            current, by=by, action="people.merge.undone", state=Merge.State.UNDONE, undone_by=by, undone_at=now(),
            undone_why=stated(reason),
        )  # fmt: skip
        _note(undone, "people.merge.rows_back", by, {"rows": done.rows, "elsewhere": done.elsewhere})
        duplicates.reopen(one=winner, other=loser, by=by)
    return undone, done


def _locked(winner: Person, loser: Person) -> tuple[Person, Person]:
    """Both entries under lock, in one order whoever calls; refused where they cannot be one person."""
    rows = Person.objects.select_for_update().filter(pk__in=[winner.pk, loser.pk]).order_by("pk")
    found = {row.pk: row for row in rows}
    if winner.pk == loser.pk:
        raise ValidationError(_("These are two views of one entry."))
    if len(found) < 2:
        raise ValidationError(_("One of the two was merged or moved meanwhile: look again."))
    winner, loser = found[winner.pk], found[loser.pk]
    if winner.id_index and loser.id_index:
        raise ValidationError(_("Two good identity numbers that differ are two people. Correct the wrong one first."))
    return winner, loser


def _waiting(merge: Merge) -> Merge:
    current = Merge.objects.select_for_update().get(pk=merge.pk)
    if current.state != Merge.State.PROPOSED:
        raise ValidationError(_("This merge does not wait for a second person."))
    return current


def _carry_out(made: Merge, winner: Person, loser: Person, by: Officer) -> Merge:
    moved, stayed = _move_rows(winner, loser, by)
    taken = {name: getattr(loser, name) for name in _missing(winner, loser)}
    before = {"winner": _kept(winner, taken), "loser": _kept(loser, [*NUMBER]), "taken": _kept(loser, taken)}
    gives = {"id_number": "", "id_type": Person.IdType.NONE} if "id_number" in taken else {}
    records.change(loser, by=by, action="people.person.merged_into", merged_into=winner, **gives)
    if taken:
        records.change(winner, by=by, action="people.person.completed", **_plain(taken))
    made.moved, made.stayed, made.before = moved, stayed, json.dumps(before)
    made.save(update_fields=["moved", "stayed", "before"])
    _note(made, "people.merge.rows_moved", by, {"moved": _sizes(moved), "stayed": _sizes(stayed)})
    duplicates.mark_merged(one=winner, other=loser, by=by)
    return made


def _move_rows(winner: Person, loser: Person, by: Officer) -> tuple[list, list]:
    """Every row of every table: [label, ids] that moved, and those that stayed because the winner has such a row."""
    moved, stayed = [], []
    for one in references.references():
        ids = list(one.rows(loser.pk).values_list("pk", flat=True))
        went, remained = references.move(one, ids, to=winner.pk, by=by)
        moved += [[one.label, went]] if went else []
        stayed += [[one.label, remained]] if remained else []
    return moved, stayed


def _missing(winner: Person, loser: Person) -> list[str]:
    """Fields the loser knows and the winner does not. A number comes with its kind; a household only from its area."""
    names = [name for name in TAKEN_OVER if _is_empty(winner, name) and not _is_empty(loser, name)]
    if "id_number" in names:
        names = [*dict.fromkeys([*names, "id_type"])]
    elif "id_type" in names:
        names.remove("id_type")
    if "household" in names and not loser.household.area_id.startswith(winner.area_id):
        names.remove("household")
    return names


def _is_empty(person: Person, name: str) -> bool:
    value = getattr(person, name)
    return not value or value in (Person.Sex.UNKNOWN, Person.IdType.NONE)


def _kept(person: Person, names: Iterable[str]) -> dict[str, str]:
    """Values as text, for the encrypted record of what was before."""
    return {name: _text(getattr(person, name)) for name in names}


def _text(value: Any) -> str:
    plain = value.reveal() if isinstance(value, Secret) else value
    return "" if plain is None else str(getattr(plain, "pk", plain))


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    """Secrets opened: each field seals its own."""
    return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items()}


def _put_back(current: Merge, winner: Person, loser: Person, by: Officer) -> Undone:
    before = json.loads(current.before.reveal())
    back = elsewhere = 0
    for label, ids in current.moved:
        one = references.by_label(label)
        if one is None:
            continue
        still = list(one.rows(winner.pk).filter(pk__in=ids).values_list("pk", flat=True))
        went, _stayed = references.move(one, still, to=loser.pk, by=by)
        back, elsewhere = back + len(went), elsewhere + len(ids) - len(went)
    untouched = {name for name, value in before["taken"].items() if _text(getattr(winner, name)) == value}
    gives = {name: _value(name, value) for name, value in before["winner"].items() if name in untouched}
    if gives:
        records.change(winner, by=by, action="people.person.given_back", **gives)
    takes = {name: _value(name, value) for name, value in before["loser"].items() if name in untouched & {*NUMBER}}
    records.change(loser, by=by, action="people.person.separated", merged_into=None, **takes)
    return Undone(back, elsewhere)


def _value(name: str, text: str) -> Any:
    """A field's value from the text that was kept."""
    field = Person._meta.get_field(name)
    if isinstance(field, EncryptedTextField) or not field.null:
        return text
    if not text:
        return None
    if field.is_relation:
        return field.related_model.unscoped.filter(pk=text).first()
    return date.fromisoformat(text)


def _note(made: Merge, action: str, by: Officer, detail: dict[str, Any]) -> None:
    audit.write(action, by=by, area=made.area, target=made, detail=detail)


def _sizes(rows: list) -> dict[str, int]:
    return {label: len(ids) for label, ids in rows}
