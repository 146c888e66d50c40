"""The outbreak day in numbers: how much, how fast, how right."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count

from fangxian.core import policy
from fangxian.demo import evaluate
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING, OUTBREAK_DAY
from fangxian.demo.evaluate import CaseTruth, Score
from fangxian.demo.following import DISEASE
from fangxian.demo.load import Loaded
from fangxian.demo.morning import SAMPLED_AT, Answer, Told, onset_on
from fangxian.demo.world import World
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.command.models import Task
from fangxian.systems.letters.models import LetterItem
from fangxian.workflows.response import window


@dataclass(frozen=True)
class Step:
    """One step and how many seconds it took."""

    name: str
    seconds: float


@dataclass(frozen=True)
class Report:
    """What the demo has and how the response did.

    contacts: all rings. recall, precision: close contacts against the true ones. seconds_result_to_tasks: the slowest
    way from a result entered to its last task, cpu_… the most processor time on such a way. busiest_worker: the grid
    worker with the most open tasks. clock: where the clock of a server for this demo should start.
    """

    persons: int
    visits: int
    cases: int
    contacts: int
    close: int
    secondary: int
    general: int
    tasks: int
    letters: int
    waiting_for_rooms: int
    recall: float
    precision: float
    infected: int
    infected_found: int
    seconds_result_to_tasks: float
    cpu_seconds_result_to_tasks: float
    busiest_worker: str
    clock: str
    checksum: str
    build: list[Step] = field(default_factory=list)
    responses: list[dict[str, Any]] = field(default_factory=list)

    def line(self) -> str:
        """The last line of `make demo`."""
        return (
            f"demo persons={self.persons} visits={self.visits} cases={self.cases} contacts={self.contacts} "
            f"recall={self.recall:.3f} precision={self.precision:.3f} "
            f"seconds_result_to_tasks={self.seconds_result_to_tasks:.2f}"
        )

    def as_json(self) -> dict[str, Any]:
        """Everything, for `--json`."""
        return asdict(self)


def summarise(world: World, loaded: Loaded, told: Told, *, visits: int, steps: list[Step]) -> Report:
    """Count what the responses left behind and score it against the truth."""
    found = {answer.case.pk: answer for answer in told.answers}
    contacts = Contact.objects.filter(case_id__in=found, status=Contact.Status.ACTIVE)
    rings = {ring: contacts.filter(ring=ring).count() for ring in Contact.Ring.values}
    tasks = Task.objects.filter(subject_kind="cases.case", subject_id__in=found)
    scored = score(world, loaded, told)
    return Report(
        persons=len(world.people),
        visits=visits,
        cases=len(found),
        contacts=sum(rings.values()),
        close=rings[Contact.Ring.CLOSE],
        secondary=rings[Contact.Ring.SECONDARY],
        general=rings[Contact.Ring.GENERAL],
        tasks=tasks.count(),
        letters=LetterItem.objects.filter(letter__subject_id__in=found, letter__direction="OUT").count(),
        waiting_for_rooms=max(answer.response.difference["rooms"]["waiting"] for answer in told.answers),
        recall=round(scored.recall, 4),
        precision=round(scored.precision, 4),
        infected=scored.infected,
        infected_found=scored.infected_found,
        seconds_result_to_tasks=round(max(one.seconds for one in told.answers if one.why == "result"), 3),
        cpu_seconds_result_to_tasks=round(max(one.cpu for one in told.answers if one.why == "result"), 3),
        busiest_worker=_busiest_worker(),
        clock=told.finished_at.isoformat(),
        checksum=world.checksum(),
        build=steps,
        responses=[_shown(answer) for answer in told.answers],
    )


def score(world: World, loaded: Loaded, told: Told) -> Score:
    """Close contacts on record against the truth, under the pack of the day."""
    pack = policy.pack(disease=DISEASE, area_code=COUNTY, on=OUTBREAK_DAY)
    index = loaded.person_index()
    person_of = {answer.case.pk: answer.infection.person for answer in told.answers}
    close = Contact.objects.filter(case_id__in=person_of, ring=Contact.Ring.CLOSE).exclude(
        status=Contact.Status.DROPPED
    )
    pairs = [(person_of[case], index[person]) for case, person in close.values_list("case_id", "person_id")]
    windows = {answer.infection.person: _truth(answer, pack) for answer in told.answers}
    least = int(pack.duration("contact.close.total_minutes").total_seconds())
    return evaluate.score(world, windows.values(), pairs, least_s=least)


def _busiest_worker() -> str:
    """User name of the grid worker with the most open tasks; the pages of the phone show most there."""
    held = Task.objects.filter(officer__isnull=False, role="grid_worker", status__in=Task.OPEN).order_by()
    most = held.values("officer__username").annotate(held=Count("pk")).order_by("-held", "officer__username").first()
    return most["officer__username"] if most else ""


def _truth(answer: Answer, pack: policy.Pack) -> CaseTruth:
    """The infectious window by the pack's rule from the true onset, until the response was last run."""
    known = Case(onset_on=onset_on(answer.infection), sampled_at=SAMPLED_AT)
    until: datetime = answer.response.finished_at or MORNING
    span = window.infectious(known, pack, at=until)
    return CaseTruth(answer.infection.person, span.t0, span.t1)


def _shown(answer: Answer) -> dict[str, Any]:
    return {
        "case": answer.case.number,
        "why": answer.why,
        "seconds": round(answer.seconds, 3),
        "cpu_seconds": round(answer.cpu, 3),
        "steps": answer.response.steps,
        "difference": answer.response.difference,
    }
