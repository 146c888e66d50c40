"""What `fangxian demo` tells a newcomer, in the language of their shell: what was made, how fast, how right, ways in.

Messages come straight from the compiled catalogue, because some are needed before Django is set up.
"""

import gettext
import shlex
import shutil
import sys
from pathlib import Path
from typing import Any

from fangxian.faces.cli import environment, output

LOCALE = Path(__file__).resolve().parents[2] / "locale"
COUNTY = "410883"


def _(message: str) -> str:
    """A message in the reader's language."""
    wanted = ["zh_Hans"] if environment.language() == "zh-hans" else []
    return gettext.translation("django", LOCALE, wanted, fallback=True).gettext(message) if wanted else message


def name(word: str) -> str:
    """A step, a kind of record or a figure as people call it."""
    return NAMES.get(word, word.replace("_", " "))


NAMES = {
    "areas": _("areas"),
    "truth": _("the hidden truth"),
    "officers": _("officers"),
    "people_and_visits": _("people, places, visits"),
    "history": _("history"),
    "routine": _("routine"),
    "inspections": _("inspections"),
    "doors": _("venue codes"),
    "area": _("areas"),
    "household": _("households"),
    "person": _("persons"),
    "place": _("places"),
    "visit": _("visits"),
    "case": _("cases"),
    "result": _("after the result"),
    "interview": _("after the interview"),
    "find_contacts": _("find contacts"),
    "find_second_ring": _("find the second ring"),
    "keep_contacts": _("keep contacts"),
    "plan": _("plan"),
    "book_rooms": _("book rooms"),
    "plan_tests": _("plan tests"),
    "hand_down": _("hand down tasks"),
}
FIGURES = {
    "persons": _("persons"),
    "visits": _("visits recorded"),
    "cases": _("cases that morning"),
    "contacts": _("contacts"),
    "close": _("  of them close contacts"),
    "secondary": _("  of them secondary contacts"),
    "general": _("  of them general contacts"),
    "tasks": _("tasks handed down"),
    "letters": _("  of them letters to other counties"),
    "waiting_for_rooms": _("contacts waiting for a room"),
    "recall": _("recall of true close contacts"),
    "precision": _("precision of close contacts"),
    "infected": _("infected in the hidden truth"),
    "infected_found": _("  of them found as case or contact"),
    "seconds_result_to_tasks": _("seconds from a result to its last task, at most"),
    "cpu_seconds_result_to_tasks": _("  processor seconds in it, at most"),
    "clock": _("the clock then stands at"),
    "checksum": _("checksum of the county"),
    "seconds_in_all": _("seconds in all"),
}


def tell(report: dict[str, Any]) -> None:
    """The report as tables."""
    output.say(f"[bold]{_('What was made')}[/bold]")
    made = ([name(step["name"]), f"{step['seconds']:.2f}"] for step in report["build"])
    output.table([_("step"), _("seconds")], made)
    output.say(f"\n[bold]{_('What the platform did')}[/bold]")
    for response in report["responses"]:
        steps = ", ".join(f"{name(step['step'])} {step['seconds']:.2f}" for step in response["steps"])
        output.say(f"  {response['case']}  {name(response['why'])}  {response['seconds']:.2f} s: {steps}")
    output.say(f"\n[bold]{_('The outbreak day in numbers')}[/bold]")
    figures = ([said, _figure(report[key])] for key, said in FIGURES.items() if key in report)
    output.table(["", ""], figures)


def tell_ways_in(report: dict[str, Any], code: str | None, data: Path, keys: Path | None, address: str) -> None:
    """Where to look, the one-time code, and commands that make accounts which show something."""
    program, at = _program(), f"--data {shlex.quote(str(data))}" + (f" --keys {shlex.quote(str(keys))}" if keys else "")
    output.say(f"\n[bold]{_('How to look around')}[/bold]")
    opened = _("Open %s (Ctrl-C ends the server)") % address if address else _("Serve it: %s") % f"{program} serve {at}"
    output.say(f"  {opened}")
    if code:
        said = _("Set-up code, once, for 15 minutes, while there is no account: %s") % f"[bold]{code}[/bold]"
        output.say(f"  {said}")
        output.say("    " + _("makes the system administrator, who sees no personal data"))
    output.say("  " + _("Accounts that show something; each command, in another terminal, prints a first password:"))
    for command, shows in _accounts(report):
        output.say(f"    {program} user {command} {at}")
        output.say(f"      {shows}")
    output.say("")


def _accounts(report: dict[str, Any]) -> list[tuple[str, str]]:
    worker = report.get("busiest_worker")
    field = [(f"password {worker}", _("tasks of one grid cell on a phone-sized page; needs no second factor"))]
    return [
        (f"add li --role township_officer --area {COUNTY}",
         _("cases, contacts, chain and situation of the county; needs no second factor")),
        *(field if worker else []),
        ("password investigator1", _("also tracing and the interview; needs an authenticator app")),
    ]  # fmt: skip


def _program() -> str:
    """How this command can be called again from here."""
    called = Path(sys.argv[0])
    known = shutil.which("fangxian")
    if known and Path(known).resolve() == called.resolve():
        return "fangxian"
    here = called.absolute()
    return shlex.quote(str(here.relative_to(Path.cwd()) if here.is_relative_to(Path.cwd()) else here))


def _figure(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
