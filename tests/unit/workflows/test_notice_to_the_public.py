"""A health risk notice and the public: delivered it waits for two approvals, published it is answered."""

import pytest

from fangxian.core.areas import Area
from fangxian.systems.publicity import services as messages
from fangxian.systems.publicity.models import Message
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import WarningProduct
from fangxian.workflows.warning import to_the_public

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]


@pytest.fixture
def delivered(officer):
    """Factory: a product of a kind, delivered by an investigator of the county."""

    def make(kind: str = "RISK_NOTICE") -> WarningProduct:
        by, county = officer("investigator"), Area.objects.get(code="410883")
        product = services.form(
            by=by, area=county, kind=kind, title="流感高发提示", text="勤洗手，常通风，发热先就诊。", addressee="公众",
            to_area=county,
        )  # fmt: skip
        return services.deliver(product=product, by=by)

    return make


def test_a_delivered_notice_waits_for_two_and_published_is_answered(delivered, officer):
    product = delivered()
    message = to_the_public.message_of(product)
    assert (message.state, message.title, message.text) == ("FIRST", product.title, product.text)
    assert message.area_id == "410883" and message.on_page and message.as_broadcast
    with pytest.raises(messages_error()):
        messages.approve(message=message, by=product.created_by)
    messages.approve(message=message, by=officer("duty_officer"))
    assert WarningProduct.objects.get().state == "DELIVERED"
    messages.approve(message=message, by=officer("duty_officer"))
    product = WarningProduct.objects.get()
    assert product.state == "RESPONDED" and "流感高发提示" in product.response


def messages_error() -> type[Exception]:
    from fangxian.core.permissions import Refused
    from fangxian.core.second_person import SamePerson

    return (Refused, SamePerson)


def test_what_is_not_for_the_public_is_no_message(delivered):
    delivered("WARNING_NOTICE")
    assert not Message.objects.exists()


@pytest.mark.parametrize("published", [False, True])
def test_a_notice_withdrawn_takes_its_message_away(delivered, officer, published):
    product = delivered()
    message = to_the_public.message_of(product)
    if published:  # answered by then: what is published is withdrawn by publicity's own verb
        for _approval in range(2):
            messages.approve(message=message, by=officer("duty_officer"))
        assert "withdraw" not in services.allowed(WarningProduct.objects.get())
        return
    services.withdraw(product=product, by=None, reason="数据有误")
    assert Message.objects.get().state == "WITHDRAWN"


def test_a_message_of_its_own_answers_no_notice(delivered, officer):
    by, county = officer("duty_officer"), Area.objects.get(code="410883")
    drafted = messages.submit(message=messages.draft(by=by, area=county, title="通告", text="内容"), by=by)
    for _approval in range(2):
        messages.approve(message=drafted, by=officer("duty_officer"))
    product = delivered()
    assert WarningProduct.objects.get(pk=product.pk).state == "DELIVERED"
