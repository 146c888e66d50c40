"""Addresses of the phone face."""

from django.urls import path

from fangxian.faces.field import views

urlpatterns = [
    path("field/", views.shell, name="field"),
    path("field/worker.js", views.worker, name="field_worker"),
    path("field/me", views.me, name="field_me"),
    path("field/day/<slug:key>", views.day, name="field_day"),
    path("field/submissions", views.submissions, name="field_submissions"),
]
