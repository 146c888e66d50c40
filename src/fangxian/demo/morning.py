"""The morning of the outbreak day, hour by hour, with the real verbs and the real workflow.

08:00  the laboratory's first positive: somebody who came to be sampled without a word about symptoms
08:40  the interview: ill for days, where, with whom; the response is run again and shows the difference
09:30  more positives from the fever clinic, each with its onset known
10:30  a positive pool recalls its members; two laboratories contradict each other
11:00  grid workers receive and do their tasks; what is overdue is handed up
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from time import perf_counter, process_time

from fangxian.core import clock, jobs
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo import interview
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING, NOW, day_of
from fangxian.demo.following import DISEASE
from fangxian.demo.load import Loaded
from fangxian.demo.officers import Staff
from fangxian.demo.outbreak import OUTSIDE, Infection
from fangxian.demo.routine import LABORATORY
from fangxian.demo.world import World
from fangxian.systems.cases import services as cases
from fangxian.systems.cases.models import Case, Event, Response
from fangxian.systems.command import selectors as tasks
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.people.models import Person
from fangxian.systems.testing import services as testing
from fangxian.systems.testing.models import LabResult, Sample
from fangxian.workflows import positive_result, trace_for_purpose
from fangxian.workflows.tracing.question import Purpose, Question

MOST_CASES = 5
SAMPLED_AT = MORNING - timedelta(hours=14)
HOSPITAL = "孟州市人民医院检验科"
EVENT_NAME = "2022年3月15日聚集性疫情"
Progress = Callable[[str, int, int], None]


@dataclass
class Answer:
    """One run of the response: the case it answers, why, seconds from the result (or the change) to the last task.

    cpu: seconds of processor time in it, which does not depend on what else the machine does.
    """

    infection: Infection
    case: Case
    response: Response
    why: str
    seconds: float
    cpu: float


@dataclass
class Told:
    """What happened that morning."""

    answers: list[Answer] = field(default_factory=list)
    finished_at: datetime = MORNING


class Watch:
    """Runs from its making until it is stopped: seconds on the wall, and of this process's processor time."""

    def __init__(self) -> None:
        self.seconds, self.cpu = -perf_counter(), -process_time()

    def stop(self) -> None:
        """Read both clocks."""
        self.seconds, self.cpu = self.seconds + perf_counter(), self.cpu + process_time()


