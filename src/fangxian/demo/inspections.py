"""A round of inspections two days before: what was found at places and sites, and how far each is rectified."""

from datetime import timedelta

from fangxian.core import clock
from fangxian.core.records import Record, Source
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.command import services as command
from fangxian.systems.inspection import services as inspection
from fangxian.systems.inspection.models import Finding
from fangxian.systems.quarantine.models import Site
from fangxian.systems.screening.models import Place

BASIS = "《疫情防控专项督导检查清单》"
FOUND = (
    ("PHARMACY", "购买退热药品未做实名登记", "MAJOR", ("mended", "agreed")),
    ("PHARMACY", "测温记录不全", "MINOR", ("mended",)),
    ("MARKET", "冷链摊位进口食品无追溯码", "CRITICAL", ("mended", "refused")),
    ("MARKET", "入口无人查验场所码", "MAJOR", ()),
    ("RESTAURANT", "餐具消毒记录缺失", "MINOR", ("impossible",)),
    ("SHOP", "场所码张贴位置不显眼", "MINOR", ("mended", "agreed")),
)
"""Kind of place, what was found, how grave, and what happened since."""


def load_inspections(staff: Staff) -> None:
    """Enter the findings with the real verbs, then let the townships answer them."""
    with clock.frozen(MORNING - timedelta(days=2)):
        found = [_raise(staff, place, what, severity) for place, what, severity, _since in _chosen()]
        site = Site.objects.select_related("area").order_by("pk").first()
        if site is not None:
            found.append(_raise(staff, site, "清洁区与半污染区之间无缓冲间", "CRITICAL", role="isolation_manager"))
    with clock.frozen(MORNING - timedelta(days=1)):
        for finding, (_place, _what, _severity, since) in zip(found, _chosen(), strict=False):
            for act in since:
                _ACTS[act](staff, finding)


def _chosen() -> list[tuple[Place, str, str, tuple[str, ...]]]:
    """A place of each kind; a small county lacks some."""
    made = []
    for number, (kind, what, severity, since) in enumerate(FOUND):
        places = list(Place.objects.filter(kind=kind).select_related("area").order_by("pk")[: number + 1])
        made += [(places[-1], what, severity, since)] if places else []
    return made


def _raise(staff: Staff, about: Record, what: str, severity: str, **values) -> Finding:
    return inspection.raise_finding(
        by=staff["inspector1"], area=about.area, where=str(about), subject=about, what=what, severity=severity,
        basis=BASIS, source=Source.DEMO, **values,
    )  # fmt: skip


def _township(staff: Staff, finding: Finding):
    return staff[f"township-{finding.area_id[:9]}"]


def _mend(staff: Staff, finding: Finding) -> None:
    finding.task = command.finish(task=finding.task, by=_township(staff, finding), outcome="已整改，台账已补齐")


def _agree(staff: Staff, finding: Finding) -> None:
    command.check(task=finding.task, by=staff["inspector2"])


def _refuse(staff: Staff, finding: Finding) -> None:
    command.send_back(task=finding.task, by=staff["inspector2"], reason="现场复查仍有两个摊位未贴追溯码")


def _cannot(staff: Staff, finding: Finding) -> None:
    command.cannot(task=finding.task, by=_township(staff, finding), reason="店铺停业装修，负责人在外地")


_ACTS = {"mended": _mend, "agreed": _agree, "refused": _refuse, "impossible": _cannot}
