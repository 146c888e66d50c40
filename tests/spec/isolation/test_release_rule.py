"""Whether a guest may leave, as a table: one row a situation, under the eighth edition (two samples at release).

The stay lasts from day 1 to day 14; tests are due on days 1, 4, 7 and 14. `tests`: done days, `-7` for one that was
missed. `samples`: day and sign (`+` positive, `-` negative, `?` no result yet, `p` negative in a pool). `fever`: days.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from fangxian.core import policy
from fangxian.workflows.isolation.conditions import DueTest, Facts, Sample, from_json, judge, may_leave

FIRST = date(2022, 3, 15)
VALUES = {"+": "POSITIVE", "-": "NEGATIVE", "?": None, "p": "NEGATIVE"}

TABLE = """
on | tests     | samples              | fever | missing                | why
14 | 1 4 7 14  | 1- 4- 7- 14- 14-     |       |                        | everything is in place
14 | 1 4 7 14  | 1- 4- 7- 13- 14-     |       |                        | the first of two a day earlier
13 | 1 4 7     | 1- 4- 7- 13- 13-     |       | days                   | a day too early
14 | 1 4 7 14  | 1- 4- 7- 14-         |       | samples                | one sample at release is one too few
14 | 1 4 7 14  | 1- 4- 7- 12- 14-     |       | samples                | two days before is too old
14 | 1 4 7 14  | 1- 4- 7- 14- 14?     |       | samples                | the laboratory has not answered yet
14 | 1 4 7 14  | 1- 4- 7- 14- 14p     |       | samples                | a pool is no sample at release
14 | 1 4 -7 14 | 1- 4- 14- 14-        |       |                        | a missed test is made up by a later one
14 | 1 4 7 -14 | 1- 4- 7- 13- 13-     |       | tests                  | the last test is still to be done
14 | 1 4 7 14  | 1- 4- 7- 14- 14-     | 11    |                        | fever before the days that count
14 | 1 4 7 14  | 1- 4- 7- 14- 14-     | 12    | fever                  | fever two days before
14 | 1 4 7 14  | 1- 4+ 7- 14- 14-     |       | infection              | positive once: not the site's to release
13 | 1 -4 7    | 1- 7?                | 13    | days samples tests fever | a line says everything that is missing
16 | 1 4 7 14  | 1- 4- 7- 14- 14-     |       |                        | late is not early
""".strip().splitlines()[1:]


def day(number: int) -> date:
    return FIRST + timedelta(days=number - 1)


def facts(tests: str, samples: str, fever: str) -> Facts:
    return Facts(
        FIRST,
        day(14),
        [DueTest(day(abs(int(one))), int(one) > 0) for one in tests.split()],
        [
            Sample(timezone.make_aware(datetime.combine(day(int(one[:-1])), time(9))), VALUES[one[-1]], one[-1] == "p")
            for one in samples.split()
        ],
        {day(int(one)): Decimal("38.1") for one in fever.split()},
    )


@pytest.fixture(scope="module")
def v8():
    return policy.pack(disease="covid19", area_code="410883", on=FIRST, mode="normal")


def rows():
    cells = [[cell.strip() for cell in line.split("|")] for line in TABLE]
    return [pytest.param(*row[:5], id=row[5]) for row in cells]


@pytest.mark.parametrize(("on", "tests", "samples", "fever", "missing"), rows())
def test_the_rule_is_the_one_in_the_table(v8, on, tests, samples, fever, missing):
    findings = judge(facts(tests, samples, fever), v8, on=day(int(on)), rule="contact.close.isolation")

    assert {finding.key for finding in findings if not finding.ok} == set(missing.split())
    assert may_leave(findings) == (not missing)
    assert [finding.key for finding in findings] == ["days", "tests", "samples", "fever", "infection"]
    assert all(finding.text and finding.rule for finding in findings)
    assert from_json([finding.as_json() for finding in findings]) == findings


def test_a_disease_without_tests_asks_for_no_sample(v8):
    findings = judge(Facts(FIRST, day(14)), v8, on=day(14), rule="x")
    assert may_leave(findings)


def test_one_sample_is_enough_where_no_edition_asks_for_two():
    later = policy.pack(disease="covid19", area_code="410883", on=date(2022, 7, 15), mode="normal")
    findings = judge(facts("1 4 7 14", "1- 4- 7- 14-", ""), later, on=day(14), rule="x")
    assert may_leave(findings)
