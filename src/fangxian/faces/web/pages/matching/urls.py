"""Addresses of the pages of one person out of several lists."""

from django.urls import path

from fangxian.faces.web.pages.matching import bringing, campaigns, deciding, duplicates, menu  # noqa: F401  (menu adds)
from fangxian.faces.web.registers import tables

tables.PAGES.update({"people.sourcelist": "list", "screening.campaign": "campaign"})

urlpatterns = [
    path("lists/", bringing.lists_, name="lists"),
    path("lists/<uuid:pk>/", bringing.one, name="list"),
    path("lists/<uuid:pk>/columns/", bringing.columns_, name="list_columns"),
    path("lists/<uuid:pk>/enter/", bringing.enter, name="list_enter"),
    path("lists/<uuid:pk>/repair.xlsx", bringing.repair, name="list_repair"),
    path("lists/<uuid:pk>/decide/", deciding.next_row, name="list_decide"),
    path("lists/rows/<uuid:pk>/", deciding.row, name="list_row"),
    path("duplicates/", duplicates.pairs, name="duplicates"),
    path("duplicates/search/", duplicates.search, name="duplicates_search"),
    path("duplicates/<uuid:pk>/", duplicates.pair, name="duplicate"),
    path("merges/", duplicates.merges, name="merges"),
    path("merges/<uuid:pk>/", duplicates.merge, name="merge"),
    path("campaigns/", campaigns.campaigns_, name="campaigns"),
    path("campaigns/<uuid:pk>/", campaigns.campaign, name="campaign"),
    path("campaigns/<uuid:pk>/close/", campaigns.close, name="campaign_close"),
    path("to-be-found/", campaigns.mine, name="to_be_found"),
    path("to-be-found/<uuid:pk>/", campaigns.report, name="target_report"),
]
