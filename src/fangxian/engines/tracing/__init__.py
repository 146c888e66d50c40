"""Tracing over venue visits: who met a case, where, for how long, on what evidence."""

from fangxian.engines.tracing.api import (
    evidence,
    exposed_at,
    meetings,
    sources,
    trace,
    trace_chain,
)
from fangxian.engines.tracing.chain import COUNTS, SECOND, Chain
from fangxian.engines.tracing.checks import checked_cases, checked_visits
from fangxian.engines.tracing.checksum import checksum
from fangxian.engines.tracing.choice import Answers, Engine, EngineMissing
from fangxian.engines.tracing.explaining import Explanation, Question, explain
from fangxian.engines.tracing.layout import SegmentInfo, write_segment
from fangxian.engines.tracing.model import (
    CASES,
    CONTACT_COLUMNS,
    CONTACTS,
    EXPOSED,
    MAX_STAY,
    MEETINGS,
    VISITS,
    Parameters,
    Places,
)
from fangxian.engines.tracing.rings import EVIDENCE, RINGS, Ring, RingRules, classify
from fangxian.engines.tracing.segment import Segment
from fangxian.engines.tracing.sources_model import (
    SOURCE_CASES,
    SOURCE_COLUMNS,
    SOURCE_DAYS,
    SOURCES,
    USUAL,
    SourceRules,
    Sources,
)
from fangxian.engines.tracing.store import VisitStore

__all__ = [
    "CASES",
    "CONTACTS",
    "CONTACT_COLUMNS",
    "COUNTS",
    "EVIDENCE",
    "EXPOSED",
    "MAX_STAY",
    "MEETINGS",
    "RINGS",
    "SECOND",
    "SOURCES",
    "SOURCE_CASES",
    "SOURCE_COLUMNS",
    "SOURCE_DAYS",
    "USUAL",
    "VISITS",
    "Answers",
    "Chain",
    "Engine",
    "EngineMissing",
    "Explanation",
    "Parameters",
    "Places",
    "Question",
    "Ring",
    "RingRules",
    "Segment",
    "SegmentInfo",
    "SourceRules",
    "Sources",
    "VisitStore",
    "checked_cases",
    "checked_visits",
    "checksum",
    "classify",
    "evidence",
    "explain",
    "exposed_at",
    "meetings",
    "sources",
    "trace",
    "trace_chain",
    "write_segment",
]
