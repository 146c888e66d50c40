"""Addresses of the pages of doors."""

from django.urls import path

from fangxian.faces.web.pages.doors import board, menu  # noqa: F401  (menu adds itself)

urlpatterns = [
    path("doors/", board.board, name="doors"),
    path("doors/clashes/<int:clash_pk>/settle/", board.settle, name="clash_settle"),
    path("doors/cell/", board.cell, name="doors_cell"),
    path("doors/cell/hand-over/", board.hand_over, name="doors_hand_over"),
]
