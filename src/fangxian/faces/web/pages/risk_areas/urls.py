"""Addresses of the pages of risk areas."""

from django.urls import path

from fangxian.faces.web.pages.risk_areas import area, board, deciding, menu, proposing, runs  # noqa: F401  (menu adds)

HERE = "risk-areas/"

urlpatterns = [
    path(HERE, board.board, name="risk_areas"),
    path("public/risk-areas/", board.public, name="risk_areas_public"),
    path(HERE + "new/", proposing.new, name="risk_area_new"),
    path(HERE + "publish/", deciding.publish_many, name="risk_areas_publish"),
    path(HERE + "<uuid:pk>/", area.area, name="risk_area"),
    path(HERE + "<uuid:pk>/again/", area.again, name="risk_area_again"),
    path(HERE + "versions/<uuid:pk>/", deciding.version, name="risk_version"),
    path(HERE + "versions/<uuid:pk>/publish/", deciding.publish, name="risk_version_publish"),
    path(HERE + "versions/<uuid:pk>/refuse/", deciding.refuse, name="risk_version_refuse"),
    *(
        path(HERE + f"versions/<uuid:pk>/{act}/", proposing.step, {"act": act}, name=f"risk_version_{act}")
        for act in proposing.Act
    ),
    path(HERE + "runs/<uuid:pk>/", runs.run, name="risk_run"),
]
