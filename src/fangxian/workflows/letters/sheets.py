"""Letters that come as spreadsheets: columns in any order and under any of their names, titles above the heading,
GB18030 text, old workbooks. And answers that come back the same way.

The heading is the first row in which at least two known columns are named; what stands above it is the letter's title.
Every row is accounted for: taken, twice in the sheet, blank, or refused with the reason.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from fangxian.core import identity
from fangxian.core.identity import InvalidIdentifier
from fangxian.registers import sheets
from fangxian.registers.ledger import Ledger
from fangxian.workflows.letters.routing import Stated
from fangxian.workflows.linelists import cells

#: what a column may be, and how its heading is written (bare: small letters, no blanks or signs)
COLUMNS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "密接姓名", "人员姓名", "被协查人姓名", "被协查人", "协查对象", "name", "fullname"),
    "id_number": (
        "身份证号", "身份证号码", "证件号码", "证件号", "身份证", "公民身份号码", "身份证件号码", "idnumber", "id",
    ),
    "phone": ("联系电话", "电话", "手机号", "手机号码", "手机", "联系方式", "本人电话", "phone", "mobile", "telephone"),
    "address": (
        "现住址", "住址", "居住地址", "家庭住址", "详细地址", "现住地址", "地址", "目前所在地", "户籍地址", "address",
    ),
    "sex": ("性别", "sex", "gender"),
    "ring": ("接触类型", "密接类型", "人员类别", "类别", "密接次密接", "contacttype", "ring", "kind"),
    "last_contact_at": (
        "末次接触时间", "最后接触时间", "末次接触日期", "接触时间", "末次暴露时间", "lastcontact", "dateoflastcontact",
    ),
    "note": ("备注", "接触方式", "接触情况", "接触地点", "情况说明", "note", "remark", "remarks"),
    "number": ("序号", "编号", "no", "number"),
    "result": ("核查结果", "协查结果", "排查结果", "反馈结果", "是否找到", "结果", "result"),
    "isolated_since": ("隔离时间", "隔离日期", "集中隔离时间", "管控时间", "开始隔离时间", "quarantinedsince"),
    "tested_at": ("采样时间", "检测时间", "核酸采样时间", "testedat"),
    "test_result": ("检测结果", "核酸结果", "核酸检测结果", "testresult"),
}  # fmt: skip
RINGS = {
    **dict.fromkeys(("密接", "密切接触者", "密", "close", "closecontact"), "CLOSE"),
    **dict.fromkeys(("次密接", "密接的密接", "次密", "secondary", "secondarycontact"), "SECONDARY"),
    **dict.fromkeys(("一般接触者", "一般接触", "时空伴随", "general", "generalcontact"), "GENERAL"),
}
RESULTS = {
    **dict.fromkeys(("找到", "已找到", "是", "已落实", "已管控", "在", "found", "yes"), "FOUND"),
    **dict.fromkeys(("未找到", "查无此人", "否", "不在", "失联", "notfound", "no"), "NOT_FOUND"),
    **dict.fromkeys(("转出", "已转出", "已转办", "外地", "transferred"), "TRANSFERRED"),
}
TESTS = {
    **dict.fromkeys(("阴性", "阴", "negative", "-"), "NEGATIVE"),
    **dict.fromkeys(("阳性", "阳", "positive", "+"), "POSITIVE"),
}
HEADING_WITHIN, LEAST = 12, 2


@dataclass
class Sheet:
    """What a sheet says: its title, which column was taken for what, the people, what they are answered, the ledger."""

    title: str
    columns: dict[str, str]
    people: list[Stated] = field(default_factory=list)
    told: list[dict[str, Any]] = field(default_factory=list)
    ledger: Ledger = field(default_factory=Ledger)


def read(content: bytes) -> Sheet:
    """A sheet of people; raises `ValidationError` saying what to do when it cannot be read or names nobody."""
    rows = sheets.raw(content)
    at, found = _heading(rows)
    headings = [_text(cell) for cell in rows[at]]
    title = " ".join(dict.fromkeys(_text(cell) for row in rows[:at] for cell in row if _text(cell)))
    sheet = Sheet(title[:300], {part: headings[index] for part, index in found.items()})
    seen: dict[tuple[str, ...], int] = {}
    for number, row in enumerate(rows[at + 1 :], start=at + 2):
        _take(sheet, number, row, found, seen)
    return sheet


def _heading(rows: Sequence[Sequence[Any]]) -> tuple[int, dict[str, int]]:
    best: tuple[int, dict[str, int]] = (0, {})
    for at, row in enumerate(rows[:HEADING_WITHIN]):
        found = _columns(row)
        if len(found) > len(best[1]):
            best = (at, found)
    if len(best[1]) < LEAST or "name" not in best[1]:
        raise ValidationError(_("No row names the columns: one must have the name and something to find people by."))
    return best


def _columns(row: Iterable[Any]) -> dict[str, int]:
    bare = [re.sub(r"[\W_]+|（.*?）|\(.*?\)", "", _text(cell).casefold()) for cell in row]
    found: dict[str, int] = {}
    for part, spellings in COLUMNS.items():
        index = next((bare.index(word) for word in spellings if word in bare), None)
        if index is not None and index not in found.values():
            found[part] = index
    return found


def _take(sheet: Sheet, number: int, row: Sequence[Any], found: dict[str, int], seen: dict) -> None:
    ledger = sheet.ledger
    ledger.rows += 1
    said = {part: row[index] for part, index in found.items() if index < len(row)}
    words = {part: _text(cell) for part, cell in said.items()}
    if not any(words[part] for part in words if part != "number"):
        ledger.blank += 1
        return
    reasons = _reasons(words)
    if reasons:
        ledger.reject(number, list(row), reasons)
        return
    key = (words["name"], words.get("id_number", ""), words.get("phone", ""), words.get("address", ""))
    if key in seen:
        ledger.duplicate += 1
        return
    seen[key] = number
    ledger.inserted += 1
    sheet.people.append(_stated(words, said))
    sheet.told.append(_told(words, said))


def _reasons(words: dict[str, str]) -> dict[str, str]:
    if not words.get("name"):
        return {"name": _("There is no name.")}
    if not any(words.get(part) for part in ("id_number", "phone", "address")):
        return {"id_number": _("Nothing to find this person by: neither number nor phone nor address.")}
    return {}


def _stated(words: dict[str, str], said: dict[str, Any]) -> Stated:
    number, kind, doubt = _number(words.get("id_number", ""))
    sex = {"男": "MALE", "女": "FEMALE", "male": "MALE", "female": "FEMALE"}.get(
        words.get("sex", "").casefold(), "UNKNOWN"
    )
    note = "; ".join(filter(None, (words.get("note", ""), doubt)))
    return Stated(
        name=words["name"], sex=sex, id_type=kind, id_number=number, phone=_phone(words.get("phone", "")),
        address=words.get("address", ""), ring=RINGS.get(_bare(words.get("ring", "")), ""),
        last_contact_at=_moment(said.get("last_contact_at")), note=note,
    )  # fmt: skip


def _told(words: dict[str, str], said: dict[str, Any]) -> dict[str, Any]:
    """What an answer says about the person; empty for a sheet that asks."""
    told: dict[str, Any] = {}
    if result := RESULTS.get(_bare(words.get("result", ""))):
        told["result"] = result
    for part in ("isolated_since", "tested_at"):
        if moment := _moment(said.get(part)):
            told[part] = moment
            told.setdefault("result", "FOUND")
    if test := TESTS.get(_bare(words.get("test_result", "")) or words.get("test_result", "")):
        told["test_result"] = test
    if told and words.get("note"):
        told["result_note"] = words["note"][:200]
    return told


def _number(text: str) -> tuple[str, str, str]:
    """The number in one spelling, the kind of paper, and a doubt: a number that does not check is kept as written."""
    if not text:
        return "", "NONE", ""
    try:
        return identity.resident_id(text).number, "RESIDENT", ""
    except InvalidIdentifier as error:
        if re.fullmatch(r"[A-Za-z][A-Za-z0-9]{5,11}", text):
            return text.upper(), "PASSPORT", ""
        return text, "RESIDENT", str(error.reason)


def _phone(text: str) -> str:
    try:
        return identity.phone(text).number if text else ""
    except InvalidIdentifier:
        return text


def _moment(cell: Any) -> datetime | None:
    try:
        return cells.midnight(cells.day(cell))
    except ValidationError:
        return None


def _text(cell: Any) -> str:
    return cells.text(cell) or ""


def _bare(text: str) -> str:
    return re.sub(r"[\s_]+", "", text.casefold())
