from tests.spec.tracing.scenario import Scenario

TITLE = "A meeting"
TEXT = "Two persons meet when they are at the same place at the same time."

CASES = """
case | person | from  | to
1    | A      | 00:00 | +1 00:00
"""

SCENARIOS = [
    Scenario(
        title="The same place at the same time",
        text="B comes while A is there. They share the time from the later arrival to the earlier leaving.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:40 | 10:00
""",
        cases=CASES,
        expected="""
case_id | person_id | meetings | overlap_s | lag_meetings | first_at | last_at | places | top_place_id
1       | B         | 1        | 20m       | 0            | 08:40    | 08:40   | 1      | mart
""",
    ),
    Scenario(
        title="The same place at another time is no contact",
        text="Being at the same place inside the same window is not enough: A and B never saw each other.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 10:00 | 11:00
""",
        cases=CASES,
        expected="case_id | person_id",
    ),
    Scenario(
        title="The same time at another place is no contact",
        text="",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | bank  | 08:00 | 09:00
""",
        cases=CASES,
        expected="case_id | person_id",
    ),
    Scenario(
        title="Who comes in the second the case leaves has not met it",
        text="A stay is the half-open interval from entering to leaving: B arrives as A leaves, C leaves as A arrives, "
        "D and E share one second with A.",
        visits="""
person | place | from     | to
A      | mart  | 08:00    | 09:00
B      | mart  | 09:00    | 10:00
C      | mart  | 07:00    | 08:00
D      | mart  | 08:59:59 | 10:00
E      | mart  | 07:00    | 08:00:01
""",
        cases=CASES,
        expected="""
case_id | person_id | overlap_s | first_at
1       | D         | 1s        | 08:59:59
1       | E         | 1s        | 08:00
""",
    ),
    Scenario(
        title="One inside the other",
        text="B's stay holds A's, C's lies inside it.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 07:00 | 12:00
C      | mart  | 08:20 | 08:30
""",
        cases=CASES,
        expected="""
case_id | person_id | overlap_s | first_at
1       | B         | 1h        | 08:00
1       | C         | 10m       | 08:20
""",
    ),
    Scenario(
        title="A person does not meet themselves",
        text="A scanned twice; the second stay overlaps the first. Only B is a contact, met by both stays.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
A      | mart  | 08:30 | 09:30
B      | mart  | 08:40 | 08:50
""",
        cases=CASES,
        expected="""
case_id | person_id | meetings | overlap_s
1       | B         | 2        | 20m
""",
    ),
    Scenario(
        title="Nobody there, nobody found",
        text="An empty log, or a case who was nowhere, has no contacts.",
        visits="person | place | from | to",
        cases=CASES,
        expected="case_id | person_id",
    ),
    Scenario(
        title="No cases, no contacts",
        text="",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:40 | 10:00
""",
        expected="case_id | person_id",
    ),
]
