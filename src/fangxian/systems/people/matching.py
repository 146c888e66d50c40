"""Who in the store a row may be: the blocks of `engines.matching`, looked up by their keyed indexes.

Nothing is decrypted. A number, repaired in every way its check character allows, a phone and a door become the
fingerprints under which the store keeps them; one query a kind finds the people of thousands of rows. Names and birth
dates are compared as they are stored.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from fangxian.core import policy
from fangxian.core.among import Among
from fangxian.core.fields import blind
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.engines.matching import Entry, Known, Match, Rules, Slip, Verdict, decide, numbers, readings
from fangxian.engines.matching.dates import swapped
from fangxian.engines.matching.names import agree, could_agree
from fangxian.systems.people import derived
from fangxian.systems.people.doors import fingerprint
from fangxian.systems.people.models import Household, Person

CHUNK = 2_000  # rows whose blocks are looked up together
PART = 5_000  # values in one query
COLUMNS = ("pk", "name", "sex", "birth_date", "id_index", "phone_index", "door_index", "household_id")
HOUSEHOLD = "household "  # begins the token of a household, beside the fingerprints of doors
SEXES = {Person.Sex.MALE: "m", Person.Sex.FEMALE: "f"}


@dataclass
class Said:
    """What a row says of one person, as text and days; what is not said is empty."""

    name: str = ""
    number: str = ""
    phone: str = ""
    address: str = ""
    birth: date | None = None
    sex: str = ""
    household: UUID | None = None


@dataclass
class Blocks:
    """People by what they are found under: tokens of number, phone, door and household, and the birth date."""

    by: dict[str, dict[Hashable, list[Known]]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(list)))

    def of(self, kind: str, key: Hashable, most: int) -> Iterable[Known]:
        """The people of one block; none where it is a crowd."""
        people = self.by[kind].get(key, [])
        return people if len(people) <= most else []


def rules(area_code: str = "") -> Rules:
    """Points and lines of the policy pack in force."""
    pack = policy.pack(disease=ANY_DISEASE, area_code=area_code)
    number = {name: pack.number(f"matching.{name}") for name in ("certain", "doubt", "margin", "crowd")}
    points = {sign: float(worth) for sign, worth in pack.rule("matching.points_for").data.items()}
    points |= {sign: -float(worth) for sign, worth in pack.rule("matching.points_against").data.items()}
    return Rules(
        points, float(number["certain"]), float(number["doubt"]), float(number["margin"]), int(number["crowd"])
    )


def entry(ref: Hashable, said: Said) -> Entry:
    """What a row says, with tokens for everything personal.

    Sex comes from a good number; the birth date also from one with a slip, whose slip is mostly somewhere else.
    """
    meant = _numbers(said.number)
    certain = next((number for number, slip in meant.items() if slip in (Slip.NONE, Slip.OLD_FORM)), "")
    good = numbers.is_valid(certain)
    return Entry(
        ref=ref,
        name=said.name,
        sex=said.sex or (numbers.sex(certain) if good else ""),
        birth=said.birth or numbers.birth(certain if good else numbers.tidied(said.number)),
        numbers={token: slip for number, slip in meant.items() if (token := blind(Person, "id_number", number))},
        has_number=bool(said.number),
        phone=blind(Person, "phone", derived.normal_phone(said.phone)) or "" if said.phone else "",
        doors=_doors(fingerprint(said.address), said.household),
    )


def match(entries: Iterable[Entry], by: Rules) -> list[Verdict]:
    """What becomes of each entry among the people inside the scope in force; five queries a thousand rows."""
    verdicts: list[Verdict] = []
    for part in _parts(list(entries), CHUNK):
        blocks = _blocks(part)
        verdicts += [decide(one, _candidates(one, blocks, by), by) for one in part]
    return verdicts


def everybody(people: QuerySet[Person]) -> list[Known]:
    """All of these people as the engine compares them: one query."""
    rows = people.order_by("pk").values_list(*COLUMNS)
    return [_known(*row, {}) for row in rows.iterator(chunk_size=5_000)]


def as_json(found: Match) -> dict[str, Any]:
    """One possible person with the reasons, for keeping beside a row: ids, points and words only."""
    signs = [[str(sign.part), str(sign.how), sign.points, str(sign.slip)] for sign in found.signs]
    return {"person": str(found.known.ref), "score": found.score, "signs": signs}


def _numbers(written: str) -> Mapping[str, Slip]:
    """Every number a row may mean: a resident's with its repairs, or another paper's as it stands."""
    if not written:
        return {}
    meant = readings(written)
    if meant:
        return meant
    other = derived.normal_number(written)
    return {other: Slip.NONE} if other and not other[:-1].isdecimal() else {}


def _doors(door: str | None, household: UUID | None) -> frozenset[str]:
    return frozenset(key for key in (door, household and f"{HOUSEHOLD}{household}") if key)


def _blocks(entries: list[Entry]) -> Blocks:
    """The people of every block of these entries. The day is asked only for rows whose number found nobody."""
    blocks, made = Blocks(), {}
    _load(blocks, made, "number", "id_index", {token for one in entries for token in one.numbers})
    _load(blocks, made, "phone", "phone_index", {one.phone for one in entries if one.phone})
    doors = {door for one in entries for door in one.doors}
    _load(blocks, made, "door", "door_index", doors)
    _load_households(blocks, made, doors)
    _load_days(blocks, made, [one for one in entries if _asks_day(one, blocks)])
    return blocks


def _asks_day(one: Entry, blocks: Blocks) -> bool:
    return not (one.is_certain and any(token in blocks.by["number"] for token in one.numbers))


def _days(one: Entry) -> list[date]:
    """The birth date, and with day and month exchanged."""
    return [day for day in (one.birth, one.birth and swapped(one.birth)) if day]


def _load(blocks: Blocks, made: dict, kind: str, column: str, wanted: set, *, of: str = "") -> None:
    """Find people by one indexed column (`of`), thousands of values a query; keep them under `column`."""
    place = COLUMNS.index(column)
    for part in _parts(sorted(wanted), PART):
        for row in Person.objects.filter(**{f"{of or column}__in": Among(part)}).values_list(*COLUMNS):
            blocks.by[kind][row[place]].append(_known(*row, made))


def _load_days(blocks: Blocks, made: dict, entries: list[Entry]) -> None:
    """People of a birth date, of those only whose names agree: a day alone is shared by too many.

    Ids, names and days first, as text from one index; then the few whole rows.
    """
    called: dict[str, set[str]] = defaultdict(set)
    for one in entries:
        for day in _days(one):
            called[day.isoformat()].add(one.name)
    near: set[UUID] = set()
    as_text = {"key": Cast("pk", TextField()), "day": Cast("birth_date", TextField())}
    for part in _parts(sorted(called), PART):
        born = Among([date.fromisoformat(day) for day in part])
        rows = Person.objects.filter(birth_date__in=born).annotate(**as_text)
        for key, name, day in rows.values_list("key", "name", "day").iterator(chunk_size=PART):
            if any(agree(other, name) for other in called[day]):
                near.add(UUID(key))
    _load(blocks, made, "birth", "birth_date", near, of="pk")


def _load_households(blocks: Blocks, made: dict, doors: set[str]) -> None:
    """People of the households named, or whose household's address names one of the doors."""
    homes = {UUID(door.removeprefix(HOUSEHOLD)): door for door in doors if door.startswith(HOUSEHOLD)}
    for part in _parts(sorted(doors), PART):
        homes.update(Household.objects.filter(door_index__in=Among(part)).values_list("pk", "door_index"))
    for ids in _parts(list(homes), PART):
        for row in Person.objects.filter(household__in=Among(ids)).values_list(*COLUMNS):
            blocks.by["door"][homes[row[-1]]].append(_known(*row, made, door=homes[row[-1]]))


