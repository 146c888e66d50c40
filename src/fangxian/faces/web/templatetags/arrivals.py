"""Words of arrivals and closed loops for the templates."""

from datetime import date, datetime
from typing import Any

from django import template
from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxian.core.clock import today
from fangxian.core.policy.model import PLACES
from fangxian.systems.arrivals.words import Category

register = template.Library()

LINKS = {
    ("TRANSFER", "central"): gettext_lazy("Way to the quarantine site"),
    ("RECEPTION", "central"): gettext_lazy("Taken in at the site"),
    ("STAGE", "central"): gettext_lazy("Days in quarantine"),
    ("TRANSFER", "home"): gettext_lazy("Way home, point to point"),
    ("RECEPTION", "home"): gettext_lazy("Confirmed at home"),
    ("STAGE", "home"): gettext_lazy("Days at home"),
    ("RELEASE", ""): gettext_lazy("Release with a proof"),
}
TONES = {"DUE": "info", "DONE": "success", "MISSED": "danger"}
ICONS = {"TRANSFER": "ambulance", "RECEPTION": "door-enter", "STAGE": "calendar", "RELEASE": "certificate"}


@register.filter
def days_left(day: date) -> int:
    """Days from today until and with a day."""
    return max(0, (day - today()).days + 1)


@register.filter
def place_word(place: str) -> str:
    """Where a stage is spent."""
    return str(PLACES.get(place, place))


@register.filter
def plan_words(loop: Any) -> str:
    """What a plan asks for, in the reader's words: each place with its days."""
    said = []
    for stage in loop.stages:
        days = (date.fromisoformat(stage["until"]) - date.fromisoformat(stage["from"])).days + 1
        words = _("%(place)s for one day") if days == 1 else _("%(place)s for %(n)s days")
        said.append(words % {"place": place_word(stage["place"]), "n": days})
    return _(", then ").join(said)


@register.filter
def link_word(link: dict) -> str:
    """What a link of the chain is."""
    found = LINKS.get((link["kind"], link["place"]))
    return str(found) if found else place_word(link["place"])


@register.filter
def next_word(loop: Any) -> str:
    """The next link of a loop, in words."""
    upcoming = next((link for link in loop.links if not link["done_at"]), None)
    return str(link_word(upcoming)) if upcoming else "—"


@register.filter
def link_icon(link: dict) -> str:
    """The picture of a link."""
    return ICONS[link["kind"]]


@register.filter
def at(text: str) -> datetime | None:
    """A moment of the chain."""
    return datetime.fromisoformat(text) if text else None


@register.filter
def test_tone(state: str) -> str:
    """The colour of a test's state."""
    return TONES.get(state, "neutral")


@register.filter
def test_word(state: str) -> str:
    """A test's state in words."""
    return str(apps.get_model("testing.testduty").State(state).label) if state else ""


@register.filter
def category_word(category: str) -> str:
    """A category in words."""
    return str(Category(category).label) if category else "—"


@register.filter
def of(mapping: dict, key) -> str:
    """A value of a mapping by its key."""
    return mapping.get(str(key), "")


@register.simple_tag
def because(loop: Any) -> str:
    """Why somebody has a plan, in one sentence from the evidence."""
    why = loop.because
    if not why.get("place"):
        return _("The rule %(rule)s applies to you; ask your grid worker for the reason.") % {"rule": loop.rule}
    told = {"place": why["place"], "from": why.get("from", "–"), "until": why.get("until", "–"),
            "zone": why.get("zone", ""), "since": why.get("since", "–")}  # fmt: skip
    if why.get("zone") and not why.get("since"):
        return (
            _("Between %(from)s and %(until)s you were in %(zone)s (%(place)s), which has become a risk area.") % told
        )
    if why.get("zone"):
        return (
            _("You stayed in %(place)s from %(from)s to %(until)s. %(zone)s has been a risk area since %(since)s.")
            % told
        )
    return _("You stayed in %(place)s from %(from)s to %(until)s.") % told
