"""The situation: a figure is the number of rows its link shows."""

from datetime import timedelta
from urllib.parse import urlsplit

import pytest
from django.urls import reverse

from fangxian.core import clock, jobs, records, scope
from fangxian.faces.web.registers import named
from fangxian.systems.command.models import Task
from fangxian.systems.situation import selectors, services

pytestmark = pytest.mark.django_db
SITUATION = reverse("situation")
CELL = "410883001212001"


def total(client, url: str) -> int:
    """How many rows the page behind a figure lists."""
    answer = client.get(url)
    assert answer.status_code == 200, url
    return answer.context["page"].total


def figures_of(context) -> dict[str, int]:
    """What the page shows, by figure."""
    return {line.figure.key: line.value for group in context["groups"] for line in group.lines}


def linked(context) -> list[tuple[int, str]]:
    """Every figure of the page with its link."""
    found = [(line.value, line.url) for group in context["groups"] for line in group.lines]
    found += [(value, url) for row in context["children"] for _figure, value, url in row["cells"] if value]
    return found


def drawn(curve) -> list[tuple[int, str]]:
    """Every bar of the curve with its link."""
    days = zip(*(series["data"] for series in curve["series"]), curve["series"][0]["urls"], strict=True)
    return [(onset + sampled, url) for onset, sampled, url in days]


@pytest.mark.parametrize(("area", "group"), [("", "all"), (CELL, "")])
def test_every_figure_opens_exactly_the_rows_it_counts(investigator, story, area, group):
    Task.objects.filter(person=story.wife).update(due_at="2022-03-14T00:00Z")
    services.refresh()
    context = investigator.get(SITUATION, {"group": group, **({"area": area} if area else {})}).context
    pairs = linked(context) + drawn(investigator.get(reverse("situation_curve")).json())
    assert len(pairs) > 25 and any(value for value, _url in pairs)
    wrong = [(value, url, rows) for value, url in pairs if (rows := total(investigator, url)) != value]
    assert wrong == []


def test_figures_are_of_ones_own_area(story, officer, sign_in):
    services.refresh()
    neighbour = sign_in(officer("duty_officer", "410882"))
    figures = figures_of(neighbour.get(SITUATION).context)
    assert figures["cases"] == 0 and figures["contacts_open"] == 1 and figures["tasks_open"] == 0
    assert neighbour.get(SITUATION, {"area": "410883"}).status_code == 404


def test_a_role_sees_only_figures_it_may_open(story, officer, sign_in):
    services.refresh()
    found = figures_of(sign_in(officer("viewer")).get(SITUATION).context)
    assert "cases" in found and "tests_due" not in found


def test_who_may_not_is_refused(officer, sign_in):
    refused = sign_in(officer("grid_worker", "410883001212")).get(SITUATION)
    assert refused.status_code == 403 and "situation.read" in refused.content.decode()


def test_an_area_without_cases_says_so(officer, sign_in):
    shown = sign_in(officer("duty_officer")).get(SITUATION).content.decode()
    assert "No case in this area" in shown


DAY = "2022-03-15"
VALUES = {
    **dict.fromkeys(
        ("done_since", "of_day", "since", "due_on", "done_on", "missing_on", "positive_since", "missed_since"), DAY
    ),
    **dict.fromkeys(
        ("of_mode", "of_mode_open", "of_mode_late", "of_opening", "silent"), "01a202bc-d7a0-7345-b779-589b0d164f50"
    ),
    "broke": f"{DAY} 410883",
    "signal": f"{DAY} {DAY} influenza 410883",
}
"""Lists that are about something: about what."""
SPAN = f"{DAY}T00:00:00+08:00 {DAY}T08:00:00+08:00"
"""Lists of a report's figures are about its span."""


def counted(one: named.NamedList) -> str:
    """A value for a list of the board: some figure of its register."""
    key = next(figure.key for figure in selectors.catalogue() if figure.slug == one.register)
    rest = {"figure": f"{DAY}T08:00:00+08:00", "figure_day": DAY, "figure_part": f"ENTERED {DAY} 2022-03-14 410883",
            "figure_then": SPAN}  # fmt: skip
    return f"{key} {rest[one.key]}"


def test_every_named_list_opens(investigator, story):
    for one in named.all_lists():
        if one.key.startswith("figure") and one.register != "testing.labresult":
            continue  # those of every figure are opened above
        value = VALUES.get(one.key, SPAN if one.key.startswith("reported_") else "")
        value = counted(one) if one.key.startswith("figure") else value
        assert urlsplit(named.url(one.register, one.key, value)).path
        assert total(investigator, named.url(one.register, one.key, value)) >= 0


def test_a_list_of_no_day_says_so(investigator, story):
    answer = investigator.get(named.url("cases.case", "of_day", "yesterday"))
    assert answer.status_code == 422 and "is not a day" in answer.content.decode()


@pytest.mark.parametrize(("key", "value"), [
    ("figure", "cases"), ("figure", "tasks_open 2022-03-15T00:00:00+08:00"), ("figure", "none 2022-03-15T00:00:00Z"),
    ("figure", "cases yesterday"), ("figure_day", "cases yesterday"),
    ("figure_part", "cases NO 2022-03-15 2022-03-14 4"),
])  # fmt: skip
def test_a_list_of_no_figure_says_so(investigator, story, key, value):
    assert investigator.get(named.url("cases.case", key, value)).status_code == 422


def test_the_board_is_empty_until_it_is_counted_and_says_so(investigator, story):
    page = investigator.get(SITUATION)
    assert "being counted for the first time" in page.content.decode() and page.context["groups"]
    assert jobs.run_pending()
    board = investigator.get(reverse("situation_board")).content.decode()
    assert "As of" in board and "hx-trigger" in board


def test_what_was_written_since_is_marked(investigator, story, everywhere):
    services.refresh()
    records.change(story.case, by=None, action="cases.case.dropped", classification="NO_CASE")
    board = investigator.get(reverse("situation_board")).content.decode()
    assert "written since, being counted" in board and 'hx-trigger="every 3s"' in board


def test_the_difference_opens_the_rows_that_came(investigator, story):
    with clock.frozen(clock.now() + timedelta(days=1)):
        assert services.close_due()
        case = story.case
        with scope.everywhere("test"):
            Task.objects.filter(person=story.wife).update(area="410883002")
            records.change(case, by=None, action="cases.case.classified", classification="NO_CASE")
        services.refresh()
        asked = {"figure": "cases", "area": "410883"}
        shown = investigator.get(reverse("situation_difference"), asked, headers={"hx-request": "true"})
        [(part, url)] = shown.context["parts"]
        assert (part.why, part.count) == ("LEFT", -1) and total(investigator, url) == 1
        page = investigator.get(reverse("situation_difference"), {**asked, "figure": "cases_new"})
        assert "begins at zero every day" in page.content.decode() and "created_at" in page.content.decode()
        before = investigator.get(SITUATION, {"day": (clock.today() - timedelta(days=1)).isoformat()})
        assert figures_of(before.context)["cases"] == 1
        line = next(line for group in before.context["groups"] for line in group.lines if line.figure.key == "cases")
        assert total(investigator, line.url) == 1


def test_a_difference_to_a_day_that_was_not_kept_says_so(investigator, story):
    services.refresh()
    shown = investigator.get(reverse("situation_difference"), {"figure": "cases"})
    assert "was not kept" in shown.content.decode()
    assert investigator.get(reverse("situation_difference"), {"figure": "none"}).status_code == 404
    assert "This day was not kept" in investigator.get(SITUATION, {"day": "2022-01-01"}).content.decode()
