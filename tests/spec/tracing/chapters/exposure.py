from tests.spec.tracing.scenario import Scenario

TITLE = "Who was at a place"
TEXT = "A place and a time span instead of a case: a contaminated counter, a bus, a banquet."

VISITS = """
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:40 | 10:00
B      | mart  | 11:30 | 12:00
C      | mart  | 10:30 | 10:45
D      | bank  | 08:00 | 12:00
"""

SCENARIOS = [
    Scenario(
        title="In a time span",
        text="Half open like everything else: who comes at 10:30 was not there until 10:30.",
        visits=VISITS,
        question="exposed_at",
        asks={"place": "mart", "t0": "08:30", "t1": "10:30"},
        expected="""
person_id | meetings | overlap_s | lag_meetings | first_at | last_at
A         | 1        | 30m       | 0            | 08:30    | 08:30
B         | 1        | 1h20m     | 0            | 08:40    | 08:40
""",
    ),
    Scenario(
        title="And within a lag after it",
        text="",
        visits=VISITS,
        question="exposed_at",
        asks={"place": "mart", "t0": "08:30", "t1": "10:30", "lag": "2h"},
        expected="""
person_id | meetings | overlap_s | lag_meetings | first_at | last_at
A         | 1        | 30m       | 0            | 08:30    | 08:30
B         | 2        | 1h20m     | 1            | 08:40    | 11:30
C         | 1        | 0         | 1            | 10:30    | 10:30
""",
    ),
    Scenario(
        title="At least so long",
        text="",
        visits=VISITS,
        question="exposed_at",
        asks={"place": "mart", "t0": "08:30", "t1": "10:30", "min_overlap": "1h"},
        expected="""
person_id | overlap_s
B         | 1h20m
""",
    ),
]
