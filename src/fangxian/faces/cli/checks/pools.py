"""Pools with positives, resolved whatever goes wrong on the way: everybody's final state must be what is true.

Tubes of every size are filled with people of whom some are infected. On the way laboratories contradict themselves,
withdraw and correct, send files twice; tubes are lost and found; unsure results come back. At the end everybody has
been tested and has exactly the state that is true of them, and no pool is left open.
"""

import random
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from fangxian.core import clock, scope
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.faces.cli.checks import rounds_world
from fangxian.faces.cli.checks.rounds_world import DISEASE, LABORATORY, World
from fangxian.faces.cli.output import Advance
from fangxian.registers import site
from fangxian.systems.testing import coverage, services
from fangxian.systems.testing.services import Registration, ResultRow
from fangxian.workflows import testing_round

SIZES = (1, 5, 10, 20)
INFECTED, TROUBLED = 0.01, 0.1
STEP = timedelta(minutes=20)


@dataclass
class Report:
    """What became of the pools."""

    tubes: int = 0
    positive_pools: int = 0
    members: int = 0
    infected: int = 0
    wrong: int = 0
    unresolved: int = 0
    troubles: Counter = field(default_factory=Counter)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when there were positive pools and everybody's state is right."""
        return 0 if self.positive_pools and not (self.wrong or self.unresolved or self.findings) else 1

    def line(self) -> str:
        """The last line, for machines."""
        troubles = " ".join(f"{name}={count}" for name, count in sorted(self.troubles.items()))
        return (
            f"check=pools tubes={self.tubes} positive_pools={self.positive_pools} members={self.members} "
            f"infected={self.infected} {troubles} unresolved={self.unresolved} wrong={self.wrong}"
        )


class Play:
    """One run: the clock moves with every step, so that each hand comes after the one before."""

    def __init__(self, world: World, report: Report, dice: random.Random) -> None:
        self.world, self.report, self.dice = world, report, dice
        self.tubes: dict[str, list[UUID]] = {}
        self.village: dict[UUID, str] = {person: village for village, person in world.everybody()}
        self.infected: set[UUID] = set()
        self.at = now() - timedelta(hours=6)
        self.serial = 0
        self.judges = [Officer.objects.create_officer(f"judge{n}", name=f"Judge {n}") for n in (1, 2)]
        _appoint(self.judges)

    def sample(self, people: list[UUID], size: int) -> list[str]:
        """People of one village into tubes of a size; gives the barcodes."""
        made: list[str] = []
        for village in self.world.villages:
            here = [person for person in people if self.village[person] == village]
            for start in range(0, len(here), size):
                self.serial += 1
                code = f"PL{self.serial:06d}"
                self.tubes[code] = here[start : start + size]
                made.append(code)
                self._register(code, size, village)
        return made

    def _register(self, code: str, size: int, village: str) -> None:
        rows = [
            Registration(n, uuid7(), person, code, size, self.world.points[village], self.at)
            for n, person in enumerate(self.tubes[code])
        ]
        answer = services.register_samples(rows, by=None)
        if answer.refused:
            self.report.findings.append(f"refused: {answer.refused[0]}")

    def truth(self, code: str) -> str:
        """What is really in the tube."""
        return "POSITIVE" if any(person in self.infected for person in self.tubes[code]) else "NEGATIVE"

    def report_all(self, codes: list[str]) -> None:
        """The file of the laboratory, with trouble in a tenth of the tubes; at the end each tube says what is true."""
        self.later()
        rows: list[tuple[str, str]] = []
        for code in codes:
            trouble = self.dice.choice(list(TROUBLES)) if self.dice.random() < TROUBLED else "none"
            self.report.troubles[trouble] += 1
            rows += [(code, value) for value in TROUBLES[trouble](self, code)]
        self._file(rows)
        self.later()
        self._mend(codes)

    def _file(self, rows: list[tuple[str, str]]) -> None:
        services.import_results(
            (ResultRow(n, code, DISEASE, value, self.at, LABORATORY) for n, (code, value) in enumerate(rows, 1)),
            by=None,
        )

    def _mend(self, codes: list[str]) -> None:
        """Two persons decide what is held, laboratories correct what is wrong, tubes without a word get theirs."""
        results = site.get("testing.labresult").model.objects
        for held in results.filter(state="HELD", tube__barcode__in=codes).select_related("tube", "area"):
            if held.value == self.truth(held.tube.barcode):
                for judge in self.judges:
                    services.decide(held, by=judge, opinion="IN_FORCE", reason="tested again")
        for wrong in results.filter(state="IN_FORCE", tube__barcode__in=codes).select_related("tube", "area"):
            if wrong.value != (right := self.truth(wrong.tube.barcode)):
                services.correct(wrong, by=None, value=right, reason="tested again", tested_at=self.at)
        told = set(results.filter(state="IN_FORCE").values_list("tube__barcode", flat=True))
        self._file([(code, self.truth(code)) for code in codes if code not in told])

    def later(self) -> None:
        """Time passes."""
        self.at += STEP

    def lose(self, codes: list[str]) -> list[UUID]:
        """Some tubes are lost before they are tested; half of them turn up. Whose tube stays lost is missing."""
        found = site.get("testing.tube").model.objects.filter(barcode__in=codes)
        tubes = list(found.select_related("round"))
        testing_round.lost(by=None, tubes=tubes, reason="lost on the way")
        for tube in tubes[::2]:
            services.find_tube(by=None, tube=tube)
        self.report.troubles["lost"] += len(tubes)
        self.report.troubles["found"] += len(tubes[::2])
        gone = [tube.barcode for tube in tubes[1::2]]
        return [person for code in gone for person in self.tubes.pop(code)]


