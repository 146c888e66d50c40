"""Addresses of the pages of supervision."""

from django.urls import path

from fangxian.faces.web.pages.supervision import (  # noqa: F401  (menu and lists add themselves)
    accounts,
    board,
    finding,
    lists,
    menu,
    own,
    places,
    routes,
    trips,
)
from fangxian.faces.web.words import register_words

HERE = "supervision/"
register_words("finding_deed", finding.ACTS)
register_words("account_deed", accounts.WORDS)

urlpatterns = [
    path(HERE, board.board, name="supervision"),
    path(HERE + "findings/<uuid:pk>/", finding.finding, name="finding"),
    path(HERE + "findings/<uuid:pk>/<finding_deed:deed>/", finding.act, name="finding_act"),
    path(HERE + "accounts/<uuid:pk>/", accounts.account, name="account"),
    path(HERE + "accounts/<uuid:pk>/<account_deed:account_deed>/", accounts.act, name="account_act"),
    path(HERE + "trips/", trips.trips, name="trips"),
    path(HERE + "trips/<uuid:pk>/", trips.trip, name="trip"),
    path(HERE + "trips/<uuid:pk>/end/", trips.end, name="trip_end"),
    path(HERE + "trips/<uuid:pk>/stops/", routes.add, name="trip_stop"),
    path(HERE + "trips/<uuid:pk>/leader/", routes.lead, name="trip_leader"),
    path(HERE + "sheets/<uuid:pk>/", trips.sheet, name="sheet"),
    path(HERE + "sheets/<uuid:pk>/move/", routes.move, name="sheet_move"),
    path(HERE + "self-check/", own.own_check, name="own_check"),
    path(HERE + "self-check/<str:code>/<str:checklist>/", own.own_sheet, name="own_sheet"),
    path(HERE + "places/", places.key_places_page, name="key_places"),
    path(HERE + "places/<str:ledger>/<uuid:pk>/", places.place, name="key_place"),
    path(HERE + "places/<str:ledger>/<uuid:pk>/parties/", places.name_parties, name="key_place_parties"),
    path(HERE + "places/<str:ledger>/<uuid:pk>/self-check/<str:checklist>/", places.self_check, name="self_check"),
]
