"""The ledgers of early warning."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core import diseases
from fangxian.core.records import Source
from fangxian.registers import Register
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Feed, FeedCount, Signal, WarningProduct
from fangxian.systems.surveillance.subjects import SYNDROMES

CHANNELS = {
    "病例": "CASES", "发热门诊": "FEVER_CLINIC", "药品": "PHARMACY", "缺勤": "ABSENCE", "缺课": "ABSENCE",
    "因病缺课": "ABSENCE", "污水": "ENVIRONMENT", "就诊": "VISITS", "来电": "CALLS", "其他": "OTHER",
}  # fmt: skip


class FeedRegister(Register):
    """Counts somebody reports again and again, such as absence from a school; what other ledgers hold is no feed."""

    model = Feed
    columns = ("code", "name", "channel", "disease", "step", "reporter", "silent_days", "closed_on", "area")
    filters = ("channel", "step")
    search = ("name",)
    form = ("area", "code", "name", "channel", "disease", "step", "reporter", "silent_days", "closed_on")
    key = ("code",)
    permission = "surveillance"
    icon = "rss"
    synonyms = {"channel": CHANNELS, "step": {"日": "DAY", "周": "WEEK", "月": "MONTH"}}

    def clean_row(self, values: dict[str, Any]) -> dict[str, Any]:
        """A disease by its key or any of its names; a syndrome by its key."""
        text = (values.get("disease") or "").strip()
        if text and text not in SYNDROMES:
            known = diseases.find(text)
            if known is None:
                raise ValidationError({"disease": _("No disease is called “%(name)s”.") % {"name": text[:40]}})
            values["disease"] = known.key
        return values


class FeedCountRegister(Register):
    """The figures of the feeds, one a day, week or month; a day without one is unknown, not zero."""

    model = FeedCount
    columns = ("feed", "on", "count", "out_of", "note", "area")
    filters = ("on",)
    form = ("area", "feed", "on", "count", "out_of", "note")
    key = ("feed", "on")
    ordering = ("area_id", "-on", "pk")
    permission = "surveillance"
    icon = "abacus"

    def clean_row(self, values: dict[str, Any]) -> dict[str, Any]:
        """The figure belongs to the area of its feed."""
        area, feed = values.get("area"), values.get("feed")
        if area is not None and feed is not None and area.pk != feed.area_id:
            raise ValidationError({"area": _("The feed belongs to another area: choose that one.")})
        return values


class SignalRegister(Register):
    """Every signal that was raised, by which method or rule, and what whoever looked at it found."""

    model = Signal
    columns = (
        "disease", "where", "kind", "method", "rule", "channel",
        "state", "first_on", "last_on", "observed", "expected", "bound", "p", "recurrence_days", "raised_at", "due_at",
        "verdict", "reason", "judged_by", "judged_at", "area",
    )  # fmt: skip
    filters = ("state", "kind", "verdict", "method", "channel", "first_on")
    form = ()  # raised by the nightly run, answered on its own page
    key = ("area", "disease", "first_on")
    ordering = ("area_id", "-raised_at", "pk")
    permission = "surveillance"
    icon = "bell-ringing"
    exempt = {
        "raised_for": "counted by the budget of the nights",
        "period_on": "tells a figure already answered from a new one",
        "series": "drawn as the curve of the card", "others": "stand on the card", "subject_id": "leads to the feed",
        "event_id": "leads to the event, on the card", "pack": "stands with its history",
    }  # fmt: skip


class WarningProductRegister(Register):
    """Risk notices, warning notices and proposals for a decision, through their four steps."""

    model = WarningProduct
    columns = ("title", "kind", "state", "addressee", "to_area", "delivered_at", "due_at", "responded_at",
               "fed_back_at", "area")  # fmt: skip
    filters = ("kind", "state")
    search = ("title",)
    form = ("area", "kind", "to_area", "addressee", "title", "text")
    key = ("area", "title")
    permission = "surveillance"
    icon = "speakerphone"
    exempt = {
        "signal": "stands on the product's page", "seen": "stands on the product's papers",
        "response": "stands on the product's page",
        "feedback": "stands on the product's page",
    }  # fmt: skip

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """A product is formed by its verb; its words may be changed until it is delivered."""
        if record is None:
            return services.form(by=by, source=source, **values)
        if record.state != "FORMED":
            raise ValidationError({"state": _("It is delivered: its words stay. Withdraw it and form another one.")})
        return super().write(by=by, values=values, record=record, base_version=base_version, source=source)
