"""A letter received becomes work: one task for the command, then one a person for the township or the grid worker.

Titles and instructions are message ids with params: everyone reads them in their own language.
"""

from collections.abc import Iterable

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, shown
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.letters import history
from fangxian.systems.letters.models import HandOver, Letter, LetterItem
from fangxian.systems.letters.transitions import Verb, allows, step
from fangxian.systems.people import derived
from fangxian.systems.people import selectors as people
from fangxian.systems.people import services as people_services
from fangxian.systems.people.models import Person

SUBJECT = Letter._meta.label_lower
LETTER_TITLE = _("Letter %(number)s from %(from)s: %(count)s people, answer until %(until)s")
LETTER_TEXT = _(
    "Acknowledge the letter, decide who is who, and hand the people down to their townships and villages. Asked for: "
    "%(asked)s. About: %(about)s."
)
ITEM_TITLE = _("Letter of assistance from %(from)s: find %(name)s, answer until %(until)s")
ITEM_TEXT = _(
    "%(from)s asks (letter %(number)s, about %(about)s; last contact %(last)s): %(asked)s. Go to the address, check "
    "the identity, explain the rule. “Done” means found; “cannot be done” means not found: say where they are."
)
WITHDRAWN = _("The asking command has recalled this.")


def letter_key(letter: Letter) -> str:
    """Key of the command's own task about a letter."""
    return f"letter:{letter.pk}"


def item_key(item: LetterItem) -> str:
    """Key of the task about one person of a letter."""
    return f"letter-item:{item.pk}"


def announce(letter: Letter, *, by: Officer | None) -> Task:
    """The command's task about a letter received; a later edition changes it."""
    count = LetterItem.unscoped.filter(letter=letter, recalled_at__isnull=True).count()
    task = Task(
        key=letter_key(letter), kind=Task.Kind.LETTER_OF_ASSISTANCE, title=LETTER_TITLE, instructions=LETTER_TEXT,
        params={**_params(letter), "count": count}, area=letter.area, role="duty_officer", due_at=letter.acknowledge_by,
        priority=Task.Priority.HIGH, subject_kind=SUBJECT, subject_id=letter.pk,
    )  # fmt: skip
    outcome = command.hand_down_many(by=by, tasks=[task])
    for stored in outcome.kept:
        if stored.status in Task.OPEN and (stored.params, stored.due_at) != (task.params, task.due_at):
            records.change(stored, by=by, action="command.task.changed", params=task.params, due_at=task.due_at)
    return (outcome.new + outcome.kept)[0]


def hand_on(*, letter: Letter, by: Officer | None) -> int:
    """Hand everyone down who can be: known people, and new ones, who are entered with this; doubtful ones wait.

    Returns how many were handed down now; running it again hands down nobody twice.
    """
    from fangxian.systems.letters.answering import acknowledge, tell

    with transaction.atomic():
        if allows(letter, Verb.ACKNOWLEDGE):
            letter = acknowledge(letter=letter, by=by)
        rows = list(_waiting(letter))
        _enter(rows, letter, by)
        command.hand_down_many(by=by, tasks=_tasks(rows, letter))
        for row in rows:
            row.handed_on_at = now()
        records.save_many(rows, ["handed_on_at", "person", "area"], by=by, action="letters.items.handed_on")
        if rows:
            history.note(letter, HandOver.Kind.HANDED_ON, by=by, items=len(rows))
        if rows and allows(letter, Verb.START):
            letter = records.change(
                letter, by=by, action="letters.letter.begun", state=step(letter, Verb.START), started_at=now()
            )
            tell(letter, by=by)
    return len(rows)


def take_back(rows: Iterable[LetterItem], *, by: Officer | None, reason: str = "") -> int:
    """Withdraw the tasks about people nobody asks for any more."""
    keys = [item_key(row) for row in rows]
    if not keys:
        return 0
    with scope.everywhere("a recalled person is taken off whatever list they are on"):
        found = list(Task.objects.filter(key__in=keys))
        return command.withdraw_many(tasks=found, by=None, reason=reason or gettext(WITHDRAWN))


