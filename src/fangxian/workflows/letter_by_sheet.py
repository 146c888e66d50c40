"""Letters of assistance that come and go as files: lists of people to ask for, letters of others, answers on paper.

Each row of a file is accounted for: taken, or in the ledger with field and reason. What follows is the story of
`letter_of_assistance.py`.
"""

from collections.abc import Iterable
from datetime import datetime

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.registers.ledger import Ledger
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters import services
from fangxian.systems.letters.models import Letter, LetterItem
from fangxian.workflows.letter_of_assistance import WHY, Asked, ask
from fangxian.workflows.letters import routing, sheets


def ask_sheet(
    *, by: Officer | None, content: bytes, area: Area, disease: str, because: str, actions: Iterable[str]
) -> tuple[Asked, Ledger]:
    """A list of people from a file becomes drafts, one a receiver; and what became of each row of the file."""
    sheet = sheets.read(content)
    asked = ask(
        by=by, people=sheet.people, about=area, because=because, disease=disease, actions=actions, source=Source.IMPORT
    )
    return asked, sheet.ledger


def enter_sheet(
    *,
    by: Officer | None,
    content: bytes,
    area: Area,
    sender: str,
    their_number: str,
    disease: str,
    because: str,
    actions: Iterable[str],
    due_at: datetime | None = None,
) -> tuple[Letter, Ledger]:
    """A letter of another command that came as a file; and what became of each row of the file."""
    sheet = sheets.read(content)
    given = routing.Route("", "", routing.Basis.OFFICER, routing.Certainty.HIGH)
    with scope.everywhere(WHY):
        letter = services.enter_received(
            by=by, area=area, sender=services.Receiver(name=sender), their_number=their_number, disease=disease,
            reason=because, items=[one.item(given) for one in sheet.people], actions=actions, due_at=due_at,
            about=sheet.title[:120],
        )  # fmt: skip
    return letter, sheet.ledger


def take_answer_sheet(*, by: Officer | None, letter: Letter, content: bytes) -> tuple[int, int]:
    """An answer that came as a file to a letter sent on paper: rows taken, and rows nobody of the letter fits."""
    sheet, strangers, told = sheets.read(content), 0, {}
    with scope.everywhere(WHY):
        known = _by_sign(letters.items_of(letter))
        for one, said in zip(sheet.people, sheet.told, strict=True):
            row = next((known[sign] for sign in _signs(one.name, one.id_number, one.phone) if sign in known), None)
            if row is None:
                strangers += 1
            elif said:
                told[row.pk] = said
        services.set_results(letter=letter, by=by, results=told)
        if told:
            services.settle(letters.letter(letter.pk), by=by)
    return len(told), strangers


def _by_sign(items: Iterable[LetterItem]) -> dict[tuple[str, str], LetterItem]:
    """The people of a letter by what they can be known again by."""
    found: dict[tuple[str, str], LetterItem] = {}
    for row in items:
        for sign in _signs(row.name, row.id_number.reveal(), row.phone.reveal()):
            found.setdefault(sign, row)
    return found


def _signs(name: str, number: str, phone: str) -> list[tuple[str, str]]:
    """Strongest first: the number alone, the phone with the name. A masked value is none."""
    by_number = [("number", number)] if number and "*" not in number else []
    return [*by_number, ("name", f"{name} {phone}")] if phone and "*" not in phone else by_number
