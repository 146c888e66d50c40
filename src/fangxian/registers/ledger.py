"""The ledger of one import: every row of the sheet is accounted for, once."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Reject:
    """Why a row was not taken: the row of the sheet, the field, the reason."""

    row: int
    field: str
    reason: str


@dataclass
class Ledger:
    """rows = inserted + updated + unchanged + duplicate + rejected + blank, always."""

    rows: int = 0
    inserted: int = 0
    updated: int = 0
    unchanged: int = 0
    duplicate: int = 0
    blank: int = 0
    rejects: list[Reject] = field(default_factory=list)
    duplicates: list[Reject] = field(default_factory=list)
    ignored_columns: list[str] = field(default_factory=list)
    headings: list[str] = field(default_factory=list)
    repair: list[list[Any]] = field(default_factory=list)

    def reject(self, row: int, cells: list[Any], reasons: dict[str, str]) -> None:
        """A row is not taken: why, by field; it goes into the repair sheet as it came."""
        self.rejects += [Reject(row, name, reason) for name, reason in reasons.items()]
        self.repair.append(cells)

    @property
    def rejected(self) -> int:
        """Rows with at least one reject."""
        return len({reject.row for reject in self.rejects})

    @property
    def balanced(self) -> bool:
        """Whether every row is in exactly one column of the ledger."""
        return self.rows == sum(self.counts().values()) - self.rows

    def counts(self) -> dict[str, int]:
        """The ledger as figures."""
        return {
            "rows": self.rows,
            "inserted": self.inserted,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "duplicate": self.duplicate,
            "rejected": self.rejected,
            "blank": self.blank,
        }

    def as_dict(self) -> dict:
        """For reports and JSON; rejects name row, field and reason but never the value."""
        return {
            **self.counts(),
            "ignored_columns": self.ignored_columns,
            "rejects": [vars(reject) for reject in self.rejects],
            "duplicates": [vars(reject) for reject in self.duplicates],
        }
