"""Addresses of the pages of pharmacies."""

from django.urls import path

from fangxian.faces.web.pages.pharmacies import day, menu, overview, till

__all__ = ["menu", "urlpatterns"]  # the menu adds itself when it is imported

HERE = "pharmacies/"

urlpatterns = [
    path(HERE, overview.entrance, name="pharmacies"),
    path(HERE + "overview/", overview.overview, name="pharmacies_overview"),
    path(HERE + "<uuid:pk>/", day.day, name="pharmacy"),
    path(HERE + "<uuid:pk>/till/", till.till, name="till"),
    path(HERE + "<uuid:pk>/buyers/", till.buyers, name="till_buyers"),
    path(HERE + "<uuid:pk>/totals/", day.totals, name="pharmacy_totals"),
    path(HERE + "<uuid:pk>/file/", day.file, name="pharmacy_file"),
    path(HERE + "sales/<uuid:pk>/take-back/", day.take_back, name="sale_take_back"),
    path(HERE + "calls/<uuid:pk>/", day.call, name="pharmacy_call"),
]