def decide_match(*, item: LetterItem, by: Officer, same: bool) -> LetterItem:
    """An officer says whether a doubtful row is the person we know; only then is it handed down."""
    if same:
        return records.change(
            item, by=by, action="letters.item.recognised", match=LetterItem.Match.SAME, area=item.person.area
        )
    return records.change(item, by=by, action="letters.item.told_apart", match=LetterItem.Match.NEW, person=None)


def place(*, items: Iterable[LetterItem], area: Area, by: Officer | None) -> int:
    """An officer says in which township or village people are."""
    return records.change_many(list(items), by=by, action="letters.items.placed", area=area)


def _waiting(letter: Letter):
    rows = LetterItem.objects.filter(letter=letter, recalled_at__isnull=True, handed_on_at__isnull=True, result="")
    kept = rows.exclude(match=LetterItem.Match.DOUBTFUL).select_related("area", "person", "person__area")
    return kept.order_by("position", "pk")


def _enter(rows: list[LetterItem], letter: Letter, by: Officer | None) -> None:
    """New people become people of ours once, so that stays, tests and checks about them hang on one person."""
    fresh = [row for row in rows if row.person_id is None and row.kind == LetterItem.Kind.PERSON]
    made = [_person(row) for row in fresh]
    numbered: dict[str, Person] = {}
    for row, person in zip(fresh, made, strict=True):
        number = derived.normal_number(row.id_number.reveal())
        row.person = numbered.setdefault(number, person) if number else person
    once = list({row.person.pk: row.person for row in fresh}.values())
    people_services.add_people_many(by=by, people=once, source=Source.WORKFLOW, action="people.person.from_letter")


def _person(row: LetterItem) -> Person:
    said = {"id_type": row.id_type, "id_number": row.id_number.reveal(), "phone": row.phone.reveal()}
    try:
        derived.complete({"area": row.area, "name": row.name, **said})
    except Exception as error:  # a number that does not check is kept on the letter, not on the person
        if not hasattr(error, "error_dict"):
            raise
        said = {"id_type": Person.IdType.NONE, "id_number": "", "phone": ""}
    return Person(id=uuid7(), area=row.area, name=row.name, sex=row.sex, address=row.address.reveal(), **said)


def _tasks(rows: list[LetterItem], letter: Letter) -> list[Task]:
    workers = people.workers_of({row.area_id for row in rows})
    return [_task(row, letter, workers.get(row.area_id)) for row in rows]


def _task(row: LetterItem, letter: Letter, worker: Officer | None) -> Task:
    last = shown(row.last_contact_at) if row.last_contact_at else "–"
    return Task(
        key=item_key(row), kind=Task.Kind.LETTER_OF_ASSISTANCE, title=ITEM_TITLE, instructions=ITEM_TEXT,
        params={**_params(letter), "name": row.name, "last": last}, area=row.area, from_area=letter.area,
        role=_role(row, letter, worker), officer=worker, person=row.person, address=row.address.reveal(),
        due_at=letter.due_at, subject_kind=SUBJECT, subject_id=letter.pk,
        priority=Task.Priority.HIGH if row.ring != LetterItem.Ring.GENERAL else Task.Priority.NORMAL,
    )  # fmt: skip


def _role(row: LetterItem, letter: Letter, worker: Officer | None) -> str:
    if worker is not None:
        return "grid_worker"
    return "duty_officer" if row.area_id == letter.area_id else "township_officer"


def _params(letter: Letter) -> dict[str, str]:
    until = shown(letter.due_at) if letter.due_at else "–"
    return {
        "number": letter.their_number or letter.number, "from": letter.other_name or letter.other_code,
        "about": letter.about or "–", "asked": letter.asked_text or "–", "until": until,
    }  # fmt: skip
