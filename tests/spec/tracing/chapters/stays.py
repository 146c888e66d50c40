from tests.spec.tracing.scenario import Scenario

TITLE = "Long stays"
TEXT = (
    "Nobody is met beyond the longest stay (12 hours unless asked otherwise); longer ones are split where "
    "visits are taken in."
)

CASES = """
case | person | from  | to
1    | A      | 00:00 | +2 00:00
"""

SCENARIOS = [
    Scenario(
        title="A night across midnight, kept as two visits",
        text="A and B work the night shift; both stays were split at midnight. The parts meet pairwise: twice, "
        "seven hours in all.",
        visits="""
person | place | from     | to
A      | plant | 20:00    | +1 00:00
A      | plant | +1 00:00 | +1 04:00
B      | plant | 21:00    | +1 00:00
B      | plant | +1 00:00 | +1 06:00
""",
        cases=CASES,
        expected="""
case_id | person_id | meetings | overlap_s | first_at | last_at  | places
1       | B         | 2        | 7h        | 21:00    | +1 00:00 | 1
""",
    ),
    Scenario(
        title="A night across midnight, kept whole",
        text="The same nights not split: the day a visit was kept under does not matter.",
        visits="""
person | place | from     | to
A      | plant | 20:00    | +1 04:00
B      | plant | +1 01:00 | +1 06:00
C      | plant | 19:00    | +1 02:00
""",
        cases=CASES,
        expected="""
case_id | person_id | overlap_s | first_at
1       | B         | 3h        | +1 01:00
1       | C         | 6h        | 20:00
""",
    ),
    Scenario(
        title="Nobody is met after the longest stay",
        text="B and C have been in the building for a long time when A comes. Twelve hours after entering, a "
        "visit meets nobody.",
        visits="""
person | place | from     | to
A      | hotel | 20:00    | 21:00
B      | hotel | 08:00    | 22:00
C      | hotel | 08:00:01 | 22:00
""",
        cases=CASES,
        expected="""
case_id | person_id | overlap_s
1       | C         | 1h
""",
    ),
    Scenario(
        title="Another longest stay",
        text="The same building with a longest stay of 4 hours: D came 4 hours before A, E a second later.",
        visits="""
person | place | from     | to
A      | hotel | 20:00    | 21:00
C      | hotel | 08:00:01 | 22:00
D      | hotel | 16:00    | 22:00
E      | hotel | 16:00:01 | 22:00
""",
        cases=CASES,
        asks={"max_stay": "4h"},
        expected="""
case_id | person_id | overlap_s
1       | E         | 1h
""",
    ),
]
