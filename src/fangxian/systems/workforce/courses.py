"""The courses and their questions, as data; a question that has a number for an answer asks the pack in force.

`courses.yaml` holds them. For one sitting the questions are drawn and the options mixed by a seed, so that the answers
are read by the same draw that was shown; the key of an option says nothing of where it stood.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.translation import get_language

from fangxian.core import policy
from fangxian.core.policy import Pack
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.systems.workforce import rules

FILE = Path(__file__).with_name("courses.yaml")
KEY = 8


@dataclass(frozen=True)
class Option:
    """One answer to choose: `key` for the form, `value` as it is kept (a number, or which option of the file)."""

    key: str
    value: str
    text: str


@dataclass(frozen=True)
class Question:
    """One question of a sitting with its options mixed; `right` is the kept value of the right one."""

    key: str
    text: str
    options: tuple[Option, ...]
    right: str
    rule: str
    source: str


@dataclass(frozen=True)
class Course:
    """A course: who has to pass it, and its questions as they stand in the file."""

    key: str
    names: Mapping[str, str]
    sources: Mapping[str, str]
    roles: tuple[str, ...]
    questions: tuple[Mapping[str, Any], ...]

    @property
    def name(self) -> str:
        """In the reader's language."""
        return _said(self.names)

    @property
    def source(self) -> str:
        """What it rests on, in the reader's language."""
        return _said(self.sources)


@cache
def all_courses() -> dict[str, Course]:
    """The courses by key, in the order of the file."""
    rows = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    made = [
        Course(row["key"], row["name"], row["source"], tuple(row["roles"]), tuple(row["questions"])) for row in rows
    ]
    return {course.key: course for course in made}


def name_of(key: str) -> str:
    """What a course is called; its key where it is gone."""
    course = all_courses().get(key)
    return course.name if course else key


def answerable(course: Course, area_code: str, seed: str = "") -> list[Question]:
    """The questions of a course that have an answer in an area today, in the order of the file."""
    made = (_question(row, area_code, seed) for row in course.questions)
    return [question for question in made if question is not None]


def sitting(course: Course, area_code: str, seed: str) -> list[Question]:
    """The questions of one sitting: as many as the pack asks, drawn by the seed."""
    found = answerable(course, area_code, seed)
    asked = min(rules.questions_asked(rules.pack_of(area_code)), len(found))
    return _mixer(seed).sample(found, asked)


def one(course: Course, key: str, area_code: str, seed: str = "") -> Question | None:
    """One question by key; None when it is not asked in the area."""
    return next((found for found in answerable(course, area_code, seed) if found.key == key), None)


def _question(row: Mapping[str, Any], area_code: str, seed: str) -> Question | None:
    pack = policy.pack(disease=row.get("disease", ANY_DISEASE), area_code=area_code)
    values = _numbers(row, pack) if "rule" in row else {str(n): _said(said) for n, said in enumerate(row["options"])}
    if values is None:
        return None
    options = [Option(_hidden(f"{seed}:{row['key']}:{value}"), value, text) for value, text in values.items()]
    mixer = _mixer(f"{seed}:{row['key']}")
    mixed = tuple(mixer.sample(options, len(options)))
    rule = row.get("rule", "")
    return Question(row["key"], _said(row["text"]), mixed, next(iter(values)), rule,
                    str(pack.provenance(rule)) if rule else "")  # fmt: skip


def _numbers(row: Mapping[str, Any], pack: Pack) -> dict[str, str] | None:
    """The right number, then wrong ones that could be one; None when the rule in force is no number."""
    right = pack.get(row["rule"])
    if isinstance(right, bool) or not isinstance(right, int | float):
        return None
    wrong = [round(right + other, 1) for other in row["others"]]
    kept = dict.fromkeys([_short(right), *(_short(value) for value in wrong if value > 0)])
    return {value: f"{value} {_said(row['unit'])}" for value in kept}


def _short(number: float) -> str:
    return f"{number:g}"


def _said(names: Mapping[str, str]) -> str:
    return str(names["zh" if (get_language() or "zh").startswith("zh") else "en"])


def _hidden(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:KEY]


def _mixer(seed: str) -> random.Random:
    return random.Random(int(hashlib.sha256(seed.encode()).hexdigest(), 16))  # noqa: S311  (shuffles questions, guards nothing)