class Morning:
    """The scenes; each freezes the clock at its hour."""

    def __init__(self, world: World, loaded: Loaded, staff: Staff, progress: Progress) -> None:
        self.world, self.loaded, self.staff, self.progress = world, loaded, staff, progress
        self.positives = first_positives(world)
        self.told = Told()
        self.event: Event | None = None

    def first_result(self) -> None:
        """08:00: the first positive opens the case before anybody has spoken with the person."""
        with clock.frozen(MORNING):
            self._answer(self.positives[0], onset_known=False)

    def first_interview(self) -> None:
        """08:40: onset, places and people as the case tells them; the response is planned again."""
        first = self.told.answers[0]
        with clock.frozen(MORNING + timedelta(minutes=40)):
            self.event = self._open_event()
            case = self._tell(first.case, first.infection)
            self._respond_again(case, first.infection)

    def more_results(self) -> None:
        """09:30: the fever clinic's positives, onset known from the clinic's record."""
        for number, infection in enumerate(self.positives[1:]):
            with clock.frozen(MORNING + timedelta(minutes=90 + number)):
                self._answer(infection, onset_known=True)
                case = self.told.answers[-1].case
                self._link(case, infection)

    def pool_and_contradiction(self) -> None:
        """10:30: a pool of ten comes back positive, and two laboratories disagree about one tube."""
        with clock.frozen(MORNING + timedelta(minutes=150)):
            hidden = [one.person for one in self.world.infections if one.person not in self._ill()]
            pool = self._people(hidden[0] if hidden else int(self.world.arrivals[0]))
            self._tube("MZ220314POOL01", pool, size=10)
            self._result("MZ220314POOL01", LabResult.Value.POSITIVE, LABORATORY)
            self._tube("MZ220314DOUBT1", self._people(int(self.world.arrivals[-1]))[:1], size=1)
            self._result("MZ220314DOUBT1", LabResult.Value.NEGATIVE, HOSPITAL)
            self._result("MZ220314DOUBT1", LabResult.Value.POSITIVE, LABORATORY)
            jobs.run_pending()

    def grid_workers(self) -> None:
        """11:00: some tasks are received, some done, some checked, one cannot be done; the clock hands up the rest."""
        with clock.frozen(MORNING + timedelta(hours=3)):
            case = self.told.answers[0].case
            handed = tasks.for_subject("cases.case", case.pk)
            mine = [task for task in handed if task.officer_id and task.status in Task.OPEN]
            for number, task in enumerate(mine[:40]):
                self._work(task, number)
            self._report_and_isolate()
            self._look_for_the_source()
        with clock.frozen(MORNING + timedelta(hours=5)) as at:
            command.escalate_overdue(at)
            self.told.finished_at = at

    def _look_for_the_source(self) -> None:
        """An investigator asks the workbench where the cases may have been infected."""
        ours = tuple({answer.case.pk: answer.case for answer in self.told.answers}.values())
        question = Question(ours, Purpose.FIND_SOURCE, "查找共同暴露场所")
        trace_for_purpose.ask(question, by=self.staff["investigator1"], source=Source.DEMO)
        jobs.run_pending()

    def _report_and_isolate(self) -> None:
        """All cases are in hospital; all but the last are on the reporting network."""
        by = self.staff["investigator1"]
        cases_now = list({answer.case.pk: answer.case for answer in self.told.answers}.values())
        for case in cases_now:
            known = {"isolated_at": clock.now() - timedelta(minutes=20)}
            if case is not cases_now[-1]:
                known["reported_at"] = clock.now() - timedelta(minutes=65)
                report = Task.objects.get(key=f"case:{case.pk}:report")
                command.finish(task=report, by=by, outcome="已网络直报")
            cases.change_case(by=by, case=Case.objects.get(pk=case.pk), **known)

    def _answer(self, infection: Infection, *, onset_known: bool) -> None:
        """Enter a positive single tube and do the work it brings, timed from the result to the last task."""
        person = self._person(infection.person)
        barcode = f"MZ220314S{len(self.told.answers) + 1:04d}"
        self._tube(barcode, [person], size=1, reason=Sample.Reason.PRESENCE_OF_SYMPTOMS)
        if onset_known:
            self._suspect(person, infection)
        watch = Watch()
        result = self._result(barcode, LabResult.Value.POSITIVE, LABORATORY)
        jobs.run_pending()
        watch.stop()
        response = Response.objects.select_related("case").get(case__result_id=result.pk)
        self._keep(infection, response, "result", watch)

    def _respond_again(self, case: Case, infection: Infection) -> None:
        watch = Watch()
        response = positive_result.respond(case_id=case.pk, by=self.staff["investigator1"])
        watch.stop()
        self._keep(infection, response, "interview", watch)

    def _keep(self, infection: Infection, response: Response, why: str, watch: "Watch") -> None:
        case = Case.objects.get(pk=response.case_id)
        self.told.answers.append(Answer(infection, case, response, why, watch.seconds, watch.cpu))
        self.progress("case", len({answer.case.pk for answer in self.told.answers}), len(self.positives))

    def _suspect(self, person: Person, infection: Infection) -> None:
        """The fever clinic opened a suspected case the evening before."""
        case = cases.open_case(
            by=self.staff["investigator2"], person=person, disease=DISEASE, source=Source.DEMO, event=self.event,
            classification=Case.Classification.SUSPECT, **_illness(infection),
        )  # fmt: skip
        interview.tell(case, infection, self.world, self.loaded, by=self.staff["investigator1"])

    def _tell(self, case: Case, infection: Infection) -> Case:
        """What the interview of a case gives."""
        by = self.staff["investigator1"]
        case = cases.change_case(by=by, case=case, event=self.event, **_illness(infection))
        case = cases.close_investigation(case, by=by)
        interview.tell(case, infection, self.world, self.loaded, by=self.staff["investigator1"])
        return case

    def _open_event(self) -> Event:
        return cases.open_event(
            by=self.staff["investigator1"], area=Area.objects.get(code=COUNTY), name=EVENT_NAME, disease=DISEASE,
            source=Source.DEMO, status=Event.Status.CLUSTER, started_on=MORNING.date(),
        )  # fmt: skip

    def _link(self, case: Case, infection: Infection) -> None:
        """Who infected this case, where the investigators can tell: the infector is a known case."""
        known = {answer.infection.person: answer.case for answer in self.told.answers}
        infector = known.get(infection.infector)
        if infector is not None and infector.pk != case.pk:
            kind = "HABITATION" if infection.place < 0 else "VISIT"
            cases.link(
                by=self.staff["investigator1"], infector=infector, infected=case, source=Source.DEMO, kind=kind,
                certainty="2_MEDIUM", contact_on=day_of(infection.at),
            )  # fmt: skip

    def _tube(self, barcode: str, people: list[Person], *, size: int, reason: str = Sample.Reason.SCREENING) -> None:
        sampler, area = self.staff["sampler1"], Area.objects.get(code=COUNTY)
        testing.register_tube(
            by=sampler, area=area, barcode=barcode, size=size, point="孟州市发热门诊", laboratory=LABORATORY
        )
        testing.add_samples(by=sampler, tube=barcode, persons=people, reason=reason, sampled_at=SAMPLED_AT)

    def _result(self, barcode: str, value: str, laboratory: str) -> LabResult:
        return testing.enter_result(
            by=self.staff["laboratory1"], barcode=barcode, disease=DISEASE, value=value,
            tested_at=clock.now() - timedelta(minutes=25), laboratory=laboratory,
        )  # fmt: skip

    def _work(self, task: Task, number: int) -> None:
        """What the grid worker does with a task, so that every state is on the page."""
        worker = task.officer
        if number % 5 == 0:
            return
        if number == 6:
            command.cannot(task=task, by=worker, reason="敲门无人应答，电话关机，已请派出所协查")
            return
        task = command.receive(task=task, by=worker)
        if number % 5 >= 2:
            task = command.finish(task=task, by=worker, outcome="已核实身份并转运")
        if number % 5 == 4:
            command.check(task=task, by=self.staff["duty-officer1"])

    def _person(self, index: int) -> Person:
        return Person.objects.select_related("area").get(pk=self.loaded.persons[index])

    def _people(self, index: int) -> list[Person]:
        """A person and nine of the same township, none of them ill for all anybody knows."""
        first = self._person(index)
        ids = {self.loaded.persons[one] for one in self._ill()} | {first.pk}
        low, high = Area.objects.get(code=first.area_id[:9]).range
        others = Person.objects.filter(area_id__gte=low, area_id__lt=high).exclude(pk__in=ids).select_related("area")
        return [first, *others.order_by("pk")[:9]]

    def _ill(self) -> set[int]:
        return {infection.person for infection in self.positives}


def live(world: World, loaded: Loaded, staff: Staff, progress: Progress) -> Told:
    """All scenes in their order."""
    scenes = Morning(world, loaded, staff, progress)
    scenes.first_result()
    scenes.first_interview()
    scenes.more_results()
    scenes.pool_and_contradiction()
    scenes.grid_workers()
    return scenes.told


def first_positives(world: World) -> list[Infection]:
    """Whom the laboratory finds that morning: who brought it in, then those ill by then, the earliest first."""
    index = next(one for one in world.infections if one.infector == OUTSIDE)
    ours = [one for one in world.infections if one.person < world.people.residents]
    others = [one for one in ours if one is not index and one.onset < NOW]
    return [index, *sorted(others, key=lambda one: one.onset)[: MOST_CASES - 1]]


def _illness(infection: Infection) -> dict:
    """What a case knows of its own illness."""
    if not infection.has_symptoms:
        return {"symptomatic": False, "sampled_at": SAMPLED_AT}
    return {"symptomatic": True, "onset_on": onset_on(infection), "sampled_at": SAMPLED_AT}


def onset_on(infection: Infection) -> date | None:
    """The day of first symptoms; None for an infection without any."""
    return day_of(infection.onset) if infection.has_symptoms else None
