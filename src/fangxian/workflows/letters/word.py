"""A letter of assistance as a Word paper. Apart from `papers.py`, because what writes Word loads slowly."""

import io
from typing import Any

from django.utils.translation import gettext as _
from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt


def write(text: Any, square: bytes) -> bytes:
    """A letter as a Word file: `text` as `papers` composes it, `square` the code as PNG."""
    document = Document()
    section = document.sections[0]
    section.orientation, section.page_width, section.page_height = WD_ORIENT.LANDSCAPE, Cm(29.7), Cm(21)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(1.8)
    style = document.styles["Normal"]
    style.font.name, style.font.size = "Times New Roman", Pt(11)
    style.element.rPr.rFonts.set(qn("w:eastAsia"), "宋体")
    _centred(document, text.title, 18, bold=True)
    _centred(document, text.number, 11)
    document.add_paragraph(_("%(to)s:") % {"to": text.to})
    for line in text.body:
        document.add_paragraph(line).paragraph_format.first_line_indent = Cm(0.8)
    _table(document, text)
    for line in text.foot:
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    document.add_picture(io.BytesIO(square), width=Cm(2.6))
    document.add_paragraph(_("Acknowledgement code: %(code)s") % {"code": text.code})
    document.add_paragraph(text.confidential)
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _centred(document: Any, line: str, size: int, *, bold: bool = False) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(line)
    run.bold, run.font.size = bold, Pt(size)


def _table(document: Any, text: Any) -> None:
    """The people, the heading repeated on each page; written cell by cell of a row, which is what takes the time."""
    table = document.add_table(rows=1, cols=len(text.headings), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, text.headings, strict=True):
        cell.text = heading
    properties = table.rows[0]._tr.get_or_add_trPr()
    properties.append(properties.makeelement(qn("w:tblHeader"), {qn("w:val"): "true"}))
    for row in text.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = value
    for cell in table._cells:
        for run in cell.paragraphs[0].runs:
            run.font.size = Pt(9)
