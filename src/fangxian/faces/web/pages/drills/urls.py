"""Addresses of the pages of drills."""

from django.urls import path

from fangxian.faces.web.pages.drills import board, calendar, drill, menu  # noqa: F401  (menu adds itself)

HERE = "drills/"

urlpatterns = [
    path(HERE, calendar.calendar, name="drills"),
    path(HERE + "scenarios/<slug:scenario>/", calendar.scenario, name="drill_scenario"),
    path(HERE + "board/", board.board, name="drill_board"),
    path(HERE + "board/lines/", board.lines, name="drill_lines"),
    path(HERE + "board/begin/", board.begin, name="drill_begin"),
    path(HERE + "board/end/", board.end, name="drill_end"),
    path(HERE + "<uuid:pk>/", drill.drill, name="drill"),
    path(HERE + "<uuid:pk>/cancel/", drill.cancel, name="drill_cancel"),
    path(HERE + "<uuid:pk>/report/", drill.take_in, name="drill_take_in"),
    path(HERE + "<uuid:pk>/confirm/", drill.confirm, name="drill_confirm"),
]
