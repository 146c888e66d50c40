"""Templates: formatted, and free of everything the content security policy would stop."""

import re
from pathlib import Path

import pytest
from djhtml.modes import DjHTML

ROOT = Path(__file__).resolve().parents[3]
TEMPLATES = sorted((ROOT / "src/fangxian").rglob("templates/**/*.html"))
INLINE = re.compile(r"<style|\sstyle=|\son[a-z]+=|\shx-on|javascript:|\shx-vals=['\"]js:", re.IGNORECASE)
SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*application/json)", re.IGNORECASE)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "src/fangxian")))
def test_nothing_inline_and_nothing_from_elsewhere(path):
    text = path.read_text("utf-8")
    assert INLINE.findall(text) == []
    assert SCRIPT.findall(text) == []
    assert re.findall(r"(?:src|href|action)=[\"'](?:https?:)?//[^\"']*", text) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "src/fangxian")))
def test_indented_as_djhtml_does(path):
    text = path.read_text("utf-8")
    assert DjHTML(text).indent(4) == text
