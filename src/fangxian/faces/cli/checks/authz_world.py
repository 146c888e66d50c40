"""The world of the matrix: a small demo county, a row of every register, and an officer for every role and place."""

import base64
import secrets
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.auth.hashers import make_password
from django.contrib.sessions.backends.db import SessionStore
from django.utils.crypto import get_random_string

from fangxian.core import jobs, records, scope
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.core.ids import uuid7
from fangxian.core.officers import Officer, Post
from fangxian.core.roles import ROLES
from fangxian.demo import story
from fangxian.demo.areas import COUNTY, PREFECTURE
from fangxian.faces.api import models as api
from fangxian.faces.cli.checks.authz_operations import Operation
from fangxian.faces.cli.output import Advance
from fangxian.faces.web.middleware import SEEN, STARTED
from fangxian.registers import attachments, site
from fangxian.registers.behaviours import Attached
from fangxian.warehouse import visit_log

SCALE, DEVICE = 0.002, "check-device"
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"
QUESTION = {"windows": [], "lag": 0, "least": 0, "most_rows": 0, "second": False, "without": [], "only": []}
RELATIONS = ("own", "parent", "sibling", "child", "none")


@dataclass
class Caller:
    """An officer of one role at one place, with a live and an expired session and token."""

    role: str
    relation: str
    area: str
    sessions: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)

    @property
    def permissions(self) -> frozenset:
        """What the role may do; nothing once the post has ended."""
        return frozenset() if self.relation == "none" else ROLES[self.role].permissions


@dataclass
class World:
    """Callers, the row each address uses (`row` → id and its area codes), and rows that could not be found."""

    callers: list[Caller]
    rows: dict[str, tuple[str, tuple[str, ...]]]
    missing: list[str]

    def row(self, one: Operation) -> tuple[str, tuple[str, ...]] | None:
        """The row an operation's address names."""
        return self.rows[one.row] if one.row else None


def make(advance: Advance) -> World:
    """Build the county, then the callers."""
    story.replay(story.build(scale=SCALE, progress=lambda what, done, total: advance(done, total, what)))
    rows, missing, sibling, child = _rows()
    areas = {"own": COUNTY, "parent": PREFECTURE, "sibling": sibling, "child": child, "none": COUNTY}
    callers = [_caller(role, relation, areas[relation]) for role in ROLES for relation in RELATIONS]
    return World(callers, rows, missing)


def _rows() -> tuple[dict[str, tuple[str, tuple[str, ...]]], list[str], str, str]:
    """A row of every register that lies in the county alone; and a village in which none of them lies."""
    found, missing = {}, []
    with scope.everywhere("the check needs a row of every register"):
        _supply()
        for register in site:
            row = next((row for row in register.rows().order_by("-pk")[:5000] if _inside(row)), None)
            if row is None:
                missing.append(register.slug)
            else:
                found[register.slug] = (str(row.pk), _codes(row))
                if issubclass(register.model, Attached):  # a file that is called like its row
                    attachments.attach(row, name="check.pdf", content=b"%PDF-", by=None, id=row.pk)
        job = jobs.Job.objects.create(kind="check", state=jobs.Job.State.DONE)
        sibling = Area.objects.filter(kind="county", parent_id=PREFECTURE).exclude(code=COUNTY).order_by("code").first()
    used = {code for _pk, codes in found.values() for code in codes}
    villages = Area.objects.filter(kind="village", code__startswith=COUNTY).values_list("code", flat=True)
    child = next(code for code in villages if not any(area.startswith(code) for area in used))
    visit_log().devices.issue(DEVICE, area=COUNTY)
    officer = Officer.objects.filter(posts__area_id=COUNTY).order_by("pk").first()
    found |= {"job": (str(job.pk), ()), "own": ("", ()), "device": (DEVICE, (COUNTY,)),
              "officer": (str(officer.pk), ())}  # fmt: skip
    return found, missing, sibling.code, child


