"""Codes by which somebody without an account asks what became of it: made from a ticket, kept as a fingerprint.

The form carries a random ticket. The code follows from it under the installation's key, so a phone that lost the answer
and sends again is shown the same code, and neither the store nor whoever knows a record's id can tell it.
"""

import secrets

from fangxian.core import cipher, keys

#: no 0/O, 1/I/L: the code is read out over the phone
LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
LENGTH = 10
TICKET_BYTES, TICKET_MOST = 18, 64


def new() -> str:
    """A ticket for one sending of a form."""
    return secrets.token_urlsafe(TICKET_BYTES)


def code_of(ticket: str) -> str:
    """The code of a ticket, ten letters."""
    number = int(_print("ticket", ticket[:TICKET_MOST]), 16)
    letters = []
    for _place in range(LENGTH):
        number, rest = divmod(number, len(LETTERS))
        letters.append(LETTERS[rest])
    return "".join(letters)


def index_of(code: str) -> str:
    """The fingerprint under which a record of this code is found; blanks, dashes and small letters do not matter."""
    return _print("code", "".join(letter for letter in code.upper() if letter in LETTERS))


def _print(what: str, text: str) -> str:
    return cipher.blind_index(f"community.{what}", text, ring=keys.current())
