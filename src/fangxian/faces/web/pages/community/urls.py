"""Addresses of the pages of the community: `/r/` for residents, the rest for officers."""

from django.urls import path

from fangxian.faces.web.pages.community import gatherings, menu, reports, resident, volunteers
from fangxian.faces.web.words import register_words

__all__ = ["menu", "urlpatterns"]  # the menu adds itself when it is imported

register_words("report_deed", reports.DEEDS)
register_words("helper_deed", volunteers.DEEDS)
register_words("shift_deed", volunteers.SHIFTS)
register_words("gathering_deed", gatherings.DEEDS)

urlpatterns = [
    path("r/", resident.hub, name="resident_hub"),
    path("r/report/", resident.report, name="resident_report"),
    path("r/help/", resident.help_out, name="resident_help"),
    path("r/gathering/", resident.give_notice, name="resident_notice"),
    path("r/villages/", resident.choose_village, name="resident_villages"),
    path("r/answer/", resident.answer, name="resident_answer"),
    path("public-reports/", reports.reports, name="public_reports"),
    path("public-reports/tell/", reports.tell, name="public_report_tell"),
    path("public-reports/<uuid:pk>/", reports.report, name="public_report"),
    path("public-reports/<uuid:pk>/phone/", reports.phone, name="public_report_phone"),
    path("public-reports/<uuid:pk>/<report_deed:report_deed>/", reports.act, name="public_report_act"),
    path("volunteers/", volunteers.volunteers, name="volunteers"),
    path("volunteers/<uuid:pk>/", volunteers.volunteer, name="volunteer"),
    path("volunteers/<uuid:pk>/<helper_deed:helper_deed>/", volunteers.decide, name="volunteer_act"),
    path("volunteers/calls/<uuid:pk>/", volunteers.call, name="volunteer_call"),
    path("volunteers/calls/<uuid:pk>/offer/", volunteers.offer, name="volunteer_offer"),
    path("volunteers/calls/<uuid:pk>/settle/", volunteers.settle, name="volunteer_settle"),
    path("volunteers/shifts/<uuid:pk>/<shift_deed:shift_deed>/", volunteers.shift, name="volunteer_shift_act"),
    path("gatherings/", gatherings.gatherings, name="gatherings"),
    path("gatherings/found/", gatherings.found, name="gathering_found"),
    path("gatherings/<uuid:pk>/", gatherings.gathering, name="gathering"),
    path("gatherings/<uuid:pk>/<gathering_deed:gathering_deed>/", gatherings.act, name="gathering_act"),
]
