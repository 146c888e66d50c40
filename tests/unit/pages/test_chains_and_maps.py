"""The drawings of a case: its chain, its event, its places; homes never finer than the village."""

import pytest
from django.urls import reverse

from fangxian.core.areas import Area
from fangxian.systems.cases import services as cases
from fangxian.systems.screening.models import Place

pytestmark = pytest.mark.django_db


@pytest.fixture
def event(story):
    """The case and the colleague it infected, held together by an event."""
    made = cases.open_event(by=None, area=story.case.area, name="三月聚集性疫情", disease="covid19")
    second = cases.open_case(by=None, person=story.colleague, disease="covid19", onset_on="2022-03-15")
    cases.link(by=None, infector=story.case, infected=second, certainty="3_HIGH")
    for case in (story.case, second):
        cases.change_case(by=None, case=case, event=made)
    story.second = second
    return made


def tab(client, case, name: str):
    return client.get(reverse("case", args=[case.pk]), {"tab": name})


def test_an_event_shows_its_chain_and_leads_to_its_cases(investigator, story, event):
    answer = investigator.get(reverse("event", args=[event.pk]))
    assert (answer.context["count"], answer.context["generations"], answer.context["sources"]) == (2, 2, 1)
    [edge] = answer.context["chain"]["edges"]
    assert edge["certain"] and edge["source"] == str(story.case.pk)
    assert reverse("case", args=[story.second.pk]) in answer.content.decode()


def test_an_event_of_another_county_is_not_found(event, officer, sign_in):
    assert sign_in(officer("investigator", "410882")).get(reverse("event", args=[event.pk])).status_code == 404


def test_the_chain_of_a_case_begins_where_nobody_infected(investigator, story, event):
    chain = tab(investigator, story.second, "chain").context["chain"]
    nodes = {node["label"].split("\n")[0]: node for node in chain["nodes"]}
    assert nodes[story.case.number]["start"] and not nodes[story.second.number]["start"]
    assert nodes[story.second.number]["root"]


def test_the_map_draws_places_and_villages_but_no_home(investigator, story):
    Place.objects.filter(code="P2").update(latitude=34.9, longitude=112.8)
    Area.objects.filter(code="410883001212").update(latitude=34.91, longitude=112.81)
    Area.objects.filter(code="410883002").update(latitude=34.92, longitude=112.82)
    found = tab(investigator, story.case, "map").context["places"]["features"]
    points = {f["properties"]["name"]: f["properties"] for f in found if f["geometry"]["type"] == "Point"}
    assert set(points) == {"饭店", "Duanxi", "Huichang"}
    assert points["饭店"]["note"] == "Contacts met here: 2"
    assert points["Duanxi"]["note"] == "Contacts living here: 2"
    assert found[0]["geometry"]["type"] in ("Polygon", "MultiPolygon")


def test_times_that_are_not_exact_are_shown_as_such(investigator, story):
    cases.add_exposure(
        by=None, case=story.case, kind="VISIT", place_name="集市", starts_at="2022-03-14T01:00Z", precision="ABOUT"
    )
    cases.add_timeline(
        by=None, case=story.case, kind="STAY", starts_at=story.case.positive_at, precision="HOUR", text="在家"
    )
    shown = tab(investigator, story.case, "timeline").content.decode()
    assert "about: between" in shown and "to the hour" in shown and "fx-uncertain" in shown


def test_an_event_shows_people_goods_and_environment_together(investigator, story, event):
    page = investigator.get(reverse("event", args=[event.pk]), {"tab": "around"})
    shown = page.content.decode()
    assert [case.pk for case, _contacts in page.context["around"]["people"]] == [story.case.pk, story.second.pk]
    assert all(reverse("case", args=[case.pk]) in shown for case in (story.case, story.second))
    assert page.context["around"]["figures"][0].value == sum(n for _case, n in page.context["around"]["people"])


def test_what_is_near_an_event_takes_as_many_queries_as_near_a_case(
    investigator, story, event, django_assert_max_num_queries
):
    with django_assert_max_num_queries(60):
        investigator.get(reverse("event", args=[event.pk]), {"tab": "around"})