def _swapped(play: Play, code: str) -> str:
    return "NEGATIVE" if play.truth(code) == "POSITIVE" else "POSITIVE"


TROUBLES: dict[str, Any] = {
    "none": lambda play, code: [play.truth(code)],
    "contradicted": lambda play, code: [_swapped(play, code), play.truth(code)],
    "repeated": lambda play, code: [play.truth(code), play.truth(code)],
    "mistaken": lambda play, code: [_swapped(play, code)],
    "unsure": lambda play, code: ["灰区"],
    "silent": lambda play, code: [],
}
"""What the laboratory's file says of a tube."""


def run(people: int, seed: int, advance: Advance) -> Report:
    """The first round of tubes, then singles until nobody waits."""
    report = Report()
    with scope.everywhere("the check of pools has an installation of its own"):
        world = rounds_world.make(people, seed, villages=8)
        begun = world.round.begins_at
        with clock.frozen(begun):
            testing_round.begin(by=None, round_id=world.round.pk)
        play = Play(world, report, random.Random(seed))
        everybody = [person for _village, person in world.everybody()]
        play.infected = set(play.dice.sample(everybody, max(1, int(people * INFECTED))))
        report.infected = len(play.infected)
        _first(play, everybody)
        _singles(play, advance)
        _judge(play)
    return report


def _first(play: Play, everybody: list[UUID]) -> None:
    play.dice.shuffle(everybody)
    share = len(everybody) // len(SIZES) + 1
    codes: list[str] = []
    for number, size in enumerate(SIZES):
        codes += play.sample(everybody[number * share : (number + 1) * share], size)
    again = play.lose(play.dice.sample(codes, max(2, len(codes) // 50)))
    play.later()
    codes = [code for code in codes if code in play.tubes] + play.sample(again, 10)
    play.report.tubes = len(codes)
    pools = [code for code in codes if len(play.tubes[code]) > 1 and play.truth(code) == "POSITIVE"]
    play.report.positive_pools = len(pools)
    play.report.members = sum(len(play.tubes[code]) for code in pools)
    play.report_all(codes)


def _singles(play: Play, advance: Advance) -> None:
    """Whoever waits gives a sample of their own, until nobody does."""
    test_round = play.world.round
    for turn in range(5):
        testing_round.follow_pools(by=None, round_id=test_round.pk)
        waiting = coverage.members(test_round, state=coverage.State.RECALL)
        people = list(waiting.values_list("person", flat=True))
        advance(turn, 5, f"{len(people)} people wait")
        if not people:
            return
        play.later()
        play.report_all(play.sample(people, 1))


def _judge(play: Play) -> None:
    report, test_round, state = play.report, play.world.round, coverage.State
    for member in coverage.members(test_round).iterator(2000):
        right = state.POSITIVE if member.person_id in play.infected else state.NEGATIVE
        if member.state != right:
            report.wrong += 1
            report.findings.append(f"{member.person_id} is {state(member.state).name} instead of {right.name}")
    report.unresolved = sum(not pool.resolved for pool in coverage.pools(test_round, limit=100_000))
    report.wrong += coverage.drift(test_round)


def _appoint(officers: list[Officer]) -> None:
    from fangxian.core.areas import Area
    from fangxian.core.officers import appoint

    for officer in officers:
        appoint(officer, role="investigator", area=Area.objects.get(code=rounds_world.COUNTY), by=None)
