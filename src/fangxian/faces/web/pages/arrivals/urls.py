"""Addresses of the pages of arrivals and their closed loop."""

from django.urls import path

from fangxian.faces.web.pages.arrivals import appeals, arrival, chase, inbox, listing, menu, replan
from fangxian.faces.web.registers import tables

__all__ = ["menu", "urlpatterns"]  # the menu adds itself when it is imported

tables.PAGES.update({"arrivals.arrival": "arrival", "arrivals.loop": "loop", "arrivals.appeal": "appeal"})

urlpatterns = [
    path("arrivals/", listing.arrivals, name="arrivals"),
    path("arrivals/inbox/", inbox.inbox, name="arrivals_inbox"),
    path("arrivals/inbox/<uuid:pk>/take/", inbox.take, name="arrivals_take"),
    path("arrivals/inbox/<uuid:pk>/refuse/", inbox.refuse, name="arrivals_refuse"),
    path("arrivals/chase/", chase.chase, name="arrivals_chase"),
    path("arrivals/chase/<uuid:pk>/remind/", chase.remind, name="arrivals_remind"),
    path("arrivals/chase/<uuid:pk>/hand-on/", chase.hand_on, name="arrivals_hand_on"),
    path("arrivals/replan/", replan.replan, name="arrivals_replan"),
    path("arrivals/replan/apply/", replan.apply, name="arrivals_replan_apply"),
    path("arrivals/<uuid:pk>/", arrival.arrival, name="arrival"),
    path("arrivals/<uuid:pk>/<slug:verb>/", arrival.act, name="arrival_act"),
    path("loops/<uuid:pk>/", arrival.loop, name="loop"),
    path("loops/<uuid:pk>/link/", arrival.link, name="loop_link"),
    path("appeals/<uuid:pk>/", appeals.appeal, name="appeal"),
    path("appeals/<uuid:pk>/propose/", appeals.propose, name="appeal_propose"),
    path("appeals/<uuid:pk>/decide/", appeals.decide, name="appeal_decide"),
    path("appeals/<uuid:pk>/send-back/", appeals.send_back, name="appeal_send_back"),
]
