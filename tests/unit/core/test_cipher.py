"""Encrypted fields and the blind index, in both suites."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fangxian.core import cipher, keys
from fangxian.core.keys import AES, SM4, KeyRing

FIELD = "people.person.id_number"
CANARY = "410883199001011237"


@pytest.fixture(params=[AES, SM4])
def ring(request):
    return KeyRing.generate(request.param)


@given(plain=st.text(), suite=st.sampled_from([AES, SM4]))
def test_what_goes_in_comes_out(plain, suite):
    ring = KeyRing.generate(suite)
    assert cipher.decrypt(cipher.encrypt(plain, aad=FIELD, ring=ring), aad=FIELD, ring=ring) == plain


def test_a_value_names_its_suite_and_key_and_hides_the_rest(ring):
    stored = cipher.encrypt(CANARY, aad=FIELD, ring=ring)
    assert stored.startswith(f"fx1:{ring.current.suite}:{ring.current_id}:")
    assert CANARY not in stored
    assert CANARY.encode() not in base64.b64decode(stored.rpartition(":")[2])
    assert stored != cipher.encrypt(CANARY, aad=FIELD, ring=ring)


def flip(stored, position):
    head, _, text = stored.rpartition(":")
    body = bytearray(base64.b64decode(text))
    body[position] ^= 1
    return f"{head}:{base64.b64encode(body).decode()}"


DAMAGE = [
    ("nonce changed", lambda s: flip(s, 0), "was changed"),
    ("text changed", lambda s: flip(s, 12), "was changed"),
    ("tag changed", lambda s: flip(s, -1), "was changed"),
    ("cut off", lambda s: s[: s.rindex(":") + 9], "cut off"),
    ("not base64", lambda s: s[: s.rindex(":")] + ":?", "cut off"),
    ("other magic", lambda s: s.replace("fx1", "fx9"), "not an encrypted value"),
    ("plain text", lambda s: CANARY, "not an encrypted value"),
    ("other suite", lambda s: s.replace("gcm", "gcm2"), "not in the key file"),
]


@pytest.mark.parametrize(("damage", "reason"), [row[1:] for row in DAMAGE], ids=[row[0] for row in DAMAGE])
def test_a_damaged_value_does_not_open_and_is_not_quoted(ring, damage, reason):
    stored = damage(cipher.encrypt(CANARY, aad=FIELD, ring=ring))
    with pytest.raises(cipher.CannotDecrypt, match=reason) as refusal:
        cipher.decrypt(stored, aad=FIELD, ring=ring)
    assert FIELD in str(refusal.value)
    assert CANARY not in str(refusal.value)


def test_a_value_moved_to_another_field_does_not_open(ring):
    stored = cipher.encrypt(CANARY, aad=FIELD, ring=ring)
    with pytest.raises(cipher.CannotDecrypt, match="another field"):
        cipher.decrypt(stored, aad="people.person.phone", ring=ring)


def test_another_installation_cannot_open_it(ring):
    stored = cipher.encrypt(CANARY, aad=FIELD, ring=ring)
    with pytest.raises(cipher.CannotDecrypt, match=f"key {ring.current_id}"):
        cipher.decrypt(stored, aad=FIELD, ring=KeyRing.generate())


@pytest.mark.parametrize("suite", [AES, SM4])
def test_after_a_rotation_old_values_open_and_new_ones_use_the_new_key(ring, suite):
    old = cipher.encrypt(CANARY, aad=FIELD, ring=ring)
    rotated = ring.rotate(suite)
    new = cipher.encrypt(CANARY, aad=FIELD, ring=rotated)
    assert cipher.decrypt(old, aad=FIELD, ring=rotated) == cipher.decrypt(new, aad=FIELD, ring=rotated) == CANARY
    assert cipher.is_current(old, ring=ring)
    assert not cipher.is_current(old, ring=rotated)
    assert cipher.is_current(new, ring=rotated)


def test_blind_index_spec(ring):
    index = cipher.blind_index(FIELD, CANARY, ring=ring)
    assert len(index) == 32
    assert int(index, 16) >= 0
    assert index == cipher.blind_index(FIELD, CANARY, ring=ring)
    assert index == cipher.blind_index(FIELD, CANARY, ring=ring.rotate()), "a rotation must not lose the index"
    assert index != cipher.blind_index("people.person.phone", CANARY, ring=ring)
    assert index != cipher.blind_index(FIELD, CANARY[:-1], ring=ring)
    assert index != cipher.blind_index(FIELD, CANARY, ring=KeyRing.generate(ring.current.suite))


def test_the_ring_of_the_process_is_used(ring):
    before = keys._current
    keys.use(ring)
    try:
        stored = cipher.encrypt(CANARY, aad=FIELD)
        assert cipher.decrypt(stored, aad=FIELD) == CANARY
        assert cipher.is_current(stored)
        assert cipher.blind_index(FIELD, CANARY) == cipher.blind_index(FIELD, CANARY, ring=ring)
    finally:
        keys.use(before)


def test_sm4_gcm_known_answer():
    """RFC 8998, appendix A.1."""
    key = bytes.fromhex("0123456789ABCDEFFEDCBA9876543210")
    nonce = bytes.fromhex("00001234567800000000ABCD")
    aad = bytes.fromhex("FEEDFACEDEADBEEFFEEDFACEDEADBEEFABADDAD2")
    plain = b"".join(bytes([value]) * 8 for value in (0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0xEE, 0xAA))
    sealed = cipher._seal_sm4(key, nonce, plain, aad)
    assert sealed.hex().startswith("17f399f08c67d5ee19d0dc9969c4bb7d")
    assert sealed[-16:].hex() == "83de3541e4c2b58177e065a9bf7b62ec"
    assert cipher._open_sm4(key, nonce, sealed, aad) == plain


@given(plain=st.binary(), suite=st.sampled_from([AES, SM4]))
def test_a_file_goes_in_and_comes_out(plain, suite):
    ring = KeyRing.generate(suite)
    sealed = cipher.seal(plain, aad=FIELD, ring=ring)
    assert sealed.startswith(f"fx1:{suite}:{ring.current_id}:".encode())
    assert cipher.unseal(sealed, aad=FIELD, ring=ring) == plain


@pytest.mark.parametrize("damage", [lambda it: it[:-1], lambda it: b"", lambda it: b"fx1:" + it, lambda it: it[:30]])
def test_a_damaged_file_does_not_open(ring, damage):
    sealed = cipher.seal(CANARY.encode(), aad=FIELD, ring=ring)
    with pytest.raises(cipher.CannotDecrypt):
        cipher.unseal(damage(sealed), aad=FIELD, ring=ring)
