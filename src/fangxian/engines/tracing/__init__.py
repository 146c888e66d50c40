"""Tracing over venue visits: who met a case, where, for how long, on what evidence."""

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
from fangxian.engines.tracing.segment import Segment
from fangxian.engines.tracing.store import VisitStore

__all__ = [
    "CASES",
    "CONTACTS",
    "CONTACT_COLUMNS",
    "EXPOSED",
    "MAX_STAY",
    "MEETINGS",
    "VISITS",
    "Parameters",
    "Places",
    "Segment",
    "SegmentInfo",
    "VisitStore",
    "write_segment",
]
