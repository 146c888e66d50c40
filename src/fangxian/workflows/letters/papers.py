"""A letter as a paper: Word, PDF and a sheet; one a receiver, with a numbered table and a code for the acknowledgement.

Personal values are masked unless they are asked for with a reason; both are audited, since what is on paper is out of
our hands. The receiver reads the code back (by phone, fax or on the reply): whoever says it has this very paper.
"""

import hashlib
import hmac
import io
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import segno
from django.core.exceptions import ValidationError
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from fangxian.core import audit, diseases, keys
from fangxian.core.clock import shown
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.registers import sheets
from fangxian.systems.letters import selectors as letters
from fangxian.systems.letters.models import Letter, LetterItem

TEMPLATE = Path(__file__).parent / "letter.typ"
FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}  # fmt: skip
LANGUAGES = ("zh-hans", "en")
FONTS = (
    "Noto Serif CJK SC", "Source Han Serif SC", "SimSun", "FangSong", "Noto Sans CJK SC", "Source Han Sans SC",
    "WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Microsoft YaHei",
)  # fmt: skip
CODE_DIGITS = 8


@dataclass(frozen=True)
class Paper:
    """A file to be handed out."""

    name: str
    content: bytes
    kind: str


@dataclass(frozen=True)
class Text:
    """Everything a paper says, in one language: heading, facts, body, table, foot; `code` is to be read back."""

    title: str
    number: str
    to: str
    body: list[str]
    headings: list[str]
    rows: list[list[str]]
    foot: list[str]
    code: str
    mark: str
    confidential: str


def paper(letter: Letter, form: str, *, by: Officer, language: str = "", full_because: str = "") -> Paper:
    """One paper of a letter (or of our answer): `form` is docx, pdf or xlsx. With a reason, nothing is masked."""
    reason = stated(full_because)[:200] if full_because.strip() else ""
    wanted = language if language in LANGUAGES else get_language() or LANGUAGES[0]
    with override(wanted):
        text = _text(letter, list(letters.items_of(letter)), plain=bool(reason))
        content = WRITERS[form](text, wanted)
    detail = {"form": form, "language": wanted, "masked": not reason, "reason": reason, "people": len(text.rows)}
    with audit.act("letters.letter.paper", by=by, area=letter.area, target=letter, detail=detail):
        return Paper(f"{letter.number or 'draft'}.{form}", content, FORMS[form])


def code(letter: Letter) -> str:
    """The code of this edition of a letter, eight digits; only this installation can make or check it."""
    said = f"letter {letter.pk} {letter.revision}".encode()
    digest = hmac.digest(keys.current().index_key, b"letters acknowledgement\0" + said, hashlib.sha256)
    return f"{int.from_bytes(digest[:8], 'big') % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def is_code(letter: Letter, typed: str) -> bool:
    """Whether somebody who reads a code back has the paper of this edition."""
    return hmac.compare_digest(code(letter), "".join(typed.split()))


def _text(letter: Letter, items: Sequence[LetterItem], *, plain: bool) -> Text:
    answering = not letter.is_out
    alive = [row for row in items if not row.is_recalled]
    headings, rows = (_answers if answering else _people)(alive, plain)
    title = _("Answer to a letter of assistance") if answering else _("Letter of assistance")
    return Text(
        title=f"{letter.area.name} {title}", number=letter.number, to=letter.other_name or letter.other_code,
        body=_answer_body(letter, alive) if answering else _ask_body(letter, alive), headings=headings, rows=rows,
        foot=_foot(letter), code=code(letter), mark=_mark(letter),
        confidential=_("Personal data: for this purpose only; keep it, pass it on and destroy it by the law.")
        if plain else _("Numbers, phones and addresses are masked on this copy."),
    )  # fmt: skip


def _ask_body(letter: Letter, items: Sequence[LetterItem]) -> list[str]:
    said = {
        "disease": _disease(letter.disease), "about": letter.about or "–", "count": len(items),
        "reason": letter.reason, "asked": letter.asked_text, "basis": letter.legal_basis,
        "acknowledge": _moment(letter.acknowledge_by), "due": _moment(letter.due_at),
    }  # fmt: skip
    lines = [
        _("In the investigation of %(disease)s (%(about)s) %(count)s people were found who belong to your area: "
          "%(reason)s") % said,
        _("We ask you to: %(asked)s.") % said,
        _("Please acknowledge until %(acknowledge)s and answer until %(due)s.") % said,
    ]  # fmt: skip
    return [*lines, _("Basis: %(basis)s") % said] if letter.legal_basis else lines


