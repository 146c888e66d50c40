"""S1: what every operation declares is what happens, for every role, place and state of the session.

    state                     public   otherwise
    anonymous, expired        open     401, or led to the login
    live, right not held      open     403
    live, right held, a row   open     open where an area of the row lies in the post, else 404
    live, right held, no row  open     open

The expectation is computed from the declared policy, the table of roles and the codes of the row, never by the code
that is being tested. An act may be narrower than its policy (a task is its holder's to finish): a refusal then is
counted as such. An act that changes something, called from a session without proof that the page sent it, must be 403.
"""

import csv
import json
import logging
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.http import HttpResponseForbidden, HttpResponseNotFound
from django.test import Client
from django.urls import reverse

from fangxian.core.permissions import Permission
from fangxian.faces.cli.checks.authz_operations import NOBODY, Operation, operations
from fangxian.faces.cli.checks.authz_world import Caller, World, make
from fangxian.faces.cli.output import Advance

OPEN, UNKNOWN, REFUSED, MISSING, NO_METHOD, FAULT = "open", "unknown", "refused", "missing", "no method", "fault"
STATES = ("live", "expired")
HOST = "127.0.0.1"
# ask for a further right: to put files; to unmask; to read the field's own table
NARROWER = {"register_file_remove", "register_unmask", "autocomplete", "field_day"}


@dataclass(frozen=True)
class Cell:
    """One call and what came of it."""

    operation: str
    method: str
    role: str
    relation: str
    state: str
    expected: str
    observed: str
    sound: bool


@dataclass
class Report:
    """All cells, and what is wrong with them."""

    operations: int = 0
    cells: int = 0
    narrowed: int = 0
    undeclared: int = 0
    seconds: float = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    matrix: list[Cell] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0 when something was tested and nothing is wrong."""
        return 0 if self.cells and self.outcomes[OPEN] and not self.findings else 1

    def line(self) -> str:
        """The last line, for machines."""
        outcomes = " ".join(f"{name}={self.outcomes[name]}" for name in (OPEN, UNKNOWN, REFUSED, MISSING))
        return (
            f"promise=S1 operations={self.operations} cells={self.cells} {outcomes} narrowed={self.narrowed} "
            f"undeclared={self.undeclared} violations={len(self.findings)} seconds={self.seconds:.0f}"
        )


def run(advance: Advance, roles: set[str] | None = None, *, every_register: bool = False) -> Report:
    """Make the world and call everything.

    `roles` limits the callers, for a quick look: each operation is then called by the one at home and by one of the
    others in turn, who calls it again after the session ended.
    """
    _prepare()
    world = make(advance)
    callers = [caller for caller in world.callers if not roles or caller.role in roles]
    started, found = time.perf_counter(), operations(every_register=every_register)
    report = Report(operations=len(found), undeclared=sum(not group[0].declared for group in found))
    report.findings += [f"{group[0].method} {group[0].path}: no policy" for group in found if not group[0].declared]
    report.findings += [f"{slug}: no row to test with" for slug in world.missing]
    for number, group in enumerate(found, start=1):
        asked, ended = _in_turn(callers, number) if roles else (callers, callers)
        for cell in _cells([one for one in group if one.row not in world.missing], number, world, asked, ended):
            _note(report, cell)
        advance(number, len(found), "operations")
    report.seconds = time.perf_counter() - started
    return report


def _in_turn(callers: list[Caller], number: int) -> tuple[list[Caller], list[Caller]]:
    """Who calls an operation in a quick look, and who of them once more after the session ended."""
    home = [one for one in callers if one.relation == "own"]
    others = [one for one in callers if one.relation != "own"]
    turn = others[number % len(others)]
    return [*home, turn], [turn]


def _prepare() -> None:
    """The host of the calls; and refusals without their pages, which say nothing of who is refused."""
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, HOST]
    for name in ("django.request", "django.security.csrf"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    urls = import_module(settings.ROOT_URLCONF)
    urls.handler403 = lambda request, exception=None: HttpResponseForbidden()
    urls.handler404 = lambda request, exception=None: HttpResponseNotFound()


def write_csv(path: Path, report: Report) -> None:
    """The whole matrix."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(Cell.__dataclass_fields__)
        writer.writerows([getattr(cell, name) for name in Cell.__dataclass_fields__] for cell in report.matrix)


