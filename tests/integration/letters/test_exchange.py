"""Between installations: sealed, idempotent, refused when replayed, altered or from nobody we know."""

import base64
import json
from datetime import timedelta
from types import SimpleNamespace
from uuid import uuid4

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from fangxian.core import audit, clock
from fangxian.core.areas import Area
from fangxian.faces.cli.checks import letters as check
from fangxian.systems.letters import selectors, services, signing
from fangxian.systems.letters.models import Delivery, HandOver, Letter, LetterItem
from fangxian.workflows import letter_of_assistance
from fangxian.workflows.letters import exchange
from tests.integration.letters.conftest import ask


@pytest.fixture
def partner(two):
    """A trusted installation of Hefei, played by the test with a key of its own."""
    key = Ed25519PrivateKey.generate()
    public = base64.b64encode(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
    peer = services.propose_peer(
        by=two.investigator, area=Area.objects.get(code="410882"), name="合肥", code="3401",
        url="https://hefei.example", public_key=public,
    )  # fmt: skip
    peer = services.confirm_peer(by=two.second, peer=peer, fingerprint=signing.fingerprint(public))
    return SimpleNamespace(peer=peer, key=key, fingerprint=signing.fingerprint(public))


def letter(**values) -> dict:
    at = clock.now()
    return {
        "id": str(uuid4()), "revision": 1, "recalled": False, "number": "340123-CO-2022-0001",
        "from": {"code": "340123", "name": "肥西县"}, "to": "410882", "disease": "covid19", "about": "A",
        "reason": "密接", "legal_basis": "", "asked": ["FIND", "REPLY"], "sent_at": at.isoformat(),
        "acknowledge_by": (at + timedelta(hours=2)).isoformat(), "due_at": (at + timedelta(hours=24)).isoformat(),
        "items": [person("赵一", 1), person("钱二", 2)], **values,
    }  # fmt: skip


def person(name: str, position: int, **values) -> dict:
    return {
        "id": str(uuid4()), "kind": "PERSON", "position": position, "name": name, "sex": "UNKNOWN", "id_type": "NONE",
        "ring": "", "note": "", "id_number": "", "phone": f"1390000000{position}", "address": "沁阳市", "recalled": "",
        "last_contact_at": "", **values,
    }  # fmt: skip


def post(partner, said, kind="LETTER", *, altered: bytes = b"", **envelope):
    wrapped = {
        "envelope": str(uuid4()), "from": partner.fingerprint, "to": signing.own_fingerprint(),
        "made_at": clock.now().isoformat(), "kind": kind, "said": said, **envelope,
    }  # fmt: skip
    body = json.dumps(wrapped, ensure_ascii=False).encode()
    seal = base64.b64encode(partner.key.sign(signing.PURPOSE + signing.REQUEST + body)).decode()
    return send(altered or body, seal), (body, seal)


def send(body: bytes, seal: str):
    return Client().post("/exchange/letters", body, content_type="application/json", headers={"Fangxian-Seal": seal})


def test_a_letter_is_taken_with_a_word_for_each_person(partner):
    answer, _sent = post(partner, letter(items=[person("赵一", 1), person("", 2), person("钱二", 3, ring="NEAR")]))
    said = json.loads(answer.content)
    assert (answer.status_code, said["status"], said["taken"]) == (200, "accepted", "accepted")
    assert sorted(item["status"] for item in said["items"]) == ["accepted", "refused", "refused"]
    found = Letter.objects.get(direction="IN")
    assert (found.area_id, found.channel, found.items.count()) == ("410882", "PEER", 1)
    assert signing.is_sealed(signing.public_key(), signing.ANSWER, answer.content, answer["Fangxian-Seal"])
    assert audit.verify().sound


def test_the_same_edition_again_changes_nothing(partner):
    said = letter()
    post(partner, said)
    before = Letter.objects.get().version
    again, _sent = post(partner, said)
    assert (again.status_code, json.loads(again.content)["taken"]) == (200, "known")
    assert (Letter.objects.count(), LetterItem.objects.count(), Letter.objects.get().version) == (1, 2, before)


def test_a_replayed_envelope_is_refused(partner):
    _first, (body, seal) = post(partner, letter())
    assert send(body, seal).status_code == 409
    assert Letter.objects.count() == 1


@pytest.mark.parametrize(
    ("how", "status"),
    [("altered", 401), ("stranger", 401), ("elsewhere", 400), ("old", 425), ("kind", 400), ("nonsense", 400)],
)
def test_what_is_not_sound_is_refused_and_leaves_nothing(partner, how, status):
    old = (clock.now() - timedelta(hours=1)).isoformat()
    stranger = SimpleNamespace(key=Ed25519PrivateKey.generate(), fingerprint=partner.fingerprint)
    answer = {
        "altered": lambda: post(partner, letter(), altered=b'{"from": "%s"}' % partner.fingerprint.encode())[0],
        "stranger": lambda: post(stranger, letter())[0],
        "elsewhere": lambda: post(partner, letter(), to="0000")[0],
        "old": lambda: post(partner, letter(), made_at=old)[0],
        "kind": lambda: post(partner, letter(), "GOSSIP")[0],
        "nonsense": lambda: send(b"\x00", ""),
    }[how]()
    assert answer.status_code == status
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "said",
    [{"from": {"code": "410105", "name": "x"}}, {"to": "999999"}, {"asked": ["DANCE"]}, {"items": "all"},
     {"sent_at": "soon"}, {"revision": -1}, {"id": "1"}],
)  # fmt: skip
def test_a_letter_that_says_the_impossible_is_refused_with_the_reason(partner, said):
    answer, _sent = post(partner, letter(**said))
    assert answer.status_code == 422 and json.loads(answer.content)["reason"]
    assert not Letter.objects.exists()


