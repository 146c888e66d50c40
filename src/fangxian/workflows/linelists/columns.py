"""Which column of a line list is what, guessed from its heading; the caller may say otherwise."""

import re
from collections.abc import Mapping, Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.identity import normalise

#: the parts a case list may have, and how their headings are written (bare: small letters, no blanks or signs)
CASE_ROLES: dict[str, tuple[str, ...]] = {
    "id": ("caseid", "id", "caseno", "casenumber", "number", "病例编号", "病例号", "编号", "序号"),
    "name": ("name", "patientname", "姓名"),
    "age": ("age", "ageyears", "年龄"),
    "sex": ("sex", "gender", "性别"),
    "onset": (
        "dtonset", "dateofonset", "dateonset", "onsetdate", "symptomonset", "dateofsymptomonset", "onset",
        "dateofprodrome", "发病日期", "发病时间",
    ),
    "symptoms": ("symptomtype", "symptoms", "symptom", "症状"),
    "sampled": ("dateofsampletested", "dtsample", "dateofsample", "sampledate", "采样日期", "采样时间"),
    "diagnosed": (
        "dtdiag", "confirmdate", "dateconfirmed", "dateofconfirmation", "dateofdiagnosis", "diagnosisdate", "确诊日期",
        "诊断日期",
    ),
    "reported": ("dtreport", "datereport", "dateofreport", "reportdate", "报告日期", "报告时间"),
    "outcome": ("outcome", "结局", "转归"),
    "ended": ("dateofoutcome", "dtoutcome", "outcomedate", "转归日期"),
    "died": ("dtdeath", "dateofdeath", "deathdate", "death", "死亡日期"),
    "exposed_from": (
        "dtstartexp", "exposurestart", "startofexposure", "dateofinfection", "dtinfection", "暴露开始", "暴露开始日期",
    ),
    "exposed_until": ("dtendexp", "exposureend", "endofexposure", "暴露结束", "暴露结束日期"),
    "place": ("lochosp", "hospital", "place", "location", "chiefdom", "province", "city", "district", "地点", "地区"),
    "source": ("infectionsource", "infector", "sourcecase", "infectedby", "source", "感染来源", "传染源"),
}  # fmt: skip
#: the parts a list of pairs may have
PAIR_ROLES: dict[str, tuple[str, ...]] = {
    "from": ("from", "infector", "sourcecase", "sourceid", "source", "传染源", "来源", "病例编号"),
    "to": ("to", "caseid", "infectee", "infected", "contact", "contactid", "被感染者", "密接", "密切接触者"),
    "exposure": ("exposure", "source", "setting", "contacttype", "relation", "接触方式", "关系"),
}


def assign(
    headings: Sequence[str],
    roles: Mapping[str, tuple[str, ...]],
    mapping: Mapping[str, str | None] | None = None,
    needed: Sequence[str] = ("id",),
) -> dict[str, int]:
    """Which column holds which part: {part: index of the column}.

    `mapping` ({part: heading, or None for "leave it out"}) comes before any guess. A column serves one part, the
    first that fits. Raises `ValidationError` when a heading of the mapping or a needed part is not there.
    """
    bare = [_bare(heading) for heading in headings]
    found = {part: _named(headings, bare, heading) for part, heading in (mapping or {}).items() if heading}
    for part, spellings in roles.items():
        if part not in (mapping or {}):
            index = _first(bare, spellings, taken=set(found.values()))
            if index is not None:
                found[part] = index
    missing = [part for part in needed if part not in found]
    if missing:
        raise ValidationError(
            _("No column says “%(part)s”. Name it in the mapping; the columns are: %(columns)s.")
            % {"part": missing[0], "columns": ", ".join(headings)}
        )
    return found


def _first(bare: list[str], spellings: tuple[str, ...], taken: set[int]) -> int | None:
    for spelling in spellings:
        if spelling in bare and bare.index(spelling) not in taken:
            return bare.index(spelling)
    return None


def _named(headings: Sequence[str], bare: list[str], heading: str) -> int:
    if _bare(heading) not in bare:
        raise ValidationError(
            _("There is no column “%(heading)s”; the columns are: %(columns)s.")
            % {"heading": heading, "columns": ", ".join(headings)}
        )
    return bare.index(_bare(heading))


def _bare(heading: str) -> str:
    """A heading in small letters without blanks, signs and byte order mark."""
    return re.sub(r"[\W_]+", "", normalise(str(heading)).casefold())
