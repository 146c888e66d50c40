"""Files of a record through the interface: put, listed, read, removed."""

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.systems.screening import services as screening

PDF = b"%PDF-1.7 a signed list"
pytestmark = pytest.mark.django_db


@pytest.fixture
def files(county):
    with scope.everywhere("test data"):
        area = Area.objects.get(code="410883001212")
        place = screening.add_place(by=None, area=area, name="红星超市", kind="SHOP")
    return f"/registers/screening.place/{place.pk}/files"


def put(caller, address: str, content: bytes, name: str, **more):
    query = "&".join(f"{key}={value}" for key, value in {"name": name, **more}.items())
    return caller.client.generic(
        "POST", f"/api{address}?{query}", content, content_type="application/octet-stream", headers=caller.headers
    )


def test_a_file_is_put_listed_read_and_removed(call, files):
    clerk = call("township_officer", area="410883001")
    made = put(clerk, files, PDF, "list.pdf", id=uuid7())
    assert made.status_code == 200 and made.json()["media_type"] == "application/pdf"
    assert put(clerk, files, PDF, "list.pdf").json()["id"] == made.json()["id"]
    assert [file["name"] for file in clerk("GET", files).json()] == ["list.pdf"]

    one = f"{files}/{made.json()['id']}"
    assert clerk("GET", one).content == PDF
    assert clerk("POST", f"{one}/remove", {"reason": "wrong list"}).status_code == 200
    assert clerk("GET", one).status_code == 404


def test_what_cannot_be_taken_says_why(call, files):
    refused = put(call("township_officer", area="410883001"), files, b"MZ", "list.exe")
    assert refused.status_code == 422 and "Photos and papers only" in str(refused.json())


def test_reading_is_not_putting(call, files):
    guard = call("checkpoint_guard")
    assert put(guard, files, PDF, "list.pdf").status_code == 403
    assert guard("GET", files).json() == []


def test_a_neighbours_files_are_not_found(call, files):
    stranger = call("township_officer", area="410882")
    assert stranger("GET", files).status_code == 404
    assert put(stranger, files, PDF, "list.pdf").status_code == 404
