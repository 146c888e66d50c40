"""Clusters in place and time: more cases here and lately than place and time explain apart, disease by disease."""

from dataclasses import dataclass
from datetime import date, timedelta
from os.path import commonprefix
from typing import Any

import numpy as np

from fangxian.core.areas import Area
from fangxian.core.policy import Pack
from fangxian.engines.surveillance import Cylinder, Scan, space_time_scan
from fangxian.systems.surveillance.services import Found
from fangxian.systems.surveillance.words import FeedChannel, SignalKind, SignalMethod
from fangxian.warehouse.near import DIGITS, Placed, placed_cases

SHOWN = 28
"""Days a card's curve shows."""


@dataclass(frozen=True)
class Cluster:
    """The strongest cluster of one disease, and how unusual it is."""

    disease: str
    placed: Placed
    cylinder: Cylinder
    scan: Scan

    @property
    def codes(self) -> list[str]:
        """The places of it."""
        return [self.placed.areas[number] for number in self.cylinder.areas]


def clusters(area_code: str, as_of: date, pack: Pack) -> list[Cluster]:
    """Clusters that reach up to a day and come by chance less often than the pack asks, inside the scope in force.

    A county's work is bounded: places, neighbours, days and replicates by the pack, diseases by their newest cases.
    The seed is fixed, so that a night run twice says the same.
    """
    days = int(pack.number("warning.scan.history_days"))
    placed = placed_cases(
        area_code, as_of - timedelta(days=days - 1), as_of, most=int(pack.number("warning.scan.most_places")),
        neighbours=int(pack.number("warning.scan.neighbours")),
    )  # fmt: skip
    return [found for disease, one in placed.items() if (found := _cluster(disease, one, pack)) is not None]


def _cluster(disease: str, placed: Placed, pack: Pack) -> Cluster | None:
    days, least = int(pack.number("warning.scan.days")), pack.number("warning.least_count")
    if len(placed.areas) < 2 or placed.counts[-days:].sum() < least:
        return None
    replicates = int(pack.number("warning.scan.replicates"))
    scan = space_time_scan(placed.counts, placed.nearest, days=days, top=1, replicates=replicates)
    strong = [one for one in scan.clusters if one.cases >= least]
    usual = scan.recurrence_days < pack.number("warning.scan.recurrence_days")
    return None if usual or not strong else Cluster(disease, placed, strong[0], scan)


def found_in_space(clusters: list[Cluster], as_of: date) -> list[Found]:
    """Each cluster as a finding of the lowest area that holds all its places."""
    above = {one.disease: _holding(one.codes) for one in clusters}
    codes = {code for one in clusters for code in one.codes}
    areas = Area.objects.in_bulk([*above.values(), *codes])
    return [_found(one, areas[above[one.disease]], areas, as_of) for one in clusters if above[one.disease] in areas]


def _holding(codes: list[str]) -> str:
    """The lowest code of a level above, or at, all of some codes; "" where only a prefecture holds them."""
    common = commonprefix(codes)
    return next((common[:digits] for digits in DIGITS if len(common) >= digits), "")


def _found(one: Cluster, area: Area, areas: dict[str, Area], as_of: date) -> Found:
    cylinder = one.cylinder
    return Found(
        area=area, kind=SignalKind.STATISTICAL, method=SignalMethod.SPACE_TIME, channel=FeedChannel.CASES,
        disease=one.disease, first_on=as_of - timedelta(days=cylinder.days - 1), observed=float(cylinder.cases),
        expected=round(cylinder.expected, 3), p=one.scan.p, recurrence_days=one.scan.recurrence_days,
        series=_series(one, areas, as_of),
    )  # fmt: skip


def _series(one: Cluster, areas: dict[str, Area], as_of: date) -> dict[str, Any]:
    """What the card draws: cases of the cluster's places by day, and how many each has had in the cluster's days."""
    inside = one.placed.counts[:, list(one.cylinder.areas)]
    shown = inside[-SHOWN:].sum(axis=1)
    lately = inside[-one.cylinder.days :].sum(axis=0)
    days = [as_of - timedelta(days=back) for back in range(len(shown) - 1, -1, -1)]
    places = [
        {"code": code, "name": areas[code].name, "cases": int(cases)}
        for code, cases in zip(one.codes, lately, strict=True) if cases
    ]  # fmt: skip
    return {
        "step": "DAY", "days": [day.isoformat() for day in days], "counts": np.asarray(shown).tolist(), "expected": [],
        "bound": [], "places": places,
    }  # fmt: skip
