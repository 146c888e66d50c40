"""The fridge: every movement under the lock of its lot; doses in are used, wasted, gone or left at every step."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from fangxian.core import records, scope
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.systems.immunization import rules
from fangxian.systems.immunization.announcements import lot_recalled
from fangxian.systems.immunization.models import StockMovement, VaccinationSite, VaccineLot
from fangxian.systems.immunization.words import Movement, Waste

ONLY_OPEN = (Waste.OPEN_TOO_LONG, Waste.END_OF_DAY)


def receive(
    *, by: Officer | None, site: VaccinationSite, disease: str, vaccine: str, number: str, expires_on: date, doses: int,
    source: str = Source.WEB, paper: str = "", **values: Any,
) -> VaccineLot:  # fmt: skip
    """Doses of a lot come in, in whole vials. Raises ValidationError for what is expired, recalled, or contradicts what
    is known of the lot."""
    with transaction.atomic():
        VaccinationSite.unscoped.select_for_update().get(pk=site.pk)  # the lot of a site is made once
        lot = _lot(by, site, source, disease=disease, vaccine=vaccine, number=number.strip(), expires_on=expires_on,
                   **values)  # fmt: skip
        _refuse_unusable(lot)
        return _in(lot, by, Movement.RECEIVED, doses, source=source, paper=paper)


def open_vial(*, by: Officer | None, lot: VaccineLot) -> VaccineLot:
    """Open one vial: its doses have to be given within the hours of the pack."""
    with transaction.atomic():
        current = _locked(lot)
        _refuse_unusable(current)
        return _opened(current, by)


def waste(*, by: Officer | None, lot: VaccineLot, doses: int, reason: str, note: str = "") -> VaccineLot:
    """Doses are lost, with the reason: from open vials first. What was left open too long cannot be sealed."""
    with transaction.atomic():
        current = _locked(lot)
        if reason not in Waste.values:
            raise ValidationError({"reason": _("Choose why the doses were wasted.")})
        _refuse_more(doses, current.opened if reason in ONLY_OPEN else current.left)
        opened = min(doses, current.opened)
        return _out(current, by, Movement.WASTED, doses, opened, reason=reason, note=note, wasted=doses)


def close_day(*, by: Officer | None, site: VaccinationSite) -> int:
    """What is left in open vials when the site closes is wasted; returns how many doses."""
    lots = VaccineLot.objects.filter(site=site, opened__gt=0).order_by("pk")
    with transaction.atomic():
        left = [(lot, lot.opened) for lot in lots.select_for_update()]
        for lot, doses in left:
            waste(by=by, lot=lot, doses=doses, reason=Waste.END_OF_DAY)
    return sum(doses for _lot, doses in left)


def send_back(*, by: Officer | None, lot: VaccineLot, doses: int, paper: str = "") -> VaccineLot:
    """Sealed doses go back to whoever sent them."""
    return _away(lot, by, Movement.RETURNED, doses, paper=paper)


def destroy(*, by: Officer | None, lot: VaccineLot, doses: int, paper: str) -> VaccineLot:
    """Sealed doses are destroyed; the paper of the destruction is named."""
    return _away(lot, by, Movement.DESTROYED, doses, paper=stated(paper))


def hand_over(*, by: Officer | None, lot: VaccineLot, to: VaccinationSite, doses: int) -> tuple[VaccineLot, VaccineLot]:
    """Sealed doses go to the fridge of another site: out here and in there in one act."""
    if to.pk == lot.site_id:
        raise ValidationError({"to": _("The doses are at this site already.")})
    with transaction.atomic():
        # both sites in one order, so that two hand-overs in opposite ways do not wait for each other
        list(VaccinationSite.unscoped.select_for_update().filter(pk__in=[lot.site_id, to.pk]).order_by("pk"))
        current = _locked(lot)
        _refuse_unusable(current)
        _refuse_more(doses, current.sealed)
        sent = _out(current, by, Movement.HANDED_OVER, doses, 0, other_site=to, gone=doses)
        with scope.everywhere("what leaves one fridge comes into the other in the same act"):
            there = _lot(by, to, Source.WEB, disease=current.disease, vaccine=current.vaccine, number=current.number,
                         expires_on=current.expires_on, maker=current.maker,
                         doses_per_vial=current.doses_per_vial)  # fmt: skip
            return sent, _in(there, by, Movement.TAKEN_OVER, doses, other_site=current.site)


def recall(*, by: Officer | None, vaccine: str, number: str, reason: str) -> list[VaccineLot]:
    """A lot must not be given any more, wherever it is. Returns it in every fridge of the scope in force."""
    with transaction.atomic():
        lots = VaccineLot.objects.select_for_update().filter(vaccine=vaccine, number=number, recalled_at=None)
        why = stated(reason)
        told = [
            records.change(lot, by=by, action="immunization.lot.recalled", recalled_at=now(), recall_reason=why)
            for lot in lots.order_by("pk")
        ]
        if not told:
            raise ValidationError(_("No site has this lot, or it is recalled already."))
        lot_recalled.send(sender=None, lots=told, by=by)
    return told


def used(*, by: Officer | None, lot: VaccineLot) -> VaccineLot:
    """One dose leaves the fridge into an arm; refused at the chair when it may not be given. Inside a transaction."""
    current = _locked(lot)
    _refuse_unusable(current)
    _refuse_stale(current)
    if not current.opened and current.doses_per_vial > 1:
        current = _opened(current, by)
    _refuse_more(1, current.left)
    from_open = min(1, current.opened)
    return _counted(current, by, "used", opened=current.opened - from_open, sealed=current.sealed + from_open - 1,
                    used=current.used + 1)  # fmt: skip


def turned_to_waste(*, by: Officer | None, lot: VaccineLot) -> VaccineLot:
    """A dose that was entered by mistake does not come back into the fridge: it counts as wasted."""
    current = _locked(lot)
    changed = _counted(current, by, "wasted", used=current.used - 1, wasted=current.wasted + 1)
    _noted(changed, by, Movement.WASTED, 1, reason=Waste.ENTERED_WRONGLY)
    return changed


def _away(lot: VaccineLot, by: Officer | None, kind: Movement, doses: int, **noted: Any) -> VaccineLot:
    with transaction.atomic():
        current = _locked(lot)
        _refuse_more(doses, current.sealed)
        return _out(current, by, kind, doses, 0, gone=doses, **noted)


def _lot(by: Officer | None, site: VaccinationSite, source: str, **facts: Any) -> VaccineLot:
    """The lot in the fridge of a site, locked; made where it is not known there yet."""
    rules_of = rules.vaccine(rules.pack_of(facts["disease"], site.area_id), facts["vaccine"])
    facts.setdefault("doses_per_vial", int(rules_of.get("doses_per_vial", 1)))
    same = VaccineLot.unscoped.filter(vaccine=facts["vaccine"], number=facts["number"])
    known = same.filter(site=site).select_for_update().first()
    for other in [known] if known else same[:1]:
        if (other.expires_on, other.doses_per_vial) != (facts["expires_on"], facts["doses_per_vial"]):
            raise ValidationError({"expires_on": _("This lot is known with another expiry day or size of vials.")})
    if known:
        return known
    recalled = same.exclude(recalled_at=None).first()
    if recalled:
        facts |= {"recalled_at": recalled.recalled_at, "recall_reason": recalled.recall_reason}
    return records.create(
        VaccineLot, by=by, action="immunization.lot.added", source=source, area=site.area, site=site, **facts
    )


def _in(lot: VaccineLot, by: Officer | None, kind: Movement, doses: int, **noted: Any) -> VaccineLot:
    if doses <= 0 or doses % lot.doses_per_vial:
        raise ValidationError({"doses": _("Enter whole vials of %(size)s doses.") % {"size": lot.doses_per_vial}})
    changed = _counted(lot, by, "received", received=lot.received + doses, sealed=lot.sealed + doses)
    _noted(changed, by, kind, doses, **noted)
    return changed


def _out(
    lot: VaccineLot, by: Officer | None, kind: Movement, doses: int, from_open: int, *, wasted: int = 0, gone: int = 0,
    **noted: Any,
) -> VaccineLot:  # fmt: skip
    changed = _counted(
        lot, by, kind.lower(), opened=lot.opened - from_open, sealed=lot.sealed - (doses - from_open),
        wasted=lot.wasted + wasted, gone=lot.gone + gone,
    )  # fmt: skip
    _noted(changed, by, kind, doses, **noted)
    return changed


def _opened(lot: VaccineLot, by: Officer | None) -> VaccineLot:
    _refuse_more(lot.doses_per_vial, lot.sealed)
    changed = _counted(lot, by, "opened", opened=lot.opened + lot.doses_per_vial,
                       sealed=lot.sealed - lot.doses_per_vial)  # fmt: skip
    _noted(changed, by, Movement.OPENED, lot.doses_per_vial)
    return changed


def _counted(lot: VaccineLot, by: Officer | None, what: str, **figures: int) -> VaccineLot:
    """The new figures of a lot; since when a vial is open follows from them."""
    opened = figures.get("opened", lot.opened)
    since = (lot.opened_at or now()) if opened else None
    return records.change(lot, by=by, action=f"immunization.stock.{what}", opened_at=since, **figures)


def _noted(lot: VaccineLot, by: Officer | None, kind: Movement, doses: int, *, source: str = Source.WEB, **noted: Any):
    return records.create(
        StockMovement, by=by, action="immunization.stock.moved", source=source, area=lot.area, lot=lot, kind=kind,
        doses=doses, moved_at=now(), **noted,
    )  # fmt: skip


def _locked(lot: VaccineLot) -> VaccineLot:
    return VaccineLot.objects.select_for_update().get(pk=lot.pk)


def _refuse_unusable(lot: VaccineLot) -> None:
    if lot.recalled_at:
        raise ValidationError({"lot": _("This lot is recalled: do not give it, set it aside.")})
    if lot.expires_on < today():
        raise ValidationError({"lot": _("This lot has expired: do not give it, set it aside.")})


def _refuse_stale(lot: VaccineLot) -> None:
    """An open vial has its hours; a vial of one dose is given at once."""
    if lot.opened_at is None:
        return
    hours = rules.open_hours(rules.pack_of(lot.disease, lot.area_id), lot.vaccine)
    if lot.opened_at + hours < now():
        raise ValidationError({"lot": _("The open vial was open too long: waste what is left, open another.")})


def _refuse_more(doses: int, there: int) -> None:
    if doses <= 0:
        raise ValidationError({"doses": _("Enter how many doses.")})
    if doses > there:
        raise ValidationError({"doses": _("Only %(there)s doses are there.") % {"there": there}})
