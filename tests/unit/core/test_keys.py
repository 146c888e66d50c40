"""The key file: made once, kept apart, readable by nobody else, never shown."""

import json
import os
import stat

import pytest

from fangxian.core import keys
from fangxian.core.keys import AES, SM4, KeyFileError, KeyRing, NoKeys


@pytest.fixture
def path(tmp_path):
    return tmp_path / "secrets" / "keys.json"


@pytest.fixture
def no_ring():
    before = keys._current
    keys.use(None)
    yield
    keys.use(before)


def secrets_of(ring):
    made = [*(key.material for key in ring.data.values()), *(key.seed for key in ring.venue.values())]
    return [*made, ring.index_key, ring.audit_key, ring.secret_key.encode()]


def test_what_was_made_can_be_loaded(path):
    made = KeyRing.create(path)
    assert KeyRing.load(path) == made
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert made.path == path


def test_two_rings_share_no_secret():
    one, two = KeyRing.generate(), KeyRing.generate()
    assert not set(secrets_of(one)) & set(secrets_of(two))
    assert not set(one.data) & set(two.data)
    assert len(set(secrets_of(one))) == 5


@pytest.mark.parametrize(("suite", "length", "hash_"), [(AES, 32, "sha256"), (SM4, 16, "sm3")])
def test_a_suite_brings_its_key_length_and_hash(suite, length, hash_):
    ring = KeyRing.generate(suite)
    assert (len(ring.current.material), ring.index_hash) == (length, hash_)


def test_a_file_that_is_there_is_never_overwritten(path):
    ring = KeyRing.create(path)
    with pytest.raises(KeyFileError, match="exists"):
        KeyRing.create(path)
    assert KeyRing.load(path) == ring


def test_keys_and_data_stay_apart(tmp_path):
    with pytest.raises(KeyFileError, match="inside the data folder"):
        KeyRing.create(tmp_path / "data" / "keys.json", data_dir=tmp_path / "data")
    assert KeyRing.create(tmp_path / "keys.json", data_dir=tmp_path / "data").path.exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660, 0o777])
def test_a_file_others_can_read_is_refused(path, mode):
    KeyRing.create(path)
    os.chmod(path, mode)
    with pytest.raises(KeyFileError, match=f"chmod 600 {path}"):
        KeyRing.load(path)


def test_a_missing_file_says_what_to_do(path):
    with pytest.raises(KeyFileError, match="fangxian init"):
        KeyRing.load(path)


DAMAGE = {
    "not json": lambda d: "{",
    "not an object": lambda d: "[]",
    "other format": lambda d: {**d, "format": 2},
    "unknown current key": lambda d: {**d, "current": "k0"},
    "unknown hash": lambda d: {**d, "index": {**d["index"], "hash": "md5"}},
    "short key": lambda d: {**d, "audit": "AAAA"},
    "not base64": lambda d: {**d, "audit": "?"},
    "unknown suite": lambda d: {**d, "data": {d["current"]: {"suite": "rot13", "key": "AAAA"}}},
    "part missing": lambda d: {key: value for key, value in d.items() if key != "audit"},
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE.keys())
def test_a_damaged_file_is_named_without_quoting_it(path, damage):
    ring = KeyRing.create(path)
    broken = damage(json.loads(path.read_text()))
    path.write_text(broken if isinstance(broken, str) else json.dumps(broken))
    with pytest.raises(KeyFileError, match="not a key file") as refusal:
        KeyRing.load(path)
    assert refusal.value.__suppress_context__
    assert ring.secret_key not in str(refusal.value)


def test_rotation_keeps_old_keys_and_replaces_the_file(path):
    before = KeyRing.create(path)
    after = before.rotate()
    assert after.current_id != before.current_id
    assert set(before.data) < set(after.data)
    assert (after.index_key, after.audit_key, after.secret_key) == (
        before.index_key,
        before.audit_key,
        before.secret_key,
    )
    assert KeyRing.load(path) == after
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [file.name for file in path.parent.iterdir()] == [path.name]


def test_rotation_can_change_the_suite():
    assert KeyRing.generate(AES).rotate(SM4).current.suite == SM4


