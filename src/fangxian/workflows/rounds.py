"""The rounds nobody has to remember: what is overdue goes up, and every day the ledgers are brought to the day.

Whoever works off jobs (the server's own worker, or workers on PostgreSQL) calls `enqueue_due` now and then; each
round is queued once for its time, however many workers call.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta
from uuid import UUID

from django.utils import timezone

from fangxian.core import audit, jobs, policy, scope
from fangxian.core.clock import now, today
from fangxian.core.policy.files import ANY_DISEASE
from fangxian.registers import runs
from fangxian.systems.arrivals import throttle
from fangxian.systems.cases import selectors as cases
from fangxian.systems.cases import services as case_services
from fangxian.systems.cases.follow_up import Visit
from fangxian.systems.cases.models import Contact
from fangxian.systems.checkpoints import services as checkpoints
from fangxian.systems.command import services as command
from fangxian.systems.community import services as community
from fangxian.systems.quarantine import selectors as quarantine
from fangxian.systems.testing import services as testing
from fangxian.warehouse import visit_log
from fangxian.workflows import (
    adverse_event,
    closed_loop,
    county_board,
    daily_report,
    drill,
    drug_sale_signal,
    early_warning,
    epidemic_free,
    frontline_care,
    gathering,
    letter_of_assistance,
    mode_switch,
    rectification,
    risk_area_arrival,
    school_opening,
    trace_for_purpose,
    volunteering,
)
from fangxian.workflows.letters import exchange
from fangxian.workflows.response.plan import follow_up_days
from fangxian.workflows.testing import days as test_days

WHY = "the rounds go through every area"
UNKNOWN_DISEASE = "unknown"
OVERDUE_EVERY = 5  # minutes between two looks at the clocks: how often we look, not a rule about people
JOBS_KEPT = timedelta(days=30)


def enqueue_due() -> int:
    """Queue the rounds of these five minutes and of this day that are not queued yet; returns how many."""
    local = timezone.localtime(now())
    five_minutes = local.minute // OVERDUE_EVERY * OVERDUE_EVERY
    rounds = {"rounds.overdue": f"{local:%Y-%m-%d %H}:{five_minutes:02d}", "rounds.daily": f"{local:%Y-%m-%d}"}
    return sum(jobs.enqueue_once(kind, by=None, key=key) is not None for kind, key in rounds.items())


@jobs.job("rounds.overdue")
def overdue(job) -> dict:
    """Carry closed loops on, hand what is overdue one level up; chase, answer and deliver letters of assistance."""
    with scope.everywhere(WHY):
        looped = closed_loop.look()  # before the overdue go up: what was done meanwhile is none of them
        looped["pharmacies"] = drug_sale_signal.chase_calls()
        done = {**looped, "escalated": command.escalate_overdue(now()), "letters": letter_of_assistance.clock()}
        done |= {"signals": early_warning.look(), "late_signals": early_warning.chase()}
        done |= {"night_queued": early_warning.queue_night()}
        done["ladder"] = rectification.climb_due()
        done |= {"communities": epidemic_free.look(), "schools": school_opening.look()}
        done["care"] = frontline_care.look()
        done |= {"gatherings": gathering.look_again(), "stood_down": volunteering.stand_down()}
        done["board"] = county_board.keep()
        done["reports"] = daily_report.queue_due()
        done |= {"test_rounds": test_days.look()}
        return {**done, "risk_areas": risk_area_arrival.begun_or_ended(), "modes": mode_switch.begin_due()}


@jobs.job("rounds.daily")
def daily(job) -> dict:
    """Missed tests, follow-up of contacts, sealed and dropped days of visits, old uploads, the audit's head."""
    done = {}
    for number, (name, step) in enumerate(DAILY.items(), start=1):
        with scope.everywhere(WHY):
            done[name] = step()
        job.progress(number, len(DAILY), name)
    return done


def refresh_follow_up() -> int:
    """Bring the follow-up of every open contact to today, by the pack of its disease and area; returns how many."""
    groups: dict[tuple[str, str], list[Contact]] = defaultdict(list)
    for contact in cases.open_contacts().select_related("case"):
        groups[contact.case.disease, contact.case_area_id].append(contact)
    for (disease, area), contacts in groups.items():
        pack = policy.pack(disease=disease, area_code=area)
        days = {ring: follow_up_days(ring, pack) for ring in Contact.Ring.values}
        visits = _visits(contact.person_id for contact in contacts)
        case_services.refresh_follow_up(by=None, contacts=contacts, days=days, visits=visits)
    return sum(len(contacts) for contacts in groups.values())


def keep_visits() -> dict[str, int]:
    """Seal the days that are over, drop those beyond retention, make one of the parts that late rows have left."""
    log = visit_log()
    sealed = log.seal()
    keep = int(policy.pack(disease=UNKNOWN_DISEASE).number("retention.visits_days"))
    dropped = log.drop_before(date.fromordinal(today().toordinal() - keep))
    return {"sealed": len(sealed), "dropped": dropped, "folded": len(log.fold())}


def drop_passages() -> dict[str, int]:
    """Drop passages beyond their retention, with everybody in them and what was remembered of vehicles."""
    keep = policy.pack(disease=ANY_DISEASE).duration("retention.passages_days")
    midnight = timezone.make_aware(datetime.combine(today(), time.min))
    return checkpoints.purge(before=midnight - keep)


def _visits(person_ids) -> dict[UUID, dict[date, Visit]]:
    """What became of each day's checks; having been seen once a day outweighs not having been."""
    found: dict[UUID, dict[date, Visit]] = defaultdict(dict)
    for person_id, checks in quarantine.checks_of(person_ids).items():
        for check in checks:
            seen = found[person_id].get(check.day) == Visit.COOPERATIVE
            found[person_id][check.day] = Visit.COOPERATIVE if seen else Visit(check.status)
    return found


DAILY = {
    "tests_missed": testing.mark_missed,
    "must_test_rounds": test_days.plan_days,
    "contacts_followed": refresh_follow_up,
    "visits": keep_visits,
    "passages": drop_passages,
    "uploads_dropped": runs.purge,
    "envelopes_forgotten": exchange.forget_envelopes,
    "traces_expired": trace_for_purpose.expire,
    "knocks_forgotten": throttle.forget,
    "refusals_asked_again": lambda: adverse_event.remind(area_code="", by=None),
    "informants_forgotten": community.forget_phones,
    "jobs_forgotten": lambda: jobs.forget_done(before=now() - JOBS_KEPT),
    "drills": drill.remind,
    "board": county_board.night,
    "audit_head": audit.anchor,
}
