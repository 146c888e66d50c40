"""The diseases the platform knows: notifiable by law, monitored, or emerging; facts of the official tables.

The table is `data/diseases.csv`; how a disease is managed is not here but in policy packs.
"""

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TABLE = Path(__file__).parent / "data" / "diseases.csv"
# Chinese clinical editions of ICD-10 still use the older codes of dengue.
ICD10_SYNONYMS = {"A90": "A97", "A91": "A97"}


@dataclass(frozen=True)
class Disease:
    """One disease. `law_class`: A, B, C, monitored, unknown (unexplained), none (not named by the law).

    `report_hours`: within which a case is on the reporting network. `icd10`: codes and ranges (B20-B24) of WHO 2019.
    """

    key: str
    name_zh: str
    name_en: str
    law_class: str
    managed_as_class_a: bool
    icd10: tuple[str, ...]
    report_hours: int
    transmission: str
    warning_method: str
    source: str

    def name(self, language: str) -> str:
        """The name in a language of the platform."""
        return self.name_zh if language.lower().startswith("zh") else self.name_en

    def icd10_match(self, code: str) -> int:
        """How finely an ICD-10 code denotes the disease: the length of the own code it lies under, 0 for none."""
        code = code.strip().upper()
        code = ICD10_SYNONYMS.get(code[:3], code[:3]) + code[3:]
        return max((len(own) for own in self.icd10 if _covers(own, code)), default=0)


def get(key: str) -> Disease:
    """The disease of a key; raises KeyError."""
    return _table()[key]


def all_diseases() -> tuple[Disease, ...]:
    """Every disease, in the order of the official table, others last."""
    return tuple(_table().values())


def choices(language: str) -> list[tuple[str, str]]:
    """Key and name of every disease, for a form."""
    return [(disease.key, disease.name(language)) for disease in all_diseases()]


def find(text: str) -> Disease | None:
    """The disease that somebody wrote: a key, a name in either language, or an ICD-10 code; the finest code wins."""
    wanted = text.strip().casefold()
    for disease in all_diseases():
        if wanted in (disease.key, disease.name_zh.casefold(), disease.name_en.casefold()):
            return disease
    best = max(all_diseases(), key=lambda disease: disease.icd10_match(wanted))
    return best if best.icd10_match(wanted) else None


def _covers(own: str, code: str) -> bool:
    first, dash, last = own.partition("-")
    return first <= code[:3] <= last if dash else code.startswith(own)


@cache
def _table() -> dict[str, Disease]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row["key"]: _disease(row) for row in csv.DictReader(file)}


def _disease(row: dict[str, str]) -> Disease:
    return Disease(
        key=row["key"],
        name_zh=row["name_zh"],
        name_en=row["name_en"],
        law_class=row["law_class"],
        managed_as_class_a=row["managed_as_class_a"] == "yes",
        icd10=tuple(row["icd10"].split(";")) if row["icd10"] else (),
        report_hours=int(row["report_hours"]),
        transmission=row["transmission"],
        warning_method=row["warning_method"],
        source=row["source"],
    )


KEYS = frozenset(_table())
