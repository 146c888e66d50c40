"""An order stands where its task stands, and a task about an order moves only with its proof.

task                        order
handed down, received       ORDERED
done                        DONE          refused without the proof on the order's page
checked                     ACCEPTED      refused while strength, time, photo or negative sample are lacking
sent back after done        ORDERED       the proof is asked for anew, and it is counted: times_sent_back
cannot be done              IMPOSSIBLE
withdrawn                   WITHDRAWN
"""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.systems.command.following import follow
from fangxian.systems.command.models import Task
from fangxian.systems.environment import ordering
from fangxian.systems.environment.models import EnvironmentOrder
from fangxian.systems.environment.words import Lacking, State

WHY = "an order follows its task, whoever moves it"
STATES: dict[str, str] = {
    Task.Status.PENDING: State.ORDERED,
    Task.Status.IN_PROGRESS: State.ORDERED,
    Task.Status.DONE: State.DONE,
    Task.Status.CHECKED: State.ACCEPTED,
    Task.Status.NOT_EXECUTABLE: State.IMPOSSIBLE,
    Task.Status.REMOVED: State.WITHDRAWN,
}


def listen(sender: Any, tasks: Iterable[Task], by: Any, **_more: Any) -> None:
    """Tasks moved: bring their orders to where they stand."""
    follow(tasks, EnvironmentOrder, lambda order, task: _follow(order, task, by), why=WHY)


def _follow(order: EnvironmentOrder, task: Task, by: Any) -> None:
    state = STATES[task.status]
    if state == order.state:
        return
    if state in (State.DONE, State.ACCEPTED):
        _require_proof(order, state)
    sent_back = order.state == State.DONE and state == State.ORDERED
    changes: dict[str, Any] = {"state": state, "times_sent_back": order.times_sent_back + sent_back}
    if state == State.ACCEPTED:
        changes |= {"accepted_at": now(), "accepted_by": by}
    if state == State.ORDERED:
        changes |= {"done_at": None, "done_by": None}
    done = "sent_back" if sent_back else state.lower()
    records.change(order, by=by, action=f"environment.order.{done}", **changes)


def _require_proof(order: EnvironmentOrder, state: str) -> None:
    lacking = ordering.lacking(order)
    if state == State.DONE:
        lacking = [one for one in lacking if one == Lacking.PROOF]
    if lacking:
        words = "、".join(str(Lacking(one).label) for one in lacking)
        raise ValidationError(_("Not yet: %(lacking)s. See the order's page.") % {"lacking": words})
