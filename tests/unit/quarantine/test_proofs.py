"""Proofs of release: issued with a release, signed, withdrawn with a reason, and nobody else's text is one."""

import base64
from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.clock import frozen, now, today
from fangxian.core.ids import uuid7
from fangxian.core.keys import KeyRing
from fangxian.systems.quarantine import proofs, selectors, services
from fangxian.systems.quarantine.models import ReleaseProof

RING = KeyRing.generate()
DAY = date(2022, 3, 29)


def test_a_code_says_which_proof_and_day():
    proof = uuid7()
    text = proofs.sign(proof, DAY, RING)
    assert proofs.read(text, RING) == proofs.Proven(proof, DAY)
    assert text == proofs.sign(proof, DAY, RING)
    assert len(text) < 200


def spoilt():
    text = proofs.sign(uuid7(), DAY, RING)
    raw = bytearray(base64.b32decode(text[5:] + "=" * (-len(text[5:]) % 8)))
    raw[20] ^= 1
    changed = "FXR1:" + base64.b32encode(bytes(raw)).decode().rstrip("=")
    return {
        "nothing": "",
        "another text": "https://example.org/",
        "a venue code": "FXC1:" + text[5:],
        "one bit": changed,
        "a letter short": text[:-1],
        "not base32": "FXR1:" + "1" * 141,
        "spare bits": text[:-1] + chr(ord(text[-1]) + 1),
        "another ring": proofs.sign(uuid7(), DAY, KeyRing.generate()),
    }


@pytest.mark.parametrize("text", spoilt().values(), ids=spoilt())
def test_every_other_text_is_none(text):
    with pytest.raises(proofs.NotOurs):
        proofs.read(text, RING)


def test_a_release_issues_a_proof_with_what_was_found(site, stay):
    site()
    made = stay(ends=14, checked_in=True)
    found = [{"what": "days", "ok": True}]
    with frozen(now() + timedelta(days=13)):
        services.release(stay=made, by=None, evidence=found)
        proof = selectors.proof_of(made.pk)
        assert (proof.released_on, proof.starts_on, proof.rule, proof.pack) == (
            today(),
            made.starts_on,
            made.rule,
            made.pack,
        )
    assert (proof.evidence, proof.where, str(proof)) == (found, "Hotel 101", proof.number)
    assert proof.number.startswith("410883-20220328-")
    assert proofs.read(proof.code).proof_id == proof.pk


def test_a_list_is_released_with_a_proof_each_and_none_twice(site, stay):
    site()
    stays = [stay(ends=7, checked_in=True), stay(ends=7, checked_in=True)]
    with frozen(now() + timedelta(days=6)):
        services.release_many(stays=stays, by=None, evidence={stays[0].pk: [{"what": "days"}]})
        assert ReleaseProof.objects.count() == 2
        assert proofs.issue(stays=stays, by=None) == []
    assert selectors.proof_of(stays[1].pk).evidence == []


def test_a_proof_is_withdrawn_with_a_reason_and_another_takes_its_place(site, stay):
    site()
    made = stay(ends=1, checked_in=True)
    released = services.release(stay=made, by=None)
    first = selectors.proof_of(made.pk)
    with pytest.raises(ValidationError):
        services.withdraw_proof(proof=first, by=None, reason="")
    assert services.withdraw_proof(proof=first, by=None, reason="Sample mixed up").state == "WITHDRAWN"
    assert selectors.proof_of(made.pk) is None
    (second,) = proofs.issue(stays=[released], by=None)
    assert second.number != first.number


def test_a_stay_at_home_is_released_with_a_proof_too(stay):
    made = stay(ends=1, place="HOME", checked_in=True)
    services.release(stay=made, by=None)
    assert selectors.proof_of(made.pk).where == "At home"
