"""Addresses of the pages of medical care."""

from django.urls import path

from fangxian.faces.web.pages.medical import board, control, lists, menu, referrals  # noqa: F401  (menu adds itself)
from fangxian.faces.web.words import register_words

HERE = "medical/"


register_words("referral_move", referrals.STEPS)

urlpatterns = [
    path(HERE, board.board, name="medical"),
    path(HERE + "facilities/<uuid:pk>/", board.facility, name="facility"),
    path(HERE + "admissions/<uuid:pk>/discharge/", board.discharge, name="discharge"),
    path(HERE + "facilities/<uuid:pk>/round/", control.control_round, name="control_round"),
    path(HERE + "transfers/ask/", referrals.ask, name="referral_ask"),
    path(HERE + "transfers/<uuid:pk>/", referrals.referral, name="referral"),
    path(HERE + "transfers/<uuid:pk>/<referral_move:move>/", referrals.act, name="referral_act"),
]