def expected(one: Operation, caller: Caller, row: tuple[str, tuple[str, ...]] | None) -> str:
    """What a live caller must get, from what is declared."""
    if one.public:
        return OPEN
    if one.never or (one.by_session and caller.relation != "none"):
        return REFUSED
    if one.rights and not caller.permissions & set(one.rights):
        return REFUSED
    if row is None or one.row == "officer":
        return OPEN
    if one.row == "job":
        return OPEN if Permission.JOBS_READ in caller.permissions else MISSING
    return OPEN if any(code.startswith(caller.area) for code in row[1]) else MISSING


def _cells(
    group: list[Operation], turn: int, world: World, callers: list[Caller], ended: list[Caller]
) -> Iterator[Cell]:
    if not group or not group[0].declared:
        return
    first, proven = group[0], False
    yield _cell(first, None, "anonymous", OPEN if first.public else UNKNOWN, _call(first, world.row(first)))
    for number, caller in enumerate(callers, start=turn):
        one = group[number % len(group)]
        row = world.row(one)
        wanted = expected(one, caller, row)
        yield _cell(one, caller, "live", wanted, _call(one, row, caller, "live"))
        if caller in ended:
            yield _cell(one, caller, "expired", OPEN if one.public else UNKNOWN, _call(one, row, caller, "expired"))
        if wanted == OPEN and one.unsafe and not one.public and not proven:
            proven = True
            yield _cell(one, caller, "forged", REFUSED, _call(one, row, caller, "live", forged=True))


def _cell(one: Operation, caller: Caller | None, state: str, wanted: str, observed: str) -> Cell:
    role, relation = (caller.role, caller.relation) if caller else ("", "")
    return Cell(one.name, one.method, role, relation, state, wanted, observed, _is_sound(one, wanted, observed))


def _is_sound(one: Operation, wanted: str, observed: str) -> bool:
    """Equal; or inside the policy and narrower; or a page for everybody that has nothing to show or asks to log in."""
    if observed == wanted:
        return True
    if observed == NO_METHOD:
        return wanted in (OPEN, MISSING)
    if one.public:
        return observed in (MISSING, UNKNOWN)
    return wanted == OPEN and observed == REFUSED and (one.unsafe or one.name.split()[0] in NARROWER)


def _note(report: Report, cell: Cell) -> None:
    report.cells += 1
    report.outcomes[cell.observed] += 1
    report.narrowed += cell.sound and (cell.expected, cell.observed) == (OPEN, REFUSED)
    report.matrix.append(cell)
    if not cell.sound:
        who = f"{cell.role} {cell.relation} {cell.state}".strip()
        report.findings.append(f"{cell.method} {cell.operation} as {who}: {cell.observed}, must be {cell.expected}")


def _call(one: Operation, row: Any, caller: Caller | None = None, state: str = "", *, forged: bool = False) -> str:
    """Call it in a transaction that is taken back; what came of it."""
    client, headers = _client(forged), {}
    client.cookies.clear()
    if caller and (one.face == "web" or forged or caller.relation == "none"):
        client.cookies[settings.SESSION_COOKIE_NAME] = caller.sessions[state]
    elif caller:
        headers["Authorization"] = f"Bearer {caller.tokens[state]}"
    with transaction.atomic():
        response = _request(client, one, row, headers)
        transaction.set_rollback(True)
    return _outcome(response)


@cache
def _client(forged: bool) -> Client:
    """One client each: making one builds all middleware anew."""
    return Client(enforce_csrf_checks=forged, raise_request_exception=False)


def _request(client: Client, one: Operation, row: Any, headers: dict[str, str]):
    pk = (row[0] if row else "") or str(NOBODY)
    path = one.path.replace("{pk}", pk).replace("{name}", pk).replace("{file}", pk)
    body = "" if one.body is None else json.dumps(one.body).replace("{pk}", pk)
    kind = "application/json" if one.face == "api" else "application/x-www-form-urlencoded"
    return client.generic(one.method, path, body, content_type=kind, headers=headers, SERVER_NAME=HOST)


def _outcome(response) -> str:
    if response.status_code == 401 or (
        response.status_code == 302 and response["Location"].startswith(reverse(settings.LOGIN_URL))
    ):
        return UNKNOWN
    if response.status_code >= 500 or response.status_code == 429:
        raised = getattr(response, "exc_info", None)
        return f"{FAULT} {raised[0].__name__ if raised else response.status_code}"
    return {403: REFUSED, 404: MISSING, 405: NO_METHOD}.get(response.status_code, OPEN)
