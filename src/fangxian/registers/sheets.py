"""Sheets in and out: xlsx, xls, ods and text in UTF-8 or GB18030, with or without a byte order mark.

What goes out is inert: no cell is a live formula, and long numbers are text.
"""

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import python_calamine
import xlsxwriter
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

PACKED_LIMIT, UNPACKED_LIMIT, RATIO_LIMIT = 20 * 2**20, 200 * 2**20, 100
XLSX_ROWS = 1_048_576
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠", "|", "%")
ZIP, OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
TEXTS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))


@dataclass
class Table:
    """Headings and rows of one sheet; rows are numbered as the person sees them (the heading is row 1)."""

    headings: list[str]
    rows: list[list[Any]]

    def numbered(self) -> Iterator[tuple[int, list[Any]]]:
        """Rows with their number in the sheet."""
        return enumerate(self.rows, start=2)


def read(content: bytes) -> Table:
    """The first sheet of a file; raises `ValidationError` saying what to do when it cannot be read."""
    rows = raw(content)
    if not rows or not any(str(cell).strip() for cell in rows[0]):
        raise ValidationError(_("The first row must hold the column headings."))
    return Table([str(cell).strip() for cell in rows[0]], rows[1:])


def raw(content: bytes) -> list[list[Any]]:
    """All rows of the first sheet as they come, whatever stands above the headings; raises as `read` does."""
    if len(content) > PACKED_LIMIT:
        raise ValidationError(_("The file is larger than 20 MB: split it."))
    if content.startswith(ZIP):
        _refuse_bomb(content)
    return _workbook(content) if content.startswith((ZIP, OLE)) else _text(content)


def _refuse_bomb(content: bytes) -> None:
    try:
        sizes = [(info.file_size, info.compress_size) for info in zipfile.ZipFile(io.BytesIO(content)).infolist()]
    except zipfile.BadZipFile as error:
        raise ValidationError(_("The file is damaged. Save it again as .xlsx or .csv.")) from error
    unpacked, packed = sum(size for size, _n in sizes), sum(size for _n, size in sizes)
    if unpacked > UNPACKED_LIMIT or unpacked > RATIO_LIMIT * max(packed, 1):
        raise ValidationError(_("The file unpacks to more than 200 MB: split it."))


def _workbook(content: bytes) -> list[list[Any]]:
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        return book.get_sheet_by_index(0).to_python(skip_empty_area=False)
    except (python_calamine.CalamineError, ValueError, IndexError) as error:
        raise ValidationError(_("This workbook cannot be read. Save it again as .xlsx or .csv.")) from error


def _text(content: bytes) -> list[list[str]]:
    text = _decode(content)
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t，", key=first.count)
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter))


def _decode(content: bytes) -> str:
    for encoding, mark in TEXTS:
        if content.startswith(mark):
            return content.decode(encoding, errors="strict")
    for encoding in ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValidationError(_("The text is neither UTF-8 nor GB18030. Save it again as “CSV UTF-8”."))


def inert(value: Any) -> Any:
    """A value that no spreadsheet takes for a formula; still readable."""
    if isinstance(value, str) and value.lstrip(" \u00a0\u3000\u200b\ufeff").startswith(FORMULA):
        return f"'{value}"
    return value


def write_csv(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> Iterator[str]:
    """CSV text piece by piece, with the mark Excel needs to see UTF-8."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([inert(cell) for cell in headings])
    yield _drain(buffer)
    for row in rows:
        writer.writerow([inert(_plain(cell)) for cell in row])
        yield _drain(buffer)


def write_xlsx(headings: Iterable[str], rows: Iterable[Iterable[Any]]) -> bytes:
    """A workbook of one sheet in which every cell is text; refuses what a sheet cannot hold rather than cutting it."""
    buffer = io.BytesIO()
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    book = xlsxwriter.Workbook(buffer, options)
    sheet = book.add_worksheet()
    for number, row in enumerate((list(headings), *rows)):
        if number >= XLSX_ROWS:
            raise ValidationError(_("More rows than a workbook holds: export as CSV."))
        for index, cell in enumerate(row):
            sheet.write_string(number, index, str(inert(_plain(cell))))
    book.close()
    return buffer.getvalue()


def _plain(cell: Any) -> str:
    return "" if cell is None else str(cell)


def _drain(buffer: io.StringIO) -> str:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text
