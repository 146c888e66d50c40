"""The shell names nobody and is the same for all; who I am and the lists are told to the signed-in officer only."""

import base64
import json
import re
from datetime import timedelta

import pytest
from django.test import Client

from fangxian.core import clock
from fangxian.core.audit import AuditEntry
from fangxian.core.clock import now
from fangxian.core.permissions import Permission
from fangxian.faces.field import assets, pages
from fangxian.faces.field.pages import Page


@pytest.fixture(autouse=True)
def listed(monkeypatch):
    monkeypatch.setattr(pages, "_pages", dict(pages._pages))
    calls = []

    def cards(officer):
        calls.append(officer)
        return {"cards": [{"n": len(officer.username)}]}

    pages.register(Page(key="tests", title="Tests", icon="x", permission=Permission.PEOPLE_READ, cards=cards))
    return calls


@pytest.fixture
def worker(officer):
    return officer("grid_worker", area="410883001212001")


@pytest.fixture
def phone(worker):
    made = Client()
    made.force_login(worker)
    return made


@pytest.fixture
def bare(monkeypatch):
    """Only pages whose scripts exist."""
    monkeypatch.setattr(pages, "_pages", {k: v for k, v in pages._pages.items() if k != "tests"})
    for made in (assets.addresses, assets.texts, assets.version):
        made.cache_clear()


def test_the_shell_is_the_same_bytes_for_everybody(bare, phone, officer):
    other = Client(headers={"Accept-Language": "en"})
    other.force_login(officer("sampler"))
    bodies = {client.get("/field/").content for client in (Client(), phone, other)}
    assert len(bodies) == 1


def test_the_shell_has_both_languages_and_no_inline_script(bare):
    page = Client().get("/field/").content.decode()
    config = json.loads(re.search(r'<script id="config" type="application/json">(.*?)</script>', page, re.S)[1])
    assert set(config["texts"]) == {"zh-hans", "en"}
    assert set(config["texts"]["zh-hans"]) == set(config["texts"]["en"])
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))|style=|\son\w+=", page)


def test_the_worker_changes_with_what_it_keeps(bare, monkeypatch):
    before = Client().get("/field/worker.js")
    assert before["Content-Type"].startswith("text/javascript") and "no-cache" in before["Cache-Control"]
    monkeypatch.setitem(assets.TEXTS, "brand", "Another name")
    for made in (assets.texts, assets.version):
        made.cache_clear()
    assert Client().get("/field/worker.js").content != before.content


def test_everything_the_worker_keeps_is_there(bare, live_server):
    import urllib.request

    assert len(set(assets.addresses())) == len(assets.addresses()), "a browser keeps no list that names a file twice"
    for address in assets.addresses():
        with urllib.request.urlopen(live_server.url + address) as answer:
            assert answer.status == 200


def test_me_says_who_until_when_and_gives_the_same_key_each_time(phone, worker):
    with clock.frozen(now()):
        first, again = phone.get("/field/me").json(), phone.get("/field/me").json()
        assert first["until"] - first["at"] == pytest.approx(12 * 3600 * 1000, abs=2000)
    assert first["officer"] == str(worker.pk) and "tests" in first["pages"]
    assert first["key"] == again["key"] and len(base64.b64decode(first["key"])) == 32


def test_no_two_officers_have_one_key(phone, officer):
    other = Client()
    other.force_login(officer("grid_worker", area="410883001212002"))
    assert phone.get("/field/me").json()["key"] != other.get("/field/me").json()["key"]


def test_a_stranger_is_told_to_sign_in_and_learns_nothing():
    answer = Client(headers={"Accept": "application/json"}).get("/field/me")
    assert answer.status_code == 401 and b"key" not in answer.content


def test_a_session_that_is_over_gives_neither_key_nor_list(phone):
    phone.get("/field/me")
    with clock.frozen(now() + timedelta(minutes=31)):
        answers = [phone.get(address, headers={"Accept": "application/json"}) for address in
                   ("/field/me", "/field/day/tests")]  # fmt: skip
    assert [answer.status_code for answer in answers] == [401, 401]


def test_a_list_is_given_once_and_audited_once(phone, worker, listed):
    first = phone.get("/field/day/tests")
    assert first["Cache-Control"] == "no-store"
    told = first.json()
    assert told["list"] == {"cards": [{"n": len(worker.username)}]}
    assert phone.get("/field/day/tests", headers={"X-Have": told["tag"]}).status_code == 304
    assert phone.get("/field/day/tests", headers={"X-Have": "older"}).status_code == 200
    taken = AuditEntry.objects.get(action="field.day.taken")
    assert (taken.officer, taken.detail) == (worker, {"page": "tests", "cards": 1})


def test_a_list_needs_its_right(officer):
    lab = Client()
    lab.force_login(officer("checkpoint_guard"))
    assert lab.get("/field/day/tests").status_code == 403
    assert "tests" not in lab.get("/field/me").json()["pages"]
    assert lab.get("/field/day/none").status_code == 404
