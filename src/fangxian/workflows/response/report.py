"""The report text of a case, written from the data, in the reader's language."""

from collections import Counter

from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from fangxian.core import diseases
from fangxian.core.clock import worded
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases.models import Contact
from fangxian.workflows.response.clocks import clocks
from fangxian.workflows.response.handing import command_tasks


def report_text(case) -> str:
    """Four paragraphs: the case, its days, its contacts, what was done and by when. No name, no number, no address."""
    left_out = (Contact.Status.DROPPED, Contact.Status.PROPOSED)
    contacts = [contact for contact in cases.contacts_of(case) if contact.status not in left_out]
    parts = [_head(case), _days(case), _contacts(contacts), _measures(case)]
    return "\n\n".join(part for part in parts if part)


def _head(case) -> str:
    facts = {
        "case": case.number,
        "disease": disease_name(case.disease),
        "area": case.area,
        "classification": case.get_classification_display(),
        "sex": case.person.get_sex_display(),
        "onset": _day(case.onset_on) if case.onset_on else _("no symptoms or onset unknown"),
        "positive": worded(case.positive_at),
    }
    return (
        _(
            "Case %(case)s: %(disease)s, %(classification)s. Responsible area: %(area)s. Sex: %(sex)s. "
            "Onset: %(onset)s. Positive result known: %(positive)s."
        )
        % facts
    )


def disease_name(key: str) -> str:
    """A disease in the reader's language; a key nobody knows is shown as it is."""
    found = diseases.find(key)
    return found.name(get_language() or "") if found else key


def _days(case) -> str:
    entries = list(cases.timeline(case))
    if not entries:
        return _("Movements: none on record yet.")
    lines = [_("Movements (%(count)s entries):") % {"count": len(entries)}]
    lines += [f"· {worded(entry.starts_at)} {entry.place} {entry.text}".rstrip() for entry in entries]
    return "\n".join(lines)


def _contacts(contacts: list[Contact]) -> str:
    rings = Counter(contact.ring for contact in contacts)
    away = sum(1 for contact in contacts if contact.area_id[:6] != contact.case_area_id[:6])
    return _(
        "Contacts: %(close)s close, %(secondary)s secondary, %(general)s general; %(away)s live in another county and "
        "were handed over by letter."
    ) % {"close": rings["CLOSE"], "secondary": rings["SECONDARY"], "general": rings["GENERAL"], "away": away}


def _measures(case) -> str:
    tasks = command_tasks(case)
    done = sum(task.status in ("DONE", "CHECKED") for task in tasks)
    lines = [_("Measures: %(all)s tasks handed down, %(done)s done.") % {"all": len(tasks), "done": done}]
    words = {"done": _("done"), "late": _("done late"), "running": _("running"), "missed": _("overdue")}
    lines += [f"· {clock.title}: {worded(clock.due_at)}, {words[clock.state]}" for clock in clocks(case, tasks)]
    return "\n".join(lines)


def _day(day) -> str:
    return date_format(day, "DATE_FORMAT")
