"""A day's report in words, in one language, from its facts: the sections in their order, then the annex.

Everything a paper or a page shows of a report is said here once; `drawing` only draws it. Called inside
`override(language)`.
"""

from collections.abc import Callable
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from fangxian.core.modes import FOLLOW, Mode
from fangxian.systems.command.models import Task
from fangxian.systems.medical.words import Bed
from fangxian.systems.risk_areas.words import Level
from fangxian.systems.situation import figures
from fangxian.systems.supplies.words import label_of
from fangxian.workflows.reporting import blocks, explaining
from fangxian.workflows.reporting.blocks import Block
from fangxian.workflows.reporting.gathering import LATE, PLAN

Facts = dict[str, Any]
LEAD = ("cases_new", "cases", "contacts_open", "quarantine_in", "samples_day", "positives_day")
ELSEWHERE = ("tasks", "directives", "findings", "cost")
"""Groups of figures with a section of their own."""
DECIDED: dict[str, str | Promise] = {
    "meeting": gettext_lazy("Meeting held: %(what)s"), "directive": gettext_lazy("Directive handed down: %(what)s"),
    "mode": gettext_lazy("Operating mode declared: %(what)s"), "risk_area": gettext_lazy("Risk area: %(what)s"),
    "assessment": gettext_lazy("Assessment concluded: %(what)s"),
}  # fmt: skip
WORDS = {**dict(Mode.choices), FOLLOW: gettext_lazy("As the area above"), **dict(Level.choices)}


def tongue() -> str:
    """The language names are taken in: `zh` or `en`."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def say(facts: Facts) -> dict[str, Any]:
    """The document of a day's report, in the language in force."""
    found, language = [], tongue()
    for section in SECTIONS:
        title, said = section(facts)
        if said:
            found += [blocks.heading(sum(one["kind"] == "heading" for one in found) + 1, title, language), *said]
    return {
        "title": _("%(area)s daily epidemic report") % {"area": facts["names"][language]},
        "issuer": facts["names"][language], "as_of": facts["as_of"], "tongue": language,
        "blocks": [*found, *_annex(facts)],
    }  # fmt: skip


def _by_key(facts: Facts) -> dict[str, dict[str, Any]]:
    return {one["key"]: one for one in facts["figures"]}


def _overview(facts: Facts) -> tuple[str, list[Block]]:
    """How the area stands, in sentences, and every figure with why it is another than yesterday."""
    said = [blocks.text(_lead(facts))]
    kept = [one for one in facts["figures"] if _shown(one)]
    rows = [
        (figures.get(one["key"]).name, one["value"], "–" if one["before"] is None else one["before"],
         _signed(one), explaining.why(one, facts["areas"], tongue()))
        for one in kept
    ]  # fmt: skip
    if rows:
        headings = [_("Figure"), _("On the day"), _("The day before"), _("Difference"), _("Why")]
        said.append(blocks.table(headings, rows, right=(1, 2, 3), wide=(4,)))
    quiet = [str(one.name) for one in figures.catalogue() if one.grave and not _value(facts, one.key)]
    if quiet:
        said.append(blocks.small(_("None of these: %(names)s.") % {"names": _listed(quiet)}))
    return _("Overview"), said


def _shown(one: dict[str, Any]) -> bool:
    return bool(one["value"] or one["before"]) and figures.get(one["key"]).group not in ELSEWHERE


def _value(facts: Facts, key: str) -> int:
    return int(_by_key(facts).get(key, {}).get("value", 0))