def test_an_unknown_suite_is_refused():
    with pytest.raises(KeyFileError, match="aes-256-gcm, sm4-gcm"):
        KeyRing.generate("rot13")


def test_nothing_secret_in_repr():
    ring = KeyRing.generate()
    shown = repr(ring) + repr(ring.current) + str(ring)
    assert "material" not in shown
    for secret in secrets_of(ring):
        assert repr(secret)[2:-1] not in shown


def test_the_current_ring_is_handed_over(no_ring):
    with pytest.raises(NoKeys, match="keys.use"):
        keys.current()
    ring = KeyRing.generate()
    keys.use(ring)
    assert keys.current() is ring


def test_codes_are_signed_with_the_youngest_key_that_is_not_retired(path):
    first = KeyRing.create(path)
    both = first.with_new_venue_key()
    old, young = first.venue_current, both.venue_current
    assert old.id != young.id
    assert old.public.public_bytes_raw() != young.public.public_bytes_raw()
    back = both.with_venue_key_retired(young.id, at=1_600_000_000)
    assert back.venue_current == old
    assert KeyRing.load(path) == back
    with pytest.raises(NoKeys, match="venue-keys new"):
        _ = back.with_venue_key_retired(old.id, at=1_600_000_000).venue_current


def test_a_retirement_is_never_put_off():
    ring = KeyRing.generate()
    key = ring.venue_current.id
    once = ring.with_venue_key_retired(key, at=100)
    assert once.with_venue_key_retired(key, at=200).venue[key].retired_at == 100
    assert once.with_venue_key_retired(key, at=50).venue[key].retired_at == 50
    with pytest.raises(LookupError, match="no venue key"):
        ring.with_venue_key_retired("00000000", at=1)


def test_only_the_key_that_signed_knows_its_signature():
    one, other = KeyRing.generate().venue_current, KeyRing.generate().venue_current
    assert one.signed(b"message", one.sign(b"message"))
    assert not one.signed(b"massage", one.sign(b"message"))
    assert not other.signed(b"message", one.sign(b"message"))
    assert not one.signed(b"message", b"short")


def test_a_file_from_before_venue_codes_opens_without_their_keys(path):
    KeyRing.create(path)
    document = json.loads(path.read_text())
    del document["venue"]
    path.write_text(json.dumps(document))
    ring = KeyRing.load(path)
    assert ring.venue == {}
    assert KeyRing.load(path).with_new_venue_key().venue_current


@pytest.mark.parametrize("wrong", [{"made_at": "now"}, {"retired_at": "then"}, {"key": "AAAA"}])
def test_a_damaged_venue_key_is_a_damaged_file(path, wrong):
    key = KeyRing.create(path).venue_current
    document = json.loads(path.read_text())
    document["venue"][key.id].update(wrong)
    path.write_text(json.dumps(document))
    with pytest.raises(KeyFileError, match="not a key file"):
        KeyRing.load(path)


def test_a_ring_in_use_is_read_again_when_its_file_is_replaced(path, no_ring):
    ring = KeyRing.create(path)
    keys.use(ring)
    assert keys.refreshed() is ring
    retired = ring.with_venue_key_retired(ring.venue_current.id, at=5)
    assert keys.refreshed() == retired
    assert keys.refreshed() is keys.current()


def test_a_ring_goes_on_while_its_file_is_away_or_damaged(path, no_ring):
    ring = KeyRing.create(path)
    keys.use(ring)
    path.write_text("{")
    assert keys.refreshed() is ring
    path.unlink()
    assert keys.refreshed() is ring
    keys.use(KeyRing.generate())
    assert keys.refreshed() is keys.current()


def test_a_ring_is_kept_for_another_installation_and_overwrites_nothing(tmp_path):
    ring, other = KeyRing.generate(), tmp_path / "copy.keys.json"
    kept = keys.keep(ring, other)
    assert kept.path == other and stat.S_IMODE(other.stat().st_mode) == 0o600
    before = other.read_bytes()
    with pytest.raises(KeyFileError, match="Nothing was written"):
        keys.keep(KeyRing.generate(), other)
    assert other.read_bytes() == before
