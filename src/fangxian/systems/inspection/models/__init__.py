"""The tables of supervision."""

from fangxian.systems.inspection.models.accounts import Accountability
from fangxian.systems.inspection.models.findings import Finding
from fangxian.systems.inspection.models.parties import FourParties
from fangxian.systems.inspection.models.trips import Sheet, Trip

__all__ = ["Accountability", "Finding", "FourParties", "Sheet", "Trip"]
