"""Group commit: what arrives during one commit is the next one. A future resolves only after its commit returned."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

WAITING_ROWS = 20_000
ROWS_A_COMMIT = 5_000


class QueueFull(Exception):
    """More rows wait for a commit than the log will hold in memory; the sender should come again in a second."""


class Closed(Exception):
    """The log is being closed and takes no more."""


Row = TypeVar("Row")
Told = TypeVar("Told")


class Store(Protocol[Row, Told]):
    """Where rows go: all groups in one commit, and what each sender is told."""

    def insert(self, groups: list[Sequence[Row]], /) -> list[Told]:
        """Write the groups."""
        ...


class _Waiting(NamedTuple):
    rows: Sequence[Any]
    stored: Future[Any]

    def answer(self, outcome: Any) -> None:
        """Tell the sender, unless it hung up; its rows are stored either way."""
        if self.stored.set_running_or_notify_cancel():
            if isinstance(outcome, Exception):
                self.stored.set_exception(outcome)
            else:
                self.stored.set_result(outcome)


class Committer(Generic[Row, Told]):
    """One thread that writes; any number of threads that submit. `ended` is the last thing the writing thread does."""

    def __init__(
        self,
        hot: Store[Row, Told],
        *,
        waiting_rows: int = WAITING_ROWS,
        rows_a_commit: int = ROWS_A_COMMIT,
        name: str = "visit-committer",
        ended: Callable[[], object] = lambda: None,
    ) -> None:
        self.hot, self.waiting_rows, self.rows_a_commit, self.ended = hot, waiting_rows, rows_a_commit, ended
        self._queue: deque[_Waiting] = deque()
        self._rows = 0
        self._closing = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, rows: Sequence[Row]) -> Future[Told]:
        """Queue rows; the future holds what the store says of them (how many were new), once they are on disk."""
        stored: Future[Told] = Future()
        with self._changed:
            if self._closing:
                raise Closed
            if self._queue and self._rows + len(rows) > self.waiting_rows:
                raise QueueFull
            self._queue.append(_Waiting(rows, stored))
            self._rows += len(rows)
            self._changed.notify()
        return stored

    @property
    def load(self) -> float:
        """How full the queue is, 0 to 1."""
        return min(self._rows / self.waiting_rows, 1.0)

    def close(self) -> None:
        """Commit what waits, then stop."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while group := self._next_group():
            try:
                new = self.hot.insert([waiting.rows for waiting in group])
            except Exception as error:  # every sender must hear of it; the thread must go on
                for waiting in group:
                    waiting.answer(error)
            else:
                for waiting, count in zip(group, new, strict=True):
                    waiting.answer(count)
        self.ended()

    def _next_group(self) -> list[_Waiting]:
        """All that waits, up to a commit's worth; empty when closing with nothing left."""
        group: list[_Waiting] = []
        taken = 0
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            while self._queue and (not group or taken + len(self._queue[0].rows) <= self.rows_a_commit):
                group.append(self._queue.popleft())
                taken += len(group[-1].rows)
            self._rows -= taken
        return group
