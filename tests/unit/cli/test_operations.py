"""Every address of web, interface and back office declares who may call it; the list is complete."""

from fangxian.core.permissions import Permission
from fangxian.faces.cli.checks.authz import MISSING, OPEN, REFUSED, expected
from fangxian.faces.cli.checks.authz_operations import Operation, operations
from fangxian.faces.cli.checks.authz_world import Caller
from fangxian.registers import site

ROW = ("pk", ("410883001",))


def test_every_operation_declares_a_policy() -> None:
    bare = [f"{group[0].method} {group[0].path}" for group in operations() if not group[0].declared]
    assert bare == []


def test_all_faces_are_walked() -> None:
    found = operations()
    paths = {one.path for group in found for one in group}
    assert {"/", "/accounts/login/", "/backoffice/core/area/", "/api/results", "/ledger/"} <= paths
    assert {f"/registers/{register.slug}/" for register in site} <= paths
    assert len(operations(every_register=True)) > len(found) > 200


def test_nothing_but_the_first_pages_is_public() -> None:
    public = {group[0].name.split()[0] for group in operations() if group[0].public}
    assert public == {
        "home", "set_up", "set_language", "account_login", "account_logout", "account_inactive", "mfa_authenticate",
        "login", "logout",
        # whoever comes declares before they have any account; knocks are counted
        "declare", "declared",
        # a personal link and its digits open what is about the holder alone
        "own", "own_appeal", "own_leave", "own_temperature",
        # the guest of a site, behind the link they were given
        "guest_page",
        # whoever is shown a proof may check it; says number and day only
        "proof_verify",
        # risk areas are published; so are messages, travel advice and figures without small cells
        "risk_areas_public", "public_area", "public_home", "public_epidemic_free", "public_message", "public_travel",
        # residents report, help and give notice without an account; knocks are counted, a code tells what became of it
        "resident_answer", "resident_help", "resident_hub", "resident_notice", "resident_report", "resident_villages",
        # whoever is shown a vaccination certificate may check it
        "vaccination_verify",
        # another installation; every letter is signed by a partner's key
        "letter_exchange",
        # the empty shell of the phone and its worker, which must load offline; whatever it shows is asked for apart
        "field", "field_worker",
    }  # fmt: skip


def test_the_expectation_is_what_is_drawn() -> None:
    read = Operation("x", "web", "GET", "/x", rights=(Permission.CASES_READ,), row="cases.case")
    assert expected(read, Caller("viewer", "own", "410883"), ROW) == OPEN
    assert expected(read, Caller("viewer", "parent", "4108"), ROW) == OPEN
    assert expected(read, Caller("viewer", "sibling", "410882"), ROW) == MISSING
    assert expected(read, Caller("viewer", "child", "410883002"), ROW) == MISSING
    assert expected(read, Caller("viewer", "none", "410883"), ROW) == REFUSED
    assert expected(read, Caller("laboratory", "own", "410883"), ROW) == REFUSED
    assert expected(Operation("x", "web", "GET", "/x", public=True), Caller("viewer", "none", ""), None) == OPEN
    assert expected(Operation("x", "web", "GET", "/x", never=True), Caller("viewer", "own", ""), None) == REFUSED
