"""What has not closed: a house that closes next month stands until then."""

from datetime import date

from django.db.models import Q

from fangxian.core.clock import today


def standing(path: str = "", *, on: date | None = None) -> Q:
    """Rows with a `closed_on` that have not closed on a day (today).

    path  way from the rows to those that close, such as "site__"
    """
    return Q(**{f"{path}closed_on__isnull": True}) | Q(**{f"{path}closed_on__gt": on or today()})
