"""The house itself: what no linter sees. Layers of foreign keys, shape of systems, sizes, docstrings, dependencies."""

import ast
import re
import subprocess
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path
from statistics import median

import pytest
from django.apps import apps
from django.conf import settings
from django.db import connection

from fangxian.core.records import Record

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "fangxian"
SYSTEMS = sorted(path.parent.name for path in (PACKAGE / "systems").glob("*/apps.py"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-uv.lock")

# Who stands on whom: a foreign key points to a lower floor, or stays in its own app. Every system not named is above.
FLOORS = {"core": 0, "registers": 1, "people": 2, "command": 3}
ABOVE_ALL_SYSTEMS = {"api": 9, "web": 9, "field": 9, "backoffice": 9, "workflows": 8}


def ours() -> list:
    return [model for model in apps.get_models() if model.__module__.startswith("fangxian.")]


def floor(label: str) -> int:
    return FLOORS.get(label, ABOVE_ALL_SYSTEMS.get(label, 4))


def tracked(*patterns: str) -> list[Path]:
    """Files of the project as git knows them: no caches, no data folders."""
    found = subprocess.run(["git", "ls-files", "-z", *patterns], cwd=ROOT, capture_output=True, check=True).stdout
    return [ROOT / name for name in found.decode().split("\0") if name and (ROOT / name).is_file()]


def code(*folders: str) -> list[Path]:
    return [path for path in tracked(*(f"{folder}/*.py" for folder in folders)) if "migrations" not in path.parts]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


# --- floors ---


def test_foreign_keys_point_only_downwards():
    """A foreign key as a string is invisible to import-linter."""
    upwards = [
        f"{model._meta.label}.{field.name} → {field.related_model._meta.label}"
        for model in ours()
        for field in model._meta.local_fields + model._meta.local_many_to_many
        if field.is_relation and field.related_model.__module__.startswith("fangxian.")
        if not _stands_on(model._meta.app_label, field.related_model._meta.app_label)
    ]
    assert upwards == []


def _stands_on(above: str, below: str) -> bool:
    return above == below or floor(below) < floor(above)


def test_no_model_of_ours_is_changed_by_a_third_party_key():
    """Foreign keys out of the house go to Django and to nobody else."""
    foreign = {
        field.related_model.__module__.split(".")[0]
        for model in ours()
        for field in model._meta.local_fields
        if field.is_relation and not field.related_model.__module__.startswith("fangxian.")
    }
    assert foreign <= {"django"}


def test_stories_name_row_types_and_never_query_them():
    """Reads go through selectors, writes through services (docs/decisions/0007)."""
    queried = []
    for path in code("src/fangxian/workflows"):
        text = path.read_text("utf-8")
        named = {
            alias.asname or alias.name
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ImportFrom) and re.fullmatch(r"fangxian\.systems\.\w+\.models", node.module or "")
            for alias in node.names
        }
        queried += [f"{name_of(path)}: {name}" for name in named if re.search(rf"\b{name}\.(objects|unscoped)\b", text)]
    assert queried == []


# --- systems ---


def test_the_lists_of_systems_agree():
    """Folders, settings and the import contracts name the same systems."""
    contracts = (ROOT / ".importlinter").read_text("utf-8")
    inside = contracts.split("[importlinter:contract:inside]")[1].split("layers =")[0]
    forbidden = contracts.split("[importlinter:contract:models]")[1]
    assert sorted(settings.SYSTEMS) == SYSTEMS
    assert sorted(re.findall(r"fangxian\.systems\.(\w+)", inside)) == SYSTEMS
    assert sorted(re.findall(r"fangxian\.systems\.(\w+)\.models", forbidden)) == SYSTEMS


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize(
    "part", ["__init__.py", "apps.py", "models", "selectors.py", "services.py", "registers.py", "README.md"]
)
def test_a_system_is_complete_in_itself(system, part):
    """A system's models are one file or one folder."""
    folder = PACKAGE / "systems" / system
    found = [folder / part, folder / f"{part}.py", folder / part / "__init__.py"]
    assert any(path.is_file() and path.read_text("utf-8").strip() for path in found)


def test_every_record_is_found_by_its_areas_through_an_index(db):
    """Scope is a range over an area column: without an index that begins with it, every list would be a scan."""
    lacking = []
    with connection.cursor() as cursor:
        for model in ours():
            if issubclass(model, Record):
                table = connection.introspection.get_constraints(cursor, model._meta.db_table)
                first = {found["columns"][0] for found in table.values() if found["index"] or found["unique"]}
                columns = [model._meta.get_field(name).column for name in model.scope_fields]
                lacking += [f"{model._meta.label}.{column}" for column in columns if column not in first]
    assert lacking == []


def test_invariants_of_two_fields_live_in_the_database():
    """Who did something and when are known together, or not at all."""
    unpaired = [
        f"{model._meta.label}.{field.name}"
        for model in ours()
        if issubclass(model, Record) and model._meta.app_label == "command"
        for field in model._meta.local_fields
        if field.name.endswith("_by") and field.name not in ("created_by", "changed_by")
        if not any(field.name in str(constraint) for constraint in model._meta.constraints)
    ]
    assert unpaired == []


# --- sizes and words ---


def test_no_file_is_long_and_most_are_short():
    lines = {
        name_of(path): len(path.read_text("utf-8").splitlines()) for path in code("src", "tests", "scripts", "bench")
    }
    assert {name: number for name, number in lines.items() if number > 500} == {}
    assert median(number for name, number in lines.items() if name.startswith("src/")) < 150


def test_functions_are_short():
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in code("src")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]
    assert median(lengths) < 12
    assert sum(length < 30 for length in lengths) / len(lengths) > 0.9


