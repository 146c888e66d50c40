"""What could be left of a person in the files of an installation, and the search for it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from fangxian.faces.cli import bytescan
from fangxian.warehouse.visits import VisitLog

Advance = Callable[..., None]


@dataclass(frozen=True)
class Traces:
    """Ids of persons and of their visits, and the numbers that stood for the persons."""

    ids: list[bytes]
    numbers: list[int]

    @classmethod
    def of(cls, log: VisitLog, persons: list[UUID], visits: list[UUID]) -> Traces:
        """Those of some persons who are not yet erased."""
        numbers = log.hot.dictionary.numbers("person", persons)
        return cls([one.bytes for one in (*persons, *visits)], [numbers[person] for person in persons])

    def search(self, data: Path, advance: Advance = lambda *_: None) -> tuple[Counter[str], int, int]:
        """Places by file, files and bytes read. Ids are looked for everywhere, numbers in the visit log's files."""
        scan = bytescan.scan(data, self.ids, advance)
        found = Counter(scan.hits)
        for path in sorted((data / "visits").rglob("*")):
            if path.is_file() and (hits := self._numbers_in(path)):
                found[str(path.relative_to(data))] += hits
        return found, scan.files, scan.bytes

    def _numbers_in(self, path: Path) -> int:
        """How often one of the numbers stands in a file: as a value where values can be told, as bytes elsewhere."""
        if path.suffix == ".npy":
            return int(np.isin(np.load(path), self.numbers).sum())
        if path.suffix == ".parquet":
            return sum(int(np.isin(column, self.numbers).sum()) for column in _whole_numbers(path))
        content = path.read_bytes()
        return sum(content.count(form) for number in self.numbers for form in forms(number))


def forms(number: int) -> set[bytes]:
    """A number of 32 bits as written in memory, in a row and as a key of SQLite, and in figures."""
    return {number.to_bytes(4, "little"), number.to_bytes(4, "big"), varint(number), str(number).encode()}


def varint(number: int) -> bytes:
    """Seven bits a byte, highest first, all but the last marked: how SQLite writes the key of a row."""
    groups = [number & 0x7F]
    while number := number >> 7:
        groups.append(0x80 | number & 0x7F)
    return bytes(reversed(groups))


def _whole_numbers(path: Path) -> Iterator[np.ndarray]:
    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches():
            for column in batch.columns:
                if pa.types.is_integer(column.type):
                    yield column.drop_null().to_numpy(zero_copy_only=False)
