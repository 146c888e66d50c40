"""The fingerprint of an address's door: equal for one door however two people write it, useless without the key.

An address is encrypted with a fresh nonce each time and cannot be searched. Its door in one spelling
(`engines.matching.door`) goes into a keyed index beside it, made at every write; `rebuild` makes all of them anew when
the spelling has changed.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db import models

from fangxian.core import cipher, keys
from fangxian.core.fields import BlindIndexField, Secret
from fangxian.engines.matching import door

FIELD = "people.door"
BATCH = 2_000


class DoorIndexField(BlindIndexField):
    """Keyed fingerprint of the door in an encrypted address; None where the address names no door."""

    def pre_save(self, model_instance: models.Model, add: bool) -> str | None:
        """Follow the address."""
        value = fingerprint(getattr(model_instance, self.of))
        setattr(model_instance, self.attname, value)
        return value


def fingerprint(address: Secret | str | None) -> str | None:
    """Under which index an address is found; the same in every table, so that a household's and a person's meet."""
    plain = address.reveal() if isinstance(address, Secret) else address
    spelled = door(plain) if plain else ""
    return cipher.blind_index(FIELD, spelled, ring=keys.current()) if spelled else None


def rebuild(progress: Callable[[int, int], None] = lambda done, total: None) -> int:
    """Make the index of every address anew, batch by batch; returns how many rows changed. Harmless to repeat."""
    from fangxian.systems.people.models import Household, Person

    changed, done = 0, 0
    total = Person.unscoped.count() + Household.unscoped.count()
    for model in (Household, Person):
        for batch in _batches(model):
            changed += _refresh(model, batch)
            done += len(batch)
            progress(done, total)
    return changed


def _batches(model: Any) -> Iterable[list[tuple]]:
    """Rows by id: each batch begins behind the one before, so a million rows are never in memory."""
    rows, last = model.unscoped.order_by("pk").values_list("pk", "address", "door_index"), None
    while batch := list((rows if last is None else rows.filter(pk__gt=last))[:BATCH]):
        yield batch
        last = batch[-1][0]


def _refresh(model: Any, batch: list[tuple]) -> int:
    stale = [(pk, wanted) for pk, address, kept in batch if (wanted := fingerprint(address)) != kept]
    for pk, wanted in stale:
        model.unscoped.filter(pk=pk).update(door_index=wanted)
    return len(stale)
