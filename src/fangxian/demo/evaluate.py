"""How good the contacts found are, against the hidden truth: everybody who really was together with a case long enough.

The truth is the movements, not the scans: who was there without a scan counts as missed, who was only thought to be
there because the assumed stay was too long counts as wrong.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from fangxian.demo.days import second
from fangxian.demo.world import World


@dataclass(frozen=True)
class CaseTruth:
    """One detected case: index of the person and the infectious window [begins, ends) by the rule of the pack."""

    person: int
    begins: datetime
    ends: datetime


@dataclass(frozen=True)
class Score:
    """Pairs of case and close contact: really there, found, both; and infected persons known as a contact or not."""

    true: int
    found: int
    both: int
    infected: int
    infected_found: int

    @property
    def recall(self) -> float:
        """Share of the true contacts that were found; 1 where there are none."""
        return self.both / self.true if self.true else 1.0

    @property
    def precision(self) -> float:
        """Share of the found contacts that are true; 1 where none was found."""
        return self.both / self.found if self.found else 1.0


def true_contacts(world: World, case: CaseTruth, *, least_s: int) -> set[int]:
    """Persons of the household, and all who were at places together with the case for `least_s` seconds in all."""
    met = world.presence.meetings(case.person, second(case.begins), second(case.ends))
    together = np.bincount(met.person.astype(np.int64), met.end - met.start, minlength=len(world.people))
    return {*np.flatnonzero(together >= max(least_s, 1)).tolist(), *world.household(case.person).tolist()}


def score(world: World, cases: Iterable[CaseTruth], found: Iterable[tuple[int, int]], *, least_s: int) -> Score:
    """Compare `found`, pairs of case person and contact person, with the truth. Detected cases are no contacts.

    The infected who count are those of the true chain infected by somebody before the windows end, detected or not.
    """
    cases = list(cases)
    detected = {case.person for case in cases}
    true = {case.person: true_contacts(world, case, least_s=least_s) - detected for case in cases}
    by_case: dict[int, set[int]] = defaultdict(set)
    for case, contact in found:
        by_case[case].add(contact)
    by_case = {case: contacts - detected for case, contacts in by_case.items()}
    both = sum(len(true[case] & contacts) for case, contacts in by_case.items() if case in true)
    caught = {infection.person for infection in world.infections if infection.infector in detected} - detected
    known = set().union(*by_case.values()) if by_case else set()
    return Score(
        true=sum(map(len, true.values())),
        found=sum(map(len, by_case.values())),
        both=both,
        infected=len(caught),
        infected_found=len(caught & known),
    )
