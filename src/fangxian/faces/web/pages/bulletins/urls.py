"""Addresses of the pages of bulletins."""

from django.urls import path

from fangxian.faces.web.pages.bulletins import board, bulletin, menu  # noqa: F401  (menu adds itself)
from fangxian.faces.web.words import register_words

HERE = "bulletins/"

register_words("measure_move", bulletin.MOVES)

urlpatterns = [
    path(HERE, board.board, name="bulletins"),
    path(HERE + "read/", board.read, name="bulletin_read"),
    path(HERE + "<uuid:pk>/", bulletin.bulletin, name="bulletin"),
    path(HERE + "<uuid:pk>/head/", bulletin.head, name="bulletin_head"),
    path(HERE + "<uuid:pk>/confirm/", bulletin.confirm_rest, name="bulletin_confirm"),
    path(HERE + "<uuid:pk>/hand-down/", bulletin.hand_down_all, name="bulletin_hand_down"),
    path(HERE + "measures/<uuid:pk>/correct/", bulletin.correct, name="measure_correct"),
    path(HERE + "measures/<uuid:pk>/<measure_move:choice>/", bulletin.act, name="measure_act"),
]
