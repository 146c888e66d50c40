"""The chase (催办): reminding by hand or by the clock, and what is overdue too long goes to the level above."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from fangxian.core import records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import TIME, now, shown
from fangxian.core.officers import Officer
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.letters import content, handing, history, rules
from fangxian.systems.letters.deliveries import queue
from fangxian.systems.letters.models import Delivery, HandOver, Letter
from fangxian.systems.letters.transitions import Verb, step

WHY = "the chase reaches the command that was asked"
BATCH = 500
ABOVE_TITLE = gettext_noop("Letter %(number)s to %(to)s is unanswered since %(since)s")
ABOVE_TEXT = gettext_noop("%(from)s asked %(to)s about %(about)s. See that it is answered, or say who can.")


def remind(*, letter: Letter, by: Officer | None) -> Letter:
    """Ask the other side once more; refused when that was done only just now."""
    state, pause = step(letter, Verb.REMIND), rules.of(letter).duration(rules.REMIND_PAUSE)
    if letter.reminded_at and now() - letter.reminded_at < pause:
        at = shown(letter.reminded_at, TIME)
        raise ValidationError(_("They were reminded at %(at)s. Give them a little time, or call.") % {"at": at})
    with transaction.atomic():
        done = records.change(
            letter, by=by, action="letters.letter.reminded", state=state, reminded_at=now(),
            reminders=letter.reminders + 1,
        )  # fmt: skip
        history.note(done, HandOver.Kind.REMINDED, by=by, text=done.other_name)
        if done.channel == Letter.Channel.PEER:
            queue(done, Delivery.Kind.REMINDER, by=by)
        elif done.channel == Letter.Channel.LOCAL:
            with scope.everywhere(WHY):
                take_reminder(content.reminder(done))
    return done


def take_reminder(said, *, peer=None) -> Letter:
    """The asking command wants an answer: it is noted, and the command's task comes up again when it was done."""
    twin, count = content.uuid(said, "letter"), content.number(said, "count")
    found = Letter.unscoped.select_for_update(of=("self",)).select_related("area", "peer")
    letter = found.filter(direction=Letter.Direction.IN, twin=twin, peer=peer).first()
    if letter is None:
        raise content.NotReadable("letter")
    if count <= letter.reminders or letter.state not in Letter.OPEN:
        return letter
    at = content.moment(said, "at") or now()
    done = records.change(letter, by=None, action="letters.letter.reminded", reminders=count, reminded_at=at)
    history.note(done, HandOver.Kind.REMINDED, by=None, who=letter.other_name, at=at)
    _urge(done)
    return done


def round_of(at: datetime) -> dict[str, int]:
    """By the clock: what is overdue is reminded once, and overdue too long goes to the command above; how many."""
    with scope.everywhere("the clock chases letters of every command"):
        late = Letter.objects.filter(direction=Letter.Direction.OUT, state__in=Letter.OPEN)
        fresh = late.filter(due_at__lt=at, reminders=0).select_related("area", "peer").order_by("due_at")[:BATCH]
        reminded = [remind(letter=letter, by=None) for letter in fresh]
        old = late.filter(due_at__lt=at, escalated_at__isnull=True).select_related("area", "peer").order_by("due_at")
        gone = [letter for letter in old[:BATCH] if at - letter.due_at >= rules.of(letter).duration(rules.ESCALATE)]
        for letter in gone:
            _escalate(letter, at)
    return {"reminded": len(reminded), "escalated": len(gone)}


def _urge(letter: Letter) -> None:
    """Open tasks of the command about the letter become urgent; without one, there is one again."""
    open_ = Task.objects.filter(subject_kind=handing.SUBJECT, subject_id=letter.pk, status__in=Task.OPEN)
    if not open_.exists():
        handing.announce(letter, by=None)
    records.change_many(
        open_.exclude(priority=Task.Priority.HIGH), by=None, action="command.tasks.urged", priority=Task.Priority.HIGH
    )


def _escalate(letter: Letter, at: datetime) -> None:
    """The command above ours gets a task: it commands, or can call, both sides."""
    above = letter.area.parent
    with transaction.atomic():
        records.change(letter, by=None, action="letters.letter.escalated", escalated_at=at)
        history.note(letter, HandOver.Kind.ESCALATED, by=None, text=above.name if above else letter.area.name)
        command.hand_down_many(by=None, tasks=[_above(letter, above or letter.area)])


def _above(letter: Letter, area: Area) -> Task:
    params = {
        "number": letter.number, "to": letter.other_name or letter.other_code, "from": letter.area.name,
        "about": letter.about or "–", "since": shown(letter.due_at),
    }  # fmt: skip
    return Task(
        key=f"letter:{letter.pk}:above", kind=Task.Kind.LETTER_OF_ASSISTANCE, title=ABOVE_TITLE,
        instructions=ABOVE_TEXT, params=params, area=area, from_area=letter.area, role="duty_officer",
        subject_kind=handing.SUBJECT, subject_id=letter.pk, priority=Task.Priority.HIGH,
        due_at=now() + rules.of(letter).duration(rules.ACKNOWLEDGE),
    )  # fmt: skip
