"""Addresses of the pages of readiness, and of the public list without an account."""

from django.urls import path

from fangxian.faces.web.pages.readiness import (  # noqa: F401  (menu and lists add themselves)
    board,
    community,
    key_places,
    lists,
    menu,
    public,
    schools,
)
from fangxian.faces.web.words import register_words

HERE = "readiness/"
register_words("community_deed", community.ACTS)
register_words("opening_deed", schools.ACTS)

urlpatterns = [
    path(HERE, board.board, name="readiness"),
    path(HERE + "communities/<str:code>/", community.community, name="community"),
    path(HERE + "communities/<str:code>/apply/", community.apply, name="community_apply"),
    path(HERE + "applications/<uuid:pk>/", community.application, name="community_application"),
    path(HERE + "applications/<uuid:pk>/<community_deed:community_deed>/", community.act, name="community_act"),
    path(HERE + "schools/", schools.board, name="schools"),
    path(HERE + "schools/<uuid:pk>/", schools.school, name="school"),
    path(HERE + "openings/<uuid:pk>/", schools.opening, name="school_opening"),
    path(HERE + "openings/<uuid:pk>/<opening_deed:opening_deed>/", schools.act, name="school_act"),
    path(HERE + "key-places/", key_places.overview, name="key_place_cycle"),
    path("public/<str:code>/epidemic-free/", public.epidemic_free, name="public_epidemic_free"),
]
