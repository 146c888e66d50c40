"""Join the translated parts into one catalogue and compile it; gettext is not needed.

    python scripts/messages.py            write django.po and django.mo
    python scripts/messages.py --check    name messages without a translation, and a catalogue that is out of date

Every part of the house keeps its own entries in locale/zh_Hans/LC_MESSAGES/parts/; the message ids are English.
"""

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import polib

PACKAGE = Path(__file__).resolve().parent.parent / "src" / "fangxian"
FOLDER = PACKAGE / "locale" / "zh_Hans" / "LC_MESSAGES"
CALLS = {
    "_",
    "_gettext",
    "gettext",
    "gettext_lazy",
    "gettext_noop",
    "pgettext",
    "pgettext_lazy",
    "ngettext",
    "ngettext_lazy",
}
PLURAL = {"ngettext", "ngettext_lazy"}
IN_TEMPLATE = re.compile(r"""\b(?:gettext|ngettext|_)\(u?('(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")""", re.DOTALL)
META = {"Content-Type": "text/plain; charset=UTF-8", "Language": "zh_Hans", "Plural-Forms": "nplurals=1; plural=0;"}


def joined() -> polib.POFile:
    """One catalogue of all parts; two parts that translate one message differently are an error."""
    catalogue = polib.POFile(wrapwidth=110)
    catalogue.metadata = META
    seen: dict[tuple, tuple[str, str]] = {}
    for path in sorted((FOLDER / "parts").glob("*.po")):
        for entry in polib.pofile(str(path)):
            key, value = (entry.msgctxt, entry.msgid), entry.msgstr or str(entry.msgstr_plural)
            if key in seen:
                if seen[key][0] != value:
                    print(f"translated twice: {entry.msgid!r}: {seen[key][0]} ({seen[key][1]}), {value} ({path.name})")
                continue
            seen[key] = (value, path.name)
            entry.occurrences, entry.comment, entry.tcomment, entry.flags = [], "", "", flags(entry)
            catalogue.append(entry)
    catalogue.sort(key=lambda entry: entry.msgid)
    return catalogue


def flags(entry: polib.POEntry) -> list[str]:
    """Only what matters to the reader of the catalogue."""
    return ["python-format"] if re.search(r"%\(\w+\)[sd]", entry.msgid) else []


def used() -> dict[str, str]:
    """Every message of the package and where it stands first."""
    found: dict[str, str] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        if "migrations" not in path.parts:
            for message in in_python(path.read_text(encoding="utf-8")):
                found.setdefault(message, path.relative_to(PACKAGE).as_posix())
    for path in sorted([*PACKAGE.rglob("templates/**/*.html"), *PACKAGE.rglob("templates/**/*.txt")]):
        for message in in_template(path.read_text(encoding="utf-8")):
            found.setdefault(message, path.relative_to(PACKAGE).as_posix())
    return found


def in_python(source: str) -> Iterator[str]:
    """Messages in gettext calls, and the docstrings that registers show as help."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name(node.func) in CALLS and node.args:
            arguments = node.args[: 2 if _name(node.func) in PLURAL else 1]
            yield from (a.value for a in arguments if isinstance(a, ast.Constant) and isinstance(a.value, str))
        if isinstance(node, ast.ClassDef) and any(_name(base) == "Register" for base in node.bases):
            yield (ast.get_docstring(node) or "").splitlines()[0]


def in_template(source: str) -> Iterator[str]:
    """Messages of one template, found by Django's own reading of it."""
    from django.utils.translation.template import templatize

    for quoted in IN_TEMPLATE.findall(templatize(source)):
        yield ast.literal_eval(quoted)


def untranslated(catalogue: polib.POFile) -> list[str]:
    """Messages in use that neither our catalogue nor those of Django and allauth translate."""
    import allauth
    import django

    translated = [entry for entry in catalogue if entry.msgstr or entry.msgstr_plural]
    known = {message for entry in translated for message in (entry.msgid, entry.msgid_plural)}
    for package in (allauth, django):
        for path in Path(package.__file__).parent.rglob("zh_Hans/LC_MESSAGES/django.mo"):
            known |= {entry.msgid for entry in polib.mofile(str(path)) if entry.msgstr}
    return [f"{where}: {message!r}" for message, where in used().items() if message and message not in known]


def main() -> int:
    """Write, or check."""
    catalogue = joined()
    target = FOLDER / "django.po"
    if "--check" not in sys.argv:
        catalogue.save(str(target))
        catalogue.save_as_mofile(str(target.with_suffix(".mo")))
    problems = untranslated(catalogue)
    if not target.exists() or target.read_text(encoding="utf-8") != str(catalogue) + "\n":
        stale = polib.pofile(str(target)) if target.exists() else []
        if {(e.msgid, e.msgstr) for e in stale} != {(e.msgid, e.msgstr) for e in catalogue}:
            problems.append("django.po is out of date: run make messages")
    print("\n".join(problems) or f"{len(catalogue)} messages, all translated")
    return 1 if problems else 0


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


if __name__ == "__main__":
    sys.exit(main())
