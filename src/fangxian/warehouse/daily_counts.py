"""One disease, or the fever patients, of one area by day: what the curve page and the season read.

The panels of the night (`panels.py`) hold every channel and subject of a county; a page asks for one series. Cases
count by the day they became known. Before anything was entered in the county at all, a day is unknown, not zero.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

import numpy as np
from django.db.models import Count, Min
from django.db.models.functions import Coalesce, TruncDate
from django.utils import timezone

from fangxian.core.areas import code_range
from fangxian.engines.surveillance import Panel
from fangxian.systems.cases import selectors as cases
from fangxian.systems.medical.models import FeverVisit
from fangxian.warehouse.panels import COUNTY

FEVER = "s:respiratory"
"""What fever patients count for."""


def case_days(area_code: str, disease: str, first: date, last: date) -> Panel:
    """Cases of a disease in an area and below it, a panel of one series from a day until a day; two queries."""
    known = Coalesce("positive_at", "created_at")
    began = cases.cases_in(area_code[:COUNTY]).order_by().aggregate(at=Min(known))["at"]
    counted = ((row.day, row.count) for row in cases.known_by_day(first, last, area_code, disease))
    return _panel(area_code, disease, counted, first, last, began)


def fever_days(area_code: str, first: date, last: date) -> Panel:
    """Fever patients seen in an area and below it, by day; two queries."""
    low, high = code_range(area_code[:COUNTY])
    began = FeverVisit.objects.filter(area_id__gte=low, area_id__lt=high).order_by().aggregate(at=Min("visited_at"))
    low, high = code_range(area_code)
    rows = FeverVisit.objects.filter(
        area_id__gte=low, area_id__lt=high, is_fever=True,
        visited_at__gte=_midnight(first), visited_at__lt=_midnight(last + timedelta(days=1)),
    )  # fmt: skip
    counted = rows.order_by().annotate(day=TruncDate("visited_at")).values_list("day").annotate(number=Count("pk"))
    return _panel(area_code, FEVER, counted, first, last, began["at"])


def _panel(
    area: str, subject: str, counted: Iterable[tuple[date, int]], first: date, last: date, began: datetime | None
) -> Panel:  # fmt: skip
    days = (last - first).days + 1
    counts = np.zeros((1, days))
    for day, number in counted:
        counts[0, (day - first).days] += number
    unknown = days if began is None else (timezone.localdate(began) - first).days
    counts[:, : max(0, min(days, unknown))] = np.nan
    begins = np.datetime64(first) + np.arange(days)
    return Panel((area,), (subject,), begins, counts)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
