"""What a county's tills did in three days, known beforehand: every receipt, whose it is, how it comes in, its faults.

A receipt comes by one of three ways (the clerk's page, a file, the interface); a third of those by file or interface
come again by the other. Some are wrong in a known way and must be refused with the field; some are taken back.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np

from fangxian.demo import names, numbers

CODES = {"B1": ("布洛芬片", "FEVER"), "K1": ("急支糖浆", "COUGH"), "V1": ("连花清瘟胶囊", "ANTIVIRAL"),
         "A1": ("阿莫西林胶囊", "ANTIBIOTIC")}  # fmt: skip
PAGE, FILE, API = "page", "file", "api"
BAD = {
    "unknown code": "items", "nothing rung up": "items", "moment yet to come": "sold_at", "card mistyped": "id_number",
    "phone of letters": "phone",
}  # fmt: skip
"""How a receipt is wrong, and the field that has to be named."""


@dataclass
class Receipt:
    """One receipt as it truly was."""

    pharmacy: int
    number: str
    at: datetime
    basket: dict[str, int]
    buyer: int | None
    temperature: str
    way: str
    twice: bool = False
    taken_back: bool = False
    bad: str = ""

    @property
    def day(self) -> date:
        """The local day, as the truth knows it: receipts are rung up in the local day's opening hours."""
        return self.at.date()

    @property
    def key(self) -> tuple[int, str]:
        """By what it is known."""
        return self.pharmacy, self.number

    @property
    def items(self) -> str:
        """What was rung up, as text."""
        return "; ".join(f"{code}*{count}" for code, count in sorted(self.basket.items()))


@dataclass
class Truth:
    """Everything the tills did."""

    receipts: list[Receipt]
    people: list[dict[str, str]]
    silent: int = 0

    def kept(self) -> list[Receipt]:
        """Receipts that have to be in the register."""
        return [one for one in self.receipts if not one.bad]

    def totals(self) -> Counter:
        """What each till counted: pharmacy, day, code → packages; taken back counts no more."""
        count: Counter = Counter()
        for one in self.kept():
            for code, pieces in one.basket.items():
                count[one.pharmacy, one.day, code] += 0 if one.taken_back else pieces
        return count

    def violations(self) -> set[tuple[int, str]]:
        """Receipts that named nobody, where every name had to be given, and were not taken back."""
        return {one.key for one in self.kept() if one.buyer is None and not one.taken_back}

    def calls(self) -> set[tuple[int, date]]:
        """Who has to be called back for which day."""
        ill = (one for one in self.kept() if one.temperature and not one.taken_back)
        return {(one.buyer, one.day) for one in ill if one.buyer is not None}


def imagine(rng: np.random.Generator, receipts: int, pharmacies: int, today: datetime) -> Truth:
    """Invent the three days before `today` (its midnight)."""
    people = _people(rng, max(receipts // 3, 5))
    found = [_receipt(rng, number, pharmacies, len(people), today) for number in range(receipts)]
    for number, one in enumerate(one for one in found if one.way != PAGE):
        if number % 17 == 3:
            one.bad = list(BAD)[number // 17 % len(BAD)]
            one.twice = False
    return Truth(found, people, silent=pharmacies - 1)


def _people(rng: np.random.Generator, count: int) -> list[dict[str, str]]:
    male = rng.random(count) < 0.5
    births = rng.integers(1940, 2004, count) * 10_000 + rng.integers(1, 13, count) * 100 + rng.integers(1, 29, count)
    ids = numbers.identity_numbers(np.full(count, 410883), births, male)
    called = np.char.add(names.surnames(rng, count), names.given_names(rng, male)).tolist()
    phones = numbers.phones(rng, count)
    everybody = [{"name": called[n], "id_number": ids[n], "phone": phones[n]} for n in range(count)]
    for one in everybody[::4]:
        one.pop("phone")  # no phone
    return everybody


def _receipt(rng: np.random.Generator, number: int, pharmacies: int, people: int, today: datetime) -> Receipt:
    way = (PAGE, FILE, API)[int(rng.choice(3, p=[0.2, 0.5, 0.3]))]
    codes = rng.choice(list(CODES), size=int(rng.integers(1, 3)), replace=False).tolist()
    opened = today - timedelta(days=int(rng.integers(1, 4))) + timedelta(hours=8)
    at = opened + timedelta(minutes=int(rng.integers(0, 12 * 60)))
    nameless = way != PAGE and rng.random() < 0.03
    return Receipt(
        int(rng.integers(0, pharmacies)), f"R{number:06d}", at, {code: int(rng.integers(1, 4)) for code in codes},
        None if nameless else int(rng.integers(0, people)), "38.1" if rng.random() < 0.15 else "", way,
        twice=way != PAGE and rng.random() < 1 / 3, taken_back=bool(rng.random() < 0.02),
    )  # fmt: skip