def _lead(facts: Facts) -> str:
    counted = {key: _value(facts, key) for key in LEAD}
    said = [
        _("Operating mode: %(mode)s.") % {"mode": WORDS[facts["mode"]]},
        _("New cases: %(cases_new)s, in all %(cases)s; contacts being followed: %(contacts_open)s; persons in "
          "quarantine: %(quarantine_in)s; samples taken: %(samples_day)s, positive results: %(positives_day)s.")
        % counted,
    ]  # fmt: skip
    if facts["streak"] is not None:
        held = {"days": facts["streak"]}
        said.append(_("Days without a confirmed, suspected or asymptomatic case: %(days)s.") % held)
    if facts["level"]:
        given = {"level": facts["level"][tongue()], "on": facts["level"]["on"]}
        said.append(_("Level of risk by the assessment of %(on)s: %(level)s.") % given)
    return ("" if tongue() == "zh" else " ").join(said)


def _signed(one: dict[str, Any]) -> str:
    if one["before"] is None:
        return "–"
    difference = one["value"] - one["before"]
    return f"{difference:+d}" if difference else "0"


def _listed(words: list[str]) -> str:
    return ("、" if tongue() == "zh" else ", ").join(words)


def _zones(facts: Facts) -> tuple[str, list[Block]]:
    headings = [_("Risk area"), _("Level"), _("In force from"), _("In force until")]
    rows = [(one["name"], WORDS[one["level"]], one["since"], one["until"] or "–") for one in facts["zones"]]
    none = [blocks.text(_("No risk area is in force."))]
    return _("Risk areas"), [blocks.table(headings, rows, wide=(0,))] if rows else none


def _decisions(facts: Facts) -> tuple[str, list[Block]]:
    said = [f"{one['at'][-5:]} {_decided(one)}" for one in facts["decisions"]]
    none = [blocks.text(_("Nothing was decided on this day."))]
    return _("Decisions of the day"), [blocks.listing(said)] if said else none


def _decided(one: dict[str, str]) -> str:
    first, _blank, rest = one["what"].partition(" ")
    word = str(WORDS[first]) if one["kind"] in ("mode", "risk_area") and first in WORDS else first
    return str(DECIDED[one["kind"]]) % {"what": f"{word} {rest}".strip()}


def _late(facts: Facts) -> tuple[str, list[Block]]:
    """By area, without any name of a person: the areas themselves are called up."""
    found = _by_key(facts)
    codes = sorted({code for key in LATE for code in found[key]["parts"]})
    rows = [[facts["areas"][code][tongue()], *(found[key]["parts"].get(code, 0) for key in LATE)] for code in codes]
    if not rows:
        return _("Overdue and escalated"), [blocks.text(_("Nothing is overdue."))]
    rows.append([_("Sum"), *(found[key]["value"] for key in LATE)])
    headings = [_("Area"), *(figures.get(key).name for key in LATE)]
    said = [blocks.table(headings, rows, right=(1, 2, 3, 4), wide=(0,))]
    why = [
        f"{figures.get(key).name}: {explaining.why(found[key], facts['areas'], tongue())}"
        for key in LATE if found[key]["before"] is not None
    ]  # fmt: skip
    return _("Overdue and escalated"), [*said, *(blocks.small(one) for one in why)]


def _resources(facts: Facts) -> tuple[str, list[Block]]:
    said: list[Block] = []
    rooms = {key: _value(facts, key) for key in ("rooms", "rooms_occupied", "rooms_promised", "rooms_free")}
    said.append(blocks.text(_("Rooms for quarantine: %(rooms)s, in use %(rooms_occupied)s, promised "
                              "%(rooms_promised)s, free %(rooms_free)s.") % rooms))  # fmt: skip
    if facts["beds"]:
        rows = [
            (Bed(one["kind"]).label, one["beds"], one["taken"], one["beds"] - one["taken"]) for one in facts["beds"]
        ]
        said.append(blocks.table([_("Beds"), _("There are"), _("Taken"), _("Free")], rows, right=(1, 2, 3), wide=(0,)))
    if facts["supplies"]:
        rows = [(label_of(one["item"]), one["stock"], one["a_day"],
                 "–" if one["days_left"] is None else one["days_left"], _("short") if one["short"] else "")
                for one in facts["supplies"]]  # fmt: skip
        headings = [_("Supplies"), _("In stock"), _("Used a day"), _("Days left"), _("Remark")]
        said.append(blocks.table(headings, rows, right=(1, 2, 3), wide=(0,)))
    return _("Resources"), said


