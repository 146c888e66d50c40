"""A county's trade around one public notice, piece by piece: who really had what when. It knows nothing of the engine.

Every piece is followed by itself, as no installation could: through the lorries, into stores, through knives and bags,
to buyers. What is written down of it are movements with numbers of pieces, nothing else.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

import numpy as np

NOTICES = """\
date,place,goods,origin,pieces,samples,positives,surface
2020-11-13,郑州市中牟县,冷冻猪肉,阿根廷,1303,15,5,OUTER
2020-12-15,南通市通州区,冷冻去骨牛腱,阿根廷,900,12,1,OUTER
2021-11-15,厦门市,冷冻猪肉,法国,1250,20,1,OUTER
2020-11-24,唐山市路北区,冷冻牛肉,,640,10,1,OUTER
2020-12-29,铁岭市开原市,冷冻猪肉,墨西哥,700,14,1,OUTER
2020-11-12,济宁市梁山县,冷冻牛肉,,520,10,1,OUTER
2020-11-12,武汉市,冷冻去骨牛臀肉,,800,16,3,OUTER
"""
"""Seven public notices of positive imported frozen goods (news pages of the day). Date, place, goods, origin are those
of the notices, and of the first also pieces and samples; where a notice gives no number, one was drawn."""
PLACES = ("port", "store", "cold", "plant", "market", "shop", "canteen", "far")
CUSTOMERS = "customers"
ZONE = ZoneInfo("Asia/Shanghai")
STEPS = 60


@dataclass(frozen=True)
class Notice:
    """One notice."""

    day: date
    place: str
    goods: str
    origin: str
    pieces: int
    samples: int
    positives: int
    surface: str


@dataclass
class Step:
    """One movement as it is written down, with the real pieces beside it."""

    kind: str
    takes: dict[str, int]
    lot: str
    frm: str
    to: str
    hour: int
    made: int = 0


@dataclass
class Life:
    """What really happened: steps in order, and at the end where every piece of every lot is.

    tainted  places where a piece that had to do with the positive lot was, and each one's first hour
    """

    steps: list[Step] = field(default_factory=list)
    where: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    bad: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    tainted: dict[tuple[str, str], int] = field(default_factory=dict)

    def mark(self, lot: str, place: str, hour: int) -> None:
        """Keep the first hour at which something contaminated was somewhere."""
        self.tainted.setdefault((lot, place), hour)


def notices() -> list[Notice]:
    """The seven."""
    rows = csv.DictReader(StringIO(NOTICES))
    return [
        Notice(date.fromisoformat(row["date"]), row["place"], row["goods"], row["origin"], int(row["pieces"]),
               int(row["samples"]), int(row["positives"]), row["surface"])
        for row in rows
    ]  # fmt: skip


def live(notice: Notice, seed: int) -> Life:
    """Two consignments are traded; the first is the positive one. A pack with a bad piece in it is bad as a whole."""
    rng, life = np.random.default_rng(seed), Life()
    for lot, pieces in (("bad", notice.pieces), ("good", notice.pieces // 2)):
        life.steps.append(Step("RECEIVE", {lot: pieces}, lot, "", "store", 0))
        life.where[lot] = ["store"] * pieces
        life.bad[lot] = [lot == "bad"] * pieces
    life.mark("bad", "store", 0)
    for hour in range(1, STEPS):
        _one_step(rng, life, hour)
    return life


def _one_step(rng: np.random.Generator, life: Life, hour: int) -> None:
    lot = str(rng.choice(sorted(life.where)))
    place = str(rng.choice(sorted({one for one in life.where[lot] if one != CUSTOMERS}) or [""]))
    here = [row for row, one in enumerate(life.where[lot]) if one == place]
    if not place or not here:
        return
    taken = here[: int(rng.integers(1, len(here) + 1))]
    kind = str(rng.choice(["MOVE", "MOVE", "MOVE", "SELL", "PROCESS", "MERGE"]))
    to = str(rng.choice([one for one in PLACES if one not in (place, "port")]))
    if kind in ("PROCESS", "MERGE"):
        _make(rng, life, hour, kind, lot, place, to, taken)
    else:
        _carry(life, hour, kind, lot, place, CUSTOMERS if kind == "SELL" else to, taken)


def _carry(life: Life, hour: int, kind: str, lot: str, place: str, to: str, taken: list[int]) -> None:
    life.steps.append(Step(kind, {lot: len(taken)}, lot, place, to, hour))
    for row in taken:
        life.where[lot][row] = to
    if any(life.bad[lot][row] for row in taken):
        life.mark(lot, to, hour)


def _make(
    rng: np.random.Generator, life: Life, hour: int, kind: str, lot: str, place: str, to: str, taken: list[int]
) -> None:
    """A new lot of these pieces, and of another lot's where it is merged; each new piece is made of one old one."""
    parts = {lot: taken}
    if kind == "MERGE":
        others = [one for one in sorted(life.where) if one != lot and place in life.where[one]]
        if others:
            other = str(rng.choice(others))
            lying = [row for row, one in enumerate(life.where[other]) if one == place]
            parts[other] = lying[: int(rng.integers(1, len(lying) + 1))]
    name = f"L{hour}"
    is_bad = any(life.bad[one][row] for one, rows in parts.items() for row in rows)
    for one, rows in parts.items():
        for row in sorted(rows, reverse=True):
            del life.where[one][row], life.bad[one][row]
    made = sum(len(rows) for rows in parts.values())
    life.where[name], life.bad[name] = [to] * made, [is_bad] * made
    life.steps.append(Step(kind, {one: len(rows) for one, rows in parts.items()}, name, place, to, hour, made))
    if is_bad:
        life.mark(name, to, hour)


def moment(notice: Notice, hour: int) -> datetime:
    """When an hour of the life is: the trade ends on the day of the notice."""
    morning = datetime(notice.day.year, notice.day.month, notice.day.day, 8, tzinfo=ZONE)
    return morning - timedelta(hours=STEPS - hour)
