"""The residents' page and the officers' pages: told, looked up, decided, and nothing shown to the wrong one."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fangxian.core import clock
from fangxian.core.clock import now
from fangxian.registers import attachments
from fangxian.systems.arrivals.models import Knock
from fangxian.systems.command.models import Task
from fangxian.systems.community import photos, services, tickets
from fangxian.systems.community.models import Gathering, PublicReport, Volunteer, VolunteerShift

pytestmark = pytest.mark.django_db
TOWN, CELL = "410883001", "410883001212001"
PICTURE = b"\xff\xd8\xff\xe1\x00\x0eExif\0\0 34.9N\xff\xe0\x00\x04ok\xff\xda\x00\x04aa\x12\xff\x00\x34\xff\xd9 trailer"


@pytest.fixture
def phone(staff):
    return Client()


def into(officer) -> Client:
    client = Client()
    client.force_login(officer)
    return client


def told(client, **values):
    given = {"ticket": "t1", "website": "", "area": TOWN, "village": "410883001212", "kind": "SHOP",
             "words": "药店不登记就卖退烧药", "place": "合欢大街12号", "phone": "", **values}  # fmt: skip
    return client.post("/r/report/", given)


def code_in(answer) -> str:
    return re.search(r'fx-code-large">([2-9A-Z]{10})<', answer.content.decode())[1]


def test_a_report_is_sent_and_looked_up_without_leaving_a_trace(phone):
    assert 'value="410883001212" selected' in phone.get("/r/report/?area=410883001212").content.decode()  # a poster
    assert "410883001212" in phone.get("/r/villages/?area=410883001").content.decode()
    assert phone.get("/r/").status_code == phone.get("/r/help/").status_code == 200
    answer = told(phone, photos=SimpleUploadedFile("home.jpg", PICTURE, "image/jpeg"))
    code = code_in(answer)
    report = PublicReport.unscoped.get()
    assert (report.area_id, report.created_by, code_in(told(phone))) == ("410883001212", None, code)  # sent again: one
    assert not phone.session.items() and PublicReport.unscoped.count() == 1
    (file,) = attachments.of(report)
    assert file.name == "photo1.jpg" and Knock.objects.filter(door="community").get().count == 2
    page = phone.post("/r/answer/", {"code": code.lower()})
    assert page.status_code == 200 and "合欢" not in page.content.decode()
    assert phone.post("/r/answer/", {"code": "2222222222"}).status_code == 422
    assert phone.post("/r/answer/", {"code": "x"}).status_code == 422


@pytest.mark.parametrize("values", [{"words": "药"}, {"area": ""}, {"website": "x"}, {"phone": "12"}, {"kind": "X"},
                                    {"village": "410883002201"},
                                    {"photos": SimpleUploadedFile("a.jpg", b"GIF89a")}])  # fmt: skip
def test_what_cannot_be_followed_is_refused_on_the_form(phone, values):
    assert told(phone, **values).status_code == 422
    assert not PublicReport.unscoped.exists()


def test_a_flood_is_refused(phone):
    answers = [told(phone, ticket=f"t{number}").status_code for number in range(11)]
    assert answers == [200] * 10 + [429]
    asked = [phone.post("/r/answer/", {"code": "2222222222"}).status_code for _number in range(41)]
    assert asked[-2:] == [422, 429]


def test_a_photo_is_kept_without_its_hidden_marks():
    content, ending = photos.bare(PICTURE)
    assert ending == "jpg" and content == b"\xff\xd8\xff\xe0\x00\x04ok\xff\xda\x00\x04aa\x12\xff\x00\x34\xff\xd9"
    chunk = b"\x00\x00\x00\x02tEXtme" + b"crc!"
    head, end = b"\x00\x00\x00\x01IHDRx" + b"crc!", b"\x00\x00\x00\x00IEND" + b"crc!"
    assert photos.bare(photos.PNG + head + chunk + end + b"more") == (photos.PNG + head + end, "png")
    for broken in (PICTURE[:20], photos.JPEG + b"abc", photos.PNG + head, photos.PNG + head[:-2], PICTURE[:30],
                   photos.JPEG + b"\xff\xe0\x00\x01"):  # fmt: skip
        with pytest.raises(photos.ValidationError):
            photos.bare(broken)


def test_the_township_reads_sends_and_concludes(phone, staff, cell):
    told(phone, phone="13812345678")
    report = PublicReport.unscoped.get()
    desk, url = into(staff["township"]), reverse("public_report", args=[report.pk])
    page = desk.get(url).content.decode()
    assert "合欢大街12号" in page and "13812345678" not in page and desk.get(url).status_code == 200
    assert "合欢大街12号" not in desk.get(reverse("public_reports")).content.decode()
    assert "13812345678" in desk.post(f"{url}phone/", {"reason": "问清地点"}).content.decode()
    assert desk.post(f"{url}phone/", {"reason": ""}).status_code == 302
    desk.post(f"{url}take_up/")
    assert desk.post(f"{url}send/", {"route": "DOOR", "where": "x", "order": "y"}).status_code == 302  # at whose?
    desk.post(f"{url}send/", {"route": "GRID", "area": CELL, "where": "合欢大街12号", "order": "看看"})
    worker = into(staff["worker"])
    task = Task.unscoped.get(key__startswith="look:")
    shown = worker.get(reverse("task", args=[task.pk])).content.decode()
    assert "合欢大街12号" in shown and str(report.pk) not in shown  # the address, and no way to the report
    assert worker.get(url).status_code == 403
    worker.post(reverse("task_act", args=[task.pk, "finish"]), {"text": "未登记"})
    desk.post(f"{url}confirm/", {"seen": "未登记", "answer": "已整改", "finding": "1", "where": "药店"})
    report.refresh_from_db()
    assert (report.state, report.answer) == ("CONFIRMED", "已整改")
    assert "药店" in desk.get(url).content.decode()
    assert "已整改" in phone.post("/r/answer/", {"code": tickets.code_of("t1")}).content.decode()
    desk.post(f"{url}reopen/", {"reason": "又有人反映"})
    desk.post(f"{url}join/")
    desk.post(f"{url}dismiss/", {"reason": "查无", "answer": "谢谢"})
    report.refresh_from_db()
    assert (
        report.state == "UNFOUNDED" and "closed" in desk.get(reverse("public_reports") + "?tab=closed").content.decode()
    )


def test_a_caller_is_read_their_code_and_a_report_is_joined_or_passed_on(staff, town):
    desk = into(staff["township"])
    assert desk.get(reverse("public_report_tell")).status_code == 200
    given = {"ticket": "c1", "way": "PHONE", "kind": "PLACE", "area": TOWN, "place": "市场", "words": "没人查码呀"}
    assert code_in(desk.post(reverse("public_report_tell"), given)) == tickets.code_of("c1")
    assert desk.post(reverse("public_report_tell"), {**given, "ticket": "c2", "phone": "1"}).status_code == 422
    desk.post(reverse("public_report_tell"), {**given, "ticket": "c3"})
    first, second = PublicReport.unscoped.order_by("pk")
    desk.post(reverse("public_report_act", args=[second.pk, "join"]), {"twin": str(first.pk)})
    gone = desk.post(reverse("public_report_act", args=[first.pk, "pass_on"]), {"area": "410883002"})
    assert gone.url == reverse("public_reports")
    second.refresh_from_db(), first.refresh_from_db()
    assert (second.state, first.area_id) == ("DUPLICATE", "410883002")
    assert desk.get(reverse("public_report", args=[first.pk])).status_code == 404
    assert phone_sees(tickets.code_of("c3"), "Somebody had told us")


def phone_sees(code: str, text: str) -> bool:
    return text in Client().post("/r/answer/", {"code": code}, headers={"accept-language": "en"}).content.decode()


def test_a_volunteer_offers_is_confirmed_asked_and_answers_with_the_code(phone, staff, person, town):
    given = {"ticket": "v1", "area": TOWN, "village": "410883001212", "name": "李志愿", "phone": "13812345678",
             "skill": "GATE", "available": "ANY"}  # fmt: skip
    code = code_in(phone.post("/r/help/", given))
    made, neighbour = Volunteer.unscoped.get(), person("李志愿", phone="13812345678")
    desk = into(staff["township"])
    assert "李志愿" in desk.get(reverse("volunteers")).content.decode()
    url = reverse("volunteer", args=[made.pk])
    assert str(neighbour.pk) in desk.get(url).content.decode()
    desk.post(f"{url}confirm/", {"person": "110101199003070000"})  # nobody
    desk.post(f"{url}confirm/", {"person": str(neighbour.pk)})
    starts = now() + timedelta(hours=5)
    called = services.call(by=None, area=town, what="值守", place="村口", needed=1, starts_at=starts,
                           ends_at=starts + timedelta(hours=2))  # fmt: skip
    there = reverse("volunteer_call", args=[called.pk])
    assert "李志愿" in desk.get(there).content.decode()
    desk.post(f"{there}offer/", {})
    desk.post(f"{there}offer/", {"volunteer": str(made.pk)})
    shift = VolunteerShift.unscoped.get()
    assert "值守" in phone.post("/r/answer/", {"code": code}).content.decode()
    phone.post("/r/answer/", {"code": code, "deed": "come", "shift": "x"})
    phone.post("/r/answer/", {"code": code, "deed": "come", "shift": str(shift.pk)})
    shift.refresh_from_db()
    assert shift.state == "ACCEPTED"
    desk.post(reverse("volunteer_shift_act", args=[shift.pk, "came"]))  # not yet
    with clock.frozen(now() + timedelta(hours=8)):
        desk = into(staff["township"])  # the session of the morning is over
        desk.post(reverse("volunteer_shift_act", args=[shift.pk, "came"]))
        desk.post(f"{there}settle/")
    shift.refresh_from_db(), called.refresh_from_db()
    assert (shift.state, shift.minutes, called.state) == ("CAME", 120, "DONE")
    phone.post("/r/answer/", {"code": code, "deed": "stop"})
    made.refresh_from_db()
    assert made.state == "LEFT"
    desk.post(f"{there}settle/", {"off": "1", "reason": "x"})


def test_an_organiser_gives_notice_reads_the_decision_and_gives_it_up(phone, staff):
    given = {"ticket": "g1", "area": TOWN, "village": "410883001212", "kind": "WEDDING", "name": "王家婚宴",
             "place": "文化大院", "starts_at": "2022-03-19T11:00", "ends_at": "2022-03-19T14:00", "expected": "120",
             "measures": ["MASKS", "ROSTER"], "responsible": "王建国", "phone": "13812345678"}  # fmt: skip
    assert phone.post("/r/gathering/", {**given, "starts_at": "2022-03-01T11:00"}).status_code == 422
    assert phone.post("/r/gathering/", {**given, "ends_at": "2022-03-19T10:00"}).status_code == 422
    code = code_in(phone.post("/r/gathering/", given))
    wedding = Gathering.unscoped.get()
    desk, url = into(staff["township"]), reverse("gathering", args=[wedding.pk])
    assert "王家婚宴" in desk.get(reverse("gatherings")).content.decode() and desk.get(url).status_code == 200
    into(staff["worker"]).post(f"{url}approve/")  # not the village's to decide, nor outside the cell
    desk.post(f"{url}approve/", {"conditions": "分两批开席"})
    assert "分两批开席" in phone.post("/r/answer/", {"code": code}).content.decode()
    phone.post("/r/answer/", {"code": code, "deed": "cancel"})
    wedding.refresh_from_db()
    assert wedding.state == "CANCELLED"


def test_what_was_seen_and_what_was_found_is_entered(staff, noticed, cell):
    wedding, desk = noticed(60), into(staff["township"])
    url = reverse("gathering", args=[wedding.pk])
    desk.post(f"{url}refuse/", {"reason": "缓办"})
    found = {"area": CELL, "kind": "FAIR", "name": "集市", "place": "村口", "starts_at": "2022-03-19T08:00",
             "ends_at": "2022-03-19T12:00", "came": "300", "responsible": "不详", "seen": "无人戴口罩"}  # fmt: skip
    assert desk.post(reverse("gathering_found"), found).status_code == 422  # yet to come
    with clock.frozen(wedding.ends_at + timedelta(hours=1)):
        desk = into(staff["township"])
        desk.post(f"{url}check/", {"held": "maybe"})
        desk.post(f"{url}check/", {"held": "yes", "came": "50", "not_kept": ["MASKS"], "seen": "照常举办"})
        assert desk.post(reverse("gathering_found"), found).status_code == 302
        page = desk.get(reverse("gatherings")).content.decode()
        assert desk.get(url).status_code == 200
    assert page.count("fx-badge-danger") == 2
    wedding.refresh_from_db()
    assert (wedding.state, wedding.not_kept) == ("HELD", ["MASKS"])
