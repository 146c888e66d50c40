"""A document of blocks as a Word paper. Apart from `drawing`, because what writes Word loads slowly."""

import io
from collections.abc import Callable
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

RED = RGBColor(0xA4, 0x16, 0x1A)
GREY = RGBColor(0x55, 0x55, 0x55)


def write(said: dict[str, Any]) -> bytes:
    """A report as a Word file, from what `drawing` says of it; headings are real headings, tables repeat theirs."""
    document = Document()
    _page(document, said)
    _line(document, said["title"], 22, bold=True, colour=RED, centred=True)
    _line(document, "　".join(filter(None, (said["issuer"], said["number"], said["date"]))), 11, centred=True)
    if said["mark"]:
        _line(document, said["mark"], 12, bold=True, colour=RED, centred=True)
    for block in said["blocks"]:
        DRAWN[block["kind"]](document, block, said["tongue"])
    for line in said["foot"]:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    return _packed(document)


def _packed(document: Any) -> bytes:
    """The file itself, with no moment of its packing in it: the same document gives the same file."""
    loose, packed = io.BytesIO(), io.BytesIO()
    document.save(loose)
    with ZipFile(loose) as found, ZipFile(packed, "w", ZIP_DEFLATED) as kept:
        for name in found.namelist():
            kept.writestr(ZipInfo(name), found.read(name), ZIP_DEFLATED)
    return packed.getvalue()


def _page(document: Any, said: dict[str, Any]) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.2)
    section.top_margin = section.bottom_margin = Cm(2)
    for name in ("Normal", "Heading 1"):
        style = document.styles[name]
        style.font.name, style.font.size = "Times New Roman", Pt(11 if name == "Normal" else 14)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), "宋体" if name == "Normal" else "黑体")
    document.styles["Heading 1"].font.color.rgb = RGBColor(0, 0, 0)
    document.core_properties.title, document.core_properties.author = said["title"], said["issuer"]
    footer = section.footer.paragraphs[0]
    footer.text = said["footer"]
    _small(footer, 8)


def _line(document: Any, text: str, size: int, *, bold: bool = False, colour: RGBColor | None = None,
          centred: bool = False) -> None:  # fmt: skip
    paragraph = document.add_paragraph()
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(size)
    if colour is not None:
        run.font.color.rgb = colour
    if centred:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER


def _small(paragraph: Any, size: float) -> None:
    for run in paragraph.runs:
        run.font.size, run.font.color.rgb = Pt(size), GREY


def _heading(document: Any, block: dict[str, Any], tongue: str) -> None:
    document.add_heading(block["text"], level=1)


def _annex(document: Any, block: dict[str, Any], tongue: str) -> None:
    document.add_page_break()
    document.add_heading(block["text"], level=1)


def _text(document: Any, block: dict[str, Any], tongue: str) -> None:
    paragraph = document.add_paragraph(block["text"])
    if tongue == "zh":
        paragraph.paragraph_format.first_line_indent = Cm(0.78)


def _remark(document: Any, block: dict[str, Any], tongue: str) -> None:
    _small(document.add_paragraph(block["text"]), 9)


def _code(document: Any, block: dict[str, Any], tongue: str) -> None:
    _small(document.add_paragraph(block["text"]), 7.5)


def _list(document: Any, block: dict[str, Any], tongue: str) -> None:
    for number, item in enumerate(block["items"], start=1):
        document.add_paragraph(f"{number}. {item}").paragraph_format.left_indent = Cm(0.6)


def _table(document: Any, block: dict[str, Any], tongue: str) -> None:
    """The heading is repeated on each page; written cell by cell of a row, which is what takes the time."""
    table = document.add_table(rows=1, cols=len(block["headings"]), style="Table Grid")
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    _row(table.rows[0].cells, block["headings"], block["right"], bold=True)
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for row in block["rows"]:
        _row(table.add_row().cells, row, block["right"])
    document.add_paragraph().paragraph_format.space_after = Pt(2)


def _row(cells: Any, values: list[str], right: list[int], *, bold: bool = False) -> None:
    for at, (cell, value) in enumerate(zip(cells, values, strict=True)):
        run = cell.paragraphs[0].add_run(value)
        run.bold, run.font.size = bold, Pt(9.5)
        if at in right:
            cell.paragraphs[0].alignment = WD_ALIGN_PARAGRAPH.RIGHT


DRAWN: dict[str, Callable[[Any, dict[str, Any], str], None]] = {
    "heading": _heading, "annex": _annex, "text": _text, "small": _remark, "code": _code, "list": _list,
    "table": _table,
}  # fmt: skip
