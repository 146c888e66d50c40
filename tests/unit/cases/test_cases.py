"""Opening, confirming, closing: one illness is one case, and its classification follows from who confirmed what."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.ids import uuid7
from fangxian.systems.cases import selectors, services
from fangxian.systems.cases.classification import Facts, decide
from fangxian.systems.cases.models import Case

# laboratory clinical epidemiological symptoms  classification
TABLE = [
    (1, 0, 0, True,  "CONFIRMED"),
    (1, 1, 1, False, "CONFIRMED_NO_SYMPTOMS"),
    (1, 0, 1, None,  "CONFIRMED_UNKNOWN_SYMPTOMS"),
    (0, 1, 1, None,  "PROBABLE"),
    (0, 1, 0, False, "SUSPECT"),
    (0, 0, 1, True,  "SUSPECT"),
    (0, 0, 1, False, "NOT_CLASSIFIED"),
    (0, 0, 1, None,  "NOT_CLASSIFIED"),
    (0, 0, 0, True,  "NOT_CLASSIFIED"),
]  # fmt: skip


@pytest.mark.parametrize(("laboratory", "clinical", "epidemiological", "symptoms", "expected"), TABLE)
def test_the_classification_table(laboratory, clinical, epidemiological, symptoms, expected):
    assert decide(Facts(bool(laboratory), bool(clinical), bool(epidemiological), symptoms)) == expected


def test_numbers_count_up_by_county_and_year(case, county):
    numbers = [case().number for _n in range(2)]
    other = case(area=Area.objects.get(code="410882001201"))
    with clock.frozen(datetime(2023, 1, 1, 4, tzinfo=UTC)):
        later = case()
    assert numbers == ["410883-2022-00001", "410883-2022-00002"]
    assert (other.number, later.number) == ("410882-2022-00001", "410883-2023-00001")


def test_a_number_of_ones_own_does_not_disturb_the_count(case):
    case(number="410883-2022-X")
    assert case().number == "410883-2022-00001"


def test_above_county_the_area_itself_counts(case):
    assert case(area=Area.objects.get(code="41")).number == "41-2022-00001"


def test_one_illness_is_one_case(case, people):
    person, result = people(1)[0], uuid7()
    first = case(person=person, onset_on=date(2022, 3, 12))
    second = case(person=person, result_id=result, onset_on=date(2022, 3, 1))
    assert second.pk == first.pk
    assert (second.onset_on, second.result_id, second.classification) == (date(2022, 3, 12), result, "CONFIRMED")


def test_the_same_result_never_opens_a_second_case(case, people):
    person, result = people(1)[0], uuid7()
    first = case(person=person, result_id=result)
    services.set_outcome(first, by=None, outcome="RECOVERED", on=date(2022, 3, 30))
    assert case(person=person, result_id=result).pk == first.pk
    assert case(person=person, result_id=uuid7()).pk != first.pk


def test_a_result_starts_the_report_clock(case):
    made = case(result_id=uuid7())
    assert (made.positive_at, made.laboratory_at) == (now(), now())
    assert case(positive_at=now() - timedelta(hours=1)).laboratory_at is None


# steps                                                      classification              investigation
STORIES = [
    ("",                                                     "NOT_CLASSIFIED",           "PENDING"),
    ("+clinical",                                            "SUSPECT",                  "PENDING"),
    ("+clinical +clinical +epidemiological",                 "PROBABLE",                 "PENDING"),
    ("+laboratory",                                          "CONFIRMED_UNKNOWN_SYMPTOMS", "PENDING"),
    ("+laboratory close",                                    "CONFIRMED_UNKNOWN_SYMPTOMS", "DONE"),
    ("+laboratory close -laboratory",                        "NOT_CLASSIFIED",           "PENDING"),
    ("+clinical -clinical", "NOT_CLASSIFIED", "PENDING"),
    ("+clinical -laboratory",                                "SUSPECT",                  "PENDING"),
    ("+laboratory onset",                                    "CONFIRMED",                "PENDING"),
    ("+laboratory discard",                                  "NO_CASE",                  "DISCARDED"),
    ("discard +laboratory",                                  "NO_CASE",                  "DISCARDED"),
    ("discard reopen +laboratory",                           "CONFIRMED_UNKNOWN_SYMPTOMS", "PENDING"),
]  # fmt: skip


def step(case: Case, word: str, by) -> Case:
    """One word of a story done to a case."""
    if word[0] == "+":
        return services.confirm(case, by=by, basis=word[1:])
    if word[0] == "-":
        return services.withdraw_confirmation(case, by=by, basis=word[1:], reason="wrong tube")
    if word == "onset":
        return services.change_case(case=case, by=by, onset_on=date(2022, 3, 10))
    if word == "close":
        return services.close_investigation(case, by=by)
    return getattr(services, word)(case, by=by, reason="looked again")


@pytest.mark.parametrize(("story", "classification", "investigation"), STORIES)
def test_stories_of_confirmation(case, officer, story, classification, investigation):
    made, who = case(), officer("investigator")
    for word in story.split():
        made = step(made, word, who)
    assert (made.classification, made.investigation) == (classification, investigation)


def test_a_confirmation_says_who_and_when(case, officer):
    who = officer("investigator")
    made = services.confirm(case(), by=who, basis="CLINICAL")
    assert (made.clinical_by, made.clinical_at) == (who, now())


def test_the_suggestion_explains_itself(case):
    made = services.confirm(case(onset_on=date(2022, 3, 12)), by=None, basis="laboratory")
    suggestion = selectors.classify(made)
    assert suggestion.classification == "CONFIRMED"
    assert [str(reason) for reason in suggestion.reasons] == [
        "A laboratory confirmed it (2022-03-15).",
        "No clinical confirmation.",
        "No link to a source is confirmed.",
        "Symptoms are known.",
    ]


def test_a_classification_set_by_hand_stays(case):
    assert services.change_case(case=case(), by=None, classification="PROBABLE").classification == "PROBABLE"


def test_discarding_needs_a_reason(case):
    with pytest.raises(ValidationError, match="why"):
        services.discard(case(), by=None, reason="")


def test_exposures_and_timeline_end_after_they_begin(case):
    made, later = case(), now() + timedelta(hours=1)
    services.add_exposure(by=None, case=made, kind="WORK", starts_at=now(), ends_at=later)
    services.add_timeline(by=None, case=made, kind="STAY", starts_at=now(), ends_at=later)
    with pytest.raises(ValidationError, match="before the beginning"):
        services.add_exposure(by=None, case=made, kind="WORK", starts_at=later, ends_at=now())
    with pytest.raises(ValidationError, match="before the beginning"):
        services.add_timeline(by=None, case=made, kind="STAY", starts_at=later, ends_at=now())
    assert len(selectors.exposures_of(made)) == 1


def test_a_link_is_one_a_pair_and_never_to_itself(case):
    one, two = case(), case()
    first = services.link(by=None, infector=one, infected=two)
    again = services.link(by=None, infector=one, infected=two, certainty="3_HIGH")
    assert (again.pk, again.certainty) == (first.pk, "3_HIGH")
    assert selectors.links_of(two) == [first]
    with pytest.raises(ValidationError, match="itself"):
        services.link(by=None, infector=one, infected=one)


def test_an_event_is_known_by_its_name(case, village):
    made = services.open_event(by=None, area=village, name="school", disease="covid19")
    assert services.open_event(by=None, area=village, name="school", disease="covid19") == made
    assert selectors.event(made.pk) == made


def test_an_unfinished_response_is_taken_up_again(case):
    made = case()
    first = services.start_response(by=None, case=made, pack="covid19-cn-v8@1")
    assert services.start_response(by=None, case=made, pack="covid19-cn-v8@1") == first
    services.finish_response(by=None, response=first, steps=[{"name": "contacts"}], difference={"added": 3})
    assert services.start_response(by=None, case=made, pack="covid19-cn-v8@1").run == 2
    assert [response.run for response in selectors.responses_of(made)] == [2, 1]


def test_reading_cases(case, django_assert_num_queries):
    made = [case(onset_on=date(2022, 3, 12)), case(sampled_at=now())]
    services.discard(case(), by=None, reason="other illness")
    assert selectors.case(made[0].pk) == made[0]
    assert set(selectors.cases_in("410883", "covid19")) == set(made)
    assert selectors.counts_by_area(["4108", "410882"]) == {"4108": 2, "410882": 0}
    assert list(selectors.by_numbers([made[0].number, "?"])) == [made[0].number]
    days = [(day.day, day.onset, day.sampled) for day in selectors.curve()]
    assert days == [(date(2022, 3, 12), 1, 0), (date(2022, 3, 15), 0, 1)]
