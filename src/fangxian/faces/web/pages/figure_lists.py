"""The named lists behind the figures of the board: as they stood when counted, of a closed day, of a difference."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from fangxian.faces.web.registers.named import add, day_of
from fangxian.faces.web.templatetags.shell import day, moment
from fangxian.systems.situation import selectors
from fangxian.systems.situation.selectors import Figure, Why


def _figure(key: str, slug: str) -> Figure:
    """A figure of one register; any other is an error of the address."""
    try:
        found = selectors.get(key)
    except LookupError:
        found = None
    if found is None or found.slug != slug:
        raise ValidationError(_("There is no figure “%(key)s” here.") % {"key": key[:40]})
    return found


def _words(value: str, number: int) -> list[str]:
    """The words of a list's value, exactly so many."""
    words = value.split(" ")
    if len(words) != number:
        raise ValidationError(_("There is no figure “%(key)s” here.") % {"key": value[:40]})
    return words


def _at(value: str) -> datetime:
    try:
        return datetime.fromisoformat(value).astimezone(timezone.get_current_timezone())
    except ValueError:
        raise ValidationError(_("“%(value)s” is not a moment.") % {"value": value[:40]}) from None


def _why(value: str) -> Why:
    if value not in set(Why):
        raise ValidationError(_("There is no figure “%(key)s” here.") % {"key": value[:40]})
    return Why(value)


def _standing(slug: str, value: str) -> Q:
    key, at = _words(value, 2)
    return _figure(key, slug).condition(selectors.span_of(_at(at).date(), _at(at)))


def _of_day(slug: str, value: str) -> Q:
    key, on = _words(value, 2)
    return selectors.rows_of_day(_figure(key, slug), day_of(on))


def _part(slug: str, value: str) -> Q:
    key, why, on, other, area = _words(value, 5)
    return selectors.part_rows(_figure(key, slug), _why(why), area, day_of(on), day_of(other))


def _standing_title(slug: str, value: str) -> str:
    key, at = _words(value, 2)
    return _("%(figure)s, as of %(moment)s") % {"figure": _figure(key, slug).name, "moment": moment(_at(at))}


def _day_title(slug: str, value: str) -> str:
    key, on = _words(value, 2)
    return _("%(figure)s, as of %(moment)s") % {"figure": _figure(key, slug).name, "moment": day(day_of(on))}


def _part_title(slug: str, value: str) -> str:
    key, why, *_rest = _words(value, 5)
    return f"{_figure(key, slug).name}: {selectors.LABELS[_why(why)]}"


def _called(title: Callable[[str, str], str], slug: str, value: str) -> str:
    """The title of a list; none where the value is wrong, which the page says elsewhere."""
    try:
        return title(slug, value)
    except ValidationError:
        return ""


_LISTS = ((selectors.NOW, _standing, _standing_title), (selectors.DAY, _of_day, _day_title),
          (selectors.PART, _part, _part_title))  # fmt: skip
for _slug in sorted({figure.slug for figure in selectors.catalogue()}):
    for _key, _condition, _title in _LISTS:
        add(_key, _slug, gettext_lazy("counted on the board"),
            lambda value, slug=_slug, rows=_condition: rows(slug, value),
            called=lambda value, slug=_slug, title=_title: _called(title, slug, value))  # fmt: skip
