"""A kept report as papers: Word, PDF, and a JSON file beside them for machines. Drawn from what was frozen.

What is drawn says which edition it is, who signed it and the fingerprint of its content: a paper whose fingerprint is
not that of the record was not made from it.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from fangxian.core.clock import shown
from fangxian.systems.situation.reporting_models import IssuedReport
from fangxian.workflows.letters.papers import FONTS

TEMPLATE = Path(__file__).parent / "report.typ"
LANGUAGES = {"zh": "zh-hans", "en": "en"}
FORMS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document", "pdf": "application/pdf",
    "json": "application/json",
}  # fmt: skip


@dataclass(frozen=True)
class Paper:
    """A file to be handed out."""

    name: str
    content: bytes
    kind: str


def tongue_of(language: str = "") -> str:
    """`zh` or `en`, from a language tag or the language in force."""
    return "zh" if (language or get_language() or "zh").casefold().startswith("zh") else "en"


def draw(said: dict[str, Any], form: str, name: str) -> Paper:
    """One paper of what `framed` says. Raises `ValidationError` where this server has no font for it."""
    return Paper(f"{name}.{form}", {"docx": _docx, "pdf": _pdf}[form](said), FORMS[form])


def paper(report: IssuedReport, form: str, language: str = "") -> Paper:
    """One paper of a report: docx, pdf, or the JSON with every figure and its query."""
    tongue = tongue_of(language)
    name = name_of(report) if form == "json" else f"{name_of(report)}-{tongue}"
    if form == "json":
        return Paper(f"{name}.json", json.dumps(sidecar(report), ensure_ascii=False, indent=1).encode(), FORMS[form])
    with override(LANGUAGES[tongue]):
        return draw(framed(report), form, name)


def name_of(report: IssuedReport) -> str:
    """A file name that says whose report of which days it is, in which edition."""
    days = f"{report.starts_on}" if report.starts_on == report.ends_on else f"{report.starts_on}_{report.ends_on}"
    return f"{report.area_id}-{report.kind.lower()}-{days}-{report.edition}"


def framed(report: IssuedReport) -> dict[str, Any]:
    """What a paper of a report says, in the language in force: the kept document, its number and signatures."""
    said = report.said[tongue_of()]
    return frame(said, date=report.as_of, number=numbered(report), mark=_mark(report), foot=_foot(report),
                 footer=_("Fingerprint %(digest)s") % {"digest": report.digest[:16]})  # fmt: skip


def frame(said: dict[str, Any], *, date: datetime, number: str = "", mark: str = "", foot: list[str] | None = None,
          footer: str = "") -> dict[str, Any]:  # fmt: skip
    """A document with what stands around its blocks."""
    as_of = shown(date)
    return {
        **said, "number": number, "date": _("As of %(at)s") % {"at": as_of}, "mark": mark, "foot": foot or [],
        "footer": footer,
    }  # fmt: skip


def numbered(report: IssuedReport) -> str:
    """No. 12 of 2022, and which edition where it is not the first."""
    said = _("No. %(number)s of %(year)s") % {"number": report.number, "year": report.year}
    return f"{said} · {_('edition %(edition)s') % {'edition': report.edition}}" if report.edition > 1 else said


def sidecar(report: IssuedReport) -> dict[str, Any]:
    """The report for machines: whose, of when, in which state, every figure with its query, and both wordings."""
    return {
        "id": str(report.pk), "area": report.area_id, "kind": report.kind, "starts_on": str(report.starts_on),
        "ends_on": str(report.ends_on), "as_of": report.as_of.isoformat(), "number": report.number,
        "year": report.year, "edition": report.edition, "state": report.state, "correction": report.correction,
        "digest": report.digest, "facts": report.facts, "said": report.said,
    }  # fmt: skip


def _mark(report: IssuedReport) -> str:
    if report.state in IssuedReport.OPEN:
        return _("Draft: not issued")
    if report.state == IssuedReport.State.REPLACED:
        return _("Replaced by a correction")
    return _("Correction: %(why)s") % {"why": report.correction} if report.correction else ""


def _foot(report: IssuedReport) -> list[str]:
    signed = ((_("Signed by: %(who)s, %(at)s"), report.signed_by, report.signed_at),
              (_("Second signature: %(who)s, %(at)s"), report.second_by, report.second_at))  # fmt: skip
    return [words % {"who": who, "at": shown(at)} for words, who, at in signed if at]


def _docx(said: dict[str, Any]) -> bytes:
    from fangxian.workflows.reporting import word  # what writes Word loads slowly

    return word.write(said)


def _pdf(said: dict[str, Any]) -> bytes:
    import typst  # eighty megabytes that only who prints needs

    known = {family.casefold() for family in typst.Fonts(include_system_fonts=True).families()}
    fonts = [family for family in FONTS if family.casefold() in known]
    if not fonts:
        raise ValidationError(
            _("There is no Chinese font on this server, so the PDF would be unreadable. Take the Word paper, or "
              "install one (fonts-wqy-microhei or fonts-noto-cjk).")
        )  # fmt: skip
    inputs = {"said": json.dumps({**said, "fonts": fonts}, ensure_ascii=False)}
    return bytes(typst.compile(TEMPLATE, format="pdf", sys_inputs=inputs))
