"""A thing made when it is first asked for, and only once, however many threads ask at the same moment."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Once(Generic[Made]):
    """Call it for the thing; `close` ends it, and the next call makes another. `made` is it, if anybody asked yet."""

    def __init__(self, make: Callable[[], Made], end: Callable[[Made], object]) -> None:
        self._make, self._end = make, end
        self.made: Made | None = None
        self._asking = threading.Lock()

    def __call__(self) -> Made:
        """The thing."""
        with self._asking:
            if self.made is None:
                self.made = self._make()
            return self.made

    def close(self) -> None:
        """End what was made, if anything was."""
        with self._asking:
            made, self.made = self.made, None
        if made is not None:
            self._end(made)
