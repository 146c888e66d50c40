"""Addresses of the pages of supplies."""

from django.urls import path

from fangxian.faces.web.pages.supplies import board, menu, requests, store  # noqa: F401  (menu adds itself)
from fangxian.faces.web.words import register_words

HERE = "supplies/"

register_words("supply_item", board.ITEMS)
register_words("supply_step", requests.STEPS)

urlpatterns = [
    path(HERE, board.board, name="supplies"),
    path(HERE + "items/<supply_item:item>/", board.item, name="supply_item"),
    path(HERE + "stores/<uuid:pk>/", store.store, name="supply_store"),
    path(HERE + "stores/<uuid:pk>/move/", store.move, name="supply_move"),
    path(HERE + "stores/<uuid:pk>/ask/", requests.ask, name="supply_ask"),
    path(HERE + "requests/<uuid:pk>/", requests.chain, name="supply_request"),
    path(HERE + "requests/<uuid:pk>/<supply_step:supply_step>/", requests.act, name="supply_act"),
]
