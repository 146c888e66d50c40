"""Addresses of the pages of directives."""

from django.urls import path

from fangxian.faces.web.pages.directives import board, directive, issue, lists, meetings, menu, reports, unit  # noqa: F401
from fangxian.faces.web.words import register_words

HERE = "directives/"

register_words("directive_deed", directive.DEEDS)
register_words("unit_deed", unit.DEEDS)

urlpatterns = [
    path(HERE, board.board, name="directives"),
    path(HERE + "issue/", issue.issue, name="directive_issue"),
    path(HERE + "reports/", reports.reports, name="directive_reports"),
    path(HERE + "reports/<uuid:pk>/", reports.report, name="directive_report"),
    path(HERE + "reports/<uuid:pk>/note/", reports.note, name="directive_report_note"),
    path(HERE + "meetings/<uuid:pk>/", meetings.meeting, name="directive_meeting"),
    path(HERE + "units/<uuid:pk>/", unit.unit, name="directive_unit"),
    path(HERE + "units/<uuid:pk>/<unit_deed:unit_deed>/", unit.act, name="directive_unit_act"),
    path(HERE + "<uuid:pk>/", directive.directive, name="directive"),
    path(HERE + "<uuid:pk>/<directive_deed:directive_deed>/", directive.act, name="directive_act"),
]
