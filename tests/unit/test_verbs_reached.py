"""No verb is finished and out of reach: whatever a system's `services.py` offers, something that runs calls it.

Read from the sources alone, without importing them. Called by the demo, by `fangxian check` or by tests alone is not
reached.
"""

import ast
import re
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "fangxian"
LEFT_OUT = ("demo/", "faces/cli/checks/")
UNSAID = re.compile(
    r'"""(?s:.*?)"""|^\s*from \S+ import (?:\([^)]*\)|.*)$|^\s*import .*$|"[^"\n]*"|#.*$|\bdef \w+', re.MULTILINE
)
"""What names a verb without calling it or handing it on: words in quotes, imports, its own definition."""
GAP = "no page or job calls it; found by this test, and named until one does"
LOADED = "the demo loads by it; officers enter one at a time through the register"
ALLOWED: dict[str, str] = {
    "cases.add_timeline": GAP,
    "cases.close_investigation": GAP,
    "cases.extend_follow_up": GAP,
    "cases.find_contact": GAP,
    "cases.lose_contact": GAP,
    "cases.set_outcome": GAP,
    "checkpoints.close_point": GAP,
    "people.add_households_many": LOADED,
    "people.same_household": GAP,
    "quarantine.add_rooms": LOADED,
    "quarantine.add_site": LOADED,
    "quarantine.room_ready": GAP,
    "quarantine.take_out_of_use": GAP,
    "quarantine.withdraw_proof": GAP,
    "screening.add_places_many": GAP,
    "screening.close_place": GAP,
    "workforce.enter_shift": LOADED,
}
"""Verb → why nothing that runs calls it."""


@cache
def sources() -> dict[str, str]:
    """Every module that runs, by its path."""
    paths = (path for path in SOURCE.rglob("*.py") if "migrations" not in path.parts)
    found = ((path.relative_to(SOURCE).as_posix(), path) for path in paths)
    return {name: path.read_text() for name, path in found if not name.startswith(LEFT_OUT)}


@cache
def verbs_of(name: str) -> frozenset[str]:
    """Public functions of a module that say who acts."""
    body = ast.parse(sources().get(name, "")).body
    functions = (node for node in body if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"))
    return frozenset(node.name for node in functions if any(one.arg == "by" for one in node.args.kwonlyargs))


def offered() -> set[tuple[str, str]]:
    """System and verb, as its services offer it: defined there, or brought in from a module of the system."""
    found: set[tuple[str, str]] = set()
    for name in sources():
        if not re.fullmatch(r"systems/\w+/services\.py", name):
            continue
        system = name.split("/")[1]
        found |= {(system, verb) for verb in verbs_of(name)}
        for node in ast.parse(sources()[name]).body:
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(f"fangxian.systems.{system}."):
                home = f"{(node.module or '').removeprefix('fangxian.').replace('.', '/')}.py"
                found |= {(system, one.asname or one.name) for one in node.names if one.name in verbs_of(home)}
    return found


def test_every_verb_is_reached():
    said = set().union(*(re.findall(r"\w+", UNSAID.sub(" ", text)) for text in sources().values()))
    out_of_reach = {f"{system}.{verb}" for system, verb in offered() if verb not in said}
    assert sorted(out_of_reach - set(ALLOWED)) == [], "reached by nothing but the demo, checks and tests"
    assert sorted(set(ALLOWED) - out_of_reach) == [], "reached by now: take it off the list"
