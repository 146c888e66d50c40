"""Addresses of the pages of letters of assistance."""

from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.pages.letters import boxes, entry, exchange, letter, partners
from fangxian.faces.web.registers import tables
from fangxian.faces.web.words import register_words
from fangxian.workflows.letters.papers import FORMS

tables.PAGES["letters.letter"] = "letter"


register_words("letter_act", letter.ACTS)
register_words("letter_item_act", letter.ITEM_ACTS)
register_words("letter_paper", FORMS)


@navigation.add
def menu(officer):
    """Letters, for whoever may read them."""
    if may(officer, Permission.LETTERS_READ):
        yield {"label": _("Letters of assistance"), "url": reverse("letters"), "icon": "mail-forward",
               "group": navigation.FIND}  # fmt: skip


urlpatterns = [
    path("letters/", boxes.letters, name="letters"),
    path("letters/ask/", entry.ask, name="letter_ask"),
    path("letters/received/", entry.received, name="letter_received"),
    path("letters/partners/", partners.partners, name="letter_partners"),
    path("letters/partners/<uuid:pk>/", partners.decide, name="letter_partner"),
    path("letters/<uuid:pk>/", letter.letter, name="letter"),
    path("letters/<uuid:pk>/paper.<letter_paper:paper>", entry.paper, name="letter_paper"),
    path("letters/<uuid:pk>/<letter_act:step>/", letter.act, name="letter_act"),
    path("letters/people/<uuid:pk>/result/", letter.result, name="letter_result"),
    path("letters/people/<uuid:pk>/correct/", letter.correct, name="letter_correct"),
    path("letters/people/<uuid:pk>/<letter_item_act:decision>/", letter.item_act, name="letter_item_act"),
    path("exchange/letters", exchange.take, name="letter_exchange"),
]
