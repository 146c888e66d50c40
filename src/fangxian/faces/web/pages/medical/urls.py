"""Addresses of the pages of medical care."""

from django.urls import path, register_converter

from fangxian.faces.web.pages.medical import board, control, menu, referrals  # noqa: F401  (menu adds itself)

HERE = "medical/"


class MoveConverter:
    """What may be done with a patient transfer."""

    regex = "|".join(referrals.STEPS)

    def to_python(self, value: str) -> str:
        """The word."""
        return value

    to_url = to_python


register_converter(MoveConverter, "referral_move")

urlpatterns = [
    path(HERE, board.board, name="medical"),
    path(HERE + "facilities/<uuid:pk>/", board.facility, name="facility"),
    path(HERE + "admissions/<uuid:pk>/discharge/", board.discharge, name="discharge"),
    path(HERE + "facilities/<uuid:pk>/round/", control.control_round, name="control_round"),
    path(HERE + "transfers/ask/", referrals.ask, name="referral_ask"),
    path(HERE + "transfers/<uuid:pk>/", referrals.referral, name="referral"),
    path(HERE + "transfers/<uuid:pk>/<referral_move:move>/", referrals.act, name="referral_act"),
]
