"""Whether somebody may leave: each condition says yes or no, why, and by which rule of which pack.

Pure: facts in, findings out. Every condition is looked at, also after one has failed, so that a line of the release
list says everything that is missing.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from fangxian.core.clock import day_of
from fangxian.core.policy import Pack

DAYS, TESTS, SAMPLES, FEVER, INFECTION = "days", "tests", "samples", "fever", "infection"
NEGATIVE, POSITIVE = "NEGATIVE", "POSITIVE"
SAYS = {
    (DAYS, True): _("Stayed from %(starts)s to %(ends)s, as long as the rule asks."),
    (DAYS, False): _("Has to stay until %(ends)s."),
    (TESTS, True): _("All %(count)s tests due so far are done."),
    (TESTS, False): _("Tests still to be done: %(days)s."),
    (SAMPLES, True): _("%(count)s negative samples since %(since)s."),
    (SAMPLES, False): _("%(count)s of %(wanted)s negative samples since %(since)s."),
    (FEVER, True): _("No fever since %(since)s."),
    (FEVER, False): _("Fever on %(day)s: %(degrees)s °C."),
    (INFECTION, True): _("No positive result."),
    (INFECTION, False): _("Positive result of %(day)s: not to be released, but to be treated."),
}


@dataclass(frozen=True)
class DueTest:
    """A test of the plan: its day, and whether it is done."""

    due_on: date
    done: bool


@dataclass(frozen=True)
class Sample:
    """A sample and the result in force of its tube; `value` is None while there is none."""

    at: datetime
    value: str | None
    pooled: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of one stay. `fevers` are days with the highest temperature (°C) seen on them."""

    starts_on: date
    ends_on: date
    tests: list[DueTest] = field(default_factory=list)
    samples: list[Sample] = field(default_factory=list)
    fevers: dict[date, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One condition: met or not, in words with their values, by which rule."""

    key: str
    ok: bool
    rule: str
    values: dict[str, Any]

    @property
    def text(self) -> str:
        """In the reader's language."""
        return gettext(SAYS[self.key, self.ok]) % self.values

    def as_json(self) -> dict[str, Any]:
        """For the proof of release: what was found, without anybody's language."""
        return {"key": self.key, "ok": self.ok, "rule": self.rule, "values": self.values}


def judge(facts: Facts, pack: Pack, *, on: date, rule: str) -> list[Finding]:
    """Every condition of a stay on a day, in the order they are read: days, tests, samples, fever, infection."""
    return [
        _days(facts, on, rule),
        _tests(facts, on, rule),
        _samples(facts, pack, on),
        _fever(facts, pack, on),
        _infection(facts),
    ]


def may_leave(findings: Iterable[Finding]) -> bool:
    """Whether all conditions are met."""
    return all(finding.ok for finding in findings)


def from_json(evidence: Iterable[dict[str, Any]]) -> list[Finding]:
    """The findings a proof was issued with."""
    return [Finding(row["key"], row["ok"], row["rule"], row["values"]) for row in evidence]


def _days(facts: Facts, on: date, rule: str) -> Finding:
    values = {"starts": f"{facts.starts_on}", "ends": f"{facts.ends_on}"}
    return Finding(DAYS, facts.ends_on <= on, rule, values)


def _tests(facts: Facts, on: date, rule: str) -> Finding:
    """A missed test is made up by any later sample with a negative result."""
    negative = [day_of(sample.at) for sample in facts.samples if sample.value == NEGATIVE]
    due = [test for test in facts.tests if test.due_on <= on]
    open_ = [test for test in due if not test.done and not any(day >= test.due_on for day in negative)]
    days = "、".join(f"{test.due_on}" for test in open_)
    return Finding(TESTS, not open_, rule, {"count": len(due), "days": days})


def _samples(facts: Facts, pack: Pack, on: date) -> Finding:
    """At release so many negative samples, none older than the rule says, counted back from the last day."""
    wanted = int(pack.number("release.samples")) if facts.tests else 0
    last = max(facts.ends_on, min(on, facts.ends_on))
    since = last - timedelta(days=int(pack.number("release.sample_within_days")) - 1)
    count = sum(
        sample.value == NEGATIVE and not sample.pooled and day_of(sample.at) >= since for sample in facts.samples
    )
    values = {"count": count, "wanted": wanted, "since": f"{since}"}
    return Finding(SAMPLES, count >= wanted, "release.samples", values)


def _fever(facts: Facts, pack: Pack, on: date) -> Finding:
    since = on - timedelta(days=int(pack.number("release.fever_free_days")) - 1)
    seen = {day: degrees for day, degrees in facts.fevers.items() if day >= since}
    values: dict[str, Any] = {"since": f"{since}"}
    if seen:
        last = max(seen)
        values |= {"day": f"{last}", "degrees": f"{seen[last]}"}
    return Finding(FEVER, not seen, "release.fever_free_days", values)


def _infection(facts: Facts) -> Finding:
    """The last result counts: somebody who was positive and recovered is the hospital's, not the site's."""
    positive = [day_of(sample.at) for sample in facts.samples if sample.value == POSITIVE]
    values = {"day": f"{max(positive)}"} if positive else {}
    return Finding(INFECTION, not positive, "contact.close.isolation", values)
