"""`fangxian warn`: the day it looks at, what it says for people and for machines, and days it does not understand."""

import json
from datetime import timedelta

import pytest
import typer
from typer.testing import CliRunner

from fangxian.core import clock
from fangxian.faces.cli import environment, warn
from fangxian.faces.cli.output import Problem
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning
from tests.unit.surveillance.conftest import DAY, feed, filled, one_a_week, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


@pytest.fixture
def run(monkeypatch):
    """The verb on the store of the test: exit code and what it wrote."""
    monkeypatch.setattr(environment, "open_data", lambda data, keys: None)
    commands = typer.Typer()
    warn.register(commands)

    def run(*options: str) -> str:
        answer = CliRunner().invoke(commands, list(options), catch_exceptions=False)
        assert answer.exit_code == 0, answer.output
        return answer.stdout

    return run


@pytest.fixture
def loud(feed, filled, quiet):  # noqa: F811
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    filled(feed("S2", area="410883002"), quiet)


def test_a_day_is_looked_at_and_told_to_machines(loud, run):
    told = json.loads(run("--as-of", DAY.isoformat(), "--json"))
    assert (told["as_of"], told["raised"], told["by_kind"]) == ("2022-03-14", 1, {"STATISTICAL": 1})
    (card,) = told["signals"]
    assert (card["area"], card["method"], card["observed"]) == ("410883001", "ESSENCE", 24)
    assert card["id"] == str(Signal.objects.get().pk)
    again = json.loads(run("--as-of", DAY.isoformat(), "--json"))
    assert (again["raised"], again["extended"]) == (0, 1)


def test_yesterday_unless_said_and_only_the_area_asked_for(loud, run):
    said = run("--area", "410882")
    assert "no new card" in said and "Held back" not in said
    assert "2022-03-14" in said and not Signal.objects.exists()
    said = run()
    assert "s:respiratory" in said and "ESSENCE" in said and Signal.objects.get().last_on == DAY


def test_a_quiet_day_says_so(loud, run):
    told = json.loads(run("--as-of", (DAY - timedelta(days=9)).isoformat(), "--json"))
    assert told["raised"] == 0 and told["series"] > 0


@pytest.fixture
def crowded(loud, feed, filled, quiet, one_a_week):  # noqa: F811
    """A night with room for one card that finds two."""
    filled(feed("S4", area="410883002", disease="norovirus", channel="OTHER"), [*quiet[:-1], 12])


def test_what_the_budget_held_back_is_told_kept_and_raised_from_the_inbox(crowded, run, officer, sign_in):
    said = run("--as-of", DAY.isoformat())
    assert "new cards" in said and "held back by the budget" in said and "norovirus" in said and "Held back" in said
    told = json.loads(run("--as-of", DAY.isoformat(), "--json"))
    (held,) = told["held"]
    assert (told["withheld"], held["disease"], held["observed"], held["area"]) == (1, "norovirus", 12, "410883002")
    client = sign_in(officer("investigator"))
    page = client.get("/surveillance/?tab=held").content.decode()
    assert page.count("held back for") == 1 and f"/surveillance/held/{told['job']}/" in page
    client.post(f"/surveillance/held/{told['job']}/", {"number": "0", "reason": "the head of the school called"})
    assert Signal.objects.get(disease="norovirus").raised_for == DAY
    assert json.loads(run("--as-of", DAY.isoformat(), "--json"))["held"] == []


def test_a_night_on_the_console_leaves_the_servers_to_be_queued(loud, run):
    run()
    with clock.frozen(clock.now() + timedelta(hours=12)):
        assert early_warning.queue_night()


def test_an_area_nobody_has_is_refused(run):
    with pytest.raises(Problem, match="on the list, such as 410883, not '99'"):
        run("--area", "99")


def test_what_is_no_day_is_refused(run):
    with pytest.raises(Problem, match="such as 2026-11-21, not 'yesterday'"):
        run("--as-of", "yesterday")
