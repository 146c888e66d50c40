"""Buyers with fever are called back: opened once a person and day, and what the call found."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.pharmacies import rules
from fangxian.systems.pharmacies.announcements import called_back
from fangxian.systems.pharmacies.models import CallBack, Sale
from fangxian.systems.pharmacies.words import Called


def open_call(*, sale: Sale, by: Officer | None, source: str = Source.WORKFLOW) -> CallBack | None:
    """The call-back a sale asks for; None where nobody gave a name. One a person and day, whatever they bought."""
    if sale.person_id is None:
        return None
    day, pack = timezone.localdate(sale.sold_at), rules.pack_of(sale.area_id, sale.sold_at)
    with transaction.atomic():
        known = CallBack.unscoped.select_for_update(of=("self",)).filter(person_id=sale.person_id, day=day).first()
        return known or records.create(
            CallBack, by=by, action="pharmacies.call_back.opened", source=source, area=sale.area,
            pharmacy=sale.pharmacy, home_area=sale.person.area, person=sale.person, sale=sale, day=day,
            due_at=sale.sold_at + rules.time_to_call(pack), pack=pack.version,
        )  # fmt: skip


def record_call(*, call_back: CallBack, by: Officer | None, outcome: str, note: str = "", **extra: Any) -> CallBack:
    """What a call found. Whoever is well or went to the fever clinic needs no further call."""
    if outcome not in Called.values:
        raise ValidationError({"outcome": _("Choose what the call found.")})
    with transaction.atomic():
        current = CallBack.objects.select_for_update(of=("self",)).get(pk=call_back.pk)
        if not current.is_open:
            raise ValidationError(_("This call-back is settled already."))
        done = records.change(
            current, by=by, action="pharmacies.call_back.called", outcome=outcome, note=note.strip()[:200],
            tries=current.tries + 1, called_at=now(), called_by=by, **extra,
        )  # fmt: skip
        called_back.send(sender=None, call_back=done, by=by)
    return done
