"""Addresses of the pages of the resident, who has no account."""

from django.urls import path

from fangxian.faces.web.pages.resident import declare, own

urlpatterns = [
    path("declare/", declare.declare, name="declare"),
    path("declare/<slug:code>/", declare.declared, name="declared"),
    path("my/<str:token>/", own.own, name="own"),
    path("my/<str:token>/temperature/", own.temperature, name="own_temperature"),
    path("my/<str:token>/appeal/", own.appeal, name="own_appeal"),
    path("my/<str:token>/leave/", own.leave, name="own_leave"),
]
