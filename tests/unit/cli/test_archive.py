"""The sealed file of a backup: opens with its key alone, and not at all when a bit is changed or the end is cut."""

import io

import pytest

from fangxian.core.keys import KeyRing
from fangxian.faces.cli import archive
from fangxian.faces.cli.output import Problem

RING = KeyRing.generate()


def sealed(content: bytes) -> bytes:
    class Kept(io.BytesIO):
        def fileno(self) -> int:
            return 1

    file = Kept()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(archive.os, "fsync", lambda _handle: None)
        into = archive.Sealed(file, RING)
        into.write(content)
        into.close()
    return file.getvalue()


def opened(content: bytes, ring: KeyRing = RING) -> bytes:
    return b"".join(archive.unsealed(io.BytesIO(content), ring))


@pytest.mark.parametrize("length", [0, 1, archive.FRAME - 1, archive.FRAME, archive.FRAME + 1, 3 * archive.FRAME])
def test_what_goes_in_comes_out(length) -> None:
    assert opened(sealed(b"x" * length)) == b"x" * length


def test_the_content_is_not_readable() -> None:
    assert b"secret name" not in sealed(b"secret name" * 100)


def test_another_key_does_not_open_it() -> None:
    with pytest.raises(Problem, match="its key is not"):
        opened(sealed(b"x"), KeyRing.generate())


def test_an_older_key_still_opens_it() -> None:
    assert opened(sealed(b"x"), RING.rotate()) == b"x"


@pytest.mark.parametrize("cut", [1, 5, 20, archive.FRAME + 21, archive.FRAME + 30])
def test_a_cut_file_does_not_open(cut) -> None:
    with pytest.raises(Problem, match="damaged or cut"):
        opened(sealed(b"x" * 2 * archive.FRAME)[:-cut])


@pytest.mark.parametrize("place", [40, 44, 60, -1])
def test_a_changed_bit_is_noticed(place) -> None:
    content = bytearray(sealed(b"x" * 1000))
    content[place] ^= 1
    with pytest.raises(Problem):
        opened(bytes(content))


def test_something_else_is_not_a_backup() -> None:
    with pytest.raises(Problem, match="not a backup"):
        opened(b"PK\x03\x04")
