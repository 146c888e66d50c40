"""Every verb of pharmacies."""

from fangxian.systems.pharmacies.calling import open_call, record_call
from fangxian.systems.pharmacies.selling import correct, sell, take_back, take_over
from fangxian.systems.pharmacies.tills import nothing_sold, report_totals

__all__ = ["correct", "nothing_sold", "open_call", "record_call", "report_totals", "sell", "take_back", "take_over"]