def _answer_body(letter: Letter, items: Sequence[LetterItem]) -> list[str]:
    found = sum(row.result == LetterItem.Result.FOUND for row in items)
    said = {
        "number": letter.their_number, "count": len(items), "found": found,
        "missing": sum(row.result == LetterItem.Result.NOT_FOUND for row in items),
        "moved": sum(row.result == LetterItem.Result.TRANSFERRED for row in items),
        "open": sum(not row.result for row in items),
    }  # fmt: skip
    return [
        _("To your letter %(number)s about %(count)s people: %(found)s found, %(missing)s not found, %(moved)s passed "
          "on to other places, %(open)s still looked for.") % said,
    ]  # fmt: skip


def _people(items: Sequence[LetterItem], plain: bool) -> tuple[list[str], list[list[str]]]:
    headings = [_("No."), _("Full name"), _("Sex"), _("Identity number"), _("Phone"), _("Address"), _("Ring"),
                _("Last contact"), _("Note")]  # fmt: skip
    return headings, [
        [str(row.position), row.name, str(row.get_sex_display()), _secret(row.id_number, plain),
         _secret(row.phone, plain), _secret(row.address, plain), str(row.get_ring_display()),
         _moment(row.last_contact_at), row.note]
        for row in items
    ]  # fmt: skip


def _answers(items: Sequence[LetterItem], plain: bool) -> tuple[list[str], list[list[str]]]:
    headings = [_("No."), _("Full name"), _("Identity number"), _("Result of the search"), _("Quarantined since"),
                _("Tested at"), _("Test result"), _("Remark")]  # fmt: skip
    return headings, [
        [str(row.position), row.name, _secret(row.id_number, plain), str(row.get_result_display() or "–"),
         _moment(row.isolated_since), _moment(row.tested_at), _test(row.test_result),
         " ".join(filter(None, (row.moved_to, row.result_note)))]
        for row in items
    ]  # fmt: skip


def _foot(letter: Letter) -> list[str]:
    signed = _("Signed: %(who)s, %(at)s") % {"who": letter.signed_by, "at": _moment(letter.signed_at)}
    sent = _moment(letter.sent_at if letter.is_out else letter.answered_at or letter.acknowledged_at)
    return [str(letter.area.name), *([signed] if letter.signed_by_id else []), sent]


def _mark(letter: Letter) -> str:
    """What the square code says: nothing personal, only which letter, which edition, and the code."""
    return f"FXL1:{letter.pk}:{letter.revision}:{code(letter)}"


def _docx(text: Text, language: str) -> bytes:
    from fangxian.workflows.letters import word  # what writes Word loads slowly

    return word.write(text, _square(text.mark))


def _square(mark: str) -> bytes:
    buffer = io.BytesIO()
    segno.make(mark, error="m").save(buffer, kind="png", scale=6, border=2)
    return buffer.getvalue()


def _pdf(text: Text, language: str) -> bytes:
    import typst  # eighty megabytes that only who prints needs

    known = {family.casefold() for family in typst.Fonts(include_system_fonts=True).families()}
    fonts = [family for family in FONTS if family.casefold() in known]
    if not fonts:
        raise ValidationError(
            _("There is no Chinese font on this server, so the PDF would be unreadable. Take the Word paper, or "
              "install one (fonts-wqy-microhei or fonts-noto-cjk).")
        )  # fmt: skip
    said = {
        **vars(text), "fonts": fonts, "lang": "zh" if language.startswith("zh") else "en",
        "to": _("%(to)s:") % {"to": text.to}, "code": _("Acknowledgement code: %(code)s") % {"code": text.code},
        "square": _drawn(text.mark), "page": _("Page"),
    }  # fmt: skip
    return typst.compile(TEMPLATE, format="pdf", sys_inputs={"said": json.dumps(said, ensure_ascii=False)})


def _drawn(mark: str) -> str:
    buffer = io.BytesIO()
    segno.make(mark, error="m").save(buffer, kind="svg", border=2, xmldecl=False)
    return buffer.getvalue().decode()


def _xlsx(text: Text, language: str) -> bytes:
    return sheets.write_xlsx(text.headings, text.rows)


WRITERS = {"docx": _docx, "pdf": _pdf, "xlsx": _xlsx}


def _secret(value: Any, plain: bool) -> str:
    return (value.reveal() if plain else str(value)) if value else ""


def _moment(at: datetime | None) -> str:
    return shown(at) if at else "–"


def _test(value: str) -> str:
    words = {"NEGATIVE": _("Negative"), "POSITIVE": _("Positive"), "INDETERMINATE": _("Indeterminate")}
    return words.get(value, value)


def _disease(key: str) -> str:
    return diseases.get(key).name(get_language() or "") if key in diseases.KEYS else _("an infectious disease")
