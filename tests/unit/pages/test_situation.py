"""The situation: a figure is the number of rows its link shows."""

from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from fangxian.faces.web.registers import named
from fangxian.systems.command.models import Task

pytestmark = pytest.mark.django_db
SITUATION = reverse("situation")


def total(client, url: str) -> int:
    """How many rows the page behind a figure lists."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.context["page"].total


def linked(context) -> list[tuple[int, str]]:
    """Every figure of the page with its link."""
    groups = [context["figures"], context["rooms"], context["tests"], *(figures for _ring, figures in context["rings"])]
    found = [(figure.value, figure.url) for group in groups for figure in group]
    found += [(value, url) for row in context["children"] for _label, value, url, _tone in row["cells"]]
    curve = context["curve"]
    days = zip(*(series["data"] for series in curve["series"]), curve["series"][0]["urls"], strict=True)
    return found + [(onset + sampled, url) for onset, sampled, url in days]


@pytest.mark.parametrize("area", ["", "410883001", "410883002"])
def test_every_figure_opens_exactly_the_rows_it_counts(investigator, story, area):
    Task.objects.filter(person=story.wife).update(due_at="2022-03-14T00:00Z")
    context = investigator.get(SITUATION, {"area": area} if area else {}).context
    if context["curve"] is None:
        return
    pairs = linked(context)
    assert len(pairs) > 25 and any(value for value, _url in pairs)
    wrong = [(value, url, total(investigator, url)) for value, url in pairs if total(investigator, url) != value]
    assert wrong == []


def test_figures_are_of_ones_own_area(story, officer, sign_in):
    neighbour = sign_in(officer("duty_officer", "410882"))
    figures = {figure.label: figure.value for figure in neighbour.get(SITUATION).context["figures"]}
    assert figures["Cases"] == 0 and figures["Contacts being followed"] == 1 and figures["Tasks open"] == 0
    assert neighbour.get(SITUATION, {"area": "410883"}).status_code == 404


def test_a_role_sees_only_figures_it_may_open(story, officer, sign_in):
    context = sign_in(officer("viewer")).get(SITUATION).context
    assert context["tests"] == [] and context["figures"]


def test_who_may_not_is_refused(officer, sign_in):
    refused = sign_in(officer("grid_worker", "410883001212")).get(SITUATION)
    assert refused.status_code == 403 and "situation.read" in refused.content.decode()


def test_an_area_without_cases_says_so(officer, sign_in):
    shown = sign_in(officer("duty_officer")).get(SITUATION).content.decode()
    assert "No case in this area" in shown


DAY = "2022-03-15"
VALUES = {
    **dict.fromkeys(("done_since", "of_day", "since", "due_on", "done_on", "missing_on", "positive_since"), DAY),
    **dict.fromkeys(("of_mode", "of_mode_open", "of_mode_late"), "01a202bc-d7a0-7345-b779-589b0d164f50"),
    "broke": f"{DAY} 410883",
}
"""Lists that are about something: about what."""
SPAN = f"{DAY}T00:00:00+08:00 {DAY}T08:00:00+08:00"
"""Lists of a report's figures are about its span."""


def test_every_named_list_opens(investigator, story):
    for one in named.all_lists():
        value = VALUES.get(one.key, SPAN if one.key.startswith("reported_") else "")
        assert urlsplit(named.url(one.register, one.key, value)).path
        assert total(investigator, named.url(one.register, one.key, value)) >= 0


def test_a_list_of_no_day_says_so(investigator, story):
    answer = investigator.get(named.url("cases.case", "of_day", "yesterday"))
    assert answer.status_code == 422 and "is not a day" in answer.content.decode()
