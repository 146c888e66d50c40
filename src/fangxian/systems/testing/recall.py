"""The tasks that call the members of a positive pool, each for a single test."""

from django.utils.translation import gettext_noop

from fangxian.systems.command import selectors as command_selectors
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.testing.models import LabResult, Sample

RULE = "testing.pool.recall"
KIND = "testing.labresult"
TITLE = gettext_noop("Take a single sample from %(name)s")
INSTRUCTIONS = gettext_noop(
    "A pooled tube with this person's sample is positive (%(barcode)s). Ask them to stay where they are, take one "
    "sample into a tube of its own today, and send it at once. They are not a case."
)


def hand_down(result: LabResult, samples: list[Sample], *, by) -> None:
    """One task a member, to the samplers of the area where the sample was taken."""
    command.hand_down_many(tasks=[_task(result, sample) for sample in samples], by=by)


def call_off(result: LabResult, *, by, reason: str) -> None:
    """Withdraw the tasks of a recall whose result no longer stands."""
    tasks = [task for task in command_selectors.for_subject(KIND, result.pk) if task.status in Task.OPEN]
    if tasks:
        command.withdraw_many(tasks=tasks, by=None, reason=reason)


def _task(result: LabResult, sample: Sample) -> Task:
    return Task(
        key=f"testing.recall.{result.pk}.{sample.person_id}",
        kind=Task.Kind.SAMPLE_COLLECTION,
        title=TITLE,
        instructions=INSTRUCTIONS,
        params={"name": sample.person.name, "barcode": result.tube.barcode},
        address=sample.person.address.reveal() if sample.person.address else "",
        area=sample.area,
        from_area=result.area,
        person=sample.person,
        role="sampler",
        priority=Task.Priority.HIGH,
        subject_kind=KIND,
        subject_id=result.pk,
    )
