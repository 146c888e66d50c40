from tests.spec.tracing.scenario import Scenario

TITLE = "The window of a case"
TEXT = "Only what happened inside the case's infectious window counts; a stay across its edge is clipped to it."

VISITS = """
person | place | from  | to
A      | mart  | 08:00 | 12:00
B      | mart  | 08:30 | 09:00
C      | mart  | 08:30 | 11:00
D      | mart  | 11:00 | 12:00
"""

SCENARIOS = [
    Scenario(
        title="A stay is clipped to the window",
        text="A was at the mart from 8 to 12, infectious from 9 to 11. B left as the window opened, D came as "
        "it closed.",
        visits=VISITS,
        cases="""
case | person | from  | to
1    | A      | 09:00 | 11:00
""",
        expected="""
case_id | person_id | overlap_s | first_at | last_at
1       | C         | 2h        | 09:00    | 09:00
""",
    ),
    Scenario(
        title="A stay that ends as the window opens is outside it",
        text="",
        visits=VISITS,
        cases="""
case | person | from  | to
1    | A      | 12:00 | 20:00
2    | A      | 06:00 | 08:00
""",
        expected="case_id | person_id",
    ),
    Scenario(
        title="Several cases",
        text="Every case has its own rows. Two cases that met are contacts of each other, each in its own window.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:30 | 10:00
C      | mart  | 09:30 | 09:45
""",
        cases="""
case | person | from  | to
1    | A      | 00:00 | +1 00:00
2    | B      | 08:45 | +1 00:00
""",
        expected="""
case_id | person_id | overlap_s | first_at
1       | B         | 30m       | 08:30
2       | A         | 15m       | 08:45
2       | C         | 15m       | 09:30
""",
    ),
    Scenario(
        title="Two windows of one person",
        text="A person may be given twice under two case ids, with other windows.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
A      | bank  | 14:00 | 15:00
B      | mart  | 08:00 | 09:00
C      | bank  | 14:00 | 15:00
""",
        cases="""
case | person | from  | to
7    | A      | 12:00 | 18:00
3    | A      | 00:00 | 12:00
""",
        expected="""
case_id | person_id | overlap_s
3       | B         | 1h
7       | C         | 1h
""",
    ),
]
