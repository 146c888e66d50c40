"""The ledgers of bulletins."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.bulletins import services
from fangxian.systems.bulletins.models import Bulletin, Measure


class BulletinRegister(Register):
    """Documents that came in, repaired and read; the measures they propose stand in their own list."""

    model = Bulletin
    columns = ("title", "dated", "place", "issuer", "received_at", "publisher", "area")
    filters = ("dated", "received_at")
    search = ("title", "place", "issuer")
    form = ("area", "given", "file_name", "title", "dated", "place", "issuer")
    key = ("area", "given")
    ordering = ("area_id", "-received_at", "pk")
    permission = "bulletins"
    icon = "news"
    one_by_one = True  # each row is read, and measures follow from it
    exempt = {
        "speakers": "stand on the bulletin's page", "unsure": "is marked on the bulletin's page",
        "text": "is the bulletin's page", "repairs": "are marked on the bulletin's page",
        "digest": "finds what came in twice",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """A row is read once; afterwards only what it says of itself is corrected."""
        if record is None:
            return services.take_in(by=by, source=source, **values)
        return services.correct_head(bulletin=record, by=by, base_version=base_version, **values)


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
