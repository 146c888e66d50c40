"""How an outbreak goes on: which serial interval Rt is reckoned with, and what its uncertainty does."""

from datetime import date

import numpy as np
import pytest

from fangxian.core import policy
from fangxian.core.policy import UnusableRule
from fangxian.engines.surveillance import SERIAL_INTERVALS, SerialInterval
from fangxian.workflows.warning import situation

ON = date(2022, 3, 14)
OWN = """
pack: county-intervals
disease: mumps
level: protocol
area: "410883"
name: {zh: 本县, en: Our county}
valid_from: 2022-01-01
rules:
  - {key: serial_interval, value: told, data: DATA, unit: day, source: own pairs of 2021, confidence: local}
"""


@pytest.fixture
def own_pack(tmp_path):
    """Give the county a serial interval of its own for mumps."""

    def give(data: str) -> None:
        (tmp_path / "own.yaml").write_text(OWN.replace("DATA", data), "utf-8")
        policy.configure(tmp_path)

    yield give
    policy.configure(None)


def test_the_pack_comes_before_the_library():
    told, pack = situation.interval_of("influenza", "410883", ON)
    assert pack == "influenza-cn" and (told.mean, told.sd) == (2.6, 1.5) and "nature04017" in told.source


@pytest.mark.parametrize("disease", sorted(set(SERIAL_INTERVALS) & {"influenza", "sars", "covid19", "measles"}))
def test_the_shipped_packs_say_what_the_library_says(disease):
    told, pack = situation.interval_of(disease, "410883", ON)
    assert pack and (told.mean, told.sd) == SERIAL_INTERVALS[disease][:2]


def test_a_disease_no_pack_names_has_that_of_the_library_or_none(monkeypatch):
    assert situation.interval_of("pertussis", "410883", ON) == (None, "")
    monkeypatch.setitem(SERIAL_INTERVALS, "pertussis", SerialInterval(22.8, 6.5, "told"))
    assert situation.interval_of("pertussis", "410883", ON) == (SERIAL_INTERVALS["pertussis"], "")


def test_a_county_names_its_own(own_pack):
    own_pack("{mean: 18.0, sd: 3.5, mean_sd: 0.4}")
    assert situation.interval_of("mumps", "410883001", ON) == (
        SerialInterval(18.0, 3.5, "own pairs of 2021", 0.4), "county-intervals",
    )  # fmt: skip
    assert situation.interval_of("mumps", "410902", ON) == (None, "")


@pytest.mark.parametrize("data", ["{mean: 0.5, sd: 1}", "{mean: 3}", "3"])
def test_one_nobody_can_reckon_with_is_refused_by_name(own_pack, data):
    own_pack(data)
    with pytest.raises(UnusableRule, match="county-intervals"):
        situation.interval_of("mumps", "410883", ON)


def test_an_uncertain_mean_widens_rt():
    counts = np.round(np.exp(np.arange(situation.DAYS) * 0.05))
    known, doubtful = (SerialInterval(4.9, 4.4, "told", mean_sd) for mean_sd in (0, 0.66))
    wide = [np.ptp([low[-1], high[-1]]) for _rt, low, high in
            (situation._reproduction(counts, one, 100) for one in (known, doubtful))]  # fmt: skip
    assert wide[1] > wide[0]
