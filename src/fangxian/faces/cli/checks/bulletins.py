"""The promise of `fangxian bulletin`: damage of our own making is undone, and nothing else is touched."""

from dataclasses import dataclass
from difflib import SequenceMatcher
from importlib.resources import files
from random import Random
from typing import Any

from fangxian.engines.bulletins import Certainty, repair
from fangxian.engines.bulletins.damage import Damaged, Plan, damaged

LEAST = 0.999
TRICKY = (
    "核酸检测(PCR)与抗原检测(Ag)结果不一致怎么办?请复测。", "防控(he)一体", "问:能否返乡?答:按健康码颜色管理。",
    "接种A群、B超和CT检查照常,张彧、魏甡等同志到场。", "著名专家和乾县代表参加,里程、范畴、复核各有专人。",
)  # fmt: skip
"""Clean texts with what looks like damage."""


@dataclass
class Report:
    """What was counted over all cases.

    wrong       recoverable characters that did not come back
    false       characters that are wrong and were not marked as unsure
    marked      characters of the results marked as unsure, and how many of them are wrong (`marked_wrong`)
    """

    cases: int = 0
    characters: int = 0
    gone: int = 0
    gone_right: int = 0
    wrong: int = 0
    false: int = 0
    marked: int = 0
    marked_wrong: int = 0
    clean: int = 0
    changed: int = 0

    @property
    def accuracy(self) -> float:
        """The share of recoverable characters that came back."""
        return 1 - self.wrong / self.characters if self.characters else 0.0

    @property
    def passed(self) -> bool:
        """Whether the promise held."""
        return self.cases > 0 and self.accuracy >= LEAST and self.changed == 0

    @property
    def exit_code(self) -> int:
        """0 when the promise held."""
        return 0 if self.passed else 1

    def line(self) -> str:
        """The last line."""
        return (
            f"cases={self.cases} characters={self.characters} gone={self.gone} gone_guessed_right={self.gone_right} "
            f"undamaged={self.clean} marked={self.marked} marked_wrong={self.marked_wrong} "
            f"accuracy={self.accuracy:.6f} false_repairs={self.false} "
            f"undamaged_changed={self.changed}"
        )


def samples() -> list[str]:
    """The sample bulletins of the demo county, of our own writing."""
    folder = files("fangxian.demo").joinpath("bulletins")
    paths = sorted((path for path in folder.iterdir() if path.name.endswith(".txt")), key=lambda path: path.name)
    return [path.read_text("utf-8").strip() for path in paths]


def run(cases: int, seed: int, advance: Any) -> Report:
    """Damage samples in so many ways, repair them, and compare with what they were."""
    report, texts = Report(), samples()
    for number in range(cases):
        rng = Random(seed * 1_000_003 + number)
        count(report, damaged(_part(rng.choice(texts), rng), rng, plan_of(rng)))
        advance(number + 1, cases, "damaged")
    _undamaged(report, texts)
    return report


def plan_of(rng: Random) -> Plan:
    """Any mixture of the kinds of damage."""
    return Plan(
        notes=rng.choice((0.0, 0.1, 0.3, 0.6)), commas=rng.choice((0.0, 0.0, 0.5, 1.0)), lost=rng.choice((0, 0, 1, 3)),
        twice=rng.random() < 0.5, page=rng.random() < 0.5, traditional=rng.random() < 0.9,
    )  # fmt: skip


def count(report: Report, case: Damaged) -> None:
    """Repair one case and count."""
    repaired = repair(case.text)
    unsure = _unsure(repaired)
    right, places = set[int](), set[int]()
    for block in SequenceMatcher(None, repaired.text, case.truth, autojunk=False).get_matching_blocks():
        right.update(range(block.b, block.b + block.size))
        places.update(range(block.a, block.a + block.size))
    report.cases += 1
    report.gone += len(case.gone)
    report.gone_right += len(right & case.gone)
    report.characters += len(case.truth) - len(case.gone)
    report.wrong += len(set(range(len(case.truth))) - right - case.gone)
    wrong = set(range(len(repaired.text))) - places
    report.false += len(wrong - unsure)
    report.marked += len(unsure)
    report.marked_wrong += len(wrong & unsure)


def _unsure(repaired: Any) -> set[int]:
    """The places of the repaired text that were marked as likely or guessed."""
    spans = [(one.position, one.position + len(one.before)) for one in repaired.repairs
             if one.certainty is not Certainty.CERTAIN]  # fmt: skip
    return {at for at, origin in enumerate(repaired.origin) if any(start <= origin < end for start, end in spans)}


def _part(text: str, rng: Random) -> str:
    """The title and some paragraphs of a sample, so that cases differ in length."""
    title, *paragraphs = text.split("\n")
    return "\n".join([title, *rng.sample(paragraphs, rng.randint(1, min(3, len(paragraphs))))])


def _undamaged(report: Report, texts: list[str]) -> None:
    """Documents without damage come back as they went in: whole, by paragraph, and with what looks like damage."""
    documents = [*texts, *(part for text in texts for part in text.split("\n")), *TRICKY]
    for document in documents:
        report.clean += 1
        report.changed += repair(document).text != document
