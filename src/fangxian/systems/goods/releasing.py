"""A release: only what is green goes out, and its outbound certificate is given then."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now, shown
from fangxian.systems.goods import judging
from fangxian.systems.goods.models import Lot


def release(*, lot: Lot, by) -> Lot:
    """Judge a lot anew and give its outbound certificate. Raises ValidationError naming everything it lacks."""
    with transaction.atomic():
        Lot.objects.select_for_update().get(pk=lot.pk)
        judging.judge(judging.of_ids([lot.pk]), by=by)
        current = Lot.objects.get(pk=lot.pk)
        if current.is_held:
            words = ", ".join(str(word) for word in current.reasons_in_words)
            raise ValidationError(_("This lot is held: %(missing)s.") % {"missing": words})
        if current.certificate:
            return current
        number = f"CK{shown(now(), '%Y%m%d')}{current.pk.hex[-8:].upper()}"
        return records.change(current, by=by, action="goods.lot.released", released_at=now(), certificate=number)


def judge_again(*, lot: Lot, by) -> Lot:
    """Look again at what a lot lacks: time may have passed."""
    judging.judge(judging.of_ids([lot.pk]), by=by)
    return Lot.objects.get(pk=lot.pk)
