"""The three products of a warning through their four steps, who may take which, and what the ledgers refuse."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.permissions import Refused
from fangxian.registers import site
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import WarningProduct

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


@pytest.fixture
def product(county) -> WarningProduct:
    return services.form(
        by=None, area=county, kind="WARNING_NOTICE", title="学校发热聚集", text="落实晨午检。", addressee="各学校",
        to_area=Area.objects.get(code="410883001"),
    )  # fmt: skip


def test_formed_delivered_responded_fed_back(product, officer):
    county, elsewhere = officer("duty_officer"), officer("duty_officer", area="410882")
    assert (product.state, services.allowed(product)) == ("FORMED", ["deliver", "withdraw"])
    with pytest.raises(Refused):
        services.deliver(product=product, by=elsewhere)
    delivered = services.deliver(product=product, by=county)
    assert delivered.state == "DELIVERED" and delivered.due_at > now()
    with pytest.raises(ValidationError, match="does not allow"):
        services.feed_back(product=delivered, by=county, feedback="too early")
    with pytest.raises(ValidationError, match="Say why"):
        services.respond(product=delivered, by=county, response=" ")
    answered = services.respond(product=delivered, by=county, response="晨午检已落实")
    closed = services.feed_back(product=answered, by=county, feedback="三日内无新增")
    assert (closed.state, services.allowed(closed), closed.feedback) == ("FED_BACK", [], "三日内无新增")


def test_withdrawn_before_anybody_responded(product):
    assert (
        services.withdraw(product=services.deliver(product=product, by=None), by=None, reason="重复").state
        == "WITHDRAWN"
    )


def test_words_stay_once_delivered(product):
    register = site.get("surveillance.warningproduct")
    changed = register.write(by=None, values={"text": "落实晨午检和缺课登记。"}, record=product)
    services.deliver(product=changed, by=None)
    with pytest.raises(ValidationError, match="its words stay"):
        register.write(by=None, values={"text": "x"}, record=WarningProduct.objects.get(pk=product.pk))


@pytest.mark.parametrize(
    ("written", "kept"), [("手足口病", "hfmd"), ("influenza", "influenza"), ("s:enteric", "s:enteric")]
)
def test_a_feed_names_its_disease_as_people_do(written, kept):
    assert site.get("surveillance.feed").clean_row({"disease": written})["disease"] == kept


def test_a_disease_nobody_knows_is_refused():
    with pytest.raises(ValidationError, match="No disease is called"):
        site.get("surveillance.feed").clean_row({"disease": "怪病"})
