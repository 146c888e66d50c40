"""The diseases table."""

import csv

import pytest

from fangxian.core import diseases
from tests.shared_data import shared

SPEC = [
    # key, class, as class A, hours
    ("plague", "A", True, 2),
    ("covid19", "B", False, 24),
    ("pulmonary_anthrax", "B", True, 2),
    ("influenza", "C", False, 24),
    ("varicella", "monitored", False, 24),
    ("unknown", "unknown", True, 2),
    ("mers", "none", False, 2),
]


@pytest.mark.parametrize(("key", "law_class", "as_a", "hours"), SPEC)
def test_spec(key, law_class, as_a, hours):
    disease = diseases.get(key)
    assert (disease.law_class, disease.managed_as_class_a, disease.report_hours) == (law_class, as_a, hours)


FOUND = [
    ("covid19", "covid19"),
    ("新型冠状病毒感染", "covid19"),
    ("covid-19", "covid19"),
    (" 手足口病 ", "hfmd"),
    ("U07.1", "covid19"),
    ("a91", "dengue"),
    ("A90", "dengue"),
    ("A97.0", "dengue"),
    ("A22.0", "anthrax"),
    ("A22.1", "pulmonary_anthrax"),
    ("B22", "hiv_aids"),
    ("A08.1", "norovirus"),
    ("A08.0", "infectious_diarrhea"),
    ("Z99", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "key"), FOUND)
def test_find(text, key):
    found = diseases.find(text)
    assert (found.key if found else None) == key


def test_names_and_choices_in_both_languages():
    assert diseases.get("hfmd").name("zh-hans") == "手足口病"
    assert diseases.get("hfmd").name("en") == "Hand, foot and mouth disease"
    assert diseases.choices("zh-Hans")[0] == ("plague", "鼠疫")
    assert len(diseases.choices("en")) == len(diseases.KEYS) == len(diseases.all_diseases())


def test_an_unknown_key_is_a_mistake():
    with pytest.raises(KeyError):
        diseases.get("dragon_pox")


def test_every_row_of_the_official_table_is_there():
    with shared("data/domain/notifiable_diseases.csv").open(encoding="utf-8-sig", newline="") as file:
        official = list(csv.DictReader(file))
    for row, disease in zip(official, diseases.all_diseases(), strict=False):
        assert disease.name_zh == row["name_cn"]
        assert ";".join(disease.icd10) == row["icd10"]
        assert disease.law_class == row["law_class"]
        assert disease.report_hours == int(row["network_report_within_hours"])
