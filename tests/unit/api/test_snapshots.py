"""What others rely on, kept in the repository: a change shows in the review. REFRESH_SNAPSHOTS=1 writes them anew."""

import json
import os
from pathlib import Path

import pytest
from django.utils.translation import override

from fangxian.core.roles import ROLES
from fangxian.faces.api.site import described
from fangxian.registers import site

FOLDER = Path(__file__).parents[2] / "snapshots"
ACTIONS = ("read", "write", "import", "export")


def compare(name: str, text: str) -> None:
    file = FOLDER / name
    if os.environ.get("REFRESH_SNAPSHOTS"):
        file.write_text(text, "utf-8")
    assert file.read_text("utf-8") == text, f"{name} differs: look at the change, then REFRESH_SNAPSHOTS=1"


def written(document: dict) -> str:
    return json.dumps(document, indent=1, ensure_ascii=False, sort_keys=True, default=str) + "\n"


def test_the_document_of_the_interface() -> None:
    compare("openapi.json", written(described()))


def test_who_may_do_what_in_which_register() -> None:
    lines = [f"{'register':<28}{'role':<20}{' '.join(ACTIONS)}"]
    for register in site:
        for key, role in ROLES.items():
            allowed = [_allowed(register, role, action) for action in ACTIONS]
            if any(allowed):
                marks = " ".join(
                    (action if yes else "-" * len(action)) for action, yes in zip(ACTIONS, allowed, strict=True)
                )
                lines.append(f"{register.slug:<28}{key:<20}{marks}")
    compare("permissions.txt", "\n".join(lines) + "\n")


def _allowed(register, role, action: str) -> bool:
    writes = register.read_only and action in ("write", "import")
    return not writes and register.right(action) in role.permissions


def test_no_body_takes_a_field_of_the_server() -> None:
    schemas = described()["components"]["schemas"]
    bodies = [name for name in schemas if name.endswith(("New", "Change"))]
    assert len(bodies) > 20
    for name in bodies:
        assert schemas[name]["additionalProperties"] is False, name
        assert not {"version", "created_by", "changed_by", "source", "created_at"} & set(schemas[name]["properties"]), (
            name
        )


def test_the_document_says_the_same_in_every_language() -> None:
    with override("zh-hans"):
        compare("openapi.json", written(described.__wrapped__()))


@pytest.mark.parametrize(
    "path", ["/api/results", "/api/cases/{pk}/respond", "/api/trace", "/api/tasks", "/api/devices"]
)
def test_the_special_acts_are_in_the_document(path) -> None:
    assert path in described()["paths"]
