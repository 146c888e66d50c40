"""The ledger of calls at doors."""

from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.people import calling
from fangxian.systems.people.models import DoorCall


class DoorCallRegister(Register):
    """Which doors were called at on which day, and what was found."""

    model = DoorCall
    columns = ("household", "day", "outcome", "area", "called_at", "note")
    filters = ("outcome", "day")
    form = ("area", "household", "day", "outcome", "note")
    key = ("household", "day")
    permission = "people"
    icon = "door-enter"
    exempt = {"away": "ids of people of the roster, read by the list of the day", "reminded": "ids of tests due"}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verb: the same door and day corrects."""
        known = {name: getattr(record, name) for name in ("household", "day", "outcome", "note")} if record else {}
        said = {**known, **{name: value for name, value in values.items() if name != "area"}}
        kept = {"away": record.away, "called_at": record.called_at} if record else {}
        return calling.record_call(by=by, source=source, **said, **kept)
