"""The papers say what is so: links lead somewhere, commands exist, words have their rows, the example runs."""

import importlib.util
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import typer.main
from django.apps import apps
from django.conf import settings
from django.db.models.enums import Choices
from django.utils import translation

from fangxian.core.roles import ROLES
from fangxian.faces.cli.main import commands as cli
from fangxian.registers import site
from tests.unit.test_house import PACKAGE, ROOT, SYSTEMS, name_of, ours, tracked
from tests.unit.test_messages import SCRIPT

PAPERS = [path for path in tracked("*.md") if "/static/vendor/" not in path.as_posix()]
COMMANDS_PAPER = ROOT / "docs" / "cli.md"
GLOSSARY = ROOT / "GLOSSARY.md"
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
BLOCK = re.compile(r"^`([\w./]+\.py)`\n\n```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def ids(path: Path) -> str:
    return name_of(path)


# --- links ---


@pytest.mark.parametrize("paper", PAPERS, ids=ids)
def test_links_lead_somewhere(paper):
    dead = [target for target in LINK.findall(paper.read_text("utf-8")) if not _resolves(paper, target)]
    assert dead == []


def _resolves(paper: Path, target: str) -> bool:
    if re.match(r"https?://|mailto:", target):
        return True
    name, _hash, anchor = target.partition("#")
    found = (paper.parent / name).resolve() if name else paper
    return found.exists() and (not anchor or anchor in _anchors(found))


def _anchors(paper: Path) -> set[str]:
    """Anchors of headings as GitHub makes them."""
    headings = re.findall(r"^#+\s+(.*)$", paper.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_paper_is_reached_from_the_index():
    """From docs/README.md, over any number of links; the front page leads there."""
    reached, waiting = set(), [ROOT / "docs" / "README.md"]
    while waiting:
        paper = waiting.pop()
        if paper in reached or paper.suffix != ".md" or not paper.exists():
            continue
        reached.add(paper)
        targets = (target.partition("#")[0] for target in LINK.findall(paper.read_text("utf-8")))
        waiting += [(paper.parent / target).resolve() for target in targets if target and "://" not in target]
    written = {name_of(paper) for paper in PAPERS if not name_of(paper).startswith("tests/")}
    assert written - {name_of(paper) for paper in reached} == set()


def test_files_that_papers_name_exist():
    """Paths in code style, from the root of the project, of the package, or beside the paper."""
    named = re.compile(r"`((?:[\w.-]+/)+[\w.-]+\.(?:py|md|yaml|csv|json|toml|svg))`")
    lost = [
        f"{name_of(paper)}: {name}"
        for paper in PAPERS
        if paper.name != "extending.md"
        for name in named.findall(paper.read_text("utf-8"))
        if not any((base / name).exists() for base in (ROOT, PACKAGE, paper.parent, *_near(paper)))
        and not name.startswith(("visits/", "packs/"))
    ]
    assert lost == []


def _near(paper: Path) -> list[Path]:
    """Folders a paper speaks from without naming them."""
    return [PACKAGE / "workflows", PACKAGE / "faces" / "web", PACKAGE / "core" / "reference"]


# --- commands ---


def commands(group, before: str = "") -> Iterator[tuple]:
    """Every verb with its command, those of a group with the group's name before them."""
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, f"{before}{name} ")
        else:
            yield f"{before}{name}", command


COMMANDS = dict(commands(typer.main.get_command(cli)))
GROUPS = {name.split()[0] for name in COMMANDS if " " in name}
CALL = re.compile(
    r"(?:`|^\s{4,}|^\$ |\s{2,})fangxian ([a-z]+(?:-[a-z]+)*)(?: ([a-z][a-z0-9]*(?:-[a-z]+)*))?((?: [^`\n|]*)?)",
    re.MULTILINE,
)


@pytest.mark.parametrize("paper", PAPERS, ids=ids)
def test_commands_in_papers_exist(paper):
    for first, second, rest in CALL.findall(paper.read_text("utf-8")):
        name = f"{first} {second}" if first in GROUPS and second else first
        assert name in COMMANDS or name in GROUPS, f"fangxian {name}"
        if name in COMMANDS:
            known = {option for param in COMMANDS[name].params for option in (*param.opts, *param.secondary_opts)}
            assert set(re.findall(r"(--[a-z][a-z-]*)", rest)) <= known | {"--help"}, f"fangxian {name}{rest}"


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_documented(command):
    """As `fangxian verb`, or in its paper as `verb` alone; a check by its own name in the table of checks."""
    paper = COMMANDS_PAPER.read_text("utf-8")
    names = {command, command.removeprefix("check ")}
    assert any(re.search(rf"`(?:fangxian )?{name}\b", paper) for name in names), "docs/cli.md has no line for it"


@pytest.mark.parametrize("paper", PAPERS, ids=ids)
def test_make_targets_in_papers_exist(paper):
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    named = set(re.findall(r"(?:`|^\s{4,})make ([a-z][a-z-]*)", paper.read_text("utf-8"), re.MULTILINE))
    assert named - targets == set()


def test_the_two_front_pages_say_the_same():
    """Same commands, same figures, same links, in both languages."""
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    for what in (r"^    (?:make|fangxian) .*?(?=\s{2,}#|$)", r"\d+\.\d+", r"\]\((?!README|#)([^)]+)\)"):
        assert re.findall(what, english, re.MULTILINE) == re.findall(what, chinese, re.MULTILINE)


# --- registers ---


@pytest.mark.parametrize("slug", [register.slug for register in site])
def test_every_register_is_described(slug):
    """Its model stands on the page of its system, and the register itself says what it is for."""
    register = site.get(slug)
    paper = PACKAGE / "systems" / type(register).__module__.split(".")[2] / "README.md"
    assert re.search(rf"\b{register.model.__name__}\b", paper.read_text("utf-8"))
    assert (type(register).__doc__ or "").strip()


# --- words ---


def rows() -> dict[str, list[str]]:
    """The glossary: code → the cells of its row."""
    found = {}
    for line in GLOSSARY.read_text("utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split(" | ")]
        if line.startswith("| ") and len(cells) == 4 and cells[1].startswith("`"):
            assert cells[1].strip("`") not in found, f"{cells[1]} has two rows"
            found[cells[1].strip("`")] = cells
    return found


ROWS = rows()


def test_every_row_says_something():
    assert [code for code, cells in ROWS.items() if not all(cells)] == []


@pytest.mark.parametrize("model", ours(), ids=lambda model: model._meta.label)
def test_every_model_has_its_word(model, chinese):
    assert ROWS[model._meta.label][0] == chinese(model._meta.verbose_name)


@pytest.mark.parametrize("role", sorted(ROLES))
def test_every_role_has_its_word(role, chinese):
    assert ROWS[role][0] == chinese(ROLES[role].display_name)


def test_every_layer_has_its_word():
    layers = {path.parent.name for path in PACKAGE.glob("*/__init__.py")} - {"locale"}
    assert layers - set(ROWS) == set()


@pytest.mark.parametrize("system", SYSTEMS)
def test_every_enumeration_has_its_words(system, chinese):
    """A row an enumeration, with each value and its Chinese; the failure shows the row to write."""
    for enumeration in _enumerations(f"fangxian.systems.{system}"):
        assert ROWS[enumeration.__qualname__][3] == _values(enumeration, chinese)


def test_every_enumeration_of_the_foundations_has_its_words(chinese):
    for enumeration in [*_enumerations("fangxian.core"), *_enumerations("fangxian.registers")]:
        assert ROWS[enumeration.__qualname__][3] == _values(enumeration, chinese)


def _enumerations(package: str) -> list[type[Choices]]:
    return [found for found in _below(Choices) if found.__module__.startswith(f"{package}.")]


def _below(kind: type) -> Iterator[type]:
    for found in kind.__subclasses__():
        yield found
        yield from _below(found)


def _values(enumeration: type[Choices], chinese) -> str:
    return " · ".join(f"`{member.value}` {chinese(member.label)}" for member in enumeration)


@pytest.fixture(scope="module")
def chinese():
    """What the Chinese interface shows for a label: Django's own words, and the parts of the catalogue."""
    spec = importlib.util.spec_from_file_location("messages_script", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    words = {entry.msgid: entry.msgstr for entry in module.joined()}

    def say(label) -> str:
        with translation.override("en"):
            return words[str(label)]

    return say


# --- the worked example ---


@pytest.fixture(scope="module")
def extended(tmp_path_factory) -> dict[str, str]:
    """The house with the system of docs/extending.md in it; the environment to run things there."""
    folder = tmp_path_factory.mktemp("extended")
    for name, text in BLOCK.findall((ROOT / "docs" / "extending.md").read_text("utf-8")):
        path = folder / name.removeprefix("src/fangxian/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    (folder / "extended.py").write_text(
        "import fangxian.systems\n"
        f"fangxian.systems.__path__.append({str(folder / 'systems')!r})\n"
        "from tests.settings import *\n"
        "INSTALLED_APPS = [*INSTALLED_APPS, 'fangxian.systems.vectors']\n",
        "utf-8",
    )
    outside = {
        name: value for name, value in os.environ.items() if not name.startswith(("COV_", "COVERAGE_", "DATABASE_URL"))
    }
    return {**outside, "PYTHONPATH": f"{folder}:{ROOT}", "DJANGO_SETTINGS_MODULE": "extended", "FOLDER": str(folder)}


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_worked_example_runs(extended):
    """Its migration is made, and every test that walks the registers passes for it without a line of its own.

    All but the one that compares with a committed number, which only a system in the house has.
    """
    folder = Path(extended["FOLDER"])
    _run(extended, "-m", "django", "makemigrations", "vectors")
    assert (folder / "systems" / "vectors" / "migrations" / "0001_initial.py").exists()
    story = folder / "tests" / "integration" / "test_vectors.py"
    (folder / "conftest.py").write_text("from tests.conftest import county, everywhere, frozen, officer\n", "utf-8")
    said = _run(extended, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--ds=extended", f"--rootdir={ROOT}",
                str(ROOT / "tests" / "registers"), str(story), "--register", "vectors.trap",
                "-k", "vectors and not as_it_took")  # fmt: skip
    assert int(re.search(r"(\d+) passed", said).group(1)) > 10
    assert "failed" not in said and "skipped" not in said


def _run(environment: dict[str, str], *arguments: str) -> str:
    done = subprocess.run([sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-4000:]
    return done.stdout


def test_the_example_is_not_in_the_house():
    """Once vectors exist, the page needs another example."""
    assert "vectors" not in settings.SYSTEMS
    assert not apps.is_installed("fangxian.systems.vectors")
