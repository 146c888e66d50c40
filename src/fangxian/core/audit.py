"""The audit: one row an act, written in the act's own transaction, in a keyed hash chain.

Each row's mac covers the row and the mac before it; a signed head says where the chain ends. An administrator of the
database who lacks the key can neither change nor drop nor reorder a row, nor cut the tail, without `verify` naming it.
The head of each day can be exported (`anchor`) and kept elsewhere, so that even a restored old copy is noticed.
"""

import hashlib
import hmac
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import keys
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.fields import CodeField
from fangxian.core.officers import Officer

GENESIS = "0" * 64


class AuditEntry(models.Model):
    """One act. Rows are only ever added."""

    seq = models.BigIntegerField(primary_key=True)
    at = models.DateTimeField(_("At"))
    officer = models.ForeignKey(Officer, models.PROTECT, null=True, related_name="+")
    action = models.CharField(_("Act"), max_length=64)
    area_code = CodeField(_("Area"), max_length=24, blank=True)
    target_kind = models.CharField(_("Kind of record"), max_length=64, blank=True)
    target_id = models.CharField(_("Record"), max_length=40, blank=True)
    detail = models.JSONField(_("Detail"), default=dict, encoder=DjangoJSONEncoder)
    mac = models.CharField(max_length=64)

    class Meta:
        verbose_name = _("Audit entry")
        verbose_name_plural = _("Audit entries")
        ordering = ["seq"]
        indexes = [models.Index(fields=["target_kind", "target_id", "seq"]), models.Index(fields=["officer", "at"])]

    def __str__(self) -> str:
        return f"{self.seq} {self.action}"


class AuditHead(models.Model):
    """Where the chain ends (one row), signed so that a cut tail shows."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    seq = models.BigIntegerField(default=0)
    mac = models.CharField(max_length=64, default=GENESIS)
    signature = models.CharField(max_length=64, default="")

    class Meta:
        verbose_name = _("Head of the audit chain")
        verbose_name_plural = _("Head of the audit chain")

    def __str__(self) -> str:
        return f"{self.seq} {self.mac[:12]}"


def write(action: str, *, by, area=None, target=None, detail: dict | None = None) -> AuditEntry:
    """Add one row; must run inside the transaction of the act it records."""
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError("an audit row belongs into the transaction of its act")
    head = _locked_head()
    entry = AuditEntry(
        seq=head.seq + 1,
        at=now(),
        officer=by,
        action=action,
        area_code=area.code if isinstance(area, Area) else (area or ""),
        target_kind=target._meta.label_lower if target is not None else "",
        target_id=str(target.pk) if target is not None else "",
        detail=json.loads(json.dumps(detail or {}, cls=DjangoJSONEncoder)),
    )
    entry.mac = _mac(head.mac, entry)
    entry.save(force_insert=True)
    head.seq, head.mac, head.signature = entry.seq, entry.mac, _signature(entry.seq, entry.mac)
    head.save()
    return entry


@contextmanager
def act(action: str, *, by, area=None, target=None, detail: dict | None = None) -> Iterator[dict]:
    """A transaction that ends with its audit row; the block may add to the yielded detail."""
    with transaction.atomic():
        collected = dict(detail or {})
        yield collected
        write(action, by=by, area=area, target=target, detail=collected)


def history(target) -> models.QuerySet[AuditEntry]:
    """The acts on one record, oldest first."""
    return AuditEntry.objects.filter(target_kind=target._meta.label_lower, target_id=str(target.pk)).order_by("seq")


@dataclass
class Verdict:
    """What a verification found: how many rows were read, and every break with its place."""

    entries: int = 0
    breaks: list[str] = field(default_factory=list)

    @property
    def sound(self) -> bool:
        """Whether nothing was edited, removed, reordered or cut off."""
        return not self.breaks


def verify(anchors: dict[int, str] | None = None) -> Verdict:
    """Walk the chain and name every edited, removed, reordered or truncated entry.

    `anchors` are exported heads ({seq: mac}); they also show a whole chain replaced by an older copy.
    """
    verdict, before, expected = Verdict(), GENESIS, 1
    for entry in AuditEntry.objects.order_by("seq").iterator(chunk_size=5000):
        verdict.entries += 1
        if entry.seq != expected:
            verdict.breaks.append(f"entries {expected} to {entry.seq - 1} are missing")
        elif not hmac.compare_digest(entry.mac, _mac(before, entry)):
            verdict.breaks.append(f"entry {entry.seq} was changed, or does not follow entry {entry.seq - 1}")
        before, expected = entry.mac, entry.seq + 1
    _verify_head(verdict, expected - 1, before)
    _verify_anchors(verdict, anchors or {})
    return verdict


def anchor() -> dict:
    """The head to print or export each day and keep out of this machine's reach."""
    head = AuditHead.objects.filter(pk=1).first() or AuditHead()
    return {"seq": head.seq, "mac": head.mac, "at": now().isoformat()}


def is_ours(seq: int, mac: str) -> bool:
    """Whether the chain holds this very entry: what was copied behind it was copied from here. 0 is its beginning."""
    if seq == 0:
        return mac == GENESIS
    return AuditEntry.objects.filter(seq=seq, mac=mac).exists()


def seal(text: str) -> str:
    """A mark nobody makes without the key of the chain, for what another copy of this installation hands back."""
    return _keyed(f"seal {text}")


def _verify_head(verdict: Verdict, last: int, mac: str) -> None:
    head = AuditHead.objects.filter(pk=1).first()
    if head is None:
        if verdict.entries:
            verdict.breaks.append("the head of the chain is missing")
        return
    if not hmac.compare_digest(head.signature, _signature(head.seq, head.mac)):
        verdict.breaks.append("the head of the chain was changed")
    elif (head.seq, head.mac) != (last, mac):
        verdict.breaks.append(f"the tail is not the one signed: entries end at {last}, the head says {head.seq}")


def _verify_anchors(verdict: Verdict, anchors: dict[int, str]) -> None:
    kept = dict(AuditEntry.objects.filter(seq__in=anchors).values_list("seq", "mac"))
    verdict.breaks += [f"anchor {seq} is not in this chain" for seq, mac in anchors.items() if kept.get(seq) != mac]


def _locked_head() -> AuditHead:
    """The head under a row lock (PostgreSQL) or the transaction's write lock (SQLite): writers queue here."""
    head = AuditHead.objects.select_for_update().filter(pk=1).first()
    if head is None:
        head, _made = AuditHead.objects.get_or_create(pk=1)
    return head


def _mac(before: str, entry: AuditEntry) -> str:
    row = [entry.seq, _instant(entry.at), entry.officer_id, entry.action, entry.area_code, entry.target_kind,
           entry.target_id, entry.detail]  # fmt: skip
    return _keyed(before + json.dumps(row, sort_keys=True, ensure_ascii=False, separators=(",", ":")))


def _signature(seq: int, mac: str) -> str:
    return _keyed(f"head {seq} {mac}")


def _instant(moment: datetime) -> int:
    """Microseconds, so that both stores' idea of a time gives the same mac."""
    return int(moment.timestamp() * 1_000_000 + 0.5)


def _keyed(text: str) -> str:
    return hmac.new(keys.current().audit_key, text.encode(), hashlib.sha256).hexdigest()
