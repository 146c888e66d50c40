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
        """Through the verbs: a door entered twice a day is corrected, a row that is open is changed."""
        if record is not None:
            return calling.correct_call(call=record, by=by, base_version=base_version, **values)
        values.pop("area", None)  # that of the household
        return calling.record_call(by=by, source=source, **values)
