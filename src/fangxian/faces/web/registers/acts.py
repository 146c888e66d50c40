"""What people did, in words: the audit keeps `cases.case.opened`, a page says “Case: opened”."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from fangxian.registers import site

WORDS = {
    "added": _("entered"), "created": _("entered"), "registered": _("registered"), "made": _("made"),
    "issued": _("issued"), "changed": _("changed"), "imported": _("imported"), "sheet_imported": _("imported"),
    "bulk_imported": _("imported"), "demo_loaded": _("made for the demo"), "brought_up": _("brought up to date"),
    "opened": _("opened"), "reopened": _("opened again"), "closed": _("closed"), "classified": _("classified"),
    "completed": _("completed"), "confirmed": _("confirmed"), "unconfirmed": _("confirmation taken back"),
    "confirmed.laboratory": _("confirmed by the laboratory"), "confirmed.clinical": _("confirmed clinically"),
    "confirmed.epidemiological": _("confirmed epidemiologically"), "converted": _("became a case"),
    "discarded": _("discarded"), "dropped": _("dropped"), "lost": _("lost"), "refuted": _("not a contact"),
    "found": _("found"), "found_again": _("found again"), "extended": _("extended"),
    "follow_up": _("follow-up changed"), "investigated": _("investigation finished"), "outcome": _("outcome entered"),
    "finished": _("finished"), "started": _("started"), "shown": _("shown"), "handed_down": _("handed down"),
    "handed_down_again": _("handed down again"), "closed_above": _("closed from above"),
    "escalated": _("escalated"), "marked_overdue": _("marked overdue"), "reassigned": _("given to somebody else"),
    "reassign": _("given to somebody else"), "replanned": _("planned anew"), "withdrawn": _("withdrawn"),
    "withdraw": _("withdrawn"), "receive": _("received"), "received": _("received"), "finish": _("done"),
    "done": _("done"), "cannot": _("reported as impossible"), "check": _("checked"), "send_back": _("sent back"),
    "ended": _("ended"), "logged_in": _("logged in"), "logged_out": _("logged out"),
    "password_changed": _("password changed"), "password_given": _("password given out"),
    "appointed": _("appointed"), "officers_appointed": _("appointed"), "joined": _("joined"), "left": _("left"),
    "moved": _("moved"), "corrected": _("corrected"), "recorded": _("recorded"), "out_of_use": _("out of use"),
    "ready": _("ready"), "to_clean": _("to be cleaned"), "cancelled": _("cancelled"),
    "checked_in": _("checked in"), "rebooked": _("booked anew"), "booked": _("booked"), "released": _("released"),
    "missed": _("missed"), "planned": _("planned"), "recall": _("members recalled"), "entered": _("entered"),
    "held": _("held"), "opinion": _("opinion given"), "rejected": _("rejected"), "shipped": _("shipped"),
    "asked": _("asked"), "begin": _("search started"), "keep": _("search finished"), "release": _("names released"),
    "refuse": _("refused by a second person"), "fail": _("failed"), "expired": _("result deleted, time is up"),
    "result_exported": _("result exported"),
    "code_printed": _("venue code printed"), "codes_withdrawn": _("venue codes withdrawn"),
    "retired": _("retired"), "revoked": _("revoked"),
    "exported": _("exported"), "unmasked": _("shown in full"), "run": _("people traced"),
    "visits_erased": _("visits erased"),
    "attached": _("file added"), "file_read": _("file opened"), "file_removed": _("file removed"),
    "proposed": _("proposed"), "declared": _("declared"), "carried_out": _("carried out"), "told": _("told"),
    "formed": _("formed"), "member_changed": _("member changed"), "refused": _("turned down"),
    "raised": _("raised"), "rectified": _("reported as rectified"), "impossible": _("reported as impossible"),
}  # fmt: skip


def verb(action: str) -> str:
    """What was done, without to what."""
    parts = action.split(".")
    found = WORDS.get(".".join(parts[2:])) or WORDS.get(parts[2] if len(parts) > 2 else parts[-1])
    return str(found or parts[-1].replace("_", " "))


def sentence(action: str) -> str:
    """What was done, to what kind of record."""
    parts = action.split(".")
    named = SUBJECTS.get(parts[0] if len(parts) < 3 else parts[1].removesuffix("s")) or kind(".".join(parts[:2]))
    return gettext("%(kind)s: %(verb)s") % {"kind": named, "verb": verb(action)} if named else verb(action)


def kind(slug: str) -> str:
    """What a record of this register is called."""
    try:
        return str(site.get(slug).model._meta.verbose_name)
    except LookupError:
        return ""


SUBJECTS = {
    "officer": _("Officer"), "post": _("Post"), "task": _("Task"), "stay": _("Quarantine stay"), "room": _("Room"),
    "result": _("Laboratory result"), "duty": _("Test"), "check": _("Daily check"), "link": _("Link"),
    "timeline": _("Timeline"), "device": _("Device"), "token": _("Access token"), "addresse": _("Address"),
    "trace": _("Trace request"), "venue_key": _("Signing key"), "pool": _("Tube"), "people": _("Personal data"),
    "mode": _("Operating mode"), "group": _("Working group"),
}  # fmt: skip
