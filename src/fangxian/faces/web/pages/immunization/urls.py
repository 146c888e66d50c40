"""Addresses of the pages of immunization."""

from django.urls import path

from fangxian.faces.web.pages.immunization import (
    certificates,
    doses,
    events,
    lots,
    menu,  # noqa: F401  (adds itself)
    overview,
    people,
    site,
    stock,
    visit,
)
from fangxian.faces.web.words import register_words

HERE = "immunization/"

register_words("vaccination_step", visit.STEPS)
register_words("aefi_step", events.STEPS)
register_words("stock_movement", stock.MOVES)

urlpatterns = [
    path(HERE, overview.overview, name="immunization"),
    path(HERE + "people/", people.listing, name="vaccination_people"),
    path(HERE + "people/refused/", people.refused, name="vaccination_refused"),
    path(HERE + "lots/", lots.lots, name="vaccine_lots"),
    path(HERE + "lots/recall/", lots.recall, name="vaccine_recall"),
    path(HERE + "sites/<uuid:pk>/", site.board, name="vaccination_site"),
    path(HERE + "sites/<uuid:pk>/rooms/", site.rooms, name="vaccination_rooms"),
    path(HERE + "sites/<uuid:pk>/arrive/", site.arrive, name="vaccination_arrive"),
    path(HERE + "sites/<uuid:pk>/stock/", stock.fridge, name="vaccine_stock"),
    path(HERE + "sites/<uuid:pk>/stock/receive/", stock.receive, name="vaccine_receive"),
    path(HERE + "sites/<uuid:pk>/stock/close/", stock.close_day, name="vaccine_close_day"),
    path(HERE + "stock/<uuid:pk>/<stock_movement:movement>/", stock.move, name="vaccine_move"),
    path(HERE + "visits/<uuid:pk>/", visit.visit, name="vaccination_visit"),
    path(HERE + "visits/<uuid:pk>/<vaccination_step:station>/", visit.act, name="vaccination_act"),
    path(HERE + "events/<uuid:pk>/", events.event, name="aefi"),
    path(HERE + "events/<uuid:pk>/<aefi_step:stage>/", events.act, name="aefi_act"),
    path(HERE + "doses/<uuid:pk>/certificate/", certificates.certificate, name="vaccination_certificate"),
    path(HERE + "doses/<uuid:pk>/void/", doses.void, name="dose_void"),
    path("vaccination/verify/", certificates.verify, name="vaccination_verify"),
]
