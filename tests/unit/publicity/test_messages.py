"""A message is written, approved by two others, published, corrected, and ends by itself."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, clock, records
from fangxian.core.permissions import Refused
from fangxian.core.second_person import SamePerson
from fangxian.systems.publicity import approving, reach, selectors, services
from fangxian.systems.publicity.models import Message, PageViews
from fangxian.systems.publicity.words import Audience
from tests.unit.publicity.conftest import NOON

COUNTY, TOWN = "410883", "410883001"


def test_three_people_stand_behind_what_is_published(draft, trio, officer):
    writer, first, second = trio
    message = services.submit(message=draft(by=first), by=first)
    with pytest.raises(SamePerson):  # who wrote it does not approve it
        services.approve(message=message, by=first)
    once = services.approve(message=message, by=second)
    with pytest.raises(SamePerson):  # nor does one person approve twice
        services.approve(message=message, by=second)
    assert once.state == Message.State.SECOND and selectors.on_page(COUNTY) == []

    done = services.approve(message=message, by=officer("duty_officer"))
    assert done.is_in_force and selectors.on_page(TOWN) == [done]
    assert [entry.action for entry in audit.history(done)][-1] == "publicity.message.published"
    assert "publicity.message.approved.refused" in {entry.action for entry in audit.history(done)}


def test_who_changed_the_draft_is_a_writer_too(draft, trio):
    message = services.change_draft(message=draft(), by=trio[1], text="进门先洗手。")
    services.submit(message=message, by=trio[2])
    with pytest.raises(SamePerson):
        services.approve(message=message, by=trio[1])


def test_a_pack_may_let_the_writer_give_the_first_approval(draft, trio, monkeypatch):
    monkeypatch.setattr(approving.rules, "writer_may_approve_first", lambda pack: True)
    message = services.submit(message=draft(by=trio[1]), by=trio[1])
    services.approve(message=message, by=trio[1])
    with pytest.raises(SamePerson):
        services.approve(message=message, by=trio[1])
    assert services.approve(message=message, by=trio[2]).is_in_force


def test_an_approval_needs_the_right_where_the_message_is_said(draft, trio, officer):
    message = services.submit(message=draft(), by=trio[1])
    for stranger in (officer("viewer"), officer("duty_officer", area="410882"), trio[0]):
        with pytest.raises(Refused):
            services.approve(message=message, by=stranger)


def test_sent_back_it_begins_anew(draft, trio):
    message = services.submit(message=draft(), by=trio[1])
    services.approve(message=message, by=trio[1])
    back = services.send_back(message=message, by=trio[2], reason="写明时间")
    assert (back.state, back.first_by, back.sent_back) == (Message.State.DRAFT, None, "写明时间")
    with pytest.raises(ValidationError):
        services.approve(message=back, by=trio[2])


def test_a_correction_takes_the_place_of_what_it_corrects(draft, publish, trio):
    old = publish(draft())
    with pytest.raises(ValidationError):
        services.change_draft(message=old, by=trio[0], text="别的")
    new = services.correct(message=old, by=trio[0], change_note="写明二十秒", text="用流动水洗手二十秒。")
    with pytest.raises(ValidationError, match="already"):
        services.correct(message=old, by=trio[0], change_note="再改")
    assert selectors.on_page(TOWN) == [old]  # until two have agreed, the old one stands

    new = publish(new)
    old.refresh_from_db()
    assert selectors.on_page(TOWN) == [new] and old.state == Message.State.REPLACED
    assert (new.number, new.corrects_id, new.change_note) == (2, old.pk, "写明二十秒")
    assert [one.number for one in selectors.versions(new.series)] == [2, 1]
    assert selectors.public_message(new.series) == new


def test_it_ends_by_itself_or_is_withdrawn_at_once(draft, publish, trio):
    message = publish(draft())
    with clock.frozen(NOON + timedelta(days=8)):
        assert message.is_expired and selectors.on_page(TOWN) == []
    gone = services.withdraw(message=message, by=trio[1], reason="疫情结束")
    assert gone.state == Message.State.WITHDRAWN and selectors.on_page(TOWN) == []
    with pytest.raises(ValidationError):
        services.withdraw(message=gone, by=trio[1], reason="再撤")


def test_the_pack_ends_a_message_that_names_no_end(draft, trio):
    message = draft(until_at=None)
    assert message.until_at - message.from_at == timedelta(days=14)
    again = services.change_draft(message=message, by=trio[0], until_at=None)
    assert again.until_at == message.until_at


@pytest.mark.parametrize(
    ("values", "why"),
    [
        ({"text": "联系张三，410883199001011230。"}, "identity number"),
        ({"text": "到{area}请报备"}, "braces"),
        ({"text_en": "Wash your hands"}, "English"),
        ({"until_at": NOON - timedelta(days=1), "from_at": NOON}, "before it begins"),
        ({"role": "nurse"}, "role"),
        ({"audience": Audience.OFFICERS}, "public page"),
    ],
)
def test_a_draft_that_may_not_be_said_is_refused(draft, values, why):
    with pytest.raises(ValidationError, match=why):
        draft(**values)


def test_a_long_number_that_is_nobodys_is_let_through(draft):
    assert draft(text="账号 410883199001011231").pk


def test_what_is_late_cannot_be_published(draft, trio):
    message = services.submit(message=draft(until_at=NOON + timedelta(hours=1)), by=trio[1])
    services.approve(message=message, by=trio[1])
    with clock.frozen(NOON + timedelta(hours=2)):
        with pytest.raises(ValidationError, match="passed"):
            services.approve(message=message, by=trio[2])
        with pytest.raises(ValidationError, match="passed"):
            services.submit(message=draft(from_at=NOON, until_at=NOON + timedelta(hours=1)), by=trio[1])


def test_the_database_itself_refuses_one_person_for_both(draft, trio):
    message = draft()
    both = {"first_by": trio[1], "second_by": trio[1], "first_at": NOON, "published_at": NOON}
    with pytest.raises(ValidationError, match="message_two_are_two"):
        records.change(message, by=None, action="test.made", state=Message.State.PUBLISHED, **both)


def test_officers_read_what_is_said_to_their_role_and_area(draft, publish, officer, trio):
    told = {"audience": Audience.OFFICERS, "on_page": False}
    all_ = publish(draft(title="值守通知", **told))
    nurses = publish(draft(title="护士通知", role="nurse", **told))
    nurse, guard, far = officer("nurse"), officer("checkpoint_guard"), officer("nurse", area="410882")
    assert set(selectors.notices_for(nurse)) == {all_, nurses}
    assert selectors.notices_for(guard) == [all_] and selectors.notices_for(far) == []

    services.acknowledge(message=nurses, by=nurse)
    services.acknowledge(message=nurses, by=nurse)
    with pytest.raises(ValidationError):
        services.acknowledge(message=nurses, by=guard)
    found = reach.reach_of(nurses)
    assert (found.seen, found.asked) == (1, 1) and selectors.seen_by(nurse, [all_, nurses]) == {nurses.pk}
    assert reach.reach_of(all_).asked == 5  # the three who publish, the nurse and the guard


def test_a_text_taken_along_is_counted_and_nothing_more_is_claimed(draft, publish, trio):
    message = publish(draft(as_sms=True))
    services.take(message=message, by=trio[1], channel="as_sms")
    services.take(message=message, by=trio[2], channel="as_sms")
    with pytest.raises(ValidationError, match="way"):
        services.take(message=message, by=trio[1], channel="as_broadcast")
    with pytest.raises(ValidationError, match="in force"):
        services.take(message=draft(as_sms=True, title="另一条"), by=trio[1], channel="as_sms")
    assert reach.reach_of(message).taken == {"BROADCAST": 0, "SMS": 2}


def test_views_are_counted_by_day_without_anybody(draft, publish):
    message = publish(draft())
    page = reach.page_of(message)
    services.count_views({page: 3, "area:410883": 1})
    services.count_views({page: 2})
    assert reach.reach_of(message).total == 5
    assert {field.name for field in PageViews._meta.fields} == {"id", "page", "day", "count"}


def test_what_is_said_around_an_area_is_said_to_it(draft, publish, county):
    town = county.children.get(code=TOWN)
    wide, narrow = publish(draft()), publish(draft(area=town, title="大定街道提示", on_own_page=True))
    own = selectors.on_own_page(TOWN + "212", [Audience.AT_HOME])
    assert set(selectors.on_page(TOWN)) == {wide, narrow} and selectors.on_page(COUNTY) == [wide]
    assert own == [narrow] and selectors.on_own_page("410883002", []) == []
