from tests.spec.tracing.scenario import Scenario

TITLE = "The evidence behind a row"
TEXT = (
    "Every contact can be laid open: one row a pair of stays, the case's clipped to the window (s to e) and the "
    "contact's "
    "own (w_entered to w_left), contact by contact as it happened."
)

VISITS = """
person | place | from  | to
A      | bank  | 08:00 | 09:00
A      | mart  | 14:00 | 15:00
B      | mart  | 14:45 | 16:00
B      | bank  | 07:50 | 08:10
C      | bank  | 09:05 | 09:10
"""
CASES = """
case | person | from  | to
1    | A      | 08:05 | +1 00:00
"""

SCENARIOS = [
    Scenario(
        title="All meetings of a case",
        text="",
        visits=VISITS,
        cases=CASES,
        question="evidence",
        asks={"lag": "10m"},
        expected="""
case_id | person_id | place_id | s     | e     | w_entered | w_left | overlap_s
1       | B         | bank     | 08:05 | 09:00 | 07:50     | 08:10  | 5m
1       | B         | mart     | 14:00 | 15:00 | 14:45     | 16:00  | 15m
1       | C         | bank     | 08:05 | 09:00 | 09:05     | 09:10  | 0
""",
    ),
    Scenario(
        title="Only of contacts that are asked for",
        text="The evidence follows the same parameters as the trace: with at least 10 minutes in all, C is no contact.",
        visits=VISITS,
        cases=CASES,
        question="evidence",
        asks={"lag": "10m", "min_overlap": "10m"},
        expected="""
case_id | person_id | place_id | overlap_s
1       | B         | bank     | 5m
1       | B         | mart     | 15m
""",
    ),
]
