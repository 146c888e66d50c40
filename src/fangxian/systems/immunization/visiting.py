"""A visit, station by station: came, registered and judged, vaccinated, observed, gone."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from fangxian.core import records
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.core.policy import Pack
from fangxian.core.reasons import stated
from fangxian.core.records import Source
from fangxian.engines.schedules import Condition, Outcome, Verdict, birthday
from fangxian.systems.immunization import dosing, judging, rules, stocking
from fangxian.systems.immunization.announcements import left_early
from fangxian.systems.immunization.models import Dose, VaccinationSite, VaccineLot, Visit
from fangxian.systems.immunization.words import BodySite, Consent
from fangxian.systems.people.models import Person


@dataclass(frozen=True)
class Agreed:
    """Who agreed to the dose: the person, or a guardian by name."""

    by: str
    guardian: str = ""


def arrive(
    *, by: Officer | None, site: VaccinationSite, person: Person, disease: str, source: str = Source.WEB, **values: Any
) -> Visit:
    """Somebody comes and gets the next number of the day."""
    with transaction.atomic():
        current = VaccinationSite.unscoped.select_for_update().get(pk=site.pk)  # a number is given once
        if current.closed_on and current.closed_on <= today():
            raise ValidationError({"site": _("This site is closed.")})
        here = Visit.unscoped.filter(person=person, state=Visit.State.HERE).first()
        if here and here.day == today():
            raise ValidationError({"person": _("This person is here already, with number %(n)s.") % {"n": here.number}})
        if here:
            _gone(here, by, _("The day ended without a word."))
        last = Visit.unscoped.filter(site=site, day=today()).aggregate(last=Max("number"))["last"]
        return records.create(
            Visit, by=by, action="immunization.visit.arrived", source=source, area=current.area, site=current,
            person=person, home_area=person.area, disease=disease, day=today(), number=(last or 0) + 1,
            arrived_at=now(), **values,
        )  # fmt: skip


def register(
    *, visit: Visit, by: Officer | None, vaccine: str = "", conditions: Iterable[Condition] = (),
    agreed: Agreed | None = None,
) -> Visit:  # fmt: skip
    """Ask the schedule. Whoever may be vaccinated and agrees goes on to the vaccination room; for whoever may not, the
    visit ends with the answer and the day from which they may come again."""
    with transaction.atomic():
        current = _here(visit)
        if current.registered_at:
            raise ValidationError(_("This person is registered already."))
        pack = rules.pack_of(current.disease, current.area_id)
        answer = judging.verdict(current.person, current.disease, pack, vaccine=vaccine, conditions=conditions)
        said = {**_kept(answer), "vaccine": vaccine or next(iter(answer.vaccines), ""), "pack": pack.version}
        if answer.outcome != Outcome.ELIGIBLE:
            return records.change(
                current, by=by, action="immunization.visit.not_today", state=Visit.State.TURNED_AWAY, left_at=now(),
                **said,
            )  # fmt: skip
        agreed = _consented(current.person, agreed, pack)
        return records.change(
            current, by=by, action="immunization.visit.registered", registered_at=now(), consent=agreed.by,
            guardian=agreed.guardian, **said,
        )  # fmt: skip


def turn_away(*, visit: Visit, by: Officer | None, reason: str) -> Visit:
    """The visit ends without a dose: no consent, changed their mind, sent elsewhere."""
    with transaction.atomic():
        current = _here(visit)
        if current.vaccinated_at:
            raise ValidationError(_("This person has had the dose: end the observation instead."))
        return _gone(current, by, stated(reason))


def vaccinate(*, visit: Visit, by: Officer | None, lot: VaccineLot, body_site: str = BodySite.LEFT_ARM) -> Dose:
    """The dose: from a lot of this site that may be given, counted out of the fridge in the same act; the observation
    begins. Raises ValidationError with what is wrong."""
    with transaction.atomic():
        current = _here(visit)
        _refuse_at_chair(current, lot)
        stocking.used(by=by, lot=lot)
        moment = now()
        dose = dosing.enter(
            by=by, action="immunization.dose.given", area=current.area, person=current.person,
            disease=current.disease, vaccine=current.vaccine, given_on=today(),
            given_at=moment, given_by=by, lot=lot, lot_number=lot.number, expires_on=lot.expires_on,
            where=current.site.name, body_site=body_site, visit=current,
        )  # fmt: skip
        until = moment + rules.observation(rules.pack_of(current.disease, current.area_id))
        records.change(
            current, by=by, action="immunization.visit.vaccinated", vaccinated_at=moment, observed_until=until
        )
    return dose


def leave(*, visit: Visit, by: Officer | None, reason: str = "") -> Visit:
    """The observation ends. Before its time is up only with a reason, and then somebody asks how they are."""
    with transaction.atomic():
        current = _here(visit)
        if current.observed_until is None:
            raise ValidationError(_("Nobody is observed before the dose."))
        if now() >= current.observed_until:
            return records.change(
                current, by=by, action="immunization.visit.left", state=Visit.State.LEFT, left_at=now()
            )
        gone = records.change(
            current, by=by, action="immunization.visit.left_early", state=Visit.State.LEFT_EARLY, left_at=now(),
            note=stated(reason)[:200],
        )  # fmt: skip
        left_early.send(sender=None, visit=gone, by=by)
    return gone


def _here(visit: Visit) -> Visit:
    current = Visit.objects.select_for_update(of=("self",)).select_related("person__area", "site", "area").get(
        pk=visit.pk
    )  # fmt: skip
    if current.state != Visit.State.HERE:
        raise ValidationError(_("This visit has ended: %(how)s.") % {"how": current.get_state_display()})
    return current


def _kept(answer: Verdict) -> dict[str, Any]:
    return {
        "outcome": answer.outcome.value, "reason": answer.reason.value, "condition": answer.condition,
        "from_on": answer.from_on, "dose_number": answer.number,
    }  # fmt: skip


def _consented(person: Person, agreed: Agreed | None, pack: Pack) -> Agreed:
    """The consent as it is kept; a child's guardian agrees, by name."""
    if agreed is None or agreed.by not in Consent.values:
        raise ValidationError({"consent": _("Enter who agreed to the dose.")})
    years = int(pack.number("vaccination.guardian_under"))
    is_child = person.birth_date is not None and today() < birthday(person.birth_date, years)
    if is_child and agreed.by != Consent.GUARDIAN:
        raise ValidationError({"consent": _("Under %(years)s years a guardian has to agree.") % {"years": years}})
    if agreed.by == Consent.GUARDIAN and not agreed.guardian.strip():
        raise ValidationError({"guardian": _("Enter the name of the guardian.")})
    return agreed


def _refuse_at_chair(visit: Visit, lot: VaccineLot) -> None:
    if visit.registered_at is None:
        raise ValidationError(_("Register this person first."))
    if visit.vaccinated_at:
        raise ValidationError(_("This person has had the dose."))
    if visit.day != today():
        raise ValidationError(_("This registration is of another day: register anew."))
    if lot.site_id != visit.site_id:
        raise ValidationError({"lot": _("This lot is at another site.")})
    if (lot.vaccine, lot.disease) != (visit.vaccine, visit.disease):
        raise ValidationError({"lot": _("This lot is another vaccine than the person is registered for.")})


def _gone(visit: Visit, by: Officer | None, why: Any) -> Visit:
    """Ended without a word more: nobody vaccinated stays in the state of one who was not."""
    state = Visit.State.LEFT if visit.vaccinated_at else Visit.State.TURNED_AWAY
    return records.change(
        visit, by=by, action="immunization.visit.ended", state=state, left_at=now(), note=str(why)[:200]
    )
