"""One page that shows every piece of the shell, at addresses of its own: what page builders rely on, in one place."""

from types import SimpleNamespace

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import include, path
from django.views.decorators.http import require_POST

from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.faces.web import policies

handler403 = "fangxian.faces.web.errors.refused"
handler404 = "fangxian.faces.web.errors.not_found"
polls = {"count": 0}


class SpecimenForm(forms.Form):
    name = forms.CharField(help_text="As on the identity card.")
    kind = forms.ChoiceField(choices=[("a", "甲"), ("b", "乙")])
    risk = forms.ChoiceField(choices=[("h", "高"), ("l", "低")], widget=forms.RadioSelect)
    agreed = forms.BooleanField()


@policies.signed_in
def specimen(request: HttpRequest) -> HttpResponse:
    polls["count"] = 0
    form = SpecimenForm(request.POST or None)
    if request.method == "POST":
        form.is_valid()
    messages.success(request, "已保存 12 行。")
    page = SimpleNamespace(number=2, has_previous=True, has_next=True, first=26, last=50, total=None)
    context = {"form": form, "page": page, "job": job(), "rows": range(4), "now": now()}
    return render(request, "specimen.html", context, status=422 if form.errors else 200)


def job() -> SimpleNamespace:
    done = polls["count"]
    return SimpleNamespace(
        id=7, message="比对轨迹", done=done, total=2, finished=done >= 2, failed=False, result_url="/specimen/"
    )


@policies.signed_in
def job_part(request: HttpRequest) -> HttpResponse:
    polls["count"] += 1
    return render(request, "shell/progress.html", {"job": job(), "url": "/job/"})


@policies.signed_in
def chart(request: HttpRequest) -> HttpResponse:
    days = [f"3-{day}" for day in range(8, 16)]
    found = {"name": "确诊", "data": [0, 1, 0, 3, 5, 8, 6, 4], "tone": "danger", "url": "/specimen/?opened=chart"}
    silent = {"name": "无症状", "data": [1, 0, 2, 2, 4, 3, 7, 2], "tone": "warning"}
    return JsonResponse({"kind": "bar", "stacked": True, "days": days, "series": [found, silent]})


def square(west: float, south: float, name: str, value: int) -> dict:
    east, north = west + 0.1, south + 0.1
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": {"name": name, "value": value}, "geometry": geometry}


@policies.signed_in
def areas(request: HttpRequest) -> HttpResponse:
    point = {
        "type": "Feature",
        "properties": {"name": "病例1", "tone": "danger", "note": "段西村"},
        "geometry": {"type": "Point", "coordinates": [112.75, 34.95]},
    }
    features = [square(112.6, 34.9, "大定街道", 3), square(112.7, 34.9, "会昌街道", 12), point]
    return JsonResponse({"type": "FeatureCollection", "labels": True, "features": features})


@policies.signed_in
def chain(request: HttpRequest) -> HttpResponse:
    nodes = [
        {"id": 1, "label": "病例1", "tone": "danger", "root": True},
        {"id": 2, "label": "病例2", "tone": "danger"},
        {"id": 3, "label": "密接 12 人", "tone": "warning", "shape": "round-rectangle"},
        {"id": 4, "label": "病例3", "tone": "danger"},
    ]
    edges = [
        {"source": 1, "target": 2, "label": "同户"},
        {"source": 1, "target": 3},
        {"source": 2, "target": 4, "label": "同车", "certain": False},
    ]
    return JsonResponse({"nodes": nodes, "edges": edges})


@policies.signed_in
@require_POST
def removed(request: HttpRequest) -> HttpResponse:
    icon = '<link rel="icon" href="/static/img/fangxian.svg">'  # else the browser may ask for one that is not there
    return HttpResponse(f"<!doctype html><title>removed</title>{icon}")


@policies.signed_in
def refused(request: HttpRequest) -> HttpResponse:
    raise Refused("您的岗位不含此项权限。")


urlpatterns = [
    path("", include("fangxian.faces.web.urls")),
    path("specimen/", specimen),
    path("job/", job_part),
    path("chart.json", chart),
    path("areas.geojson", areas),
    path("chain.json", chain),
    path("removed/", removed),
    path("refused/", refused),
]
