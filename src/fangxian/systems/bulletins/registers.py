"""The ledgers of bulletins."""

from fangxian.registers import Register
from fangxian.systems.bulletins.models import Bulletin, Measure


class BulletinRegister(Register):
    """Documents that came in, repaired and read; the measures they propose stand in their own list."""

    model = Bulletin
    columns = ("title", "dated", "place", "issuer", "received_at", "publisher", "area")
    filters = ("dated", "received_at")
    search = ("title", "place", "issuer")
    form = ()  # taken in and corrected on pages of their own, where the text is read
    key = ("area", "title", "received_at")
    ordering = ("area_id", "-received_at", "pk")
    permission = "bulletins"
    icon = "news"
    exempt = {
        "speakers": "stand on the bulletin's page", "unsure": "is marked on the bulletin's page",
        "text": "is the bulletin's page", "repairs": "are marked on the bulletin's page",
        "digest": "finds what came in twice", "given": "stands on the bulletin's page",
        "file_name": "stands on the bulletin's page",
    }  # fmt: skip


class MeasureRegister(Register):
    """What bulletins want done, each with what a person made of it."""

    model = Measure
    columns = (
        "text", "state", "mode", "requirements", "actors", "level", "deadline", "due", "every", "speaker", "bulletin",
        "number", "area",
    )  # fmt: skip
    filters = ("state", "mode", "level", "due", "every")
    search = ("text", "actors")
    form = ()  # decided on the bulletin's page, beside its words
    key = ("bulletin", "number")
    ordering = ("area_id", "bulletin_id", "number")
    permission = "bulletins"
    icon = "list-check"
    exempt = {
        "start": "marks its words on the bulletin's page", "end": "marks its words on the bulletin's page",
        "verbs": "stand on the bulletin's page", "decided_by": "stands on the bulletin's page",
        "decided_at": "stands on the bulletin's page", "directive_id": "leads to the directive",
    }  # fmt: skip
