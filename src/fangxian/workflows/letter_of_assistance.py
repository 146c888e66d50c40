"""A letter of assistance, from the list of people to the answer about each of them.

Read downwards: `ask` splits a list by the command that answers for each person (`letters/routing.py`), one draft a
receiver, those nobody can place in a draft of their own; `send` sends what may go. `follow_contacts` keeps the letters
about a case in line with its contacts: who is dropped is recalled, who has moved is asked for elsewhere. A letter that
comes in is matched (`systems/letters/receiving.py`); `receive` acknowledges it and hands its people down; `answer`
brings what tasks, quarantine and tests know about them into it (`letters/results.py`) and sends it back. The clock
(`clock`) does so by itself, tries messages to partners again (`letters/exchange.py`), reminds and escalates.

Every step compares what is wanted with what is stored, so running it again is harmless; corrections are other runs.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from fangxian.core import scope
from fangxian.core.areas import Area, county_of, covers
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.records import Source
from fangxian.systems.letters import rules, services
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters.models import Letter, LetterItem
from fangxian.workflows.letters import drafting, exchange, results
from fangxian.workflows.letters.routing import Stated

__all__ = [
    "Asked", "Stated", "answer", "answer_all", "ask", "clock", "follow_contacts", "pass_on", "receive", "send",
    "stated",
]  # fmt: skip

WHY = "letters follow people into whatever area they live in"
FEEDBACK = rules.FEEDBACK
HOW = {
    "household": gettext_noop("lives in the same household"), "declared": gettext_noop("named by the case"),
    "visit": gettext_noop("was at the same place at the same time"),
}  # fmt: skip


@dataclass
class Asked:
    """What became of a list.

    letters  drafts and sent letters the people are on now, one a receiver; without a receiver: to be decided
    new      people put on a letter now          kept     people who were on one before
    parked   people whose receiver a person has to decide
    ours     people who turned out to live with us
    recalled people taken off, because nobody asks for them any more or they have moved
    """

    letters: list[Letter] = field(default_factory=list)
    new: int = 0
    kept: int = 0
    parked: int = 0
    recalled: int = 0
    ours: list[Stated] = field(default_factory=list)

    @property
    def drafts(self) -> list[Letter]:
        """Letters that wait for an officer: to sign, to decide the receiver, to send."""
        return [letter for letter in self.letters if letter.state == Letter.State.DRAFT]

    def as_json(self) -> dict[str, int]:
        """For the record of a response."""
        figures = {name: getattr(self, name) for name in ("new", "kept", "parked", "recalled")}
        return {"letters": len(self.letters), "drafts": len(self.drafts), **figures}


def ask(
    *,
    by: Officer | None,
    people: Iterable[Any],
    about: Any,
    because: str,
    to_area: Area | str | None = None,
    to_name: str = "",
    to_contact: str = "",
    deadline_rule: str = FEEDBACK,
    from_area: Area | None = None,
    actions: Iterable[str] = (),
    source: str = Source.WORKFLOW,
    disease: str = "",
) -> Asked:
    """Draft letters about people: one a receiver, with everyone who is not on a letter about the same thing already.

    people         persons of ours, or `Stated`
    about          the case, event or goods (a record with an area), or a command's area when it is about none
    to_area        everyone goes to this command; to_name a receiver outside the tree; neither: split by receiver
    deadline_rule  rule of the pack that says within how long an answer is wanted; the draft keeps it
    actions        what is asked for; by default what the pack asks for the nearest ring of the list
    Raises `ValidationError` when nothing says why.
    """
    home = from_area or county_of(_area_of(about).code) or _area_of(about)
    with scope.everywhere(WHY):
        rows = [one if isinstance(one, Stated) else stated(one) for one in people]
        illness = disease or getattr(about, "disease", "") or ANY_DISEASE
        pack = rules.for_area(illness, home.code)
        asked, fresh = Asked(), drafting.not_asked_yet(rows, about)
        asked.kept = len(rows) - len(fresh)
        split = drafting.split(fresh, home, to_area, to_name, str(pack.get(rules.CERTAIN)))
        asked.ours = split.ours
        writer = drafting.Writer(by, home, about, illness, because, tuple(actions), pack, source, deadline_rule)
        for code, group in sorted(split.by_code.items()):
            asked.letters.append(writer.write(drafting.receiver_of(code, group, to_name, to_contact), group))
            asked.new += len(group)
        if split.parked:
            asked.letters.append(writer.write(services.Receiver(), split.parked))
            asked.parked = len(split.parked)
    return asked


def move(*, by: Officer | None, item: LetterItem, receiver: services.Receiver) -> Letter:
    """An officer decides where a parked person belongs: a draft to that receiver, new or open, takes them in.

    Raises `ValidationError` when no receiver is named.
    """
    if not receiver:
        raise ValidationError(_("Say whom this person belongs to: a code, or a name."))
    parked = item.letter
    with scope.everywhere(WHY):
        named = drafting.named(receiver)
        draft = next((row for row in letters.drafts_beside(parked) if drafting.same(row, named)), None)
        if draft is None:
            draft = services.draft(
                by=by, area=parked.area, receiver=named, disease=parked.disease, reason=parked.reason,
                actions=parked.actions, about=parked.about,
                subject=(parked.subject_kind, parked.subject_id) if parked.subject_id else None,
            )  # fmt: skip
        services.move_items(by=by, items=[item], letter=draft)
    return draft


def pass_on(
    *, by: Officer | None, letter: Letter, items: Iterable[LetterItem], receiver: services.Receiver, note: str = ""
) -> Letter:  # fmt: skip
    """People of a letter received turn out to belong elsewhere (转办): a draft of ours to there, not sent yet.

    Raises `ValidationError` when nobody or no receiver is named, or the letter is ours or over.
    """
    if not receiver:
        raise ValidationError(_("Say whom these people belong to: a code, or a name."))
    with scope.everywhere(WHY):
        return services.pass_on(letter=letter, items=items, by=by, receiver=drafting.named(receiver), note=note)


def follow_contacts(*, by: Officer | None, case: Any, county: Area, contacts: Iterable[Any], because: str) -> Asked:
    """Bring the letters about a case in line with its contacts outside the county, and send what may go at once.

    `contacts` are the contacts in force anywhere (person, ring, area, last_contact_at). Who is on a letter and no
    longer among those outside is recalled; who has moved is recalled there and asked for at the new place.
    """
    with scope.everywhere(WHY):
        outside = {row.pk: row for row in contacts if not covers(county.code, row.area_id)}
        recalled = _recall_others(case, outside, by)
        people = [_contact(row) for row in outside.values()]
        rule = _deadline(row.ring for row in outside.values())
        asked = ask(by=by, people=people, about=case, because=because, from_area=county, deadline_rule=rule)
        asked.recalled = recalled
        stand = [row for row in letters.about(case.pk) if row.is_out and row.state != Letter.State.RECALLED]
        asked.letters = [send(by=by, letter=row, rule=rule) if _may_go(row) else row for row in stand]
    return asked


def send(*, by: Officer | None, letter: Letter, rule: str = "") -> Letter:
    """Send a draft; `rule` of the pack (by default the draft's) says within how long an answer is wanted."""
    with scope.everywhere(WHY):
        return services.send(letter=letter, by=by, rule=rule)


def receive(*, by: Officer | None, letter: Letter) -> int:
    """Acknowledge a letter received and hand its people down; how many went down now. Doubtful ones wait."""
    with scope.everywhere(WHY):
        return services.hand_on(letter=letter, by=by)


def answer(*, by: Officer | None, letter: Letter) -> Letter:
    """Bring what tasks, quarantine and tests know into a letter received, and send it back."""
    with scope.everywhere(WHY):
        results.collect(letter, by=by)
        return services.answer(letter=letters.letter(letter.pk), by=by)


def answer_all(*, by: Officer | None = None) -> dict[str, int]:
    """Every letter received whose people are looked for: collect, and answer where something is new.

    Only where the pack lets letters answer themselves; a letter that came on paper is answered by an officer.
    """
    done = {"collected": 0, "answered": 0}
    with scope.everywhere(WHY):
        for letter in list(letters.open_received()):
            changed = results.collect(letter, by=by)
            done["collected"] += changed
            if _answers_itself(letter) and letters.has_news(letter):
                services.answer(letter=letters.letter(letter.pk), by=by)
                done["answered"] += 1
    return done


def clock() -> dict[str, int]:
    """What the clock does for letters: answers, messages to partners, reminders, escalation; how many of each."""
    return {**answer_all(), **exchange.deliver_due(), **services.round_of(now())}


def stated(person: Any, **more: Any) -> Stated:
    """What our records say about a person of ours."""
    item = services.item_of_person(person)
    said = {name: getattr(item, name) for name in ("name", "sex", "id_type", "id_number", "phone", "address")}
    return Stated(
        **{name: str(value or "") for name, value in said.items()}, home=person.area_id, person=person, **more
    )


def _recall_others(case: Any, outside: dict[UUID, Any], by: Officer | None) -> int:
    """Recall who is no contact outside any more, and who lives elsewhere now."""
    gone: dict[Letter, list[LetterItem]] = {}
    for row in letters.rows_about(case.pk):
        contact = outside.get(row.subject_id)
        moved = contact is not None and row.basis == LetterItem.Basis.RESIDENCE and not contact.area_id.startswith(
            row.letter.other_code
        )  # fmt: skip
        if contact is None or moved:
            gone.setdefault(row.letter, []).append(row)
    reason = _("No longer asked for by the evidence.")
    return sum(services.recall_items(letter=letter, items=rows, by=by, reason=reason) for letter, rows in gone.items())


def _contact(row: Any) -> Stated:
    """A contact as it is told to others: why, in the language of the house."""
    with override(settings.LANGUAGE_CODE):
        how = (_(HOW[piece["kind"]]) for piece in row.evidence[:3] if piece.get("kind") in HOW)
        note = "; ".join(dict.fromkeys(filter(None, chain([row.reason], how))))
    one = stated(row.person, ring=row.ring, last_contact_at=row.last_contact_at, subject_id=row.pk, note=note)
    return one if one.home == row.area_id else Stated(**{**vars(one), "home": row.area_id})


def _deadline(rings: Iterable[str]) -> str:
    present = set(rings)
    return next((rule for ring, rule in drafting.RING_DEADLINE.items() if ring in present), FEEDBACK)


def _may_go(letter: Letter) -> bool:
    """Without an officer's word only what stays in the house and needs no second signature."""
    ready = letter.state == Letter.State.DRAFT and bool(letter.other_code)
    return ready and letter.channel == Letter.Channel.LOCAL and not letter.signature_needed


def _answers_itself(letter: Letter) -> bool:
    return letter.channel != Letter.Channel.DOCUMENT and rules.of(letter).flag(rules.ANSWERS_ITSELF)


def _area_of(about: Any) -> Area:
    return about if isinstance(about, Area) else about.area
