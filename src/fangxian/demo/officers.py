"""Accounts of every role. None has a password, so nobody can sign in with one until a person has set theirs up."""

from dataclasses import dataclass

import numpy as np
from django.contrib.auth.hashers import make_password

from fangxian.core import audit
from fangxian.core.areas import Area
from fangxian.core.officers import Officer, Post
from fangxian.demo import names
from fangxian.demo.areas import COUNTY, PREFECTURE, Tree
from fangxian.demo.days import FIRST_DAY

COUNTY_POSTS = {
    "duty_officer": 2, "investigator": 3, "sampler": 4, "laboratory": 1, "checkpoint_guard": 3, "isolation_manager": 2,
    "nurse": 2, "clinician": 2, "pharmacy_clerk": 2, "inspector": 2, "viewer": 1, "security_admin": 1, "audit_admin": 1,
    "cold_chain_keeper": 1, "store_keeper": 1,
}  # fmt: skip
"""How many of each the county has; the system administrator is whoever does the set-up."""


@dataclass(frozen=True)
class Staff:
    """The officers by user name, and the grid worker of each cell."""

    by_username: dict[str, Officer]
    worker_of: dict[str, Officer]

    def __getitem__(self, username: str) -> Officer:
        return self.by_username[username]


def appoint_all(rng: np.random.Generator, tree: Tree) -> Staff:
    """Make the accounts and their posts, with one audit row for all."""
    posts = [*_county(), *_townships(tree), *_neighbours(tree), *_workers(tree)]
    area = Area.objects.get(code=COUNTY)
    with audit.act("core.demo.officers_appointed", by=None, area=area, detail={"officers": len(posts)}):
        officers = Officer.objects.bulk_create(_accounts(rng, [username for username, _role, _code in posts]))
        by_username = {officer.username: officer for officer in officers}
        Post.objects.bulk_create(
            [
                Post(officer=by_username[username], role=role, area_id=code, valid_from=FIRST_DAY.replace(month=1))
                for username, role, code in posts
            ]
        )
    workers = {code: by_username[username] for username, role, code in posts if role == "grid_worker"}
    return Staff(by_username, workers)


def _county() -> list[tuple[str, str, str]]:
    return [
        (f"{role.replace('_', '-')}{number}", role, COUNTY)
        for role, count in COUNTY_POSTS.items()
        for number in range(1, count + 1)
    ]


def _townships(tree: Tree) -> list[tuple[str, str, str]]:
    return [(f"township-{code}", "township_officer", code) for code in tree.towns]


def _neighbours(tree: Tree) -> list[tuple[str, str, str]]:
    """The prefecture and the other counties have a duty officer, so that letters find somebody."""
    counties = sorted({code[:6] for code in tree.neighbours})
    return [(f"duty-officer-{code}", "duty_officer", code) for code in (PREFECTURE, *counties)]


def _workers(tree: Tree) -> list[tuple[str, str, str]]:
    return [(f"grid-{code}", "grid_worker", code) for code in tree.cells]


def _accounts(rng: np.random.Generator, usernames: list[str]) -> list[Officer]:
    male = rng.random(len(usernames)) < 0.5
    called = np.char.add(names.surnames(rng, len(usernames)), names.given_names(rng, male)).tolist()
    return [
        Officer(username=username, name=name, password=make_password(None))
        for username, name in zip(usernames, called, strict=True)
    ]
