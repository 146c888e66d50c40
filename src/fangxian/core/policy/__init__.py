"""Policy packs: every duration, test day, threshold and deadline is dated data, never code.

`policy.pack(disease="covid19", area_code="410883", on=day)` gives the rules in force; each answer knows the pack, the
version and the source it comes from. The packs are the YAML files in `packs/`; an operator's own lie in `<data>/packs`,
are checked in the same way and come first.
"""

from datetime import date
from functools import cache
from pathlib import Path

from fangxian.core import clock
from fangxian.core.policy.files import PackFile, PackFileError, load
from fangxian.core.policy.layers import Store, UnknownDisease
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


def pack(*, disease: str, area_code: str = "", on: date | None = None) -> Pack:
    """The rules in force for a disease in an area, today or on a given day."""
    return store().pack(disease=disease, area_code=area_code, on=on or clock.today())
