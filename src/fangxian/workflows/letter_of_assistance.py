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
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, override

from fangxian.core import policy, scope
from fangxian.core.areas import Area, county_of, covers
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.core.records import Source
from fangxian.registers.ledger import Ledger
from fangxian.systems.letters import rules, services
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters.models import Letter, LetterItem
from fangxian.workflows.letters import exchange, regions, results, routing, sheets
from fangxian.workflows.letters.routing import Stated

__all__ = [
    "Asked", "Stated", "answer", "answer_all", "ask", "clock", "follow_contacts", "pass_on", "receive", "send",
    "stated", "take_answer_sheet",
]  # fmt: skip

WHY = "letters follow people into whatever area they live in"
FEEDBACK = rules.FEEDBACK
HOW = {
    "household": gettext_noop("lives in the same household"), "declared": gettext_noop("named by the case"),
    "visit": gettext_noop("was at the same place at the same time"),
}  # fmt: skip
RING_DEADLINE = {
    "CLOSE": "investigation.contact_transfer_hours", "SECONDARY": "investigation.secondary_transfer_hours",
    "GENERAL": "investigation.general_notice_hours",
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
        asked, fresh = Asked(), _not_asked_yet(rows, about)
        asked.kept = len(rows) - len(fresh)
        split = _split(fresh, home, to_area, to_name, str(pack.get(rules.CERTAIN)))
        asked.ours = split.ours
        writer = _Writer(by, home, about, illness, because, tuple(actions), pack, source, deadline_rule)
        for code, group in sorted(split.by_code.items()):
            asked.letters.append(writer.write(_receiver(code, group, to_name, to_contact), group))
            asked.new += len(group)
        if split.parked:
            asked.letters.append(writer.write(services.Receiver(), split.parked))
            asked.parked = len(split.parked)
    return asked


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


def move(*, by: Officer | None, item: LetterItem, receiver: services.Receiver) -> Letter:
    """An officer decides where a parked person belongs: a draft to that receiver, new or open, takes them in.

    Raises `ValidationError` when no receiver is named.
    """
    if not receiver:
        raise ValidationError(_("Say whom this person belongs to: a code, or a name."))
    parked = item.letter
    with scope.everywhere(WHY):
        named = _named(receiver)
        draft = next((row for row in letters.drafts_beside(parked) if _same(row, named)), None)
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
        return services.pass_on(letter=letter, items=items, by=by, receiver=_named(receiver), note=note)


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


def stated(person: Any, **more: Any) -> Stated:
    """What our records say about a person of ours."""
    item = services.item_of_person(person)
    said = {name: getattr(item, name) for name in ("name", "sex", "id_type", "id_number", "phone", "address")}
    return Stated(
        **{name: str(value or "") for name, value in said.items()}, home=person.area_id, person=person, **more
    )


@dataclass(frozen=True)
class _Writer:
    """Writes the drafts of one list."""

    by: Officer | None
    home: Area
    about: Any
    disease: str
    because: str
    actions: tuple[str, ...]
    pack: policy.Pack
    source: str
    rule: str

    def write(self, receiver: services.Receiver, group: list[tuple[Stated, routing.Route]]) -> Letter:
        """One draft with a group of people; an open draft about the same thing to the same receiver takes them in."""
        items = [one.item(route) for one, route in group]
        known = self._draft(receiver)
        if known is not None:
            services.add_items(by=self.by, letter=known, items=items, source=self.source)
            return known
        named = not isinstance(self.about, Area)
        return services.draft(
            by=self.by, area=self.home, receiver=receiver, disease=self.disease,
            reason=self.because, items=items, actions=self._actions(group), source=self.source, deadline_rule=self.rule,
            about=str(self.about)[:120] if named else "",
            subject=(self.about._meta.label_lower, self.about.pk) if named else None,
        )  # fmt: skip

    def _draft(self, receiver: services.Receiver) -> Letter | None:
        if isinstance(self.about, Area):
            return None
        drafts = (row for row in letters.about(self.about.pk) if row.is_out and row.state == Letter.State.DRAFT)
        return next((row for row in drafts if _same(row, receiver)), None)

    def _actions(self, group: list[tuple[Stated, routing.Route]]) -> tuple[str, ...]:
        rings = {one.ring for one, _route in group}
        nearest = next((ring for ring in RING_DEADLINE if ring in rings), "GENERAL")
        return self.actions or tuple(self.pack.items(f"{rules.ACTIONS}.{nearest}"))


def _named(receiver: services.Receiver) -> services.Receiver:
    """The receiver with the name of the region its code means, where none was given."""
    region = regions.by_code(receiver.code) if receiver.code else None
    return services.Receiver(receiver.code, receiver.name or (region.name if region else ""), receiver.contact)


def _same(letter: Letter, receiver: services.Receiver) -> bool:
    """Whether a draft goes to a receiver: by code where there is one, else by name."""
    if letter.other_code or receiver.code:
        return letter.other_code == receiver.code
    return letter.other_name == receiver.name


def _split(rows: list[Stated], home: Area, to_area: Area | str | None, to_name: str, enough: str) -> routing.Split:
    code = to_area.code if isinstance(to_area, Area) else to_area or ""
    if code or to_name:
        given = routing.Route(code, to_name, routing.Basis.OFFICER, routing.Certainty.HIGH)
        return routing.Split(by_code={code: [(row, given) for row in rows]} if rows else {})
    return routing.split(rows, own=home.code, names=_own_names(), certain_enough=enough)


def _own_names() -> dict[str, tuple[str, ...]]:
    """Counties and functional zones of the installation, which may be in no national list."""
    found: dict[str, tuple[str, ...]] = {}
    for area in Area.objects.filter(kind__in=[Area.Kind.COUNTY, Area.Kind.ZONE]):
        found[area.name] = (*found.get(area.name, ()), area.code)
    return found


def _receiver(code: str, group: list[tuple[Stated, routing.Route]], name: str, contact: str) -> services.Receiver:
    area = Area.objects.filter(code=code).first() if code else None
    return services.Receiver(code, name or (area.name if area else group[0][1].name), contact)


def _not_asked_yet(rows: list[Stated], about: Any) -> list[Stated]:
    """Those of a list who are on no letter of ours about the same thing: by contact, else by identity number."""
    if isinstance(about, Area):
        return rows
    stored = letters.alive_about(about.pk)
    subjects = {row.subject_id for row in stored if row.subject_id}
    numbers = (
        {row.id_number.reveal() for row in stored if row.id_number} if any(not r.subject_id for r in rows) else set()
    )
    return [
        row for row in rows
        if (row.subject_id not in subjects if row.subject_id else not row.id_number or row.id_number not in numbers)
    ]  # fmt: skip


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
    return next((rule for ring, rule in RING_DEADLINE.items() if ring in present), FEEDBACK)


def _may_go(letter: Letter) -> bool:
    """Without an officer's word only what stays in the house and needs no second signature."""
    ready = letter.state == Letter.State.DRAFT and bool(letter.other_code)
    return ready and letter.channel == Letter.Channel.LOCAL and not letter.signature_needed


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


def _answers_itself(letter: Letter) -> bool:
    return letter.channel != Letter.Channel.DOCUMENT and rules.of(letter).flag(rules.ANSWERS_ITSELF)


def _area_of(about: Any) -> Area:
    return about if isinstance(about, Area) else about.area
