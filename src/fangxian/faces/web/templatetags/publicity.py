"""Messages and advice in the reader's language."""

from typing import Any

from django import template
from django.utils.translation import get_language

from fangxian.core import scope
from fangxian.core.clock import today
from fangxian.systems.publicity import library, rules, selectors
from fangxian.systems.publicity.words import Audience
from fangxian.workflows.publicity import wording

register = template.Library()

WHY = "a resident's own page shows what is published to people in the same place as they are"
SAID_TO = {"central": Audience.SITE_GUESTS, "home": Audience.AT_HOME, "observation": Audience.MONITORED,
           "personal": Audience.MONITORED}  # fmt: skip


@register.filter
def said_title(message: Any) -> str:
    """The title in the reader's language; Chinese where there is no other."""
    return (message.title_en if _is_english() else "") or message.title


@register.filter
def said_text(message: Any) -> str:
    """The text in the reader's language; Chinese where there is no other."""
    return (message.text_en if _is_english() else "") or message.text


@register.filter
def stages_said(back: Any) -> str:
    """What coming back means, without its tests."""
    return wording.back_words({"stages": back.stages, "tests": (), "says": back.says})


@register.inclusion_tag("publicity/own.html")
def said_to_holder(plans: Any, area_code: str) -> dict[str, Any]:
    """What is said to the holder of an own page: messages for where their open plan has them today, and health tips.

    plans: those of the page. The tips are those of the disease of the open plan; nothing is read of anybody else.
    """
    open_ = [one.loop for one in plans if one.loop.state == "OPEN"]
    places = {place for loop in open_ if (place := _place_today(loop))}
    audiences = {SAID_TO[place] for place in places if place in SAID_TO} | ({Audience.ARRIVALS} if open_ else set())
    disease = open_[0].disease if open_ else ""
    pack = rules.pack_of(area_code, disease)
    words = library.pack_words(pack)
    tips = [one.filled(words, words) for one in library.habits(disease, pack) if one.words <= words.keys()]
    with scope.everywhere(WHY):
        said = selectors.on_own_page(area_code, audiences)
    # whoever is not told to monitor themselves is not shown how
    shown = [one for one in tips if one.audience == Audience.ALL or one.audience in audiences]
    return {"said": said, "tips": shown}


def _place_today(loop: Any) -> str:
    day = today().isoformat()
    return next((one["place"] for one in loop.stages if one["from"] <= day <= one["until"]), "")


def _is_english() -> bool:
    return get_language() == "en"
