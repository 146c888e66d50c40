"""Who lives in the demo county: persons in households in grid cells, all invented, every column a NumPy array."""

from dataclasses import dataclass
from datetime import date

import numpy as np

from fangxian.demo import names
from fangxian.demo.areas import CENSUS, Tree
from fangxian.demo.days import FIRST_DAY
from fangxian.demo.numbers import as_digits

VISITING_SHARE = 0.015
"""Persons of the neighbouring counties who work or shop in the county, as a share of its residents."""

SIZES = np.array([1, 2, 3, 4, 5, 6])
SIZE_SHARES = np.array([0.14, 0.24, 0.22, 0.2, 0.12, 0.08])
ROLES = {1: "H", 2: "HS", 3: "HSC", 4: "HSCC", 5: "HSCCG", 6: "HSCCGG"}
"""Who is in a household of each size: head, spouse, child, grandparent."""

HOUSEHOLD_AGES = {1: (30, 88), 2: (24, 84), 3: (25, 56), 4: (28, 52), 5: (27, 50), 6: (26, 48)}
"""From and to which age the head of a household of each size is drawn."""


@dataclass(frozen=True)
class Population:
    """All persons; the residents first, then those of the neighbouring counties.

    household: index of the household. area: index into `codes`, the area codes people live in. town: 9-digit code of
    the township as an int. age: years. birth: YYYYMMDD. residents: how many of the rows live in the county.
    """

    residents: int
    household: np.ndarray
    area: np.ndarray
    codes: np.ndarray
    town: np.ndarray
    age: np.ndarray
    birth: np.ndarray
    male: np.ndarray
    name: np.ndarray
    region: np.ndarray

    def __len__(self) -> int:
        return len(self.age)

    @property
    def households(self) -> int:
        """How many households there are; they are numbered from 0."""
        return int(self.household[-1]) + 1

    @property
    def is_visitor(self) -> np.ndarray:
        """True for persons who live in another county."""
        return np.arange(len(self)) >= self.residents

    def code(self, person: int) -> str:
        """Area code of one person."""
        return str(self.codes[self.area[person]])


def populate(rng: np.random.Generator, tree: Tree, scale: float) -> Population:
    """Make the population. `scale` is a share of the census, above 0, at most 1; the same rng gives the same people."""
    if not 0 < scale <= 1:
        raise ValueError("scale is a share of the county's residents: above 0, at most 1")
    residents = max(60, round(CENSUS * scale))
    household, age = _households(rng, residents)
    visitors = max(6, round(residents * VISITING_SHARE))
    household = np.r_[household, household[-1] + 1 + np.arange(visitors)]
    age = np.r_[age, rng.integers(18, 66, visitors)]
    codes, area = _settle(rng, tree, household, residents)
    return _described(rng, residents, household, age, codes, area)


def _households(rng: np.random.Generator, residents: int) -> tuple[np.ndarray, np.ndarray]:
    """Household index and age of every resident."""
    sizes = rng.choice(SIZES, size=residents, p=SIZE_SHARES)
    sizes = sizes[: int(np.searchsorted(np.cumsum(sizes), residents)) + 1]
    low, high = (np.array([HOUSEHOLD_AGES[size][side] for size in sizes]) for side in (0, 1))
    head = rng.integers(low, high)
    household = np.repeat(np.arange(len(sizes)), sizes)
    role = np.array([letter for size in sizes for letter in ROLES[size]])
    age = head[household] + _offsets(rng, role)
    return household[:residents], np.clip(age, 0, 98)[:residents]


def _offsets(rng: np.random.Generator, role: np.ndarray) -> np.ndarray:
    """Years between a member of a household and its head."""
    spouse, child, elder = (
        rng.integers(-4, 4, len(role)),
        -rng.integers(23, 34, len(role)),
        rng.integers(22, 31, len(role)),
    )
    return np.select([role == "S", role == "C", role == "G"], [spouse, child, elder], 0)


def _settle(
    rng: np.random.Generator, tree: Tree, household: np.ndarray, residents: int
) -> tuple[np.ndarray, np.ndarray]:
    """The codes people live in and each person's index into them: households to cells, visitors to other counties."""
    codes = np.array([*tree.cells, *tree.neighbours])
    weights = tree.cell_weights / tree.cell_weights.sum()
    count = int(household[residents - 1]) + 1
    home = rng.choice(len(tree.cells), size=count, p=weights)
    away = len(tree.cells) + rng.integers(0, len(tree.neighbours), int(household[-1]) + 1 - count)
    return codes, np.r_[home, away][household]


def _described(
    rng: np.random.Generator,
    residents: int,
    household: np.ndarray,
    age: np.ndarray,
    codes: np.ndarray,
    area: np.ndarray,
) -> Population:
    count = len(age)
    male = _sexes(rng, household)
    birth = FIRST_DAY.toordinal() - (age * 365.25).astype(int) - rng.integers(1, 365, count)
    surname = names.surnames(rng, int(household[-1]) + 1)[household]
    surname = np.where(_is_second(household), names.surnames(rng, count), surname)
    town = np.array([int(code[:9]) for code in codes])[area]
    region = np.where(
        rng.random(count) < 0.92, town // 1000, rng.choice([410882, 410881, 410825, 410105, 410305], count)
    )
    return Population(
        residents=residents,
        household=household.astype(np.int32),
        area=area.astype(np.int32),
        codes=codes,
        town=town,
        age=age.astype(np.int16),
        birth=as_digits(birth),
        male=male,
        name=np.char.add(surname, names.given_names(rng, male)),
        region=region,
    )


def _sexes(rng: np.random.Generator, household: np.ndarray) -> np.ndarray:
    """True for men; the second member of a household (the spouse) has the other sex than the first."""
    male = rng.random(len(household)) < 0.5
    second = np.flatnonzero(_is_second(household))
    male[second] = ~male[second - 1]
    return male


def _is_second(household: np.ndarray) -> np.ndarray:
    """True for the second member of each household, the spouse, who keeps the name of their own family."""
    is_first = np.r_[True, household[1:] != household[:-1]]
    return np.r_[False, is_first[:-1]] & ~is_first


def birth_date(digits: int) -> date:
    """YYYYMMDD as a date."""
    return date(int(digits) // 10000, int(digits) // 100 % 100, int(digits) % 100)
