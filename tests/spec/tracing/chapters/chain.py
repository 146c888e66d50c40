from tests.spec.tracing.scenario import Scenario

TITLE = "Contacts of contacts"
TEXT = (
    "A contact is followed further from its first meeting with the case to the end of the case's window: infection "
    "travels forward in time. The answer is ranked and cut, and says how many were cut."
)

CASES = """
case | person | from  | to
1    | A      | 00:00 | +1 00:00
"""

SCENARIOS = [
    Scenario(
        title="Only what happened after the meeting",
        text="B met C in the morning, before B met A, and D in the afternoon, after it. C cannot have caught it "
        "from B.",
        visits="""
person | place | from  | to
A      | mart  | 12:00 | 13:00
B      | mart  | 12:00 | 13:00
B      | bank  | 08:00 | 09:00
C      | bank  | 08:00 | 09:00
B      | gym   | 18:00 | 19:00
D      | gym   | 18:30 | 19:30
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10},
        expected="""
case_id | via_id | person_id | paths | score_s | meetings | overlap_s | first_at | last_at
1       | B      | D         | 1     | 30m     | 1        | 30m       | 18:30    | 18:30
""",
    ),
    Scenario(
        title="Contacts of the case stay in the first degree",
        text="B and C both met A, and each other. Neither is a contact of a contact, nor is A.",
        visits="""
person | place | from  | to
A      | mart  | 12:00 | 13:00
B      | mart  | 12:00 | 13:00
C      | mart  | 12:00 | 13:00
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10},
        expected="case_id | via_id | person_id",
    ),
    Scenario(
        title="A chain is as strong as its weakest link",
        text="A sat with B for one hour and with C for 20 minutes. D met B and C, E only C, but for long. The "
        "score of a path is the "
        "shorter of its two links, and paths add up: D has 30 minutes through B and 20 through C, E 20.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:00 | 09:00
A      | bank  | 10:00 | 10:20
C      | bank  | 10:00 | 10:20
B      | gym   | 12:00 | 13:00
D      | gym   | 12:30 | 13:00
C      | pool  | 15:00 | 16:00
D      | pool  | 15:00 | 16:00
E      | pool  | 15:00 | 16:00
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10},
        expected="""
case_id | via_id | person_id | paths | score_s | overlap_s
1       | B      | D         | 2     | 50m     | 1h30m
1       | C      | E         | 1     | 20m     | 1h
""",
    ),
    Scenario(
        title="Equal paths name the lowest id",
        text="",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:00 | 09:00
C      | mart  | 08:00 | 09:00
B      | gym   | 12:00 | 13:00
C      | gym   | 12:00 | 13:00
D      | gym   | 12:30 | 13:00
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10},
        expected="""
case_id | via_id | person_id | paths | score_s
1       | B      | D         | 2     | 1h
""",
    ),
    Scenario(
        title="Ranked and cut",
        text="Three persons were found; the two with the best scores are kept, one is cut. Equal scores: lowest "
        "id first.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:00 | 09:00
B      | gym   | 12:00 | 13:00
C      | gym   | 12:50 | 13:00
D      | gym   | 12:20 | 13:00
E      | gym   | 12:50 | 13:00
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 2},
        cut=1,
        expected="""
case_id | person_id | score_s
1       | D         | 40m
1       | C         | 10m
""",
    ),
    Scenario(
        title="Short contacts are not followed",
        text="A met B for ten minutes only.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:50 | 09:00
B      | gym   | 12:00 | 13:00
C      | gym   | 12:00 | 13:00
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10},
        expected="case_id | person_id",
    ),
    Scenario(
        title="A latent time",
        text="B is followed from two hours after the first meeting with A, at 8:00, on: C came too early, D did not.",
        visits="""
person | place | from  | to
A      | mart  | 08:00 | 09:00
B      | mart  | 08:00 | 09:00
B      | gym   | 09:00 | 11:00
C      | gym   | 09:00 | 09:30
D      | gym   | 10:30 | 11:00
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10, "latent": "2h"},
        expected="""
case_id | person_id | first_at
1       | D         | 10:30
""",
    ),
    Scenario(
        title="Hubs are left out of both degrees",
        text="B met A in a quiet place, then three others at the station.",
        visits="""
person | place   | from  | to
A      | mart    | 08:00 | 09:00
B      | mart    | 08:00 | 09:00
B      | station | 12:00 | 13:00
C      | station | 12:00 | 13:00
D      | station | 12:00 | 13:00
E      | station | 12:00 | 13:00
B      | gym     | 18:00 | 19:00
E      | gym     | 18:00 | 18:30
""",
        cases=CASES,
        question="trace_chain",
        asks={"expand_min_overlap": "15m", "limit": 10, "max_place_rows": 2},
        expected="""
case_id | person_id | score_s
1       | E         | 30m
""",
    ),
]
