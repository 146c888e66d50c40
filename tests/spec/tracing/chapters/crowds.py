from tests.spec.tracing.scenario import Scenario

TITLE = "Crowds"
TEXT = "A stay that met more visits than `max_place_rows` says little about any of them and can be left out."

VISITS = """
person | place   | from  | to
A      | station | 08:00 | 08:30
A      | station | 18:00 | 18:30
A      | bank    | 10:00 | 10:30
B      | station | 08:00 | 08:20
C      | station | 08:00 | 08:20
D      | station | 08:00 | 08:20
E      | station | 18:00 | 18:20
F      | bank    | 10:00 | 10:20
"""
CASES = """
case | person | from  | to
1    | A      | 00:00 | +1 00:00
"""

SCENARIOS = [
    Scenario(
        title="A hub is left out stay by stay",
        text="In the morning A met three visits at the station, in the evening one. With at most two, the "
        "morning is left out; "
        "the evening at the same place stays.",
        visits=VISITS,
        cases=CASES,
        asks={"max_place_rows": 2},
        expected="""
case_id | person_id | overlap_s | top_place_id
1       | E         | 20m       | station
1       | F         | 20m       | bank
""",
    ),
    Scenario(
        title="Exactly as many as allowed stay in",
        text="",
        visits=VISITS,
        cases=CASES,
        asks={"max_place_rows": 3},
        expected="""
case_id | person_id | overlap_s
1       | B         | 20m
1       | C         | 20m
1       | D         | 20m
1       | E         | 20m
1       | F         | 20m
""",
    ),
    Scenario(
        title="Nobody is left",
        text="",
        visits=VISITS,
        cases=CASES,
        asks={"max_place_rows": 0},
        expected="case_id | person_id",
    ),
]
