"""Case numbers: county, year, running number: `410883-2022-00017`."""

from django.db.models.functions import Length

from fangxian.core.areas import Area, code_range, county_of
from fangxian.systems.cases.models import Case

DIGITS = 5


def next_number(area: Area, year: int) -> str:
    """The next free number of the area's county. Run inside the transaction that uses it: the county's row is locked,
    so two officers opening cases at once get two numbers."""
    county = county_of(area.code) or area
    Area.objects.select_for_update().get(pk=county.pk)
    prefix = f"{county.code}-{year}-"
    low, high = code_range(prefix)
    taken = Case.unscoped.filter(number__gte=low, number__lt=high, number__regex=rf"^{prefix}[0-9]+$")
    last = taken.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{prefix}{int(last.removeprefix(prefix)) + 1 if last else 1:0{DIGITS}d}"
