"""Addresses of the pages of the command."""

from django.urls import path

from fangxian.faces.web.pages.command import board, declaring, groups, menu  # noqa: F401  (menu adds itself)
from fangxian.faces.web.words import register_words

HERE = "command/"

register_words("mode_step", declaring.STEPS)

urlpatterns = [
    path(HERE, board.board, name="command"),
    path(HERE + "mode/", declaring.declare, name="mode_declare"),
    path(HERE + "modes/<uuid:pk>/", declaring.mode, name="mode"),
    path(HERE + "modes/<uuid:pk>/<mode_step:act>/", declaring.act, name="mode_act"),
    path(HERE + "groups/<uuid:pk>/", groups.group, name="working_group"),
    path(HERE + "groups/<uuid:pk>/join/", groups.join, name="group_join"),
    path(HERE + "groups/<uuid:pk>/task/", groups.hand, name="group_task"),
    path(HERE + "members/<uuid:pk>/leave/", groups.leave, name="group_leave"),
]
