"""Every message has its Chinese, and the catalogue that is shipped is the one the parts make."""

import importlib.util
import re
from pathlib import Path

import allauth
import polib
import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "messages.py"


@pytest.fixture(scope="module")
def messages():
    """The script itself, which is no package."""
    spec = importlib.util.spec_from_file_location("messages_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def catalogue(messages) -> polib.POFile:
    return messages.joined()


def content(catalogue) -> dict:
    """What a reader gets: message and context to translation."""
    return {
        (entry.msgctxt, entry.msgid): entry.msgstr or tuple(entry.msgstr_plural.values())
        for entry in catalogue
        if entry.msgid
    }


def test_no_message_lacks_a_translation(messages, catalogue):
    assert "\n".join(messages.untranslated(catalogue)) == ""


def test_no_two_parts_translate_one_message_differently(messages, capsys):
    messages.joined()
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("name", ["django.po", "django.mo"])
def test_the_shipped_catalogue_is_the_joined_one(messages, catalogue, name):
    shipped = messages.FOLDER / name
    assert shipped.exists(), "run make messages"
    read = polib.pofile if name.endswith(".po") else polib.mofile
    assert content(read(str(shipped))) == content(catalogue), "run make messages"


def test_placeholders_survive_translation(catalogue):
    """A translation that forgets %(name)s, or invents one, breaks the page it stands on."""
    holes = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    broken = [
        entry.msgid
        for entry in catalogue
        for text in ([entry.msgstr] if entry.msgstr else entry.msgstr_plural.values())
        if set(holes.findall(text)) != set(holes.findall(entry.msgid_plural or entry.msgid))
    ]
    assert broken == []


def test_no_message_is_a_translation_of_nothing(messages, catalogue):
    """Entries nobody uses any more are removed from their part; some stand in for gaps in allauth's Chinese."""
    used = {*messages.used(), *allauths()}
    assert [entry.msgid for entry in catalogue if entry.msgid not in used] == []


def allauths() -> set[str]:
    """Messages of allauth, whatever language has them."""
    files = Path(allauth.__file__).parent.rglob("LC_MESSAGES/django.mo")
    return {entry.msgid for path in files for entry in polib.mofile(str(path))}
