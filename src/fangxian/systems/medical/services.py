"""Every verb of medical care."""

from fangxian.systems.medical.controlling import Answer, record_round
from fangxian.systems.medical.fever import record_visit
from fangxian.systems.medical.referring import approve, arrive, cancel, depart, refer, reject
from fangxian.systems.medical.staying import admit, discharge

__all__ = [
    "Answer", "admit", "approve", "arrive", "cancel", "depart", "discharge", "record_round", "record_visit", "refer",
    "reject",
]  # fmt: skip
