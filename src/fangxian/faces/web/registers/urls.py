"""Addresses of the register pages, the same for every register."""

from django.urls import path, re_path

from fangxian.faces.web.registers import (
    attachments,
    findings,
    forms,
    lists,
    lookups,
    menu,
    records,
    sheets,
    unmasking,
    venues,
)

__all__ = ["menu", "urlpatterns"]  # the menu adds itself when it is imported

SLUG = "registers/<str:slug>/"

urlpatterns = [
    path("lookup/areas/", lookups.areas, name="lookup_areas"),
    path("lookup/<str:slug>/", lookups.records, name="lookup_records"),
    path(SLUG, lists.register, name="register"),
    path(SLUG + "add/", forms.add, name="register_add"),
    path(SLUG + "import/", sheets.upload, name="register_import"),
    path(SLUG + "import/template.xlsx", sheets.template, name="register_template"),
    path(SLUG + "import/<uuid:pk>/", sheets.run, name="register_import_run"),
    path(SLUG + "import/<uuid:pk>/confirm/", sheets.confirm, name="register_import_confirm"),
    path(SLUG + "import/<uuid:pk>/repair.xlsx", sheets.repair, name="register_import_repair"),
    re_path(r"^registers/(?P<slug>[\w.]+)/export\.(?P<form>csv|xlsx)$", sheets.export, name="register_export"),
    path(SLUG + "<uuid:pk>/", records.record, name="register_record"),
    path(SLUG + "<uuid:pk>/change/", forms.change, name="register_change"),
    path(SLUG + "<uuid:pk>/files/", attachments.attach, name="register_attach"),
    path(SLUG + "<uuid:pk>/files/<uuid:file>/", attachments.show, name="register_file"),
    path(SLUG + "<uuid:pk>/files/<uuid:file>/remove/", attachments.remove, name="register_file_remove"),
    path(SLUG + "<uuid:pk>/findings/", findings.raise_finding, name="register_raise_finding"),
    path(SLUG + "<uuid:pk>/venue/", venues.tie, name="register_tie_venue"),
    path(SLUG + "<uuid:pk>/unmask/", unmasking.unmask, name="register_unmask"),
]