def test_every_module_says_what_it_is():
    mute = [
        name_of(path)
        for path in code("src")
        if path.read_text("utf-8").strip() and not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert mute == []


@pytest.mark.parametrize("folder", ["engines", "workflows"])
def test_engines_and_stories_are_documented(folder):
    """Every public function and class of the two layers people reason about."""
    mute = []
    for path in code(f"src/fangxian/{folder}"):
        for node in ast.parse(path.read_text("utf-8")).body:
            public = isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
            if public and path.name != "apps.py" and not ast.get_docstring(node):
                mute.append(f"{name_of(path)}: {node.name}")
    assert "\n".join(mute) == ""


def test_nothing_is_left_for_later():
    """Git remembers; the code says what is."""
    words = re.compile(r"\b(?:" + "|".join(("TO" + "DO", "FIX" + "ME", "XX" + "X", "HA" + "CK")) + r")\b")
    left = [name_of(path) for path in code("src", "tests", "scripts", "bench") if words.search(path.read_text("utf-8"))]
    assert left == []


# --- dependencies ---


def requirements() -> list[tuple[str, str, str]]:
    """(group, distribution, line) of every direct dependency."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    by_name = {found.group(1): line for line in lines if (found := re.match(r'\s+"([A-Za-z0-9_-]+)', line))}
    groups = {"run": PROJECT["project"]["dependencies"], **PROJECT["dependency-groups"]}
    groups |= PROJECT["project"]["optional-dependencies"]
    names = [(group, re.match(r"[A-Za-z0-9_-]+", item).group()) for group, items in groups.items() for item in items]
    return [(group, name, by_name[name]) for group, name in names]


def test_every_dependency_says_why_it_is_there():
    unexplained = [name for _group, name, line in requirements() if not re.search(r"#\s+\S.{6,}", line)]
    assert unexplained == []


def test_every_dependency_is_used():
    """By an import or, where Django loads it by name, by that name; tools by their command."""
    files = (path for path in code("src", "scripts", "bench", "tests") if path != Path(__file__))
    text = "\n".join(path.read_text("utf-8") for path in files)
    text += (ROOT / "Makefile").read_text("utf-8")
    text += (ROOT / "pyproject.toml").read_text("utf-8").split("[project.scripts]")[1]
    imports: dict[str, set[str]] = {}
    for module, distributions in packages_distributions().items():
        for distribution in distributions:
            imports.setdefault(re.sub(r"[-_.]+", "-", distribution).lower(), set()).add(module)
    unused = []
    for _group, name, _line in requirements():
        words = imports.get(re.sub(r"[-_.]+", "-", name).lower(), set()) | {name, *KNOWN_BY.get(name, ())}
        if not any(re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE) for word in words if word):
            unused.append(name)
    assert " ".join(unused) == ""


# Used without their own name appearing: the setting or the tool through which they work.
KNOWN_BY = {
    "argon2-cffi": ("Argon2PasswordHasher",),  # Django's hasher imports it
    "import-linter": ("lint-imports",),  # its command
    "editables": ("editable",),  # hatchling's editable install
    "types-PyYAML": ("mypy",),  # stubs that mypy reads
    "pytest-django": ("DJANGO_SETTINGS_MODULE",),
    "pytest-playwright": ("browser_type_launch_args",),
    "pytest-timeout": ("timeout",),
    "pytest-cov": ("cov-branch",),
    "pytest-socket": ("allow-hosts",),
}


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_pins_by_hash_and_names_no_index(lock):
    text = (ROOT / lock).read_text("utf-8")
    pinned = re.findall(r"^[A-Za-z0-9_.\[\],-]+==", text, re.MULTILINE)
    blocks = re.split(r"^(?=[A-Za-z0-9_.\[\],-]+==)", text, flags=re.MULTILINE)[1:]
    assert pinned and len(blocks) == len(pinned)
    assert [block.split()[0] for block in blocks if "--hash=sha256:" not in block] == []
    assert not re.search(r"index-url|find-links|://", text)


def test_what_runs_is_pinned():
    locked = {re.sub(r"[-_.]+", "-", name).lower() for name in re.findall(
        r"^([A-Za-z0-9_.-]+)(?:\[.*\])?==", (ROOT / "requirements.lock").read_text("utf-8"), re.MULTILINE)}  # fmt: skip
    wanted = {re.sub(r"[-_.]+", "-", name).lower() for group, name, _line in requirements() if group == "run"}
    assert wanted - locked == set()


# --- nothing of the machine it was made on ---


def test_no_file_names_a_machine_or_a_registry():
    """Built from pieces, so that this file does not find itself."""
    folders = "|".join(("wo" + "rk", "ro" + "ot", "ho" + r"me/\w+", "Us" + r"ers/\w+", "op" + "t/py" + "pi"))
    hosts = "|".join(("py" + r"pi\.org", "python" + r"hosted\.org", "registry" + r"\.npmjs", "mirrors" + r"\."))
    telling = re.compile(rf"(?<![\w./])/(?:{folders})(?:/|\b)|{hosts}".encode())
    skipped = ("/static/vendor/",)
    found = [
        name_of(path)
        for path in tracked()
        if not any(part in path.as_posix() for part in skipped) and telling.search(path.read_bytes())
    ]
    assert found == []


def test_first_migrations_hold_indexes_and_constraints_inside_their_tables():
    """Each step behind the tables copies the state of all models: 95 of them took a first start half a minute."""
    late = re.compile(r"migrations\.(AddIndex|AddConstraint)\(")
    first = tracked("src/fangxian/*/migrations/0001_initial.py", "src/fangxian/*/*/migrations/0001_initial.py")
    assert first
    assert [name_of(path) for path in first if late.search(path.read_text("utf-8"))] == [], "scripts/migrations.py"