def test_a_partner_no_longer_trusted_is_nobody(partner, two):
    services.revoke_peer(by=two.second, peer=partner.peer, reason="密钥泄露")
    assert post(partner, letter())[0].status_code == 401


def test_a_later_edition_recalls_and_corrects(partner):
    said = letter()
    post(partner, said)
    first, second = said["items"]
    edition = {**said, "revision": 2, "items": [{**first, "recalled": "排除"}, {**second, "note": "更正"}]}
    post(partner, edition)
    post(partner, {**said, "revision": 1})  # an older edition that was under way
    rows = {row.name: row for row in LetterItem.objects.all()}
    assert (rows["赵一"].is_recalled, rows["钱二"].note) == (True, "更正")


def test_what_nobody_answers_is_tried_again_later_and_later(partner, two, monkeypatch):
    ours = _asked(two)
    assert (ours.channel, ours.peer) == ("PEER", partner.peer)

    def down(*_args):
        raise exchange.Unanswered("ConnectionRefusedError")

    monkeypatch.setattr(exchange, "_send", down)
    pauses = []
    for _turn in range(3):
        delivery = Delivery.objects.get()
        assert exchange.deliver(delivery) == "WAITING"
        delivery.refresh_from_db()
        pauses.append((delivery.next_at - clock.now()).total_seconds() / 60)
    assert pauses == [1, 2, 4]
    assert exchange.deliver_due() == {}  # not yet


def test_an_answer_that_is_not_sealed_is_not_believed(partner, two, monkeypatch):
    _asked(two)
    monkeypatch.setattr(exchange, "_send", lambda peer, body: (200, b'{"status": "accepted"}', ""))
    assert exchange.deliver(Delivery.objects.get()) == "WAITING"


def test_whom_the_partner_refuses_is_shown(partner, two, monkeypatch):
    ours = _asked(two)
    row = ours.items.first()

    def answering(peer, body):
        envelope = json.loads(body)
        items = [{"id": str(row.pk), "status": "refused", "reason": "地址不详"}]
        said = {"envelope": envelope["envelope"], "status": "accepted", "reason": "", "number": "N", "items": items}
        content = json.dumps(said).encode()
        sealed = partner.key.sign(signing.PURPOSE + signing.ANSWER + content)
        return 200, content, base64.b64encode(sealed).decode()

    monkeypatch.setattr(exchange, "_send", answering)
    assert exchange.deliver(Delivery.objects.get()) == "DELIVERED"
    row.refresh_from_db()
    assert row.refused == "地址不详"
    assert HandOver.objects.filter(letter=ours, kind__in=["DELIVERED", "REFUSED"]).count() == 2


def test_acknowledgement_and_answer_come_back(partner, two):
    ours = _asked(two)
    row = ours.items.first()
    at = clock.now().isoformat()
    acknowledged = {"letter": str(ours.pk), "number": "N-1", "at": at, "who": "王", "started_at": at}
    assert post(partner, acknowledged, "ACKNOWLEDGEMENT")[0].status_code == 200
    told = {
        "id": str(row.pk), "result": "FOUND", "result_at": at, "isolated_since": at, "isolated_in": "CENTRAL",
        "tested_at": "", "test_result": "", "monitored_since": "2022-03-15", "moved_to": "", "result_note": "",
    }  # fmt: skip
    said = {"letter": str(ours.pk), "revision": 1, "complete": False, "items": [told, {"id": "nobody"}]}
    answer = json.loads(post(partner, said, "ANSWER")[0].content)
    assert [item["status"] for item in answer["items"]] == ["accepted", "refused"]
    found = selectors.letter(ours.pk)
    assert (found.state, found.their_number) == ("PARTLY", "N-1")
    stranger = {**said, "letter": str(uuid4())}
    assert post(partner, stranger, "ANSWER")[0].status_code == 422


def _asked(two) -> Letter:
    people = [letter_of_assistance.Stated(name=name, home="340123", phone="13900000009") for name in "孙李"]
    drafted = ask(two, guests=people).letters[0]
    services.sign(letter=drafted, by=two.second)
    return letter_of_assistance.send(by=two.investigator, letter=drafted)


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_two_installations_exchange_letters_while_one_is_down_for_a_while():
    """Two data folders, two servers: `fangxian check letters` with a small list."""
    report = check.run(40, 1, lambda *_args: None)
    assert (report.findings, report.lost) == ([], 0), report.findings
    assert (report.sent, report.answered, report.exit_code) == (23, 23, 0)
    assert report.line().startswith("promise=letters contacts=40 sent=23 received=23 answered=23")
