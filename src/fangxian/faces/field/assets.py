"""What a phone keeps to work without a network: scripts, styles, texts of both languages. Nothing personal in it.

The version is a fingerprint of it all; when something changed, the phone's service worker fetches everything anew.
"""

import hashlib
from functools import cache
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from django.templatetags.static import static
from django.utils.translation import override

from fangxian.faces.field import pages
from fangxian.faces.field.texts import TEXTS

SCRIPTS = (
    "main", "clock", "db", "day", "ids", "outbox", "photos", "queue", "screens", "sync", "texts", "ui", "vault",
)  # fmt: skip
FILES = (
    "img/fangxian.svg", "field/field.css", "field/manifest.webmanifest", *(f"field/js/{name}.js" for name in SCRIPTS)
)  # fmt: skip


def files() -> list[str]:
    """Static files by their names, each once: a browser refuses to keep a list that names one twice."""
    found = list(FILES)
    for page in pages.every():
        found += [f"field/parts/{page.key}.js", *page.more]
    return list(dict.fromkeys(found))


@cache
def addresses() -> list[str]:
    """Addresses the service worker keeps, the shell first."""
    return ["/field/", *(static(name) for name in files())]


def styles() -> list[str]:
    """Style sheets of the pages; the shell links them all, so that a page needs no network for its look."""
    return [static(name) for page in pages.every() for name in page.more if name.endswith(".css")]


@cache
def texts() -> dict[str, dict[str, str]]:
    """Language code → key → text; texts of a page under `<page>.<key>`."""
    return {code: _texts_in(code) for code, _name in settings.LANGUAGES}


def _texts_in(code: str) -> dict[str, str]:
    with override(code):
        found = {key: str(text) for key, text in TEXTS.items()}
        for page in pages.every():
            found[f"{page.key}.title"] = str(page.title)
            found.update({f"{page.key}.{key}": str(text) for key, text in page.texts.items()})
    return found


@cache
def version() -> str:
    """Fingerprint of everything the phone keeps."""
    seen = hashlib.sha256(repr(sorted(texts().items())).encode())
    seen.update(get_template("field/shell.html").template.source.encode())
    for name in [*files(), "field/js/worker.js"]:
        with open(finders.find(name), "rb") as file:
            seen.update(file.read())
    return seen.hexdigest()[:16]


def config() -> dict[str, Any]:
    """What the shell's scripts are told."""
    listed = [{"key": page.key, "icon": page.icon, "script": page.script} for page in pages.every()]
    return {"version": version(), "texts": texts(), "pages": listed, "worker": "/field/worker.js"}
