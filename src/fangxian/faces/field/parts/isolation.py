"""The nurse's round on the phone: every guest of the site, the exceptions entered one by one, the rest as normal."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from fangxian.core.clock import today
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission
from fangxian.core.records import Source
from fangxian.faces.field import kinds, pages
from fangxian.faces.field.kinds import Entry
from fangxian.faces.field.said import Said
from fangxian.systems.quarantine import rules, selectors, services

READ, WRITE = Permission.QUARANTINE_READ, Permission.QUARANTINE_WRITE
MOST = 2_000
SLOTS = ("AM", "PM")


def cards(officer: Officer) -> dict[str, Any]:
    """Who is in which room, with what has been seen today; no number, no address, nothing that is empty."""
    sites = {site.pk: site for post in officer.posts_with(READ) for site in selectors.sites_in(post.area_id)}
    guests = list(selectors.guests_of(sites)[:MOST])
    seen = selectors.checks_of({stay.person_id for stay in guests}, since=today())
    return {
        "on": today().isoformat(),
        "fever": str(rules.fever_from(on=today())),
        "sites": [{"id": str(pk), "n": site.name} for pk, site in sites.items()],
        "cards": [_guest(stay, seen[stay.person_id]) for stay in guests],
    }


def _guest(stay, checks: list) -> dict[str, Any]:
    told = {
        "id": str(stay.pk), "n": stay.person.name, "room": stay.room.number, "site": str(stay.room.site_id),
        "floor": stay.room.storey, "care": str(stay.get_care_display()) if stay.care else "",
        "until": stay.ends_on.isoformat(),
        "seen": {check.slot: _seen(check) for check in checks if check.day == today()},
    }  # fmt: skip
    return {name: value for name, value in told.items() if value not in ("", {})}


def _seen(check) -> dict[str, Any]:
    degrees = str(check.temperature) if check.temperature is not None else ""
    return {"t": degrees, "bad": int(check.fever or bool(check.symptoms) or check.status != "COOPERATIVE")}


def _slot(said: Said) -> str:
    slot = said.text("slot")
    if slot not in SLOTS:
        raise ValidationError({"slot": _("Say whether it is the morning or the evening round.")})
    return slot


def _check(entry: Entry) -> Any:
    """One guest, with what was read or why nothing was."""
    said = Said(entry.payload)
    stay = selectors.stay(said.id("stay"))
    return services.record_check(
        by=entry.by, id=entry.id, source=Source.FIELD, person=stay.person, area=stay.area,
        day=timezone.localdate(entry.made_at), slot=_slot(said), temperature=said.degrees("temperature"),
        status=said.text("status") or "COOPERATIVE", symptoms=said.text("symptoms")[:120], pack=stay.pack,
    )  # fmt: skip


def _rest(entry: Entry) -> None:
    """All others are normal; whoever has a check of this round already keeps it, whoever has left is passed over."""
    said, day = Said(entry.payload), timezone.localdate(entry.made_at)
    slot = _slot(said)
    stays = selectors.stays_by_ids(said.ids("stays"))
    seen = selectors.checks_of({stay.person_id for stay in stays}, since=day)
    for stay in stays:
        if not any(check.day == day and check.slot == slot for check in seen[stay.person_id]):
            services.record_check(
                by=entry.by, source=Source.FIELD, person=stay.person, area=stay.area, day=day, slot=slot, normal=True,
                pack=stay.pack,
            )  # fmt: skip


kinds.register("isolation_check", WRITE, _check)
kinds.register("isolation_rest", WRITE, _rest)
pages.register(
    pages.Page(
        key="isolation", title=_("Round of the site"), icon="stethoscope", order=30, permission=WRITE, cards=cards,
        more=("field/parts/isolation.css",),
        texts={
            "AM": _("Morning"), "PM": _("Evening"), "all_sites": _("All sites"),
            "left": _("%(n)s to check, %(done)s checked"), "none": _("Everybody is checked."),
            "nobody": _("Nobody is in the sites you answer for."), "find": _("Room or name"),
            "open": _("To check"), "trouble": _("Exceptions"), "done": _("Have been checked"),
            "rest": _("All %(n)s others are normal"),
            "rest_ask": _("Enter “normal, value not noted” for %(n)s guests?"),
            "rest_how": _("First enter those with fever or symptoms, or who were not seen."),
            "other": _("Another value"), "symptoms": _("Symptoms"), "unseen": _("Not seen"), "refused": _("Refused"),
            "save": _("Keep"), "normal": _("All normal"), "fever": _("Fever"),
            "cough": _("Cough"), "throat": _("Sore throat"), "tired": _("Tired"), "diarrhoea": _("Diarrhoea"),
            "breath": _("Short of breath"), "field_temperature": _("Temperature (°C)"),
            "field_symptoms": _("Symptoms"), "yes": _("Yes, all normal"),
        },
    )
)  # fmt: skip