def _supply() -> None:
    """Rows of registers the demo may leave empty."""
    from fangxian.systems.cases import selectors, services, traces

    case, other = selectors.cases_in(COUNTY)[:2]
    area = Area.objects.get(code=COUNTY)
    _supply_codes()
    _supply_partner(area)
    services.add_exposure(by=None, case=case, kind="OTHER", area=area)
    services.add_timeline(by=None, case=case, kind="STAY", starts_at=now(), area=area)
    services.link(by=None, infector=case, infected=other, area=area)
    services.open_event(by=None, area=area, name="check", disease=case.disease)
    asker = Officer.objects.filter(posts__area_id=COUNTY).order_by("pk").first()
    traces.ask(by=asker, area=area, case=case, purpose="REVIEW_CONTACT", reason="check", question=QUESTION,
               expires_at=now() + timedelta(days=1))  # fmt: skip


def _supply_partner(area: Area) -> None:
    """A partner for letters, not confirmed."""
    from fangxian.systems.letters import services

    key = base64.b64encode(secrets.token_bytes(32)).decode()
    services.propose_peer(by=None, area=area, name="check", code="99", url="https://check.example", public_key=key)


def _supply_codes() -> None:
    """A printed code, and a scan of a bad one."""
    from fangxian.systems.screening import flagged, printing, selectors
    from fangxian.systems.screening.plausible import Attempt

    place = selectors.in_area(COUNTY).first()
    printing.print_codes(places=[place], by=None, valid_from=today(), valid_until=today())
    second = int(now().timestamp())
    flagged.keep([Attempt(uuid7(), "expired", uuid7(), place.pk.bytes, second, None, DEVICE, COUNTY, "")])


def _inside(row: Any) -> bool:
    return all(code.startswith(COUNTY) for code in _codes(row))


def _codes(row: Any) -> tuple[str, ...]:
    """The codes of every area by which a row is seen."""
    codes = (getattr(row, f"{name}_id") for name in row.scope_fields)
    return tuple(code for code in codes if code)


def _caller(role: str, relation: str, area: str) -> Caller:
    officer = Officer.objects.create(username=f"{role}-{relation}", name=f"{role} {relation}", password=_password())
    begun, ended = today() - timedelta(days=30), today() - timedelta(days=1)
    post = Post.objects.create(officer=officer, role=role, area_id=area, valid_from=begun)
    if ROLES[role].one_house:
        _stand_everywhere(officer)
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data={})
    RecoveryCodes.activate(officer)
    made = Caller(role, relation, area)
    made.sessions = {"live": _session(officer, 0), "expired": _session(officer, 13 * 3600)}
    made.tokens = {"live": _token(post, 1, officer), "expired": _token(post, -1, officer)}
    if relation == "none":
        Post.objects.filter(pk=post.pk).update(valid_to=ended)
    return made


def _stand_everywhere(officer: Officer) -> None:
    """Whose post is for one house holds all of them here: the matrix is about areas; houses have tests of their own."""
    clerk, pharmacy = site.get("pharmacies.clerk").model, site.get("pharmacies.pharmacy").model
    with scope.everywhere("a clerk of every pharmacy"):
        held = [clerk(area=house.area, pharmacy=house, officer=officer) for house in pharmacy.objects.all()]
        records.create_many(clerk, held, by=None, action="check.made")


@cache
def _password() -> str:
    """The hash of a password nobody knows, made once."""
    return make_password(get_random_string(32))


def _session(officer: Officer, age_s: int) -> str:
    """A signed-in session that began and was last used so long ago."""
    store, moment = SessionStore(), int(now().timestamp()) - age_s
    store[SESSION_KEY], store[BACKEND_SESSION_KEY] = str(officer.pk), BACKEND
    store[HASH_SESSION_KEY] = officer.get_session_auth_hash()
    store[STARTED], store[SEEN], store["check"] = moment, moment, get_random_string(8)
    store.create()
    return store.session_key


def _token(post: Post, days: int, officer: Officer) -> str:
    return api.issue(post, name="check", expires_at=now() + timedelta(days=days), by=officer)[1]
