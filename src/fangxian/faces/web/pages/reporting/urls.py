"""Addresses of the pages of reporting."""

from django.urls import path

from fangxian.faces.web.pages.reporting import assessments, lists, menu, reports  # noqa: F401
from fangxian.faces.web.words import register_words
from fangxian.workflows.reporting.drawing import FORMS

HERE, SESSIONS = "reports/", "assessments/"

register_words("evening_deed", reports.DEEDS)
register_words("evening_form", FORMS)
register_words("session_deed", assessments.ALL_DEEDS)
register_words("session_form", ("docx", "pdf"))

urlpatterns = [
    path(HERE, reports.reports, name="reports"),
    path(HERE + "count/", reports.count, name="report_count"),
    path(HERE + "<uuid:pk>/", reports.report, name="report"),
    path(HERE + "<uuid:pk>/paper.<evening_form:evening_form>", reports.paper, name="report_paper"),
    path(HERE + "<uuid:pk>/<evening_deed:evening_deed>/", reports.act, name="report_act"),
    path(SESSIONS, assessments.assessments, name="assessments"),
    path(SESSIONS + "new/", assessments.convene, name="assessment_new"),
    path(SESSIONS + "<uuid:pk>/", assessments.assessment, name="assessment"),
    path(SESSIONS + "<uuid:pk>/paper.<session_form:session_form>", assessments.paper, name="assessment_paper"),
    path(SESSIONS + "<uuid:pk>/<session_deed:session_deed>/", assessments.act, name="assessment_act"),
]
