"""Ready-made texts: whole in both languages, chosen by the way of transmission, their words filled in from data."""

import pytest

from fangxian.core import diseases
from fangxian.systems.publicity import library, rules

TEXTS = library.texts()


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS.keys())
def test_every_text_is_whole(text):
    known = {"area", "disease", "from", "until", "risk_areas", *library.FROM_PACK}
    assert text.words <= known and text.channels
    assert all((text.title, text.text, text.title_en, text.text_en))
    assert len(text.title) <= 80 and len(text.title_en) <= 160


@pytest.mark.parametrize("disease", [one.key for one in diseases.all_diseases()])
def test_every_disease_has_habits(disease):
    found = library.habits(disease, rules.pack_of("410883", disease))
    assert found and all(text.key in TEXTS for text in found)


@pytest.mark.parametrize(
    ("disease", "has", "has_not"),
    [("covid19", "one_metre", "standing_water"), ("dengue", "standing_water", "one_metre"),
     ("brucellosis", "animals", "mask"), ("norovirus", "food", "bites"), ("", "hands", "bites")],
)  # fmt: skip
def test_habits_follow_the_way_of_transmission(disease, has, has_not):
    keys = [text.key for text in library.habits(disease, rules.pack_of("410883", disease))]
    assert has in keys and has_not not in keys


def test_words_come_from_the_pack():
    words = library.pack_words(rules.pack_of("410883", "covid19"))
    filled = TEXTS["self_monitoring"].filled(words, words)
    assert "37.3℃" in filled.text and not filled.words
    with pytest.raises(KeyError, match="risk_areas"):
        TEXTS["arrivals"].filled({"area": "孟州市"}, {"area": "Mengzhou"})
