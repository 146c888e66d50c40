"""From looks at single series to what is out of the ordinary: one candidate a subject and area.

The engine decides (`engines/surveillance/deciding.py`), the same functions the simulated county is scored with; the
packs say at which levels.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np

from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Rules, Seen, Unlikely, explained, heard, rare, spoken
from fangxian.systems.surveillance.subjects import is_syndrome
from fangxian.systems.surveillance.words import SignalMethod
from fangxian.warehouse.panels import COUNTY, TOWNSHIP, syndrome_of
from fangxian.workflows.warning.series import Look

Key = tuple[str, str]
"""Area and subject."""


@dataclass(frozen=True)
class Candidate:
    """One subject in one area that may be worth a card.

    look     the channel that speaks loudest
    others   the other channels of the same subject and area; of a syndrome, its diseases that are unusual too
    p        of all of them together, against the own past where it is long enough
    """

    look: Look
    others: tuple[Look, ...]
    p: float

    @property
    def method(self) -> str:
        """A SignalMethod, that of the look or the combination."""
        return SignalMethod.COMBINED if self.others else self.look.method

    def told(self) -> list[dict[str, Any]]:
        """The other channels, as the card keeps them."""
        return [_line(one) for one in self.others]


def candidates(looks: Iterable[Look], pack: Pack) -> list[Candidate]:
    """What is out of the ordinary, least likely first, in the lowest areas that explain it.

    Source: `engines/surveillance/deciding.py` for the arithmetic, the pack for the levels.
    """
    looked = {one.seen: one for one in looks}
    asked, rules = _asked(looked.values(), pack), rules_of(pack)
    unusual = rare(np.array([p for p, _said in asked]), rules)
    found = [
        one for (p, said), yes in zip(asked, unusual, strict=True)
        if yes and (one := spoken([look.seen for look in said], p, rules)) is not None
    ]  # fmt: skip
    kept = explained(found, above(one.loud.area for one in found))
    return sorted((_candidate(one, looked, rules) for one in kept), key=lambda one: (one.p, one.look.seen.area))


def rules_of(pack: Pack) -> Rules:
    """The levels of the pack."""
    return Rules(
        alpha=float(pack.number("warning.alpha")), a_week=float(pack.number("warning.candidates_per_week")),
        false_share=float(pack.number("warning.false_share")), least=float(pack.number("warning.least_count")),
    )  # fmt: skip


def kin_of(subjects: Iterable[str], pack: Pack) -> dict[str, str]:
    """The syndrome of each of some diseases that has one."""
    return {one: syndrome for one in set(subjects) if (syndrome := syndrome_of(one, pack))}


def above(codes: Iterable[str]) -> dict[str, str]:
    """The area above each of some areas, up to its county."""
    found: dict[str, str] = {}
    for code in codes:
        levels = (code, *(code[:digits] for digits in (TOWNSHIP, COUNTY) if digits < len(code)))
        found |= dict(pairwise(levels))
    return found


def _asked(looks: Iterable[Look], pack: Pack) -> list[tuple[float, list[Look]]]:
    """Everything that is asked tonight: its chance, and the looks it rests on."""
    groups: dict[Key, list[Look]] = defaultdict(list)
    apart: list[Look] = []
    for one in looks:
        if one.channel is None:
            apart.append(one)
        else:
            groups[one.seen.area, one.seen.subject].append(one)
    kin = kin_of((subject for _area, subject in groups), pack)
    together = heard((one.channel for found in groups.values() for one in found if one.channel), kin)
    said = {key: [*groups[key], *_members(key, groups, kin)] for key in together.keys}
    by_day = zip(together.keys, together.chances().tolist(), strict=True)
    return [*((p, said[key]) for key, p in by_day), *((one.seen.p, [one]) for one in apart)]


def _members(key: Key, groups: dict[Key, list[Look]], kin: dict[str, str]) -> list[Look]:
    """What the diseases of a syndrome say in the same area."""
    area, syndrome = key
    return [one for disease, above in kin.items() if above == syndrome for one in groups.get((area, disease), [])]


def _candidate(one: Unlikely, looked: dict[Seen, Look], rules: Rules) -> Candidate:
    """With its own channels; of the other diseases of a syndrome only those that are unusual by themselves."""
    own = {one.loud.subject, *(each.subject for each in one.others if is_syndrome(each.subject))}
    others = [each for each in one.others if each.subject in own or each.p <= rules.alpha]
    return Candidate(looked[one.loud], tuple(looked[each] for each in others), one.p)


def _line(one: Look) -> dict[str, Any]:
    seen = one.seen
    return {
        "area": seen.area, "disease": seen.subject, "channel": str(seen.channel), "method": str(one.method),
        "observed": seen.observed, "p": _round(seen.p), "expected": _round(seen.expected), "step": str(one.step),
    }  # fmt: skip


def _round(value: float) -> float | None:
    return None if value != value else float(f"{value:.4g}")
