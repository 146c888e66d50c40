"""Make the first migration of systems anew, with indexes and constraints inside the tables they belong to.

    python scripts/migrations.py people cases        (nothing is released yet: first migrations are made anew in place)

Django writes each index and constraint as a step of its own behind all tables. Every step copies the state of all
models, so a hundred tables with two hundred such steps take minutes to set up, and folded a fraction of it.
"""

import os
import sys
from graphlib import CycleError, TopologicalSorter
from importlib import import_module, invalidate_caches
from pathlib import Path

import django
from django.core.management import call_command
from django.db.migrations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.writer import MigrationWriter

SYSTEMS = Path(__file__).parent.parent / "src" / "fangxian"


def folded(operations: list) -> list:
    """The operations with every index, constraint and late field that a table of the same migration can hold inside."""
    tables = {one.name_lower: one for one in operations if isinstance(one, CreateModel)}
    operations = _in_order(operations, tables)
    left = []
    for operation in operations:
        table = tables.get(getattr(operation, "model_name_lower", ""))
        waits = any(_speaks_of(operation, one) for one in left)
        if table is None or waits or not _take(table, operation, tables, operations):
            left.append(operation)
    return left


def _in_order(operations: list, tables: dict) -> list:
    """Each table behind those it points to, where they do not point at each other."""
    points_to: dict[str, set[str]] = {name: set() for name in tables}
    for operation in operations:
        for name, field in _links(operation):
            target = str(field.remote_field.model).lower().rpartition(".")[2]
            if target in tables and target != name:
                points_to[name].add(target)
    try:
        names = list(TopologicalSorter(points_to).static_order())
    except CycleError:
        return operations
    return [*(tables[name] for name in names), *(one for one in operations if not isinstance(one, CreateModel))]


def _links(operation) -> list[tuple]:
    """The links an operation adds, each with its table."""
    if isinstance(operation, CreateModel):
        return [(operation.name_lower, field) for _name, field in operation.fields if field.remote_field]
    if isinstance(operation, AddField) and operation.field.remote_field:
        return [(operation.model_name_lower, operation.field)]
    return []


def _speaks_of(operation, late) -> bool:
    """Whether an index or a constraint needs a field that is only added behind the tables."""
    if not isinstance(late, AddField) or late.model_name_lower != getattr(operation, "model_name_lower", ""):
        return False
    return f"'{late.name}'" in repr(operation.deconstruct()) or f"'{late.name}__" in repr(operation.deconstruct())


def _take(table: CreateModel, operation, tables: dict, operations: list) -> bool:
    """Put one operation into its table, where that is possible."""
    if isinstance(operation, AddIndex):
        table.options.setdefault("indexes", []).append(operation.index)
    elif isinstance(operation, AddConstraint):
        table.options.setdefault("constraints", []).append(operation.constraint)
    elif isinstance(operation, AddField) and _is_there(operation.field, table, tables, operations):
        table.fields.append((operation.name, operation.field))
    else:
        return False
    return True


def _is_there(field, table: CreateModel, tables: dict, operations: list) -> bool:
    """Whether what the field points to is made before the table."""
    target = getattr(field, "remote_field", None) and str(field.remote_field.model).lower().rpartition(".")[2]
    other = tables.get(target)
    return other is None or operations.index(other) <= operations.index(table)


def remake(label: str) -> None:
    """Delete an app's first migration, make it anew and fold it."""
    module = import_module(django.apps.apps.get_app_config(label).name + ".migrations")
    path = Path(module.__file__).parent / "0001_initial.py"
    path.unlink(missing_ok=True)
    call_command("makemigrations", label, verbosity=0)
    fold(path, module.__name__)


def fold(path: Path, package: str) -> None:
    """Fold a migration file in place."""
    sys.modules.pop(f"{package}.0001_initial", None)  # another app's remaking may have read the one before
    invalidate_caches()
    made = import_module(f"{package}.0001_initial").Migration
    migration = made("0001_initial", package.split(".")[-2])
    migration.operations = folded(list(made.operations))
    path.write_text(MigrationWriter(migration, include_header=True).as_string(), "utf-8")


def main() -> None:
    """Remake the apps named, or fold every first migration as it is."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.path.insert(0, ".")
    django.setup()
    for label in sys.argv[1:]:
        remake(label)
    if len(sys.argv) == 1:
        for path in sorted(SYSTEMS.rglob("migrations/0001_initial.py")):
            fold(path, ".".join(path.parent.relative_to(SYSTEMS.parent).parts))


if __name__ == "__main__":
    main()
