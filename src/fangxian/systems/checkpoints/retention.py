"""After its time a passage goes, with everybody in it and what was remembered of the vehicle."""

from collections.abc import Iterator
from datetime import datetime

from fangxian.systems.checkpoints.models import Manifest, Passage, Passenger, Traveller, Vehicle

TAIL = 24  # characters at the end of a ciphertext: its tag, unlike that of any other


def drop_before(moment: datetime) -> dict[str, int]:
    """Delete passages that passed or came in before a moment, their vehicles where none is left, and passengers."""
    passages = _old(moment)
    return {
        "travellers": Traveller.unscoped.filter(passage__in=passages).delete()[0],
        "passages": passages.delete()[0],
        "vehicles": Vehicle.unscoped.filter(passages__isnull=True, last_at__lt=moment).delete()[0],
        "passengers": _passengers(moment).delete()[0],
    }


def traces_before(moment: datetime) -> Iterator[str]:
    """What a search through every byte can know them by: the end of each ciphertext that will be gone."""
    vehicles = Vehicle.unscoped.filter(last_at__lt=moment)
    for rows, names in (
        (_old(moment), ("plate", "name", "id_number", "phone")),
        (Traveller.unscoped.filter(passage__in=_old(moment)), ("name", "id_number", "phone")),
        (vehicles, ("plate", "name", "id_number", "phone")),
        (_passengers(moment), ("name", "id_number", "phone")),
    ):
        for row in rows.only(*names).iterator(chunk_size=2000):
            yield from _tails(row, names)


def some_traces(limit: int) -> list[str]:
    """The same of passages that are still there, so that a search that finds nothing can be told from a blind one."""
    names = ("plate", "name", "id_number")
    rows = Passage.unscoped.only(*names).order_by("pk")[:limit]
    return [tail for row in rows for tail in _tails(row, names)]


def _tails(row, names: tuple[str, ...]) -> list[str]:
    secrets = (getattr(row, name) for name in names)
    return [secret.stored()[-TAIL:] for secret in secrets if secret]


def _old(moment: datetime):
    return Passage.unscoped.filter(passed_at__lt=moment) | Passage.unscoped.filter(created_at__lt=moment)


def _passengers(moment: datetime):
    return Passenger.unscoped.filter(manifest__in=Manifest.unscoped.filter(arrives_at__lt=moment))