def _cost(facts: Facts) -> tuple[str, list[Block]]:
    """What the measures cost, beside what they are for."""
    found, spent = _by_key(facts), facts["cost"]["person_days"]
    keys = [one.key for one in figures.catalogue() if one.group == "cost"] + ["samples_day"]
    rows = [(figures.get(key).name, found[key]["value"], _signed(found[key]), figures.get(key).meaning) for key in keys]
    rows.append((_("Person-days in quarantine"), spent["value"], f"{spent['value'] - spent['before']:+d}",
                 _("Days begun in quarantine by everybody on record, up to this report.")))  # fmt: skip
    headings = [_("What the measures cost"), _("On the day"), _("Difference"), _("What it counts")]
    return _("Cost of the measures"), [blocks.table(headings, rows, right=(1, 2), wide=(3,))]


def _sessions(facts: Facts) -> tuple[str, list[Block]]:
    said: list[Block] = []
    for one in facts["sessions"]:
        level = one["level_names"].get(tongue(), one["level"])
        given = {"title": one["title"], "at": one["held_at"], "level": level, "conclusion": one["conclusion"]}
        said.append(blocks.text(_("%(title)s (%(at)s): level of risk %(level)s. %(conclusion)s") % given))
        said += follow_ups(one["follow_ups"])
    return _("Assessment"), said


def follow_ups(tasks: list[dict[str, Any]]) -> list[Block]:
    """A table of what follows from a session; none without any."""
    if not tasks:
        return []
    statuses = dict(Task.Status.choices)
    rows = [(one["title"], one["names"][tongue()], one["due"] or "–", statuses[one["status"]]) for one in tasks]
    return [blocks.table([_("Follow-up task"), _("Area"), _("Due"), _("Status")], rows, wide=(0,))]


def _plan(facts: Facts) -> tuple[str, list[Block]]:
    """What falls due until the next report, from open tasks and clocks."""
    labels = {one.key: one.label for one in PLAN}
    rows = [(labels[one["key"]], one["value"]) for one in facts["plan"]]
    headings = [_("Falls due until the next report"), _("Number of them")]
    said = [blocks.table(headings, rows, right=(1,), wide=(0,))]
    goals = [_goal(one) for one in facts["goals"]]
    return _("Plan of the next day"), [*said, *([blocks.listing(goals)] if goals else [])]


def _goal(one: dict[str, str]) -> str:
    if one["goal_at"]:
        return _("%(title)s: goal “%(goal)s” by %(goal_at)s") % one
    return _("%(title)s: answers due by %(due)s") % one


def _annex(facts: Facts) -> list[Block]:
    """Every figure with its definition, its query, as of when, over how many rows."""
    said = [blocks.annex(_("Annex: figures, definitions and queries")),
            blocks.small(_("As of %(at)s; rules: %(pack)s. A figure is the number of rows its query finds.")
                         % {"at": facts["as_of"][:16].replace("T", " "), "pack": facts["pack"]})]  # fmt: skip
    for one in facts["figures"]:
        defined = figures.get(one["key"])
        said.append(blocks.text(f"{defined.name} ({one['key']}): {one['value']}. {defined.meaning}"))
        said.append(blocks.code(one["query"]))
    spent = facts["cost"]["person_days"]
    said.append(blocks.text(_("Person-days in quarantine: %(n)s, summed over %(rows)s rows.")
                            % {"n": spent["value"], "rows": spent["rows"]}))  # fmt: skip
    return [*said, blocks.code(spent["sql"])]


Section = Callable[[Facts], tuple[str, list[Block]]]
SECTIONS: tuple[Section, ...] = (
    _overview, _zones, _decisions, _late, _resources, _cost, _sessions, _plan,
)  # fmt: skip
