"""Addresses of the pages of publicity, and of the public pages without an account."""

from django.urls import path

from fangxian.faces.web.pages.publicity import advice, board, menu, message, notices, public  # noqa: F401  (menu adds itself)
from fangxian.faces.web.words import register_words

HERE, OPEN = "publicity/", "public/"

register_words("message_turn", message.MOVES)
register_words("taken_way", message.WAYS)

urlpatterns = [
    path(HERE, board.board, name="publicity"),
    path(HERE + "drafts/", board.begin, name="publicity_begin"),
    path(HERE + "advice/", advice.renew, name="publicity_advice"),
    path(HERE + "notices/", notices.notices, name="notices"),
    path(HERE + "notices/<uuid:pk>/seen/", notices.seen, name="notice_seen"),
    path(HERE + "<uuid:pk>/", message.message, name="message"),
    path(HERE + "<uuid:pk>/text/<taken_way:way>/", message.take, name="message_take"),
    path(HERE + "<uuid:pk>/<message_turn:turn>/", message.act, name="message_act"),
    path(OPEN, public.home, name="public_home"),
    path(OPEN + "travel/", public.travel, name="public_travel"),
    path(OPEN + "messages/<uuid:series>/", public.one_message, name="public_message"),
    path(OPEN + "<str:code>/", public.area, name="public_area"),
]
