"""What the commands print: tables and progress for people, one JSON document for machines, never a traceback."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

Json = Annotated[bool, typer.Option("--json", help="Print one JSON document and nothing else.")]
Advance = Callable[..., None]

out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


class Problem(Exception):
    """Something the caller can mend; the message says how. Exit code 2, or 3 when a part is missing."""

    def __init__(self, message: str, exit_code: int = 2):
        super().__init__(message)
        self.message, self.exit_code = message, exit_code

    def show(self) -> None:
        """To standard error, as plain text."""
        err.print(f"[red]✗[/red] {escape(self.message)}", soft_wrap=True)


def say(text: str) -> None:
    """One line for people."""
    out.print(text, soft_wrap=True)


def line(text: str) -> None:
    """One line for machines: never wrapped, never coloured."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def document(content: Any) -> None:
    """One JSON document."""
    line(json.dumps(content, ensure_ascii=False, indent=2, default=str))


def table(headings: Iterable[str], rows: Iterable[Iterable[Any]], title: str = "") -> None:
    """A table for people; columns of figures are set right."""
    rows = [list(row) for row in rows]
    shown = Table(title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for index, heading in enumerate(headings):
        figures = all(isinstance(row[index], int | float) for row in rows)
        shown.add_column(heading, justify="right" if figures and rows else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(f"{cell:,}" if isinstance(cell, int) else str(cell) for cell in row))
    out.print(shown)


def facts(pairs: dict[str, Any]) -> None:
    """Names and values, one a line."""
    width = max(map(len, pairs), default=0)
    for name, value in pairs.items():
        say(f"  {name:<{width}}  {f'{value:,}' if isinstance(value, int) else value}")


@contextmanager
def progress(quiet: bool = False) -> Iterator[Advance]:
    """A bar on standard error: `advance(done, total, message)`. Each new message begins a new bar."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=err, transient=True, disable=quiet or not err.is_terminal) as bar:
        tasks: dict[str, Any] = {}

        def advance(done: int, total: int, message: str = "") -> None:
            if message not in tasks:
                tasks[message] = bar.add_task(message or "…", total=total or None)
            bar.update(tasks[message], completed=done, total=total or None)

        yield advance


def explained(error) -> Problem:
    """A refusal of the platform (ValidationError, Refused) as a problem the caller can mend."""
    if hasattr(error, "error_dict"):
        parts = [
            f"{name}: {' '.join(m for e in found for m in e.messages)}" for name, found in error.error_dict.items()
        ]
        return Problem("; ".join(part.removeprefix("__all__: ") for part in parts))
    return Problem(" ".join(str(message) for message in getattr(error, "messages", [error])))


@contextmanager
def refusals() -> Iterator[None]:
    """What the platform refuses becomes a sentence and exit code 2."""
    from django.core.exceptions import PermissionDenied, ValidationError

    try:
        yield
    except (ValidationError, PermissionDenied) as error:
        raise explained(error) from error
