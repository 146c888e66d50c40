"""The reference outputs of the published programs; see the README beside them. Read, never kept."""

import csv
import gzip
from functools import cache

import numpy as np

from tests.shared_data import shared


@cache
def table(name: str) -> dict[str, np.ndarray]:
    """Columns of one file: numbers where all are numbers (NaN where empty or NA), words otherwise."""
    path = shared(f"data/detection/{name}")
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open()
    with opened as lines:
        header, *rows = csv.reader(lines)
    return {head: _column(cells) for head, cells in zip(header, zip(*rows, strict=True), strict=True)}


def _column(cells: tuple[str, ...]) -> np.ndarray:
    try:
        return np.array([float(cell) if cell not in ("", "NA") else np.nan for cell in cells])
    except ValueError:
        return np.array(cells)


def rows(name: str, **where) -> dict[str, np.ndarray]:
    """The columns of the rows in which named columns have these values."""
    columns = table(name)
    chosen = np.all([columns[head] == value for head, value in where.items()], axis=0)
    return {head: values[chosen] for head, values in columns.items()}


def grid(columns: dict[str, np.ndarray], name: str) -> np.ndarray:
    """One column as series × weeks."""
    series = len(np.unique(columns["series"]))
    return columns[name].reshape(series, -1)


@cache
def simulated() -> np.ndarray:
    """500 simulated weekly series, series × 312 weeks."""
    columns = table("sim500_counts.csv.gz")
    return np.array([columns[f"s{n:03d}"] for n in range(1, 501)])


def numbers(name: str) -> np.ndarray:
    """A file of numbers without a header."""
    return np.loadtxt(shared(f"data/detection/{name}"), delimiter=",")


def same(found: np.ndarray, wanted: np.ndarray, relative: float) -> bool:
    """The same where missing, and as near elsewhere."""
    return np.array_equal(np.isnan(found), np.isnan(wanted)) and np.allclose(
        found, wanted, rtol=relative, atol=relative * 1e-3, equal_nan=True
    )
