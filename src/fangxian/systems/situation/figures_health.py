"""Figures about tests, arrivals, patients and doses."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from fangxian.systems.situation.figures import Figure, define
from fangxian.systems.situation.figures_people import during

DUTIES, SAMPLES, RESULTS = "testing.testduty", "testing.sample", "testing.labresult"
ARRIVALS, LOOPS = "arrivals.arrival", "arrivals.loop"

define(
    Figure(
        "samples_day",
        "tests",
        _("Samples collected"),
        _("Samples taken in this time."),
        SAMPLES,
        lambda span: during("sampled_at", span),
        flow=True,
    )
)
define(
    Figure(
        "results_day",
        "tests",
        _("Results reported"),
        _("Results in force, reported in this time."),
        RESULTS,
        lambda span: during("reported_at", span) & Q(state="IN_FORCE"),
        flow=True,
    )
)
define(
    Figure(
        "positives_day",
        "tests",
        _("Positive results"),
        _("Positive results in force, reported in this time."),
        RESULTS,
        lambda span: during("reported_at", span) & Q(state="IN_FORCE", value="POSITIVE"),
        flow=True,
        share_of="results_day",
        grave=True,
    )
)
define(
    Figure(
        "results_held",
        "tests",
        _("Results held"),
        _("Results that contradict one another and wait."),
        RESULTS,
        lambda span: Q(state="HELD"),
        grave=True,
    )
)
define(
    Figure(
        "tests_due",
        "tests",
        _("Tests due today"),
        _("Tests the plans ask for on this day."),
        DUTIES,
        lambda span: Q(due_on=span.day) & ~Q(state="CANCELLED"),
        flow=True,
    )
)
define(
    Figure(
        "tests_done",
        "tests",
        _("Of these done"),
        _("Tests due on this day that are done: the coverage."),
        DUTIES,
        lambda span: Q(due_on=span.day, state="DONE"),
        flow=True,
        share_of="tests_due",
    )
)
define(
    Figure(
        "tests_behind",
        "tests",
        _("Tests behind"),
        _("Tests of earlier days that are not done."),
        DUTIES,
        lambda span: Q(due_on__lt=span.day, state__in=["DUE", "MISSED"]),
        grave=True,
    )
)

define(
    Figure(
        "arrivals_entered",
        "arrivals",
        _("Arrivals entered"),
        _("Arrivals entered in this time."),
        ARRIVALS,
        lambda span: during("created_at", span),
        flow=True,
    )
)
define(
    Figure(
        "loops_open",
        "arrivals",
        _("In closed loop"),
        _("Closed loops under way."),
        LOOPS,
        lambda span: Q(state="OPEN"),
        per=10_000,
    )
)
define(
    Figure(
        "loops_missed",
        "arrivals",
        _("With a link missed"),
        _("Closed loops under way with a link missed."),
        LOOPS,
        lambda span: Q(state="OPEN", missed__gt=0),
        share_of="loops_open",
        grave=True,
    )
)

define(
    Figure(
        "fever_visits_day",
        "medical",
        _("Fever patients"),
        _("Visits with fever in this time."),
        "medical.fevervisit",
        lambda span: during("visited_at", span) & Q(is_fever=True),
        flow=True,
    )
)
define(
    Figure(
        "beds_occupied",
        "medical",
        _("Patients in beds"),
        _("Admitted and not discharged."),
        "medical.admission",
        lambda span: Q(discharged_at__isnull=True),
        per=10_000,
    )
)
define(
    Figure(
        "referrals_open",
        "medical",
        _("Referrals under way"),
        _("Referrals neither ended nor turned down."),
        "medical.referral",
        lambda span: Q(state__in=["REQUESTED", "APPROVED", "IN_PROGRESS"]),
    )
)

define(
    Figure(
        "doses_day",
        "vaccination",
        _("Doses of the day"),
        _("Valid doses given on this day."),
        "immunization.dose",
        lambda span: Q(given_on=span.day, state="VALID"),
        flow=True,
    )
)
define(Figure("doses_complete", "vaccination", _("Courses completed"),
              _("Valid doses that complete a course; one a person and disease."), "immunization.dose",
              lambda span: Q(completes=True, state="VALID"), per=100))  # fmt: skip
