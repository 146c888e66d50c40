"""Bulletins with an installation: taken in, decided on, handed down, taken back, on their pages."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from fangxian.core import clock, scope
from fangxian.core.areas import Area
from fangxian.core.audit import history
from fangxian.demo.bulletins import sample
from fangxian.demo.days import MORNING
from fangxian.engines.bulletins.damage import Plan, damaged
from fangxian.systems.bulletins import selectors, services
from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.systems.directives import services as directives
from fangxian.systems.directives.models import Directive, Handing
from fangxian.workflows import bulletin_to_directives as story
from tests.spec.bulletins.test_actors_and_appeals import NOTICE


@pytest.fixture
def duty(officer):
    with clock.frozen(MORNING), scope.everywhere("test data"):
        yield officer("duty_officer")


@pytest.fixture
def bulletin(duty):
    return services.take_in(by=duty, area=Area.objects.get(code="410883"), given=sample("four_grasps"))


def measure_with(bulletin, word: str) -> Measure:
    return next(row for row in selectors.measures_of(bulletin) if word in row.text)


def test_what_came_in_is_read_once(duty, bulletin):
    again = services.take_in(by=duty, area=bulletin.area, given=sample("four_grasps").replace("\n", "\r\n"))
    assert again.pk == bulletin.pk and bulletin.repairs == []
    assert bulletin.text == sample("four_grasps") and str(bulletin) == "安澜高新区召开专题会议部署疫情防控工作"
    drill = measure_with(bulletin, "演练")
    assert (drill.every, drill.requirements, drill.speaker) == ("MONTH", "D1", "宋明远")
    assert bulletin.text[drill.start : drill.end] == drill.text


def test_a_text_too_long_is_refused(duty, bulletin):
    with pytest.raises(ValidationError):
        services.take_in(by=duty, area=bulletin.area, given="会" * 60_001)


def test_confirm_reject_undo_and_correct(duty, bulletin):
    drill, slogan = measure_with(bulletin, "演练"), measure_with(bulletin, "思想重视")
    confirmed = services.confirm(measure=drill, by=duty)
    assert confirmed.state == "CONFIRMED" and confirmed.decided_by == duty
    assert services.confirm(measure=drill, by=duty).version == confirmed.version
    assert services.reject(measure=slogan, by=duty).state == "REJECTED"
    opened = services.undo(measure=slogan, by=duty)
    assert (opened.state, opened.decided_by, opened.decided_at) == ("PROPOSED", None, None)
    better = services.correct(measure=drill, by=duty, text="每月演练一次", requirements="D1, C12 D1")
    assert (better.text, better.requirements) == ("每月演练一次", "D1 C12")
    with pytest.raises(ValidationError, match="Z9"):
        services.correct(measure=drill, by=duty, requirements="Z9")
    with pytest.raises(ValidationError):
        services.correct(measure=drill, by=duty, state="REJECTED")
    assert [entry.action for entry in history(drill)][:2]


def test_the_rest_is_confirmed_at_once(duty, bulletin):
    services.reject(measure=measure_with(bulletin, "思想重视"), by=duty)
    count = services.confirm_rest(bulletin=bulletin, by=duty)
    states = selectors.counts(selectors.measures_of(bulletin))
    assert count == states["confirmed"] > 15 and (states["rejected"], states["to_do"]) == (1, 1)  # an appeal stays
    assert selectors.bulletins().get(pk=bulletin.pk).agreed == count


def test_a_head_is_corrected_by_a_person(duty, bulletin):
    Bulletin.objects.filter(pk=bulletin.pk).update(unsure=["place", "date"])
    bulletin.refresh_from_db()
    better = services.correct_head(bulletin=bulletin, by=duty, place="孟州市", title=bulletin.title)
    assert better.place == "孟州市" and better.unsure == ["date"]


def test_a_measure_becomes_one_directive_and_opens_again(duty, bulletin):
    drill = measure_with(bulletin, "演练")
    with pytest.raises(ValidationError):
        story.hand_down(measure=drill, by=duty)
    with pytest.raises(ValidationError):
        services.mark_handed_down(measure=drill, directive_id=drill.pk, by=duty)
    services.correct(measure=drill, by=duty, actors="各乡镇", due=MORNING.date().replace(day=31))
    drill = services.confirm(measure=drill, by=duty)
    directive = story.hand_down(measure=drill, by=duty)
    assert story.hand_down(measure=selectors.measure(drill.pk), by=duty).pk == directive.pk
    assert directive.requirement == "D1" and "各乡镇" in directive.text
    assert Handing.objects.filter(directive=directive).count() == 2
    handed = selectors.measure(drill.pk)
    for refused in (services.reject, services.undo, story.take_back):
        with pytest.raises(ValidationError):
            refused(measure=handed, by=duty)
    with pytest.raises(ValidationError):
        services.correct(measure=handed, by=duty, text="另一个说法")
    directives.withdraw(directive=directive, by=duty, reason="与上级重复")
    assert story.take_back(measure=handed, by=duty).state == "PROPOSED"


def test_all_that_is_confirmed_is_handed_down(duty, bulletin):
    for word in ("无疫小区", "居住环境"):
        services.confirm(measure=measure_with(bulletin, word), by=duty)
    made = story.hand_down_all(bulletin=bulletin, by=duty).made
    assert [one.depth for one in made] == ["NEXT", "VILLAGE"]
    assert story.hand_down_all(bulletin=bulletin, by=duty) == story.HandedDown()


def test_appeals_are_left_to_the_officer(web, duty):
    bulletin = services.take_in(by=duty, area=Area.objects.get(code="410883"), given=NOTICE)
    count = services.confirm_rest(bulletin=bulletin, by=duty)
    left = [row.text for row in selectors.measures_of(bulletin) if row.state == "PROPOSED" and row.mode == "ORDERED"]
    assert count > 4 and any("树牢底线思维" in text for text in left) and not any("消毒" in text for text in left)
    assert ">General appeal<" in web.get(reverse("bulletin", args=[bulletin.pk])).content.decode()
    done = story.hand_down_all(bulletin=bulletin, by=duty)
    assert len(done.made) == count and not done.refused


@pytest.mark.parametrize("name", ["inspection", "four_grasps", "special_meeting", "leading_group", "cold_chain"])
def test_every_sample_goes_from_reading_to_directives(duty, name):
    bulletin = services.take_in(by=duty, area=Area.objects.get(code="410883"), given=sample(name))
    count = services.confirm_rest(bulletin=bulletin, by=duty)
    done = story.hand_down_all(bulletin=bulletin, by=duty)
    assert len(done.made) == count == selectors.counts(selectors.measures_of(bulletin))["handed"] > 3
    assert done.refused == []


def test_a_day_that_has_passed_is_no_day(duty, bulletin):
    late, drill = measure_with(bulletin, "居住环境"), measure_with(bulletin, "演练")
    services.correct(measure=late, by=duty, due=MORNING.date() - timedelta(days=3))
    services.correct(measure=drill, by=duty, due=MORNING.date() + timedelta(days=3))
    for measure in (late, drill):
        services.confirm(measure=measure, by=duty)
    done = story.hand_down_all(bulletin=bulletin, by=duty)
    assert [measure.pk for measure in done.passed] == [late.pk] and len(done.made) == 2
    by_measure = {one.measure_id: one for one in done.made}
    assert by_measure[late.pk].due_at > MORNING and "passed" in by_measure[late.pk].text
    assert timezone.localdate(by_measure[drill.pk].due_at) == MORNING.date() + timedelta(days=3)


def test_one_that_is_refused_does_not_hold_up_the_others(web, duty, bulletin, monkeypatch):
    refused, drill = measure_with(bulletin, "居住环境"), measure_with(bulletin, "演练")
    for measure in (refused, drill):
        services.confirm(measure=measure, by=duty)
    issue = story.hand_down_measure

    def against(**said):
        if said["measure_id"] == refused.pk:
            raise ValidationError("Nobody is below.")
        return issue(**said)

    monkeypatch.setattr(story, "hand_down_measure", against)
    came = web.post(reverse("bulletin_hand_down", args=[bulletin.pk]))
    assert came.url.endswith(f"#measure-{refused.number}") and Directive.objects.get().measure_id == drill.pk
    html = web.get(came.url).content.decode()
    assert f"Measure {refused.number} " in html and "Nobody is below." in html


@pytest.fixture
def web(client, duty, monkeypatch):
    monkeypatch.setattr("fangxian.faces.web.middleware.FIRST_STEPS", ())
    client.force_login(duty)
    return client


def test_pages_take_in_show_and_decide(web, duty):
    from random import Random

    given = damaged(sample("leading_group"), Random("leading_group"), Plan(notes=0.5, commas=1.0, lost=2)).text
    file = SimpleUploadedFile("notice.txt", given.encode("gb18030"))
    came = web.post(reverse("bulletin_read"), {"files": [file]})
    bulletin = Bulletin.objects.get()
    assert came.url == reverse("bulletin", args=[bulletin.pk])
    html = web.get(came.url).content.decode()
    assert "fx-repair" in html and 'data-words="1"' in html and "查访组" in html
    assert web.get(reverse("bulletins")).status_code == 200
    first = next(row for row in selectors.measures_of(bulletin) if row.mode == "ORDERED")
    act = reverse("measure_act", args=[first.pk, "confirm"])
    card = web.post(act, headers={"HX-Request": "true"}).content.decode()
    assert 'data-state="CONFIRMED"' in card and 'hx-swap-oob="true"' in card
    assert web.post(reverse("measure_act", args=[first.pk, "undo"])).url.endswith(f"#measure-{first.number}")
    head = reverse("bulletin_head", args=[bulletin.pk])
    assert bulletin.issuer in web.get(head).content.decode()
    assert web.post(head, {"title": "一个标题", "place": "孟州市", "dated": "no day"}).status_code == 422
    assert web.post(head, {"title": "一个标题", "place": "孟州市"}).url == came.url
    assert Bulletin.objects.get().place == "孟州市"
    correct = reverse("measure_correct", args=[first.pk])
    assert first.text in web.get(correct).content.decode()
    assert web.post(correct, {"text": first.text, "requirements": "Z9"}).status_code == 422
    assert web.post(correct, {"text": ""}).status_code == 422
    assert web.post(correct, {"text": "各乡镇立即进入实战状态", "requirements": "C12"}).status_code == 302
    assert web.post(reverse("bulletin_confirm", args=[bulletin.pk])).status_code == 302
    Measure.objects.filter(bulletin=bulletin, number=first.number).update(due=MORNING.date() - timedelta(days=30))
    assert "This day has passed" in web.get(came.url).content.decode()
    assert web.post(reverse("bulletin_hand_down", args=[bulletin.pk])).status_code == 302
    assert Directive.objects.count() == selectors.counts(selectors.measures_of(bulletin))["handed"] > 10
    assert reverse("directive", args=[Directive.objects.first().pk]) in web.get(came.url).content.decode()


def test_several_files_a_text_and_what_is_no_bulletin(web):
    files = [SimpleUploadedFile(f"{name}.txt", sample(name).encode()) for name in ("inspection", "cold_chain")]
    assert web.post(reverse("bulletin_read"), {"files": files}).url == reverse("bulletins")
    assert web.post(reverse("bulletin_read"), {"given": ""}).status_code == 422
    assert web.post(reverse("bulletin_read"), {"given": sample("special_meeting")}).status_code == 302
    large = SimpleUploadedFile("large.txt", b"x" * 240_001)
    assert web.post(reverse("bulletin_read"), {"files": [large]}).url == reverse("bulletins")
    empty = web.post(reverse("bulletin_read"), {"given": "今天天气很好，适合出门散步，没有别的事情可说。"})
    assert Measure.objects.filter(bulletin__pk=empty.url.rstrip("/").split("/")[-1]).count() == 0
    assert web.get(empty.url).status_code == 200
    assert Bulletin.objects.count() == 4
