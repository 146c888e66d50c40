"""Cases, the people around them, and what the response to them was."""

from fangxian.systems.cases.models.contacts import Contact, TransmissionLink
from fangxian.systems.cases.models.events import Case, Event, Exposure, ExposureKind, Precision
from fangxian.systems.cases.models.investigation import Response, TimelineEntry
from fangxian.systems.cases.models.traces import TraceRequest, TraceResult

__all__ = [
    "Case", "Contact", "Event", "Exposure", "ExposureKind", "Precision", "Response", "TimelineEntry", "TraceRequest",
    "TraceResult", "TransmissionLink",
]  # fmt: skip
