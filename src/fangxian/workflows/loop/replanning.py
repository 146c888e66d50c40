"""A pack has changed: what becomes of the open plans, first to be seen, then, if a person agrees, to be done.

`preview` computes the difference of every open loop and writes nothing; its digest names exactly what was seen.
`apply` does what was seen and refuses when it would do anything else. Both are set-based: plans are computed in
memory, stays, tests and tasks follow in a few statements a thousand loops.
"""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import modes, policy, scope
from fangxian.core.clock import now, today
from fangxian.core.policy import Pack
from fangxian.systems.arrivals import looping
from fangxian.systems.arrivals import selectors as arrivals
from fangxian.systems.arrivals.models import Loop
from fangxian.workflows import closed_loop
from fangxian.workflows.loop import chain, plans
from fangxian.workflows.loop.plans import Written

SHOWN = 200


@dataclass(frozen=True)
class Change:
    """What another pack makes of one open loop. Days are ISO texts; stages as [place, first, last]."""

    loop_id: UUID
    person: str
    area: str
    rule: str
    pack: tuple[str, str]
    until: tuple[str, str]
    stages: tuple[list[list[str]], list[list[str]]]
    tests_added: list[str]
    tests_dropped: list[str]

    @property
    def days(self) -> int:
        """By how many days the plan becomes longer (shorter: negative)."""
        return (date.fromisoformat(self.until[1]) - date.fromisoformat(self.until[0])).days

    def as_text(self) -> str:
        """What has to be the same when it is done."""
        return json.dumps([str(self.loop_id), self.until, self.stages, self.tests_added, self.tests_dropped])


@dataclass
class Difference:
    """The difference of all open loops of an area: counts, the first rows to look at, and the name of the whole."""

    on: date
    loops: int = 0
    same: int = 0
    unplannable: int = 0
    shorter: int = 0
    longer: int = 0
    tests_added: int = 0
    tests_dropped: int = 0
    packs: Counter[tuple[str, str]] = field(default_factory=Counter)
    rows: list[Change] = field(default_factory=list)
    digest: str = ""

    @property
    def changed(self) -> int:
        """How many plans change."""
        return self.loops - self.same - self.unplannable


def preview(*, area_code: str, on: date | None = None, all_rows: bool = False) -> Difference:
    """What the rules of a day (today) make of the open loops of an area; nothing is written."""
    difference = Difference(on or today())
    with scope.narrowed(area_code), modes.remembered():
        digest = hashlib.sha256()
        for loops in arrivals.open_loops():
            for loop, written in _planned(loops, difference):
                change = _change(loop, written, _pack(loop, difference.on))
                _add(difference, change, keep=all_rows)
                digest.update(change.as_text().encode())
    difference.digest = digest.hexdigest()[:16]
    return difference


def apply(*, area_code: str, digest: str, by: Any, on: date | None = None) -> Difference:
    """Re-plan the open loops of an area exactly as the difference of this digest said.

    Raises ValidationError when something has changed since it was seen: then look again.
    """
    with scope.narrowed(area_code), modes.remembered():
        difference = preview(area_code=area_code, on=on)
        if difference.digest != digest:
            raise ValidationError(_("The plans have changed since you looked. Look at the difference again."))
        for loops in arrivals.open_loops():
            changed = [
                _take(loop, written, difference.on) for loop, written in _planned(loops, Difference(difference.on))
            ]
            detail = {"on": difference.on.isoformat(), "digest": digest}
            with transaction.atomic():  # no plan is changed whose stays and tests are not
                looping.replan_many(by=by, loops=changed, detail=detail)
                closed_loop.carry_out(changed, by=by)
    return difference


def _planned(loops: Sequence[Loop], difference: Difference) -> Iterator[tuple[Loop, Written]]:
    """Loops whose days another pack changes, with their new plan; the others are counted."""
    for loop in loops:
        difference.loops += 1
        pack = _pack(loop, difference.on)
        if pack.version == loop.pack:
            difference.same += 1
            continue
        difference.packs[loop.pack, pack.version] += 1
        try:
            written = plans.again(loop, pack, today=today())
        except policy.MissingRule:  # the new pack asks for nothing of the kind: a person decides, not a program
            difference.unplannable += 1
            continue
        if (written.stages, written.tests) == (loop.stages, loop.tests):
            difference.same += 1
            continue
        yield loop, written


def _take(loop: Loop, written: Written, on: date) -> Loop:
    pack = _pack(loop, on)
    loop.rule = plans.prefix_of(loop, pack)
    loop.pack, loop.pack_on = pack.version, pack.on
    loop.stages, loop.tests, loop.ends_on = written.stages, written.tests, written.ends_on
    loop.links = chain.carry(chain.resumed(written.links, loop.links), {}, at=now())
    return loop


def _change(loop: Loop, written: Written, pack: Pack) -> Change:
    before, after = {one["on"] for one in loop.tests}, {one["on"] for one in written.tests}
    return Change(
        loop.pk, str(loop.person), str(loop.area), loop.rule, (loop.pack, pack.version),
        (loop.ends_on.isoformat(), written.ends_on.isoformat()), (_shape(loop.stages), _shape(written.stages)),
        sorted(after - before), sorted(before - after),
    )  # fmt: skip


def _add(difference: Difference, change: Change, *, keep: bool) -> None:
    difference.shorter += change.days < 0
    difference.longer += change.days > 0
    difference.tests_added += len(change.tests_added)
    difference.tests_dropped += len(change.tests_dropped)
    if keep or len(difference.rows) < SHOWN:
        difference.rows.append(change)


def _shape(stages: list[dict[str, str]]) -> list[list[str]]:
    return [[stage["place"], stage["from"], stage["until"]] for stage in stages]


def _pack(loop: Loop, on: date) -> Pack:
    return policy.pack(disease=loop.disease, area_code=loop.area_id, on=on)


__all__ = ["Change", "Difference", "apply", "preview"]
