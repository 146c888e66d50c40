"""What other methods say of the same days, in words: the rows of the table on the curve page."""

from dataclasses import dataclass
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxian.systems.surveillance.words import SignalMethod
from fangxian.workflows.warning.opinions import Asked, Opinion, asked

NAMES: dict[str, str | Promise] = {
    **{str(method): method.label for method in SignalMethod},
    "EARS_C3": "EARS C3", "CUSUM": "CUSUM", "PERCENTILE": gettext_lazy("Moving percentile of CIDARS"),
}  # fmt: skip
AGAINST = {
    "EARS_C1": gettext_lazy("the day against the seven days before"),
    "EARS_C2": gettext_lazy("the day against seven days, the two before it left out"),
    "EARS_C3": gettext_lazy("what three days exceed their C2 by, added up"),
    "ESSENCE": gettext_lazy("the day against four weeks, by weekday and trend"),
    "CUSUM": gettext_lazy("small excesses of four weeks, added up"),
    "FARRINGTON": gettext_lazy("seven days against the same season of earlier years, with trend"),
    "PERCENTILE": gettext_lazy("seven days against five weeks of each earlier year"),
}


@dataclass(frozen=True)
class Row:
    """One line of the table: the method in words, what it says, and how that looks."""

    name: str
    against: str
    said: Opinion
    says: str
    tone: str


@dataclass(frozen=True)
class Table:
    """All lines, and the sentence above them."""

    asked: Asked
    rows: list[Row]
    sum: str


def table(area_code: str, disease: str, on: date) -> Table:
    """Every method asked about the cases of a disease in an area up to a day."""
    told = asked(area_code, disease, on)
    return Table(told, [_row(one, told) for one in told.opinions], _sum(told))


def _row(one: Opinion, told: Asked) -> Row:
    name = str(NAMES[one.method])
    if one.method == "PERCENTILE":
        name = f"{name} (P{told.percentile:g})"
    says, tone = _says(one)
    return Row(name, str(AGAINST[one.method]), one, says, tone)


def _says(one: Opinion) -> tuple[str, str]:
    if one.alarm:
        return _("Out of the ordinary"), "danger"
    if one.speaks:
        return _("As usual"), "success"
    if one.is_short:
        days = {"known": one.known, "needed": one.needed}
        return _("Cannot say yet: %(known)s of %(needed)s days on record") % days, "neutral"
    if one.observed is None:
        return _("Cannot say: a day is unknown"), "neutral"
    return _("Cannot say: too few cases before"), "neutral"


def _sum(told: Asked) -> str:
    if not told.speaking:
        return _("No method can say anything yet.")
    words = {"alarming": told.alarming, "speaking": told.speaking}
    if not told.alarming:
        return _("None of the %(speaking)s methods that can say finds it out of the ordinary.") % words
    return _("%(alarming)s of the %(speaking)s methods that can say find it out of the ordinary.") % words
