"""What the pages say in place of what the platform stores: acts, values, packs, rules, and links that open."""

from types import SimpleNamespace

import pytest
from django.utils.translation import override

from fangxian.core import policy
from fangxian.faces.web.registers import acts, tables, values, vocabularies
from fangxian.faces.web.templatetags import pages
from fangxian.registers import site


def test_acts_are_sentences():
    with override("en"):
        assert acts.verb("cases.case.confirmed.clinical") == "confirmed clinically"
        assert acts.verb("core.officer.second_factor_added") == "second factor added"
        assert acts.sentence("people.unmasked") == "Personal data: shown in full"
        assert acts.sentence("nothing.known.changed") == "changed"
        assert pages.act("command.tasks.escalated") == "Task: escalated" and pages.kind("never.heard") == "never.heard"


def test_packs_and_rules_have_names():
    pack = policy.pack(disease="covid19", area_code="410883", on=policy.store().packs[0].valid_from)
    with override("en"):
        assert vocabularies.pack_name("covid19-cn-v8@de34854ad524") == (
            "COVID-19 prevention and control protocol, 8th edition (version de3485)"
        )
        assert vocabularies.pack_name("covid19-cn-v8").endswith("8th edition")
        assert vocabularies.pack_name("own@1") == "own@1" and pack.key
        assert vocabularies.rule_name("close:total") == "Time together, close contact"
        assert vocabularies.rule_name("close:cabin").startswith("A kind") and vocabularies.rule_name("x") == "x"
    assert vocabularies.choices("rule") == []


def test_data_of_rules_is_readable():
    with override("en"):
        assert pages.data([{"place": "home", "days": 7}, {"place": "central"}]) == "place home, days 7 · place central"
        assert pages.data([1, 4]) == "1, 4" and pages.data(True) == "yes" and pages.data(False) == "no"
        assert pages.source("operator's decision; change it").startswith("decided") and pages.source("page") == "page"
        assert pages.confidence("A") == "official text" and pages.confidence("?") == "?"


@pytest.mark.django_db
def test_stored_values_are_said_in_words(story, everywhere):
    register, case = site.get("cases.case"), story.case
    given = {"person": str(case.person_id), "has_symptoms": "True", "positive_at": "2022-03-15T00:00:00+00:00",
             "onset_on": "2022-03-09", "event": "no id", "laboratory_by": "0", "unknown": "x", "area": "410883",
             "version": 3}  # fmt: skip
    with override("en"):
        words = values.Words(register, [given])
        assert words.of("person", given["person"]) == str(case.person) and words.of("unknown", "False") == "no"
        assert words.of("positive_at", given["positive_at"]) == "15 Mar 2022, 08:00"
        assert words.of("onset_on", given["onset_on"]) == "9 Mar 2022" and words.of("event", "") == ""
        assert words.of("event", "no id") == words.of("laboratory_by", "0") == "not in your areas"
        assert words.label("laboratory_by") == "Laboratory result entered by" and words.label("unknown") == "unknown"
        assert not words.is_telling("version") and words.is_telling("person")
        assert values.readable(register, "disease", "covid19") == "COVID-19"


@pytest.mark.django_db
def test_links_lead_only_where_the_reader_may_go(story, officer, everywhere):
    stranger, person = officer("investigator", "410882"), story.case.person
    assert tables.opens(person, story.investigator) and not tables.opens(person, stranger)
    assert not tables.opens(person, officer("laboratory")) and not tables.opens(None, stranger)
    context = {"request": SimpleNamespace(user=stranger)}
    assert pages.linked(context, person) == str(person) and pages.page_for(context, person) == ""
    context["request"].user = story.investigator
    assert pages.linked(context, person).startswith("<a href=") and pages.page_for(context, person)


def test_an_act_of_unknown_kind_has_no_value_in_a_rule():
    assert pages.pack_name(None) == "" and pages.done("command.task.finish")
