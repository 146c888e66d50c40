"""The extracts that ship with the platform."""

import csv
import json
from collections import Counter

import pytest

from fangxian.core import reference
from tests.shared_data import shared

COUNTS = [
    ("", {"province": 3, "prefecture": 3, "county": 32, "zone": 1, "township": 112, "village": 2024}),
    ("4108", {"prefecture": 1, "county": 10, "zone": 1, "township": 112, "village": 2024}),
    ("410883", {"county": 1, "township": 11, "village": 289}),
]


@pytest.mark.parametrize(("under", "counts"), COUNTS)
def test_divisions_by_kind(under, counts):
    assert Counter(division.kind for division in reference.divisions(under)) == counts


def test_the_tree_has_no_orphans_and_parents_come_first():
    seen = set()
    for division in reference.divisions():
        assert division.code.startswith(division.parent)
        assert division.parent in seen | {""}
        assert division.name
        assert division.name_en
        seen.add(division.code)


NAMES = [
    ("4108", "焦作市", "Jiaozuo", "焦作市"),
    ("410883001", "大定街道", "Dading Subdistrict", "大定街道"),
    ("410883001212", "段西村", "Duanxi Village", "段西村村民委员会"),
    ("410883001001", "花封街社区", "Huafengjie Community", "花封街居民委员会"),
]


@pytest.mark.parametrize(("code", "name", "name_en", "official"), NAMES)
def test_names_as_people_say_them(code, name, name_en, official):
    division = next(reference.divisions(code))
    assert (division.name, division.name_en, division.official_name) == (name, name_en, official)


def test_four_townships_of_mengzhou_have_codes_that_mean_another_town():
    clashes = [row for row in reference.township_codes("410883") if row.nbs_code_means_in_mca]
    assert len(clashes) == 4
    assert all(row.status == "code_differs" for row in clashes)


def test_the_crosswalk_of_all():
    statuses = Counter(row.status for row in reference.township_codes())
    assert statuses == {"same": 281, "code_differs": 66, "nbs_only": 32, "mca_only": 10}


def test_the_outlines_carry_their_warning():
    outlines = reference.boundaries()
    assert len(outlines["features"]) == 11
    assert "Demonstration and tests only" in outlines["notice"]
    codes = {division.code for division in reference.divisions()}
    assert {feature["properties"]["code"] for feature in outlines["features"]} < codes


def test_the_extract_is_what_the_full_list_says():
    with shared("data/domain/divisions_nbs2023.csv").open(encoding="utf-8-sig", newline="") as file:
        full = {row["code12"]: row["name"] for row in csv.DictReader(file)}
    for division in reference.divisions():
        assert full[division.code.ljust(12, "0")] == division.official_name
    outlines = json.loads(shared("data/domain/county_boundaries_simplified.geojson").read_text("utf-8"))
    shapes = {feature["properties"]["code6"][:6]: feature["geometry"] for feature in outlines["features"]}
    for feature in reference.boundaries()["features"]:
        assert shapes[feature["properties"]["code"].ljust(6, "0")] == feature["geometry"]
