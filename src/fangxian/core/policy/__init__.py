"""Policy packs: every duration, test day, threshold and deadline is dated data, never code.

`policy.pack(disease="covid19", area_code="410883", on=day)` gives the rules in force; each answer knows the pack, the
version and the source it comes from. The packs are the YAML files in `packs/`; an operator's own lie in `<data>/packs`,
are checked in the same way and come first.
"""

from datetime import date, datetime, time, timedelta
from functools import cache
from pathlib import Path

from django.utils import timezone

from fangxian.core import clock, modes
from fangxian.core.policy.files import PackFile, PackFileError, load
from fangxian.core.policy.layers import Store, UnknownDisease, mode_of
from fangxian.core.policy.model import (
    Change,
    MissingRule,
    Pack,
    PolicyError,
    Provenance,
    Rule,
    Stage,
    UnusableRule,
    diff,
)

__all__ = [
    "Change",
    "MissingRule",
    "Pack",
    "PackFile",
    "PackFileError",
    "PolicyError",
    "Provenance",
    "Rule",
    "Stage",
    "Store",
    "UnknownDisease",
    "UnusableRule",
    "configure",
    "diff",
    "load",
    "mode_of",
    "pack",
    "store",
]

_folder: Path | None = None


def configure(operators: Path | None) -> None:
    """Set the folder of the operator's own packs and read all packs anew; also after a file there has changed."""
    global _folder
    _folder = operators
    store.cache_clear()


@cache
def store() -> Store:
    """The packs of this process."""
    return Store.open(_folder)


def pack(*, disease: str, area_code: str = "", on: date | None = None, mode: str | None = None) -> Pack:
    """The rules in force for a disease in an area, now or on a given day.

    Without a `mode`, that of the area counts: now for today, at the end of the day for any other. What remembers the
    version it was made by asks with `mode=mode_of(version)`, for a mode may change within a day.
    """
    day = on or clock.today()
    if mode is None:
        mode = modes.mode_of(area_code, _moment(day))
    return store().pack(disease=disease, area_code=area_code, on=day, mode=mode)


def _moment(day: date) -> datetime:
    if day == clock.today():
        return clock.now()
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min)) - timedelta(microseconds=1)
