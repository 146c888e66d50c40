"""A resident's photo without its hidden marks: where it was taken, when, by which camera, small earlier pictures of it.

Only what draws the picture is kept; everything else, known or not, is left out.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

JPEG, PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
#: segments of a JPEG that draw it: frames, tables, restart interval, and the two that say how colours are kept
_FRAMES = {*range(0xC0, 0xD0), 0xDB, 0xDD, 0xE0, 0xEE}
_SCAN, _END = 0xDA, 0xD9
#: chunks of a PNG that draw it
_CHUNKS = {b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"sBIT", b"bKGD", b"pHYs"}


def bare(content: bytes) -> tuple[bytes, str]:
    """The picture alone and the ending of its name; raises ValidationError for what is no JPEG or PNG."""
    try:
        if content.startswith(JPEG):
            return _jpeg(content), "jpg"
        if content.startswith(PNG):
            return _png(content), "png"
    except (IndexError, ValueError):
        pass
    raise ValidationError({"photos": _("Choose photos (JPEG or PNG).")})


def _jpeg(content: bytes) -> bytes:
    kept, at = [JPEG], 2
    while True:
        if content[at] != 0xFF:
            raise ValueError
        kind = content[at + 1]
        if kind == _END:
            return b"".join([*kept, b"\xff\xd9"])  # what follows the end is no picture
        length = int.from_bytes(content[at + 2 : at + 4])
        if length < 2 or at + 2 + length > len(content):
            raise ValueError
        end = at + 2 + length
        if kind == _SCAN:
            end = _end_of_scan(content, end)
        if kind in _FRAMES or kind == _SCAN:
            kept.append(content[at:end])
        at = end


def _end_of_scan(content: bytes, at: int) -> int:
    """Where the drawn lines end: at the first marker that is neither an escaped byte nor a restart."""
    while (at := content.index(b"\xff", at)) + 1 < len(content):
        if content[at + 1] == 0xFF:
            at += 1
        elif content[at + 1] == 0 or 0xD0 <= content[at + 1] <= 0xD7:
            at += 2
        else:
            return at
    raise ValueError


def _png(content: bytes) -> bytes:
    kept, at = [PNG], len(PNG)
    while at < len(content):
        length, kind = int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
        end = at + 12 + length
        if end > len(content):
            raise ValueError
        if kind in _CHUNKS:
            kept.append(content[at:end])
        if kind == b"IEND":
            return b"".join(kept)
        at = end
    raise ValueError
