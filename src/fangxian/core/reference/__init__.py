"""Divisions, crosswalk and outlines that ship with the platform: plain rows, read from the files of this folder."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent


@dataclass(frozen=True)
class Division:
    """One division: code in the statistical list, names, kind (a value of Area.Kind) and the code of its parent."""

    code: str
    name: str
    name_en: str
    official_name: str
    kind: str
    parent: str


@dataclass(frozen=True)
class TownshipCodes:
    """One township in the statistical (NBS) and the civil-affairs (MCA) list; a code is empty where it is in one only.

    `nbs_code_means_in_mca` names another town where the statistical code denotes that one in the other list.
    """

    county: str
    name: str
    nbs_code: str
    mca_code: str
    status: str
    nbs_code_means_in_mca: str


def divisions(under: str = "") -> Iterator[Division]:
    """The divisions at and below a code, parents before children; all of them without one."""
    return (Division(**row) for row in _rows("divisions.csv") if row["code"].startswith(under))


def township_codes(county: str = "") -> Iterator[TownshipCodes]:
    """The crosswalk of townships, of one county or of a longer range whose code is the beginning of theirs."""
    return (TownshipCodes(**row) for row in _rows("township_crosswalk.csv") if row["county"].startswith(county))


def boundaries() -> dict[str, Any]:
    """GeoJSON outlines of Jiaozuo and its counties (property `code`); for demonstration and tests, see `notice`."""
    return json.loads((FOLDER / "jiaozuo_boundaries.geojson").read_text("utf-8"))


def _rows(name: str) -> Iterator[dict[str, str]]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)
