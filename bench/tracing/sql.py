"""The definition as one SQL statement for peers, hand-written: the same nine columns as `CONTACTS`."""

from fangxian.engines.tracing import MAX_STAY

STAYS = """
    SELECT c.case_id AS case_id, c.person_id AS person_id, v.place_id AS place_id,
           CASE WHEN v.entered_at > c.t0 THEN v.entered_at ELSE c.t0 END AS s,
           CASE WHEN v.left_at < c.t1 THEN v.left_at ELSE c.t1 END AS e
    FROM {cases} c JOIN {by_person} v ON v.person_id = c.person_id
    WHERE v.entered_at < c.t1 AND v.left_at > c.t0 AND v.entered_at > c.t0 - {max_stay}
"""

CONTACTS = """
WITH stay AS {materialized} ({stays}), met AS (
    SELECT stay.case_id AS case_id, w.person_id AS person_id, w.place_id AS place_id,
           greatest(w.entered_at, stay.s) AS began,
           greatest(0, least(w.left_at, stay.e) - greatest(w.entered_at, stay.s)) AS overlap_s
    FROM stay JOIN {by_place} w ON w.place_id = stay.place_id
    WHERE w.entered_at < stay.e AND w.entered_at > stay.s - {max_stay} AND w.left_at > stay.s
      AND w.person_id <> stay.person_id
), folded AS (
    SELECT case_id, person_id, place_id, count(*) AS n, sum(overlap_s) AS overlap_s,
           sum(CASE WHEN overlap_s = 0 THEN 1 ELSE 0 END) AS lagged, min(began) AS first_at, max(began) AS last_at
    FROM met GROUP BY case_id, person_id, place_id
)
SELECT CAST(case_id AS bigint) AS case_id, person_id, CAST(sum(n) AS int) AS meetings,
       CAST(sum(overlap_s) AS bigint) AS overlap_s, CAST(sum(lagged) AS int) AS lag_meetings,
       CAST(min(first_at) AS int) AS first_at, CAST(max(last_at) AS int) AS last_at,
       CAST(count(*) AS smallint) AS places,
       CAST(2147483647 - max(CAST(overlap_s AS bigint) * 2147483648 + (2147483647 - place_id)) % 2147483648 AS int)
           AS top_place_id
FROM folded GROUP BY case_id, person_id
"""

FOLLOWED = """
SELECT row_number() OVER () AS case_id, first.person_id, first.first_at AS t0, root.t1, first.overlap_s AS seconds
FROM first, root WHERE first.overlap_s >= {seconds} AND first.first_at < root.t1
"""
"""Contacts of the one case in `root` that are followed further, as cases of their own."""

SECOND = """
WITH link AS (
    SELECT followed.person_id AS via, w.person_id, least(w.overlap_s, followed.seconds) AS score,
           w.meetings, w.overlap_s, w.first_at, w.last_at
    FROM ({contacts}) w JOIN followed USING (case_id)
    WHERE w.person_id NOT IN (SELECT person_id FROM first) AND w.person_id NOT IN (SELECT person_id FROM root)
)
SELECT (SELECT case_id FROM root) AS case_id,
       2147483647 - max(CAST(score AS bigint) * 2147483648 + (2147483647 - via)) % 2147483648 AS via_id, person_id,
       count(*) AS paths, sum(score) AS score_s, sum(meetings) AS meetings, sum(overlap_s) AS overlap_s,
       min(first_at) AS first_at, max(last_at) AS last_at
FROM link GROUP BY person_id ORDER BY score_s DESC, person_id LIMIT {limit}
"""
"""The best contacts of contacts: the columns of `SECOND`."""


def stays(cases: str, by_person: str) -> str:
    """Where the cases were."""
    return STAYS.format(cases=cases, by_person=by_person, max_stay=MAX_STAY)


def contacts_of(stays_source: str, by_place: str, *, materialized: bool = False) -> str:
    """Contacts of the stays in a table or a query; PostgreSQL needs them materialized to use its index on time."""
    query = stays_source if " " in stays_source else f"SELECT * FROM {stays_source}"
    word = "MATERIALIZED" if materialized else ""
    return CONTACTS.format(stays=query, by_place=by_place, materialized=word, max_stay=MAX_STAY)


def contacts(*, cases: str, by_person: str, by_place: str, materialized: bool) -> str:
    """The whole question as one statement over these tables."""
    return contacts_of(stays(cases, by_person), by_place, materialized=materialized)


def one_case(case: tuple[int, int, int, int]) -> str:
    """A case as a derived table."""
    case_id, person, t0, t1 = case
    return f"(SELECT CAST({case_id} AS bigint) AS case_id, {person} AS person_id, {t0} AS t0, {t1} AS t1)"
