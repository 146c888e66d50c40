"""A venue code: read back as it was made, and refused whenever anything about it is not as it was made."""

import random
from uuid import UUID, uuid4

import pytest

from fangxian.core.ids import uuid7
from fangxian.core.keys import KeyRing
from fangxian.systems.screening import codes
from fangxian.systems.screening.codes import NotOurs, Reason
from fangxian.systems.screening.plausible import Ground, Seen, doubt

RING = KeyRing.generate()
PLACE = UUID("01900000-0000-7000-8000-000000000001")
DAY = 86_400
FROM, UNTIL = 100 * DAY, 190 * DAY


def made(ring: KeyRing = RING, place: UUID = PLACE) -> str:
    return codes.issue(place, valid_from=FROM, valid_until=UNTIL, ring=ring)


def test_a_code_says_what_was_signed():
    assert codes.read(made(), RING) == (RING.venue_current.id, PLACE.bytes, FROM, UNTIL)
    assert made() == made()
    assert codes.digest(made()) != codes.digest(made(place=uuid4()))


def test_a_code_fits_a_small_qr_symbol():
    import segno

    symbol = segno.make(made(), error="m", boost_error=False)
    assert (len(made()), symbol.mode, symbol.version) == (codes.CODE.length, "alphanumeric", 6)


@pytest.mark.parametrize(
    "text", ["", "FXC1:", "fxc1:" + "a" * 148, "FXC1:" + "1" * 148, "FXC1:" + "场" * 148, "A" * 153]
)
def test_other_texts_are_not_ours(text):
    with pytest.raises(NotOurs):
        codes.read(text, RING)


def test_the_code_of_another_installation_is_not_ours():
    with pytest.raises(NotOurs):
        codes.read(made(KeyRing.generate()), RING)


def test_a_code_is_not_ours_when_its_key_id_is_ours_and_its_key_is_not():
    other = KeyRing.generate()
    stolen_name = KeyRing.generate().venue_current.__class__(RING.venue_current.id, other.venue_current.seed)
    forger = other.__class__(**{**other.__dict__, "venue": {stolen_name.id: stolen_name}})
    with pytest.raises(NotOurs):
        codes.read(made(forger), RING)


def test_no_changed_letter_passes():
    """Every letter, with every other letter in its place would be 4,588 signatures: one other for each is enough."""
    text, dice = made(), random.Random(0)
    for index in range(len(codes.PREFIX), len(text)):
        other = dice.choice([letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != text[index]])
        with pytest.raises(NotOurs):
            codes.read(text[:index] + other + text[index + 1 :], RING)


def test_the_spare_bits_of_the_last_letter_count():
    """Base32 decoders drop them: the same bytes under another text would be the same code twice."""
    text = made()
    twin = next(text[:-1] + letter for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567" if letter != text[-1])
    with pytest.raises(NotOurs):
        codes.read(twin, RING)


def test_a_code_that_never_holds_is_not_made():
    with pytest.raises(ValueError, match="some time"):
        codes.issue(PLACE, valid_from=FROM, valid_until=FROM, ring=RING)


# --- what becomes of a scan of a code that is ours ---

HERE, NEXT_COUNTY, ZONE, TOWN_IN_ZONE = "410883001", "410882001", "410871", "410871001"
TERMINAL = frozenset({PLACE.bytes})
OTHER = uuid7()
GROUND = Ground({PLACE.bytes: HERE, OTHER.bytes: TOWN_IN_ZONE}, {ZONE: "4108"}, {})
NOON = FROM + DAY // 2


@pytest.mark.parametrize(
    ("seen", "reason"),
    [
        (Seen(FROM), None),
        (Seen(FROM - 1), Reason.NOT_YET),
        (Seen(UNTIL - 1), None),
        (Seen(UNTIL), Reason.EXPIRED),
        (Seen(NOON, area="410883"), None),
        (Seen(NOON, area=HERE), None),
        (Seen(NOON, area="410883001212"), None),
        (Seen(NOON, area="410883002"), Reason.ELSEWHERE),
        (Seen(NOON, area=NEXT_COUNTY), Reason.ELSEWHERE),
        (Seen(NOON, area=ZONE), None),
        (Seen(NOON, area="420100"), Reason.ELSEWHERE),
        (Seen(NOON, places=TERMINAL), None),
        (Seen(NOON, area=NEXT_COUNTY, places=TERMINAL), None),
        (Seen(NOON, places=frozenset({OTHER.bytes})), Reason.ELSEWHERE),
        (Seen(NOON, named=PLACE.hex), None),
        (Seen(NOON, named=OTHER.hex), Reason.ELSEWHERE),
    ],
)
def test_a_scan_is_doubted_by_time_and_place(seen, reason):
    assert _doubt(seen) == reason


def _doubt(seen: Seen, *, ground: Ground = GROUND, place: UUID = PLACE, ring: KeyRing = RING) -> Reason | None:
    text = made(place=place)
    code = codes.read(text, ring)
    return doubt(code, codes.digest(text), seen, ring.venue[code.key_id], ground)


def test_a_functional_zone_is_as_far_as_what_it_was_cut_out_of():
    assert _doubt(Seen(NOON, area="410803"), place=OTHER) is None
    assert _doubt(Seen(NOON, area="420100"), place=OTHER) == Reason.ELSEWHERE


def test_a_place_nobody_knows_is_no_presence():
    assert _doubt(Seen(NOON), place=uuid7()) == Reason.UNKNOWN_PLACE


def test_a_withdrawn_code_counts_until_it_was_withdrawn():
    ground = Ground(GROUND.areas, {}, {codes.digest(made()): NOON})
    assert _doubt(Seen(NOON - 1), ground=ground) is None
    assert _doubt(Seen(NOON), ground=ground) == Reason.WITHDRAWN


@pytest.mark.parametrize(("retired", "reason"), [(NOON + 1, None), (NOON, Reason.RETIRED_KEY), (0, Reason.RETIRED_KEY)])
def test_a_retired_key_ends_its_codes(retired, reason):
    ring = RING.with_venue_key_retired(RING.venue_current.id, at=retired)
    assert _doubt(Seen(NOON), ring=ring) == reason


def test_a_code_signed_for_after_the_retirement_never_counts():
    """Who holds a retired key can sign any validity; a scan dated back does not help him."""
    ring = RING.with_venue_key_retired(RING.venue_current.id, at=FROM)
    assert _doubt(Seen(FROM - 5), ring=ring) == Reason.RETIRED_KEY
