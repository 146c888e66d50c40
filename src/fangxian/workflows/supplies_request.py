"""One request for supplies, from the store that asks to the boxes on its shelf; and what is short, said in time.

Read downwards: whenever a request moves (`follow_request`), what was to be done before is done, and whoever has to act
next gets one task with the clock of the pack: the leader who asks and the keeper who gives agree, the keeper sends, the
asking side receives, the keeper says where a difference went. A task that nobody does is overdue and goes up a level as
every task does.

Whenever stock moves (`follow_stock`), the areas it counts for are looked at by a job (`watch`): an item below its
minimum, or that lasts for fewer days than the pack asks for, becomes one task of that area's command; when it lasts
again, the task is taken back.

Running it again is harmless: a task is known by its request and step, or by its area, item and day.
"""

from typing import Any
from uuid import NAMESPACE_OID, UUID, uuid5

from django.conf import settings
from django.dispatch import receiver
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.supplies import rules, selectors
from fangxian.systems.supplies.announcements import request_moved, stock_moved
from fangxian.systems.supplies.models import Movement, Store, SupplyRequest
from fangxian.systems.supplies.outlook import Row
from fangxian.workflows.supply_outlook import outlook

JOB = "supplies.watch"
WHY = "a request belongs to both its sides, and stock counts for the areas above its store"
SHORT = "supplies.short"

AGREE_ASKING = gettext_noop("Agree to a request for supplies of your area: %(from)s → %(to)s")
AGREE_GIVING = gettext_noop("Agree to give supplies: %(from)s → %(to)s")
DISPATCH = gettext_noop("Send the supplies that were agreed: %(from)s → %(to)s")
RECEIVE = gettext_noop("Take in the supplies that were sent: %(from)s → %(to)s")
SETTLE = gettext_noop("Say where the missing supplies went: %(from)s → %(to)s")
HOW = gettext_noop("Asked for: %(reason)s. Open the page of the request; the task closes by itself when it is done.")
TOO_LITTLE = gettext_noop("Supplies are short: %(item)s")
TOO_LITTLE_HOW = gettext_noop(
    "There are %(stock)s, the minimum is %(minimum)s; at %(rate)s a day it lasts for %(days)s days. "
    "Request, buy or move some."
)

S = SupplyRequest.State


@receiver(request_moved)
def follow_request(sender: Any, request: SupplyRequest, by: Officer | None, **_named: Any) -> None:
    """Take back what was to be done before the request moved, and hand the next step down, in the same transaction."""
    with scope.everywhere(WHY):
        wanted = _next_steps(request)
        keys = {_key(request, word) for word, *_rest in wanted}
        before = tasks.for_subject(request._meta.label_lower, request.pk)
        over = [task for task in before if task.status in Task.OPEN and task.key not in keys]
        command.withdraw_many(tasks=over, by=None, reason=_("The request has moved on."))
        for word, title, store, keeper in wanted:
            _hand_down(request, by, word, title, store, keeper)


@receiver(stock_moved)
def follow_stock(sender: Any, movements: list[Movement], by: Officer | None, **_named: Any) -> None:
    """Queue a look at each item that moved; an item that moves again before the look is looked at once."""
    for store, item in sorted({(one.store_id, one.item) for one in movements}):
        jobs.enqueue(JOB, by=by, key=f"{store}:{item}", store_id=str(store), item=item)


@jobs.job(JOB)
def watch_job(job: jobs.Job, store_id: str, item: str) -> dict[str, int]:
    """What a movement asks for, as a job; how many areas are short of the item."""
    return {"short": watch(store_id=UUID(store_id), item=item, by=job.created_by)}


def watch(*, store_id: UUID, item: str, by: Officer | None) -> int:
    """Look at an item for every area its store counts for: a task where it is short, none where it is not.

    Returns how many areas are short of it. Raises Store.DoesNotExist. Source: rules `supplies.minimum.*` and
    `supplies.alert_days` of the pack, by the mode of each area.
    """
    with scope.everywhere(WHY):
        areas = selectors.areas_above(selectors.store(store_id).area_id)
        found = [(area, outlook(area, items=[item])[0]) for area in areas]
        for area, row in found:
            _say(area, row, by) if row.is_short else _unsay(area, item)
        return sum(row.is_short for _area, row in found)


def _next_steps(request: SupplyRequest) -> list[tuple[str, str, Store, bool]]:
    """What has to be done now: word, title, the store whose side it is, and whether its keeper is meant."""
    giving, asking = request.from_store, request.to_store
    if request.state == S.ASKED:
        steps = [("leader", AGREE_ASKING, asking, False), ("keeper", AGREE_GIVING, giving, True)]
        return [step for step in steps if getattr(request, f"{step[0]}_by_id") is None]
    after: dict[str, list[tuple[str, str, Store, bool]]] = {
        S.AGREED: [("dispatch", DISPATCH, giving, True)],
        S.SENT: [("receive", RECEIVE, asking, True)],
        S.RECEIVED: [("settle", SETTLE, giving, True)],
    }
    return after.get(request.state, [])


def _hand_down(
    request: SupplyRequest, by: Officer | None, word: str, title: str, store: Store, is_keepers: bool
) -> Task:
    """One step as a task: of the keeper by name where there is one, else of whoever commands the store's area."""
    params = {"from": str(request.from_store), "to": str(request.to_store), "reason": request.reason}
    return command.hand_down(
        by=by, key=_key(request, word), area=store.area, from_area=store.area, title=title, instructions=HOW,
        params=params, officer=store.keeper if is_keepers else None, subject=request, due_at=request.due_at,
    )  # fmt: skip


def _key(request: SupplyRequest, word: str) -> str:
    return f"supplies:{word}:{request.pk}"


@translation.override(settings.LANGUAGE_CODE)  # a ledger has one language, whoever acts
def _say(area: Area, row: Row, by: Officer | None) -> None:
    """One open task an area and item; the next day's look does not hand a second one down."""
    about = _subject(area, row.item)
    if any(task.status in Task.OPEN for task in tasks.for_subject(*about)):
        return
    params = {
        "item": row.label, "stock": row.stock, "minimum": row.minimum, "rate": f"{row.rate.a_day:.0f}",
        "days": "—" if row.days_left is None else row.days_left,
    }  # fmt: skip
    command.hand_down(
        by=by, key=f"supplies:short:{area.code}:{row.item}:{today().isoformat()}", area=area, from_area=area,
        title=TOO_LITTLE, instructions=TOO_LITTLE_HOW, params=params, subject=about, priority=Task.Priority.HIGH,
        due_at=now() + rules.pack_of(area.code).duration("supplies.short_hours"),
    )  # fmt: skip


def _unsay(area: Area, item: str) -> None:
    """It lasts again: nobody has to see to it any more."""
    open_ = [task for task in tasks.for_subject(*_subject(area, item)) if task.status in Task.OPEN]
    command.withdraw_many(tasks=open_, by=None, reason=_("There is enough of it again."))


def _subject(area: Area, item: str) -> tuple[str, UUID]:
    """What a task about a short item is about: an item of an area is no record, so it has a fixed id of its own."""
    return SHORT, uuid5(NAMESPACE_OID, f"{SHORT}:{area.code}:{item}")
