"""Static files and exports as the asynchronous server sends them: in pieces, without a warning, in their scope."""

import gzip
import warnings

import pytest
from asgiref.sync import async_to_sync
from django.contrib.staticfiles import finders
from django.http import HttpResponse
from django.test import AsyncRequestFactory, RequestFactory
from django.urls import reverse

from fangxian.core import scope
from fangxian.faces.web.registers import sheets
from fangxian.faces.web.static_files import StaticFilesMiddleware

ADDRESS = "/static/pages.css"


@pytest.fixture(scope="module")
def files():
    return StaticFilesMiddleware(lambda request: HttpResponse("page"))


@async_to_sync
async def read(answer) -> bytes:
    """What the server sends; a warning is an error."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return b"".join([part async for part in answer])


def test_a_file_is_sent_in_pieces_without_a_warning(files):
    answer = files(AsyncRequestFactory().get(ADDRESS))
    content = read(answer)
    assert answer.is_async and answer["Content-Type"].startswith("text/css")
    with open(finders.find("pages.css"), "rb") as file:
        assert content == file.read() and int(answer["Content-Length"]) == len(content)


def test_a_packed_file_stays_packed(files):
    address = "/static/vendor/leaflet/leaflet.js"
    answer = files(AsyncRequestFactory().get(address, headers={"Accept-Encoding": "gzip"}))
    assert answer["Content-Encoding"] == "gzip" and b"Leaflet" in gzip.decompress(read(answer))


def test_what_has_no_content_has_none(files):
    fresh = files(AsyncRequestFactory().get(ADDRESS))
    read(fresh)
    again = files(AsyncRequestFactory().get(ADDRESS, headers={"If-Modified-Since": fresh["Last-Modified"]}))
    assert again.status_code == 304 and again.content == b""


@pytest.mark.django_db  # an answer that is closed looks after the connection
def test_other_servers_and_other_addresses_go_the_usual_way(files):
    usual = files(RequestFactory().get(ADDRESS))
    assert b"".join(usual).startswith(b"/*")
    usual.close()
    assert files(RequestFactory().get("/elsewhere/")).content == b"page"


@pytest.mark.django_db(transaction=True)
def test_an_export_is_read_in_its_scope_while_it_is_sent(county, officer):
    request = AsyncRequestFactory().get(reverse("register_export", args=["command.task", "csv"]))
    request.user = officer("duty_officer", "410883")
    sent = sheets.export(request, "command.task", "csv")
    content = read(sent)
    assert sent.is_async and content.decode("utf-8-sig").startswith("id,")
    with pytest.raises(scope.ScopeMissing):
        scope.current()
