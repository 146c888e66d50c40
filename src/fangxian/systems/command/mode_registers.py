"""The ledger of operating modes."""

from fangxian.core.modes import OperatingMode
from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.command import modes


class OperatingModeRegister(Register):
    """Which area worked in which mode from when on, why, by which document, and who agreed."""

    model = OperatingMode
    columns = (
        "area", "mode", "from_at", "state", "reason", "basis", "declared_at", "decided_by", "decision", "followed_at",
    )  # fmt: skip
    filters = ("mode", "state", "from_at")
    form = ("area", "mode", "from_at", "reason", "basis")
    key = ("area", "from_at", "mode")
    permission = "command"
    icon = "adjustments-exclamation"
    exempt = {"decided_at": "stands on the page of the declaration"}
    one_by_one = True  # each row is a declaration of its own

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """A row is a declaration; what has been declared is never changed."""
        if record is None:
            return modes.declare(by=by, source=source, **values)
        return modes.change_proposal(declaration=record, by=by, base_version=base_version, **values)
