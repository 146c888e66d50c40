"""Who comes from where, how it was told, and the closed loop that follows."""

from fangxian.systems.arrivals.models.arrival import Arrival, TravelStay
from fangxian.systems.arrivals.models.declaration import Declaration, DeclaredPerson, HandOver
from fangxian.systems.arrivals.models.loop import Loop
from fangxian.systems.arrivals.models.resident import Appeal, Knock, PersonalLink

__all__ = [
    "Appeal", "Arrival", "Declaration", "DeclaredPerson", "HandOver", "Knock", "Loop", "PersonalLink", "TravelStay",
]  # fmt: skip
