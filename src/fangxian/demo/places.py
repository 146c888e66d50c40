"""Where people go: classes and work units (their anchors), and the shops, markets and offices everybody visits."""

from dataclasses import dataclass, field

import numpy as np

from fangxian.demo.areas import POINTS, Tree
from fangxian.demo.population import Population

CLASS_SIZE = 30
UNIT_MEAN, UNIT_MOST = 5.5, 18
EMPLOYED_SHARE = 0.62
RESIDENTS_A_VENUE = 32
MOST_PULL = 2.5
"""Even a crowded market holds only so many: the most popular place draws so many times an ordinary shop."""

SEAT = ("410883001", "410883002", "410883003", "410883004")
"""The subdistricts of the county seat."""


@dataclass(frozen=True)
class Kind:
    """One sort of venue: of which register kind, how common, how popular, how long people stay (minutes)."""

    kind: str
    name: str
    share: float
    pull: float
    stay: int
    is_hub: bool = False
    only_seat: bool = False


KINDS = (
    Kind("SHOP", "便民超市", 0.34, 1.2, 12),
    Kind("RESTAURANT", "烩面馆", 0.2, 0.4, 30),
    Kind("RESTAURANT", "家常菜馆", 0.08, 0.3, 45),
    Kind("MARKET", "农贸市场", 0.05, 2.0, 20),
    Kind("PHARMACY", "大药房", 0.1, 0.5, 10),
    Kind("HOSPITAL", "卫生所", 0.08, 0.8, 25),
    Kind("PUBLIC_OFFICE", "便民服务中心", 0.05, 0.6, 20),
    Kind("OTHER", "理发店", 0.05, 0.5, 35),
    Kind("CINEMA", "棋牌室", 0.02, 0.5, 120),
    Kind("MALL", "购物广场", 0.02, 2.0, 35, only_seat=True),
)
SINGLE = (
    Kind("STATION", "孟州市汽车客运总站", 0, 5.0, 15, is_hub=True, only_seat=True),
    Kind("HOSPITAL", "孟州市人民医院门诊部", 0, 3.0, 40, only_seat=True),
    Kind("CINEMA", "孟州影城", 0, 1.0, 130, only_seat=True),
    Kind("COLD_STORE", "孟州冷链集中监管仓", 0, 0.2, 60, only_seat=True),
    Kind("HOTEL", "会昌快捷酒店", 0, 0.5, 600, only_seat=True),
)
TRADES = (
    "皮毛加工厂",
    "机械配件厂",
    "装备制造公司",
    "生物科技公司",
    "食品厂",
    "物流园",
    "建材厂",
    "纺织厂",
    "商贸公司",
    "汽修厂",
)
SCHOOLS = (
    (3, 5, "中心幼儿园", "班"),
    (6, 11, "中心小学", "年级"),
    (12, 14, "初级中学", "年级"),
    (15, 17, "高级中学", "年级"),
)
FAMILY_NAMES = "兴隆福顺德和祥瑞泰康宏达利民惠众佳美万家永盛金桥新源"


@dataclass
class Venues:
    """All places, as columns; `anchor` gives each person's class or work unit, -1 for none.

    pull: how many unplanned visits a place draws, relative to the others; 0 for classes and work units.
    stay: minutes people are assumed to stay. town: 9-digit township code as an int.
    """

    name: list[str] = field(default_factory=list)
    kind: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    town: list[int] = field(default_factory=list)
    pull: list[float] = field(default_factory=list)
    stay: list[int] = field(default_factory=list)
    is_hub: list[bool] = field(default_factory=list)
    anchor: np.ndarray = field(default_factory=lambda: np.empty(0, dtype=np.int32))

    def __len__(self) -> int:
        return len(self.name)

    def add(self, name: str, kind: str, town: int, stay: int, *, pull: float = 0.0, is_hub: bool = False) -> int:
        """One more place; gives its index."""
        for column, value in ((self.name, name), (self.kind, kind), (self.town, town), (self.stay, stay)):
            column.append(value)
        self.pull.append(pull)
        self.is_hub.append(is_hub)
        self.code.append(f"MZ{len(self.name):06d}")
        return len(self.name) - 1


