"""What command tells whoever listens: tasks have moved, a mode has been declared.

Sent inside the transaction of the act, so that what follows from it is kept or lost together with it.
"""

from collections.abc import Iterable

from django.dispatch import Signal

from fangxian.systems.command.models import Task

#: sent with `tasks` (as they stand now) and `by` (the officer, or None)
tasks_moved = Signal()
#: sent with `declaration` (an OperatingMode, at once or to come) and `by` (who declared or agreed, or None)
mode_declared = Signal()


def announce(tasks: Iterable[Task], *, by) -> None:
    """Tell the listeners; nothing moved, nothing said."""
    moved = list(tasks)
    if moved:
        tasks_moved.send(sender=None, tasks=moved, by=by)
