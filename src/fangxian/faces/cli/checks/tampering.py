"""S18: whoever can write to the database but lacks the key cannot change its audit unnoticed.

A chain of some thousand entries is tampered with in every way, one at a time, each in a transaction that is taken back.
"""

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from django.db import connection, transaction

from fangxian.core import audit
from fangxian.core.audit import AuditEntry, AuditHead

COLUMNS = ("at", "officer_id", "action", "area_code", "target_kind", "target_id", "detail", "mac")
KINDS = ("edit", "remove", "reorder", "truncate", "head")
PLACES = 5
Act = Callable[[], None]
Advance = Callable[..., None]


@dataclass
class Report:
    """How often was tampered, and which of it went unnoticed."""

    entries: int = 0
    tampered: int = 0
    findings: list[str] = field(default_factory=list)
    false_alarms: int = 0

    @property
    def exit_code(self) -> int:
        """0 when something was tampered with, all of it was found, and the untouched chain is sound."""
        return 0 if self.tampered and not self.findings and not self.false_alarms else 1

    def line(self) -> str:
        """The last line, for machines."""
        return (
            f"promise=S18 entries={self.entries} tampered={self.tampered} missed={len(self.findings)} "
            f"false_alarms={self.false_alarms}"
        )


class _TakeBack(Exception):
    """Ends one tampering."""


def run(kind: str, entries: int, seed: int, advance: Advance) -> Report:
    """Write a chain, then tamper with it."""
    kept = _chain(entries)
    report = Report(entries=entries, false_alarms=len(audit.verify(kept).breaks))
    acts = list(_acts(kind, entries, random.Random(seed)))
    for number, (name, act) in enumerate(acts, start=1):
        report.tampered += 1
        if not _found(act, kept):
            report.findings.append(name)
        advance(number, len(acts), "tampered")
    report.false_alarms += len(audit.verify(kept).breaks)
    return report


def _chain(entries: int) -> dict[int, str]:
    """Acts as the platform writes them; the anchors an operator would have kept on the way."""
    kept: dict[int, str] = {}
    with transaction.atomic():
        for number in range(entries):
            detail = {"version": number % 5 + 1, "to": {"name": f"n{number}"}}
            audit.write("check.entry.written", by=None, area="410883", detail=detail)
            if number % 1000 == 999 or number == entries - 1:
                head = audit.anchor()
                kept[head["seq"]] = head["mac"]
    return kept


def _found(act: Act, kept: dict[int, str]) -> bool:
    try:
        with transaction.atomic():
            act()
            verdict = audit.verify(kept)
            raise _TakeBack
    except _TakeBack:
        return not verdict.sound


def _acts(kind: str, entries: int, dice: random.Random) -> Iterator[tuple[str, Act]]:
    makers = {"edit": _edits, "remove": _removals, "reorder": _reorders, "truncate": _cuts, "head": _heads}
    for name, make in makers.items():
        if kind in ("all", name):
            yield from make(entries, dice)


def _places(entries: int, dice: random.Random) -> list[int]:
    return [1, entries, *(dice.randrange(2, entries) for _ in range(PLACES))]


def _edits(entries: int, dice: random.Random) -> Iterator[tuple[str, Act]]:
    values = {"at": "2001-01-01 00:00:00", "officer_id": None, "action": "x", "area_code": "11", "target_kind": "x",
              "target_id": "x", "detail": '{"version": 9}', "mac": "0" * 64}  # fmt: skip
    for seq in _places(entries, dice):
        for column in COLUMNS:
            if column != "officer_id":
                yield f"edit {column} of {seq}", _sql(f"update core_auditentry set {column} = %s where seq = %s",
                                                      values[column], seq)  # fmt: skip
        yield f"copy the detail of its neighbour into {seq}", _sql(
            "update core_auditentry set detail = (select detail from core_auditentry where seq = %s) where seq = %s",
            seq % entries + 1, seq)  # fmt: skip


def _removals(entries: int, dice: random.Random) -> Iterator[tuple[str, Act]]:
    for seq in _places(entries, dice):
        yield f"remove {seq}", _sql("delete from core_auditentry where seq = %s", seq)
        if seq < entries:
            yield f"remove {seq} and close the gap", _closing(seq, entries)


def _closing(seq: int, entries: int) -> Act:
    def act() -> None:
        _sql("delete from core_auditentry where seq = %s", seq)()
        _sql("update core_auditentry set seq = -seq where seq > %s", seq)()
        _sql("update core_auditentry set seq = -seq - 1 where seq < 0")()
        _sql("update core_audithead set seq = %s", entries - 1)()

    return act


def _reorders(entries: int, dice: random.Random) -> Iterator[tuple[str, Act]]:
    for seq in _places(entries, dice):
        other = seq + 1 if seq < entries else seq - 1
        yield f"swap {seq} and {other}", _swapped(seq, other)
    yield "swap the first and the last", _swapped(1, entries)


def _swapped(one: int, other: int) -> Act:
    def act() -> None:
        for before, after in ((one, 0), (other, one), (0, other)):
            _sql("update core_auditentry set seq = %s where seq = %s", after, before)()

    return act


def _cuts(entries: int, dice: random.Random) -> Iterator[tuple[str, Act]]:
    for left in (entries - 1, entries - 10, dice.randrange(2, entries - 10), 1, 0):
        yield f"cut behind {left}", _sql("delete from core_auditentry where seq > %s", left)
        yield f"cut behind {left} and move the head", _cut_with_head(left)
        yield f"an older copy that ends at {left}", _older_copy(left)


def _cut_with_head(left: int) -> Act:
    def act() -> None:
        _sql("delete from core_auditentry where seq > %s", left)()
        last = AuditEntry.objects.filter(seq=left).first()
        AuditHead.objects.update(seq=left, mac=last.mac if last else audit.GENESIS)

    return act


def _older_copy(left: int) -> Act:
    """A whole database put back to an earlier day: head and entries fit, only an anchor kept elsewhere tells."""

    def act() -> None:
        _cut_with_head(left)()
        head = AuditHead.objects.get()
        AuditHead.objects.update(signature=audit._signature(head.seq, head.mac))

    return act


def _heads(entries: int, dice: random.Random) -> Iterator[tuple[str, Act]]:
    yield "remove the head", _sql("delete from core_audithead")
    yield "change the head's mac", _sql("update core_audithead set mac = %s", "1" * 64)
    yield "change the head's number", _sql("update core_audithead set seq = %s", entries + 1)
    yield "change the head's signature", _sql("update core_audithead set signature = %s", "1" * 64)
    yield "add an entry without the key", _sql(
        "insert into core_auditentry (seq, at, action, area_code, target_kind, target_id, detail, mac) "
        "values (%s, %s, 'x', '', '', '', '{}', %s)", entries + 1, "2001-01-01 00:00:00", "1" * 64)  # fmt: skip
    yield "remove everything", _everything


def _everything() -> None:
    _sql("delete from core_auditentry")()
    _sql("delete from core_audithead")()


def _sql(statement: str, *values) -> Act:
    def act() -> None:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)

    return act