def furnish(rng: np.random.Generator, tree: Tree, people: Population) -> Venues:
    """Make the places the population needs and give everybody who learns or works an anchor among them."""
    venues = Venues()
    venues.anchor = np.full(len(people), -1, dtype=np.int32)
    _open_venues(rng, tree, people, venues)
    for level in SCHOOLS:
        _open_classes(tree, people, venues, level)
    _open_units(rng, tree, people, venues)
    return venues


def points(rng: np.random.Generator, venues: Venues) -> np.ndarray:
    """Latitude and longitude of every place: around the point of its township, about two kilometres apart."""
    centres = np.array([POINTS[str(town)] for town in venues.town])
    return np.round(centres + rng.normal(0, 0.011, centres.shape), 5)


def _open_venues(rng: np.random.Generator, tree: Tree, people: Population, venues: Venues) -> None:
    towns = np.array([int(code) for code in tree.towns])
    people_of = np.array([(people.town == town).sum() for town in towns], dtype=float)
    seat = np.array([int(code) for code in SEAT])
    for kind in SINGLE:
        venues.add(kind.name, kind.kind, int(rng.choice(seat)), kind.stay, pull=kind.pull, is_hub=kind.is_hub)
    for kind in KINDS:
        count = max(2, round(len(people) / RESIDENTS_A_VENUE * kind.share))
        where = rng.choice(seat, count) if kind.only_seat else rng.choice(towns, count, p=people_of / people_of.sum())
        popular = np.minimum(kind.pull * (0.4 + rng.pareto(2.5, count)), MOST_PULL)
        for town, pull in zip(where.tolist(), popular.tolist(), strict=True):
            venues.add(_venue_name(rng, tree, town, kind.name), kind.kind, town, kind.stay, pull=pull)


def _venue_name(rng: np.random.Generator, tree: Tree, town: int, what: str) -> str:
    first, second = rng.choice(list(FAMILY_NAMES), 2)
    return f"{tree.towns[str(town)]}{first}{second}{what}"


def _open_classes(tree: Tree, people: Population, venues: Venues, level: tuple[int, int, str, str]) -> None:
    low, high, school, word = level
    for town, town_name in tree.towns.items():
        at_home = (people.town == int(town)) & ~people.is_visitor
        for age in range(low, high + 1):
            pupils = np.flatnonzero(at_home & (people.age == age))
            for number, some in enumerate(_groups(pupils, CLASS_SIZE), start=1):
                name = f"{town_name}{school}{age - low + 1}{word}{number}班"
                venues.anchor[some] = venues.add(name, "SCHOOL", int(town), 480)


def _groups(members: np.ndarray, most: int) -> list[np.ndarray]:
    """Split into groups of about equal size, none larger than `most`; none for nobody."""
    return np.array_split(members, -(-len(members) // most)) if len(members) else []


def _open_units(rng: np.random.Generator, tree: Tree, people: Population, venues: Venues) -> None:
    """Work units of a few to a few dozen people; two thirds of a unit come from its own township."""
    adult = (people.age >= 18) & (people.age < 62) & (venues.anchor < 0)
    at_work = np.flatnonzero(adult & (rng.random(len(people)) < EMPLOYED_SHARE))
    towns = np.array([int(code) for code in tree.towns])
    works_in = people.town[at_work]
    moved = (rng.random(len(at_work)) < 0.33) | people.is_visitor[at_work]
    works_in = np.where(moved, rng.choice(towns, len(at_work)), works_in)
    for town in towns.tolist():
        for number, some in enumerate(_units(rng, at_work[works_in == town]), start=1):
            trade = TRADES[int(rng.integers(len(TRADES)))]
            place = venues.add(f"{tree.towns[str(town)]}{trade}{number}号班组", "WORKPLACE", town, 540)
            venues.anchor[some] = place


def _units(rng: np.random.Generator, workers: np.ndarray) -> list[np.ndarray]:
    """Cut a shuffled list of workers into units of a long-tailed size."""
    workers = rng.permutation(workers)
    sizes = np.clip(rng.exponential(UNIT_MEAN, len(workers) + 1), 2, UNIT_MOST).astype(int)
    cuts = np.cumsum(sizes)
    return [unit for unit in np.split(workers, cuts[cuts < len(workers)]) if len(unit)]
