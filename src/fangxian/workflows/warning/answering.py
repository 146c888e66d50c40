"""What follows a card: nobody answers it, somebody goes and looks, it is an event, or the verdict was wrong.

A card nobody answered in time becomes a task, and so does a product nobody responded to (`chase`). A card may be
handed over to somebody as a task (`hand_over`), or become an event (`become_event`); a verdict that is taken back takes
back the tasks nobody has done yet.
"""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import scope
from fangxian.core.areas import county_of
from fangxian.core.clock import now, shown
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, require
from fangxian.core.roles import DutyOfficer, Investigator
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Event
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.surveillance import rules, selectors, services
from fangxian.systems.surveillance.announcements import product_moved, taken_back
from fangxian.systems.surveillance.models import Signal, WarningProduct
from fangxian.systems.surveillance.subjects import is_syndrome

WHY = "a card belongs to whoever answers in its county, above the village it was raised for"

LATE = gettext_noop("Answer a signal of early warning: %(where)s")
LATE_HOW = gettext_noop("Raised %(since)s in %(where)s, counted %(observed)s. The time to answer is over.")
UNHEARD = gettext_noop("Respond to a warning: %(title)s")
UNHEARD_HOW = gettext_noop("%(title)s, from %(area)s. The response was due %(due)s. Say on its page what is done.")
LOOK = gettext_noop("Look into a signal of early warning: %(where)s")
LOOK_HOW = gettext_noop("%(where)s: counted %(observed)s since %(since)s. Say what you found: %(note)s")


def chase() -> int:
    """Cards nobody has answered in time, and products nobody has responded to, become a task of the county's duty
    officer; returns how many are new.

    Runs inside a scope that reaches everywhere.
    """
    return _chase_cards() + _chase_products()


def _chase_cards() -> int:
    late = list(selectors.overdue()[:500])
    known = tasks.for_subjects(Signal._meta.label_lower, [signal.pk for signal in late])
    new = [signal for signal in late if not known.get(signal.pk)]
    for signal in new:
        command.hand_down(
            by=None, key=f"signal-late:{signal.pk}", area=county_of(signal.area_id) or signal.area, title=LATE,
            instructions=LATE_HOW, params=_params(signal), role=DutyOfficer.key, priority=Task.Priority.HIGH,
            due_at=now() + rules.time_to_answer(rules.pack_of(signal.area_id), signal.kind), subject=signal,
        )  # fmt: skip
    return len(new)


def _chase_products() -> int:
    """On the side of the receiver, whose response is wanting."""
    late = list(selectors.overdue_products()[:500])
    known = tasks.for_subjects(WarningProduct._meta.label_lower, [product.pk for product in late])
    new = [product for product in late if not known.get(product.pk)]
    for product in new:
        said = {"title": product.title, "area": product.area.name, "due": shown(product.due_at)}
        command.hand_down(
            by=None, key=f"warning-late:{product.pk}", area=county_of(product.to_area_id) or product.to_area,
            title=UNHEARD, instructions=UNHEARD_HOW, params=said, role=DutyOfficer.key, priority=Task.Priority.HIGH,
            due_at=now() + rules.time_to_respond(rules.pack_of(product.to_area_id)), subject=product,
        )  # fmt: skip
    return len(new)


@receiver(product_moved)
def follow_moved(sender: Any, product: WarningProduct, by: Officer | None, **_named: Any) -> None:
    """It was responded to or withdrawn: the task that asked for the response is withdrawn too."""
    with scope.everywhere(WHY):
        _withdraw(product, "warning-late:", by, _("The warning was responded to, or withdrawn."))


def hand_over(*, signal: Signal, by: Officer, note: str = "", role: str = Investigator.key) -> Task:
    """Somebody goes and looks: one task a signal, for a role of the county; a second call gives the stored one.

    Raises Refused for whoever may not answer the signal.
    """
    require(by, Permission.SURVEILLANCE_WRITE, signal.area_id)
    with scope.everywhere(WHY):
        return command.hand_down(
            by=by, key=f"signal:{signal.pk}", area=county_of(signal.area_id) or signal.area, title=LOOK,
            instructions=LOOK_HOW, params={**_params(signal), "note": note.strip() or "—"}, role=role,
            priority=Task.Priority.HIGH, due_at=max(signal.due_at, now()), subject=signal,
        )  # fmt: skip


def become_event(*, signal: Signal, by: Officer, name: str = "") -> Event:
    """The signal is an event from now on, with its disease and its first day; a second call gives the stored one.

    Raises Refused for whoever may not open events there.
    """
    require(by, Permission.CASES_WRITE, signal.area_id)
    called = (name.strip() or _("%(what)s, %(where)s, %(day)s") % {
        "what": signal.title, "where": signal.where or signal.area.name, "day": signal.first_on.isoformat(),
    })[:80]  # fmt: skip
    event = cases.open_event(by=by, area=signal.area, name=called, disease=_disease(signal),
                             status=Event.Status.SIGNAL, started_on=signal.first_on)  # fmt: skip
    services.link_event(signal=signal, by=by, event_id=event.pk)
    return event


@receiver(taken_back)
def follow_taken_back(sender: Any, card: Signal, by: Officer | None, **_named: Any) -> None:
    """The verdict was wrong: what was handed over because of it and nobody has done yet is withdrawn."""
    with scope.everywhere(WHY):
        _withdraw(card, "signal:", by, _("The verdict on the signal was taken back."))


def _withdraw(subject: Signal | WarningProduct, key: str, by: Officer | None, reason: str) -> None:
    """The tasks about something, of one kind, that nobody has done yet."""
    made = tasks.for_subject(subject._meta.label_lower, subject.pk)
    open_ = [task for task in made if task.status in Task.OPEN and (task.key or "").startswith(key)]
    if open_:
        command.withdraw_many(tasks=open_, by=by, reason=reason)


def _disease(signal: Signal) -> str:
    """An event has a disease; a syndrome has none yet."""
    return "unknown" if is_syndrome(signal.disease) or not signal.disease else signal.disease


def _params(signal: Signal) -> dict[str, Any]:
    return {
        "what": signal.title, "where": signal.where or signal.area.name, "since": signal.first_on.isoformat(),
        "observed": f"{signal.observed:g}",
    }  # fmt: skip
