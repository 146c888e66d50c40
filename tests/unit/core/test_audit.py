"""The audit chain: any edit, removal, reordering or cut is named; a row stands and falls with its act."""

import pytest
from django.db import transaction

from fangxian.core import audit
from fangxian.core.audit import AuditEntry, AuditHead


@pytest.fixture
def chain(db):
    for number in range(6):
        with audit.act("test.act", by=None, detail={"number": number}) as detail:
            detail["added"] = True
    return list(AuditEntry.objects.order_by("seq"))


def test_a_sound_chain(chain):
    verdict = audit.verify()
    assert verdict.sound and verdict.entries == 6
    assert chain[0].detail == {"number": 0, "added": True} and str(chain[0]) == "1 test.act"


def test_an_empty_installation_is_sound(db):
    assert audit.verify().sound
    assert audit.anchor()["seq"] == 0


TAMPERED = {
    "edited": (lambda: AuditEntry.objects.filter(seq=3).update(action="test.other"), "entry 3 was changed"),
    "detail edited": (lambda: AuditEntry.objects.filter(seq=2).update(detail={}), "entry 2 was changed"),
    "removed": (lambda: AuditEntry.objects.filter(seq=3).delete(), "entries 3 to 3 are missing"),
    "reordered": (lambda: swap(2, 4), "entry 2 was changed"),
    "tail cut": (lambda: AuditEntry.objects.filter(seq=6).delete(), "tail"),
    "tail cut, head moved back": (lambda: cut_with_head(), "head of the chain was changed"),
    "head removed": (lambda: AuditHead.objects.all().delete(), "head of the chain is missing"),
    "invented": (
        lambda: AuditEntry.objects.create(seq=7, at=AuditEntry.objects.get(seq=6).at, action="x", mac="0" * 64),
        "entry 7 was changed",
    ),
}


def swap(one, other):
    first, second = AuditEntry.objects.get(seq=one), AuditEntry.objects.get(seq=other)
    first.seq, second.seq = other, one
    first.save()
    second.save()


def cut_with_head():
    AuditEntry.objects.filter(seq=6).delete()
    AuditHead.objects.update(seq=5, mac=AuditEntry.objects.get(seq=5).mac)


@pytest.mark.parametrize("how", TAMPERED)
def test_tampering_is_named(chain, how):
    tamper, words = TAMPERED[how]
    tamper()
    assert any(words in line for line in audit.verify().breaks)


def test_an_anchor_shows_an_older_copy_put_back(chain):
    anchor = audit.anchor()
    assert audit.verify({anchor["seq"]: anchor["mac"]}).sound
    assert audit.verify({6: "f" * 64}).breaks == ["anchor 6 is not in this chain"]


def test_an_entry_falls_with_its_act(chain):
    with pytest.raises(RuntimeError), audit.act("test.failed", by=None):
        raise RuntimeError
    assert not AuditEntry.objects.filter(action="test.failed").exists()
    assert audit.verify().sound


@pytest.mark.django_db(transaction=True)
def test_an_entry_outside_a_transaction_is_refused():
    with pytest.raises(RuntimeError, match="transaction of its act"):
        audit.write("test.loose", by=None)
    with transaction.atomic():
        audit.write("test.act", by=None)
    assert str(AuditHead.objects.get()).startswith("1 ")


def test_a_copy_knows_the_entry_it_was_made_behind(chain):
    head = AuditHead.objects.get()
    assert audit.is_ours(head.seq, head.mac) and audit.is_ours(0, audit.GENESIS)
    assert not audit.is_ours(head.seq, audit.GENESIS) and not audit.is_ours(0, head.mac)
    assert audit.seal("one") == audit.seal("one") != audit.seal("two")
