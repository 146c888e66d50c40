"""Officers, posts, roles, rights: rights come only from posts, and a refusal carries its reason."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ValidationError

from fangxian.core import roles
from fangxian.core.areas import Area
from fangxian.core.officers import Officer, Post, appoint, dismiss
from fangxian.core.permissions import Permission, Refused, may, require


def test_rights_come_from_posts_and_end_with_them(officer, frozen):
    worker = officer("grid_worker", area="410883001212")
    assert may(worker, Permission.PEOPLE_READ)
    assert may(worker, Permission.PEOPLE_READ, "410883001212001")
    assert not may(worker, Permission.PEOPLE_READ, "410883002201")
    dismiss(worker.posts.get(), by=None)
    fresh = Officer.objects.get(pk=worker.pk)
    assert not may(fresh, Permission.PEOPLE_READ)


def test_a_refusal_says_why(officer):
    with pytest.raises(Refused, match="people.export"):
        require(officer("grid_worker"), Permission.PEOPLE_EXPORT)
    assert not may(AnonymousUser(), Permission.PEOPLE_READ)
    assert not may(None, Permission.PEOPLE_READ)
    gone = officer("duty_officer")
    gone.is_active = False
    assert not may(gone, Permission.PEOPLE_READ)
    require(officer("duty_officer"), Permission.PEOPLE_READ, "410883")


def test_the_three_administrations_never_meet_in_one_account(officer):
    system = officer("system_admin")
    for role in ("security_admin", "audit_admin"):
        with pytest.raises(ValidationError):
            appoint(system, role=role, area=Area.objects.get(code="410883"), by=None)
    appoint(system, role="system_admin", area=Area.objects.get(code="410882"), by=None)
    appoint(system, role="viewer", area=Area.objects.get(code="410883"), by=None)
    assert {post.role for post in system.current_posts} == {"system_admin", "viewer"}


def test_an_unknown_role_is_refused(officer):
    with pytest.raises(ValidationError):
        appoint(officer(None), role="king", area=Area.objects.get(code="410883"), by=None)


def test_what_an_account_shows(officer):
    admin, worker = officer("system_admin", name="李管"), officer("grid_worker")
    assert str(admin) == "李管" and "·" in str(admin.current_posts[0])
    assert admin.is_administrator and admin.is_staff and admin.needs_second_factor
    assert admin.has_perm("core.change_area") and admin.has_module_perms("core")
    assert not (worker.is_staff or worker.needs_second_factor or worker.has_perm("x"))
    assert not Post(role="viewer").clean()


def test_every_role_says_who_may_hold_it():
    assert {key for key, _name in roles.choices()} == set(roles.ROLES)
    for role in roles.ROLES.values():
        assert role.display_name and role.description and role.permissions


def test_administrators_see_no_personal_data():
    for role in roles.ROLES.values():
        if role.administration:
            assert not {p for p in role.permissions if p.startswith(("people.", "cases.", "testing.", "quarantine."))}
