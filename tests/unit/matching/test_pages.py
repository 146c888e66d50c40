"""The pages of matching: bring, name columns, decide, enter, merge, undo, look for people; masked, scoped, refused."""

from datetime import date

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from fangxian.core import jobs, scope
from fangxian.core.areas import Area
from fangxian.systems.people import lists, merging, services
from fangxian.systems.people.models import DuplicatePair, ListRow, Merge, SourceList
from fangxian.systems.screening.models import Campaign, Target
from tests.unit.people.conftest import CELL, id_number

NUMBER, BORN_DAY = id_number(), date(1980, 5, 17)
SHEET = f"姓名,身份证号,手机\n张伟,{NUMBER},\n张卫,,13800000001\n赵强,{id_number()},\n孙丽,,\n".encode("gb18030")


@pytest.fixture
def people(county, everywhere, frozen):
    cell = Area.objects.get(code=CELL)
    return [
        services.add_person(by=None, area=cell, name="张伟", id_number=NUMBER, phone="13800000001"),
        services.add_person(by=None, area=cell, name="李娜", phone="13800000002", birth_date=BORN_DAY),
        services.add_person(by=None, area=cell, name="李那", phone="13800000002", birth_date=BORN_DAY),
    ]


@pytest.fixture
def client(officer, people):
    browser = Client()
    browser.officer = officer("township_officer", area="410883001")
    browser.force_login(browser.officer)
    return browser


def page(client, url, **data):
    answer = client.get(url, data)
    assert answer.status_code == 200, url
    text = answer.content.decode()
    assert NUMBER not in text and "13800000001" not in text
    return text


@pytest.fixture
def brought(client):
    client.post(
        "/lists/", {"file": SimpleUploadedFile("a.csv", SHEET), "origin": "公安", "name": "L1", "area": "410883001"}
    )
    made = SourceList.unscoped.get()
    assert "身份证号" in page(client, f"/lists/{made.pk}/columns/")
    client.post(f"/lists/{made.pk}/columns/", {"name": "姓名", "id_number": "身份证号", "phone": "手机"})
    assert "Matching" not in page(client, f"/lists/{made.pk}/")
    jobs.run_pending()
    return SourceList.unscoped.get()


def test_a_list_goes_from_the_sheet_to_its_people(client, brought):
    assert client.get("/lists/").status_code == 200
    shown = page(client, f"/lists/{brought.pk}/")
    assert "Same identity number" in shown and 'data-count="DOUBTFUL"' in shown
    assert page(client, f"/lists/{brought.pk}/", state="ELSEWHERE")
    assert client.get(f"/lists/{brought.pk}/repair.xlsx").content.startswith(b"PK")
    again = client.post(
        "/lists/", {"file": SimpleUploadedFile("a.csv", SHEET), "origin": "公安", "name": "L2", "area": "410883001"}
    )
    assert again.url == f"/lists/{brought.pk}/"
    client.post(f"/lists/{brought.pk}/enter/")
    assert "fx-progress" in page(client, f"/lists/{brought.pk}/")
    assert jobs.run_pending() == 1
    with scope.everywhere("test"):
        assert lists.counts(brought)["ENTERED"] == 1


def test_a_doubtful_row_is_decided_side_by_side(client, brought, people):
    row = ListRow.unscoped.get(state="DOUBTFUL")
    assert client.get(f"/lists/{brought.pk}/decide/").url == f"/lists/rows/{row.pk}/"
    shown = page(client, f"/lists/rows/{row.pk}/")
    assert 'data-key="1"' in shown and "fx-differs" in shown and "138****0001" in shown

    client.post(f"/lists/rows/{row.pk}/", {"choice": str(people[1].pk)})  # nobody who was offered
    assert ListRow.unscoped.get(pk=row.pk).state == "DOUBTFUL"
    client.post(f"/lists/rows/{row.pk}/", {"choice": str(people[0].pk)})
    assert ListRow.unscoped.get(pk=row.pk).person_id == people[0].pk
    assert client.get(f"/lists/{brought.pk}/decide/").url == f"/lists/{brought.pk}/"
    assert "Take the decision back" in page(client, f"/lists/rows/{row.pk}/")
    client.post(f"/lists/rows/{row.pk}/", {"choice": "reopen"})
    client.post(f"/lists/rows/{row.pk}/", {"choice": "nobody"})
    assert ListRow.unscoped.get(pk=row.pk).state == "NEW"


