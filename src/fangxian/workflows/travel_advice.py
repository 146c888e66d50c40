"""Travel advice: where not to go, and what coming back means, told from what is in force and never typed.

Read downwards: `derive` puts the risk areas in force and the rules of the area together; `renew` makes the next version
of the published advice of it, in both languages, saying what changed, and asks for its two approvals; `standing` says
whether what is published is still what would be derived now. A risk area that changes queues `look_again`: where
published advice no longer holds, the command of the area gets a task, which goes when the new version is published.
`answer` tells one resident about one journey, by the same rules an arrival is judged by.

Nothing here is kept but the snapshot in the published message; asking again costs nothing and changes nothing.
Requirement G14.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from fangxian.core import jobs, policy, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.officers import Officer
from fangxian.systems.arrivals.models import Arrival, TravelStay
from fangxian.systems.arrivals.words import Category, Channel
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.publicity import announcements, selectors, services
from fangxian.systems.publicity.models import Message
from fangxian.systems.publicity.words import Audience, MessageKind
from fangxian.systems.risk_areas import announcements as risk_announcements
from fangxian.systems.risk_areas import selectors as risk_areas
from fangxian.systems.risk_areas.matching import Zone
from fangxian.systems.risk_areas.models import RiskAreaVersion
from fangxian.workflows.loop import categories, rules
from fangxian.workflows.publicity import wording
from fangxian.workflows.publicity.deriving import Advice, Back, back_from, derived, leaving_word, stricter

JOB = "publicity.look_at_advice"
WHY = "published advice is looked at wherever a risk area it speaks of has changed"
SUBJECT = "publicity.advice"
RENEW = gettext_noop("Publish the travel advice of %(area)s anew")
RENEW_HOW = gettext_noop("Risk areas have changed since it was published. The page shows what is different now.")
DEFAULT_DISEASE = str(Arrival._meta.get_field("disease").default)


def derive(area: Area, disease: str) -> Advice:
    """What the advice of an area says now: risk areas in force outside and inside, and the rules of its pack."""
    pack = policy.pack(disease=disease, area_code=area.code)
    return derived(area.code, disease, risk_areas.in_force(disease=disease), pack)


@dataclass(frozen=True)
class Standing:
    """Whether a published advice is still what would be derived now; `changes` says in words what is different."""

    changes: list[str]

    @property
    def is_fresh(self) -> bool:
        """Nothing is different."""
        return not self.changes


def standing(message: Message) -> Standing:
    """Compare the snapshot of a travel advice with what would be derived now."""
    fresh = derive(message.area, message.disease)
    return Standing(wording.changes(message.basis, fresh.as_json()))


def renew(*, area: Area, disease: str, by: Officer) -> Message:
    """Make the next version of an area's advice from what holds now, and ask for its two approvals.

    A version on its way that no longer holds is sent back and brought up to date; one that still holds is answered as
    it is. Raises ValidationError where what is published says the same already.
    """
    advice = derive(area, disease)
    known = {one.state: one for one in selectors.advice_of(area.code, disease)}
    published = known.get(Message.State.PUBLISHED)
    waits = known.get(Message.State.FIRST) or known.get(Message.State.SECOND)
    if waits and not wording.changes(waits.basis, advice.as_json()):
        return waits
    if published and not wording.changes(published.basis, advice.as_json()):
        raise ValidationError(_("What is published says the same already."))
    with transaction.atomic():
        if waits:
            services.send_back(message=waits, by=by, reason=_("Risk areas have changed meanwhile."))
        version = _written(advice, area, known.get(Message.State.DRAFT) or waits, published, by)
        return services.submit(message=version, by=by)


def _written(advice: Advice, area: Area, open_: Message | None, published: Message | None, by: Officer) -> Message:
    told = _told(advice, area)
    if open_:
        return services.change_draft(message=open_, by=by, **told)
    if published:
        note = "；".join(wording.changes(published.basis, advice.as_json()))
        return services.correct(message=published, by=by, change_note=note, **told)
    return services.draft(
        by=by, area=area, kind=MessageKind.TRAVEL, disease=advice.disease, audience=Audience.ALL, as_broadcast=True,
        **told,
    )  # fmt: skip


def _told(advice: Advice, area: Area) -> dict[str, Any]:
    pack = policy.pack(disease=advice.disease, area_code=area.code)
    title, text = wording.told(advice, area, "zh-hans")
    title_en, text_en = wording.told(advice, area, "en")
    until = now() + pack.duration("travel.advice_days")
    return {
        "title": title, "text": text, "title_en": title_en, "text_en": text_en, "basis": advice.as_json(),
        "from_at": now(), "until_at": until,
    }  # fmt: skip


# --- when a risk area changes ---


@receiver(risk_announcements.published)
def follow_risk_areas(sender: Any, versions: list[RiskAreaVersion], by: Officer | None, **_named: Any) -> None:
    """Queue a look at the published advice, once a publication, in its own transaction."""
    for version in versions:
        jobs.enqueue(JOB, by=by, key=str(version.pk), disease=version.disease)


@jobs.job(JOB)
def look_again(job: Any, disease: str) -> dict[str, int]:
    """Hand a task to the command of every area whose published advice no longer holds; harmless to run again."""
    with scope.everywhere(WHY):
        stale = [one for one in selectors.all_advice() if one.disease == disease and not standing(one).is_fresh]
        for message in stale:
            command.hand_down(
                by=job.created_by, key=f"advice:{message.pk}", area=message.area, title=RENEW, instructions=RENEW_HOW,
                params={"area": str(message.area)}, role="duty_officer", priority=Task.Priority.HIGH,
                subject=(SUBJECT, message.series),
            )  # fmt: skip
    return {"stale": len(stale)}


@receiver(announcements.published)
def follow_publication(sender: Any, message: Message, by: Officer | None, **_named: Any) -> None:
    """Whoever was to publish the advice anew need not any more."""
    if message.kind != MessageKind.TRAVEL:
        return
    with scope.everywhere(WHY):
        about = [task for task in tasks.for_subject(SUBJECT, message.series) if task.status in Task.OPEN]
        if about:
            command.withdraw_many(tasks=about, by=None, reason=_("The new version is published."))


# --- one journey ---


@dataclass(frozen=True)
class Journey:
    """What a resident asks about: from the area they live in to a place known by its national code, and back.

    to_code: of any length; "" where the place is not known. to_name: as the resident wrote it.
    """

    home: str
    to_code: str
    to_name: str
    leaves_on: date
    returns_on: date


@dataclass(frozen=True)
class Answer:
    """About one disease: the advice (stay_away, if_needed, free), the zone it is because of, what coming back means.

    category: as an arrival would be judged. why: place, zone, level, since. maybe: only part of the place is a risk
    area. back: the rule with its stages, test days and source; None where the rules ask for nothing.
    """

    disease: str
    advice: str
    category: str
    why: dict[str, Any]
    maybe: bool
    back: Back | None
    pack: str

    @property
    def is_unknown(self) -> bool:
        """Whether nothing is known of the place."""
        return bool(self.why.get("unknown"))


def answer(journey: Journey) -> list[Answer]:
    """What the rules say to a journey, one answer a disease with risk areas in force (or the usual one).

    Judged by what is in force today: areas may be added before the day of return, and the page says so.
    """
    zones = risk_areas.in_force()
    found = sorted({zone.disease for zone in zones}) or [DEFAULT_DISEASE]
    return [_answer(journey, disease, [zone for zone in zones if zone.disease == disease]) for disease in found]


def _answer(journey: Journey, disease: str, zones: list[Zone]) -> Answer:
    pack = policy.pack(disease=disease, area_code=journey.home, on=today())
    coming = Arrival(area_id=journey.home, arrived_on=journey.returns_on, disease=disease, channel=Channel.DOOR)
    stay = TravelStay(
        code=journey.to_code, named=journey.to_name, from_on=journey.leaves_on, until_on=journey.returns_on
    )
    judged = categories.judge(coming, [stay] if journey.to_code else [], zones, pack)
    by_level = pack.table("travel.by_level")
    level = str(judged.why.get("level", "")).lower()
    word = by_level.get(level, "free") if level and judged.category != Category.OUTSIDE else "free"
    prefix = rules.prefix_for(judged.category, pack)
    back = back_from(prefix, pack, begins=journey.returns_on) if prefix else None
    return Answer(
        disease, stricter(word, leaving_word(journey.home, journey.to_code, pack)), judged.category, judged.why,
        bool(judged.why.get("possible")), back, pack.version,
    )  # fmt: skip
