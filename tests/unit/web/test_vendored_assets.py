"""The browser assets are the ones `vendor.lock` names, complete, and ask no other host for anything."""

import gzip
import hashlib
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
VENDOR = ROOT / "src/fangxian/faces/web/static/vendor"
OWN = VENDOR.parent
LOCK = json.loads((ROOT / "vendor.lock").read_text("utf-8"))

# What makes a browser fetch: url(), @import, a loader's address. Plain mentions (licences, XML namespaces) are not.
FETCH = re.compile(rb"""url\(\s*["']?(?:https?:)?//|@import|(?:fetch|importScripts)\(\s*["'](?:https?:)?//""")


def test_every_file_has_the_locked_hash():
    locked = {path: digest for entry in LOCK for path, digest in entry["files"].items()}
    there = {
        str(path.relative_to(VENDOR)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in VENDOR.rglob("*")
        if path.is_file()
    }
    assert there == locked


@pytest.mark.parametrize("entry", LOCK, ids=lambda entry: entry["name"])
def test_each_package_is_pinned_and_its_licence_lies_beside_it(entry):
    assert re.fullmatch(r"\d+\.\d+\.\d+", entry["version"])
    assert entry["licence"]
    assert any(Path(path).name == "LICENSE" for path in entry["files"])


@pytest.mark.parametrize(
    "path", [p for p in OWN.rglob("*") if p.suffix in {".css", ".js"}], ids=lambda path: str(path.relative_to(OWN))
)
def test_nothing_is_fetched_from_another_host(path):
    content = path.read_bytes()
    assert not FETCH.search(content)
    assert b"sourceMappingURL" not in content


@pytest.mark.parametrize("path", list(VENDOR.rglob("*.css")), ids=lambda path: path.name)
def test_every_file_a_style_sheet_names_is_shipped(path):
    names = re.findall(r"url\(\s*[\"']?([^\"')]+)", path.read_text("utf-8"))
    missing = [n for n in names if not n.startswith(("data:", "#")) and not (path.parent / n.split("?")[0]).exists()]
    assert missing == []


def test_old_browsers_get_a_palette_without_new_colour_functions():
    css = (VENDOR / "tabler/tabler-fallback.css").read_text("utf-8")
    body = css.split("{", 1)[1]
    assert "--tblr-primary:#066fd1" in body
    assert not re.search(r"oklch\(|color-mix\(|light-dark\(", body)


@pytest.mark.parametrize("path", list(VENDOR.rglob("*.gz")), ids=lambda path: path.name)
def test_a_compressed_copy_is_a_copy(path):
    assert gzip.decompress(path.read_bytes()) == path.with_suffix("").read_bytes()
