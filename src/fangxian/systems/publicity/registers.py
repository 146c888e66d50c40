"""The ledgers of publicity."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.publicity import services
from fangxian.systems.publicity.models import Message, Receipt


class MessageRegister(Register):
    """What is said to whom, where and until when; every version, with who approved it."""

    model = Message
    columns = (
        "title", "kind", "audience", "state", "from_at", "until_at", "number", "published_at", "area",
    )  # fmt: skip
    filters = ("state", "kind", "audience", "until_at")
    search = ("title",)
    form = (
        "area", "kind", "disease", "audience", "role", "title", "text", "title_en", "text_en", "on_page",
        "on_own_page", "as_broadcast", "as_sms", "from_at", "until_at",
    )  # fmt: skip
    key = ("area", "title", "from_at")
    permission = "publicity"
    icon = "speakerphone"
    one_by_one = True  # each row is a draft of its own
    exempt = {
        "series": "the message's page shows its versions",
        "text_key": "says which ready-made text the draft began from",
        "corrects": "the message's page shows its versions",
        "change_note": "stands on the message's page",
        "basis": "stands on the message's page",
        "pack": "stands on the message's page",
        "writers": "stand on the message's page",
        "first_by": "stands on the message's page",
        "second_by": "stands on the message's page",
        "first_at": "stands on the message's page",
        "sent_back": "stands on the message's page",
        "ended_at": "stands on the message's page",
        "ended_why": "stands on the message's page",
    }

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """A row is a draft; whoever writes it submits it on its page, and two others approve."""
        if record is None:
            return services.draft(by=by, source=source, **values)
        return services.change_draft(message=record, by=by, base_version=base_version, **values)


class ReceiptRegister(Register):
    """Who took note of a message, and who took its text along to have it read out or sent."""

    model = Receipt
    columns = ("message", "kind", "officer", "at", "area")
    filters = ("kind", "at")
    form = ()
    key = ()
    permission = "publicity"
    icon = "eye-check"
