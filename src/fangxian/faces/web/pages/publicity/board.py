"""The board of publicity: what waits for an approval, what is in force, travel advice, ready-made texts."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from fangxian.core import diseases, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.permissions import Permission, may, require
from fangxian.faces.web.pages import guard
from fangxian.faces.web.pages.publicity import advice, counting
from fangxian.faces.web.pages.publicity.own import own_area
from fangxian.systems.publicity import library, reach, rules, selectors, services
from fangxian.systems.publicity.words import MessageKind
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.workflows.publicity import wording

SHOWN, VIEW_DAYS = 40, 7


@guard.needs(Permission.PUBLICITY_READ)
@require_GET
def board(request: HttpRequest) -> HttpResponse:
    """What waits first; then travel advice and whether it still holds; then what is in force and what has ended."""
    counting.flush()
    home = own_area(request)
    disease = _disease(request)
    context = {
        "waiting": selectors.waiting()[:SHOWN], "drafts": selectors.drafts()[:SHOWN],
        "said": _with_views(list(selectors.in_force()[:SHOWN])), "ended": selectors.ended(SHOWN // 4),
        "advice": advice.standings(home), "home": home, "disease": disease, "days": VIEW_DAYS,
        "diseases": _diseases(disease), "texts": _texts(home, disease),
        "may_write": bool(may(request.user, Permission.PUBLICITY_WRITE)), "now": now(),
    }  # fmt: skip
    return render(request, "publicity/board.html", context)


@guard.needs(Permission.PUBLICITY_WRITE)
@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A draft from a ready-made text, its words filled in; it opens for changes."""
    home = own_area(request)
    require(request.user, Permission.PUBLICITY_WRITE, home.code)
    made: list[Any] = []
    text = library.texts().get(request.POST.get("text", ""))
    if text is None or not guard.attempt(request, lambda: made.append(_begun(request, home, text))):
        return redirect("publicity")
    return redirect("register_change", "publicity.message", made[0].pk)


def _begun(request: HttpRequest, home: Area, text: library.Text) -> Any:
    disease = _disease(request)
    try:
        filled = text.filled(_words(home, disease, "zh-hans"), _words(home, disease, "en"))
    except KeyError as error:
        raise ValidationError(_("The rules give no word for {%(word)s}.") % {"word": error.args[0]}) from error
    ways = {name: channel in text.channels for channel, name in services.CHANNELS.items()}
    return services.draft(
        by=request.user, area=home, kind=MessageKind.HABIT, disease=disease, text_key=text.key,
        audience=text.audience, title=filled.title, text=filled.text, title_en=filled.title_en,
        text_en=filled.text_en, **ways,
    )  # fmt: skip


def _words(home: Area, disease: str, language: str) -> dict[str, str]:
    """The words of a text in a language: from the pack, the area, and the risk areas in force."""
    with override(language):
        zones = [f"{zone.name}（{wording.level_name(zone.level)}）" for zone in risk_areas.in_force(disease=disease)]
        named = {"area": str(home), "disease": wording.disease_name(disease, language)}
        said = "、".join(dict.fromkeys(zones)) or _("none")
    return {**library.pack_words(rules.pack_of(home.code, disease)), **named, "risk_areas": said}


def _texts(home: Area, disease: str) -> list[library.Text]:
    """Health tips for the disease first, then the others; those with a word nobody can fill in are left out."""
    fitting = library.habits(disease, rules.pack_of(home.code, disease))
    first = {text.key for text in fitting}
    every = [*fitting, *(text for text in library.texts().values() if text.key not in first)]
    words, english = _words(home, disease, "zh-hans"), _words(home, disease, "en")
    return [text.filled(words, english) for text in every if text.words <= words.keys()]


def _disease(request: HttpRequest) -> str:
    asked = request.GET.get("disease") or request.POST.get("disease") or ""
    return asked if asked in diseases.KEYS else advice.diseases_of_note()[0]


def _diseases(chosen: str) -> list[tuple[str, str, bool]]:
    return [(key, name, key == chosen) for key, name in diseases.choices(get_language() or "")]


def _with_views(messages: list[Any]) -> list[tuple[Any, int]]:
    """Each message with the views of its page in the last days."""
    since = today() - rules.DAY * VIEW_DAYS
    with scope.everywhere("page views belong to nobody"):
        views = reach.views_by_page(since)
    return [(one, views.get(reach.page_of(one), 0)) for one in messages]
