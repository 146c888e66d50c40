"""What a policy pack says of levels: which may be published, how grave each is, who is managed, how far back."""

from dataclasses import dataclass

from fangxian.core.policy import Pack
from fangxian.systems.risk_areas.words import Level

TRAVELLER_AS = "riskarea.traveller_as"
"""As which of high, medium and low a level counts for whoever comes from there."""


@dataclass(frozen=True)
class Words:
    """The pack's answer in our words: levels are those of `Level`."""

    levels: tuple[str, ...]
    ranks: dict[str, int]
    managed: frozenset[str]
    look_back_days: int
    gravity: dict[str, str]


def words(pack: Pack) -> Words:
    """The levels of a pack; none where risk areas have been done away with."""
    return Words(
        levels=_levels(pack, "riskarea.levels") if pack.flag("riskarea.enabled") else (),
        ranks={level: rank for rank, level in enumerate(_levels(pack, "riskarea.severity"), start=1)},
        managed=frozenset(_levels(pack, "riskarea.managed_levels")),
        look_back_days=look_back_days(pack),
        gravity={str(level).upper(): str(like).upper() for level, like in pack.table(TRAVELLER_AS).items()},
    )


def look_back_days(pack: Pack) -> int:
    """Days before an area was declared in which a stay there counts: the protocol's own rule where it has one."""
    window = pack.get("traveller.screening_window", {})
    own = window.get("days_before_declared") if isinstance(window, dict) else None
    return int(own or pack.number("riskarea.look_back_days"))


def _levels(pack: Pack, key: str) -> tuple[str, ...]:
    return tuple(Level(str(word).upper()) for word in pack.items(key))
