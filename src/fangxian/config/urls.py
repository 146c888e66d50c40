"""Addresses."""

from django.urls import include, path

handler400 = "fangxian.faces.web.errors.bad_request"
handler403 = "fangxian.faces.web.errors.refused"
handler404 = "fangxian.faces.web.errors.not_found"
handler500 = "fangxian.faces.web.errors.server_error"

urlpatterns = [
    path("", include("fangxian.faces.api.urls")),  # one prefix for half of all addresses: the quickest to rule out
    path("", include("fangxian.faces.web.urls")),
    path("", include("fangxian.faces.web.registers.urls")),
    path("", include("fangxian.faces.web.pages.urls")),
    path("", include("fangxian.faces.field.urls")),
    path("", include("fangxian.faces.backoffice.urls")),
]