def test_duplicates_are_found_merged_and_made_two_again(client, people):
    assert "Nothing waits" in page(client, "/duplicates/")
    client.post("/duplicates/search/", {"area": "410883001"})
    pair = DuplicatePair.unscoped.get()
    assert "李那" in page(client, "/duplicates/")
    assert "Same phone" in page(client, f"/duplicates/{pair.pk}/")
    client.post(f"/duplicates/{pair.pk}/", {"choice": str(people[1].pk)})
    made = Merge.unscoped.get()
    assert (made.state, made.winner_id) == ("IN_FORCE", people[1].pk)
    assert "李那" in page(client, "/merges/")
    page(client, f"/merges/{made.pk}/")
    assert client.post(f"/merges/{made.pk}/", {"choice": "undo", "reason": ""}).status_code == 200
    client.post(f"/merges/{made.pk}/", {"choice": "undo", "reason": "sisters"})
    assert Merge.unscoped.get().state == "UNDONE"
    client.post(f"/duplicates/{pair.pk}/", {"choice": "two"})
    assert DuplicatePair.unscoped.get().state == "DISTINCT"
    assert "Not a duplicate" in page(client, f"/duplicates/{pair.pk}/")


def test_a_search_elsewhere_is_refused(client, people):
    client.post("/duplicates/search/", {"area": "410882"})
    assert not DuplicatePair.unscoped.exists()


def test_a_merge_of_two_officers_has_its_page(client, people, officer):
    with scope.everywhere("test"):
        made = merging.merge(winner=people[1], loser=people[2], reason="same person", by=officer(), is_restricting=True)
    assert "Agree" in page(client, f"/merges/{made.pk}/")
    client.post(f"/merges/{made.pk}/", {"choice": "agree"})
    assert Merge.unscoped.get().state == "IN_FORCE"


def test_a_campaign_is_begun_watched_reported_and_closed(client, brought, people, officer):
    assert "No campaign yet" in page(client, "/campaigns/")
    client.post("/campaigns/", {"name": "C", "reason": "cold store", "area": "410883001", "lists": [str(brought.pk)]})
    made = Campaign.unscoped.get()
    assert "段西村" in page(client, f"/campaigns/{made.pk}/")
    assert "张伟" in page(client, f"/campaigns/{made.pk}/", outcome="PENDING", area="410883001212")
    worker = Client()
    worker.force_login(officer("grid_worker", area=CELL))
    assert "张伟" in page(worker, "/to-be-found/")
    target = Target.unscoped.get()
    worker.post(f"/to-be-found/{target.pk}/", {"outcome": "NOT_FOUND", "note": ""})
    assert Target.unscoped.get().outcome == "PENDING"
    worker.post(f"/to-be-found/{target.pk}/", {"outcome": "DONE"})
    assert Target.unscoped.get().outcome == "DONE"
    assert "Nobody is missing" in page(worker, "/to-be-found/")
    client.post(f"/campaigns/{made.pk}/close/")
    assert Campaign.unscoped.get().closed_at is not None
    assert "C" in page(client, "/campaigns/")


def test_who_may_not_import_people_sees_no_lists(officer):
    viewer = Client()
    viewer.force_login(officer("grid_worker", area=CELL))
    assert viewer.get("/lists/").status_code == 403
    assert viewer.get("/duplicates/").status_code == 403
