"""Who on a letter is somebody we know: by identity number, else by phone and a name that sounds or looks alike.

The same number under another name, and a shared phone, are questions for a person; so is every name alone, which is
why names are never compared outside such a block. A few queries whatever the number of rows.
"""

from collections import defaultdict
from collections.abc import Iterable

from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.areas import Area, covers
from fangxian.core.fields import blind
from fangxian.engines.matching import How
from fangxian.engines.matching import names as spelling
from fangxian.systems.letters.models import LetterItem
from fangxian.systems.people import derived
from fangxian.systems.people import selectors as people
from fangxian.systems.people.models import Person

CHUNK = 5_000
BY_HOUSE = gettext_noop("Named by the sending command of this installation")
BY_NUMBER = gettext_noop("Same identity number and name")
OTHER_NAME = gettext_noop("Same identity number, but another name")
BY_PHONE = gettext_noop("Same phone, and a name that sounds or looks alike")
NOBODY = gettext_noop("Neither the identity number nor the phone is known here")


def recognise(rows: Iterable[LetterItem], command: Area) -> None:
    """Say for each row whom we know it as, and put it where that person lives; the rows are not stored here."""
    rows = [row for row in rows if row.kind == LetterItem.Kind.PERSON]
    with scope.within(command.code):
        named = people.by_ids(row.person_id for row in rows if row.person_id)
        numbers = people.by_id_numbers({_plain(row.id_number) for row in rows} - {""})
        phones = _by_phone(rows)
    for row in rows:
        _recognise(row, named, numbers, phones, command)


def _recognise(row: LetterItem, named: dict, numbers: dict, phones: dict, command: Area) -> None:
    known, same = named.get(row.person_id), numbers.get(_plain(row.id_number))
    if known is not None:
        return _is(row, known, LetterItem.Match.SAME, BY_HOUSE)
    row.person = None
    if same is not None:
        certain = _alike(same.name, row.name)
        return _is(row, same, *((LetterItem.Match.SAME, BY_NUMBER) if certain else
                                (LetterItem.Match.DOUBTFUL, OTHER_NAME)))  # fmt: skip
    for person in phones.get(derived.normal_phone(_plain(row.phone)), ()):
        if _alike(person.name, row.name):
            return _is(row, person, LetterItem.Match.DOUBTFUL, BY_PHONE)
    row.match, row.match_reason, row.area = LetterItem.Match.NEW, NOBODY, _placed(row, command)
    return None


def _is(row: LetterItem, person: Person, match: str, reason: str) -> None:
    row.person, row.match, row.match_reason = person, match, reason
    if match == LetterItem.Match.SAME:
        row.area = person.area


def _placed(row: LetterItem, command: Area) -> Area:
    """The township or village whose name stands in the address; the command itself where none does."""
    address = _plain(row.address)
    return next((area for area in _inside(command) if area.name in address), command) if address else command


def _inside(command: Area) -> list[Area]:
    """The places below a command, the finest first; read once for a letter."""
    cached = getattr(command, "_places", None)
    if cached is None:
        low, high = command.range
        below = Area.objects.filter(code__gt=low, code__lt=high, kind__in=[Area.Kind.TOWNSHIP, Area.Kind.VILLAGE])
        cached = command._places = sorted(below, key=lambda area: (-len(area.code), -len(area.name)))
    return cached


def _by_phone(rows: list[LetterItem]) -> dict[str, list[Person]]:
    numbers = {derived.normal_phone(_plain(row.phone)) for row in rows} - {""}
    index = {blind(Person, "phone", number): number for number in numbers}
    found: dict[str, list[Person]] = defaultdict(list)
    keys = list(index)
    for start in range(0, len(keys), CHUNK):
        for person in Person.objects.filter(phone_index__in=keys[start : start + CHUNK]).select_related("area"):
            found[index[person.phone_index]].append(person)
    return found


def _alike(one: str, other: str) -> bool:
    """The same name, or one that sounds or looks like it."""
    return spelling.compare(one, other) not in (None, How.OTHER)


def _plain(value) -> str:
    return value.reveal() if hasattr(value, "reveal") else value or ""


def belongs(code: str, command: Area) -> bool:
    """Whether a place lies with a command."""
    return covers(command.code, code)