def _known(
    pk: UUID, name: str, sex: str, birth: date | None, number: str | None, phone: str | None, door_index: str | None,
    household: UUID | None, made: dict, *, door: str | None = None,
) -> Known:  # fmt: skip
    """One person for the engine, made once for all blocks that hold them."""
    found = made.get(pk)
    if found is None or (door and door not in found.doors):
        doors = _doors(door_index, household) | ({door} if door else set())
        found = made[pk] = Known(pk, name, SEXES.get(sex, ""), birth, number or "", phone or "", doors)
    return found


def _candidates(one: Entry, blocks: Blocks, by: Rules) -> list[Known]:
    """Everybody in the entry's blocks, each once."""
    found: dict[Hashable, Known] = {}
    for token in one.numbers:
        found.update((row.ref, row) for row in blocks.of("number", token, by.crowd))
    found.update((row.ref, row) for row in blocks.of("phone", one.phone, by.crowd))
    for door in one.doors:
        found.update((row.ref, row) for row in blocks.of("door", door, by.crowd))
    if _asks_day(one, blocks):
        for day in _days(one):
            for row in blocks.by["birth"].get(day, ()):
                if could_agree(row.name, one.name):
                    found.setdefault(row.ref, row)
    return list(found.values())


def _parts(values: list, size: int) -> Iterable[list]:
    return (values[start : start + size] for start in range(0, len(values), size))
