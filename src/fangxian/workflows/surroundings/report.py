"""The report text of a positive sample, written from the data, in the reader's language. No name of a person."""

from django.utils.translation import gettext as _

from fangxian.core.clock import worded
from fangxian.systems.environment.models import EnvironmentOrder, EnvironmentSample
from fangxian.workflows.surroundings.lying import Lying


def report_text(found: Lying, orders: list[EnvironmentOrder]) -> str:
    """What was found, what lies there, what was ordered."""
    return "\n\n".join([_head(found.sample), _there(found), _ordered(orders)])


def _head(sample: EnvironmentSample) -> str:
    spot = f"{sample.where} {sample.spot}".strip()
    facts = {"spot": spot, "kind": sample.get_kind_display(), "at": worded(sample.sampled_at),
             "reported": worded(sample.reported_at), "result": sample.get_result_display(),
             "laboratory": sample.laboratory or "–", "barcode": sample.barcode}  # fmt: skip
    return (
        _(
            "Sample %(barcode)s of %(spot)s (%(kind)s), taken %(at)s: %(result)s, reported %(reported)s by "
            "%(laboratory)s."
        )
        % facts
    )


def _there(found: Lying) -> str:
    facts = {"from": worded(found.from_at), "places": len(found.places), "lots": len(found.lots),
             "people": len(found.people)}  # fmt: skip
    text = _("Since %(from)s: %(places)s places of goods, %(lots)s lots, %(people)s people who work there.") % facts
    numbers = "、".join(lot.number for lot in found.lots[:20])
    return f"{text} {numbers}".strip()


def _ordered(orders: list[EnvironmentOrder]) -> str:
    rows = [f"· {order} · {order.get_state_display()}" for order in orders]
    return "\n".join([_("Orders:"), *(rows or [_("none")])])
