"""Advice in words, in both languages; and what changed between two snapshots of it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxian.core import diseases
from fangxian.core.areas import Area
from fangxian.core.policy.model import PLACES
from fangxian.systems.risk_areas.words import Level
from fangxian.workflows.publicity.deriving import FREE, IF_NEEDED, STAY_AWAY, Advice

SAID = {
    FREE: gettext_lazy("No restriction of travel."),
    IF_NEEDED: gettext_lazy("Do not go there unless you must."),
    STAY_AWAY: gettext_lazy("Do not go there."),
}
LEAVE = {
    ("province", IF_NEEDED): gettext_lazy("Do not leave the province unless you must."),
    ("province", STAY_AWAY): gettext_lazy("Do not leave the province."),
    ("prefecture", IF_NEEDED): gettext_lazy("Do not leave the city unless you must."),
    ("prefecture", STAY_AWAY): gettext_lazy("Do not leave the city."),
    ("county", IF_NEEDED): gettext_lazy("Do not leave the county unless you must."),
    ("county", STAY_AWAY): gettext_lazy("Do not leave the county."),
}


def told(advice: Advice, area: Area, language: str) -> tuple[str, str]:
    """Title and text of a message in a language."""
    with translation.override(language):
        named = {"area": str(area), "disease": disease_name(advice.disease, language)}
        title = _("Travel advice for %(area)s: %(disease)s") % named
        lines = [
            *leaving(advice.leaving),
            *(line for group in advice.as_json()["groups"] for line in group_lines(group)),
        ]
        lines += [] if advice.groups else [_("No risk area is in force at present.")]
        lines += [_("Ask your village or community before you set out, and report at once when you come back.")]
        return title, "\n".join(lines)


def leaving(words: Mapping[str, str]) -> list[str]:
    """What is said about leaving: the widest border of each word, since who may not leave the county stays in all."""
    found = {word: border for border, word in words.items() if word != FREE}
    return [str(LEAVE[border, word]) for word, border in found.items()]


def group_lines(group: Mapping[str, Any]) -> list[str]:
    """The lines of one level of a snapshot: where, whether to go, what coming back means."""
    places = ", ".join(zone["name"] for zone in group["zones"])
    where = _("%(level)s: %(places)s. %(said)s") % {
        "level": level_name(group["level"]), "places": places, "said": SAID[group["advice"]]
    }  # fmt: skip
    return [where, _("Coming back from there: %(back)s") % {"back": back_words(group["back"])}]


def back_words(back: Mapping[str, Any] | None) -> str:
    """What coming back means, in words: each stage with its days and tests."""
    if not back:
        return _("the rules ask for nothing; report all the same.")
    stages = [_stage(place, days, back["tests"]) for place, days in back["stages"]]
    return _("%(said)s.") % {"said": _(", then ").join(stages) or back["says"]}


def _stage(place: str, days: int, tests: Iterable[Sequence[Any]]) -> str:
    """One stage with its days, and the days of it on which there is a test."""
    said = _("%(place)s for %(n)s days") % {"place": PLACES[place], "n": days}
    on = ", ".join(str(day) for stage, day in tests if stage == place)
    return _("%(stage)s (tests on days %(days)s)") % {"stage": said, "days": on} if on else said


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[str]:
    """What a later snapshot says differently, in words; empty where it says the same."""
    old, new = _zones(before), _zones(after)
    found = [_("new: %(zone)s (%(level)s)") % _named(zone, new) for zone in new if zone not in old]
    found += [_("gone: %(zone)s") % _named(zone, old) for zone in old if zone not in new]
    found += [
        _("%(zone)s is now %(level)s") % _named(zone, new) for zone in new if old.get(zone, new[zone]) != new[zone]
    ]
    if before.get("leaving") != after.get("leaving"):
        found.append(_("the advice about leaving has changed"))
    rules_old, rules_new = _rules(before), _rules(after)
    found += [
        _("%(level)s: another rule for coming back, or another word") % {"level": level_name(level)}
        for level in rules_new
        if level in rules_old and rules_old[level] != rules_new[level]
    ]
    return found


def level_name(level: str) -> str:
    """A level in the reader's language."""
    return str(Level(level).label)


def disease_name(key: str, language: str = "") -> str:
    """A disease in a language."""
    found = diseases.find(key)
    return found.name(language or translation.get_language() or "") if found else key


def _zones(snapshot: Mapping[str, Any]) -> dict[tuple[str, ...], str]:
    """Level by zone; a zone is known by its name and codes."""
    groups = snapshot.get("groups", [])
    return {(zone["name"], *zone["codes"]): group["level"] for group in groups for zone in group["zones"]}


def _rules(snapshot: Mapping[str, Any]) -> dict[str, Any]:
    return {group["level"]: (group["advice"], group["back"]) for group in snapshot.get("groups", [])}


def _named(zone: tuple[str, ...], levels: Mapping[tuple[str, ...], str]) -> dict[str, str]:
    return {"zone": zone[0], "level": level_name(levels[zone])}
