"""What holds for the pages of every register there is, and of every one that is declared later."""

import pytest
from django.urls import reverse

from fangxian.core.roles import ROLES
from fangxian.faces.web.registers.access import RegisterPolicy
from fangxian.faces.web.registers.urls import urlpatterns

pytestmark = pytest.mark.django_db
PAGES = {
    "register": ("read", []), "lookup_records": ("read", []), "register_add": ("write", []),
    "register_import": ("import", []), "register_template": ("import", []), "register_export": ("export", ["csv"]),
}  # fmt: skip


def different(register) -> list[str]:
    """As few roles as show each action done by one and refused to another; `check authz` asks every role."""
    actions = {action for action, _more in PAGES.values()}
    told: set[tuple[str, bool]] = set()
    chosen = []
    for name, role in ROLES.items():
        says = {(action, register.right(action) in role.permissions) for action in actions}
        if says - told:
            chosen.append(name)
            told |= says
    return chosen


def reader(register) -> str:
    """The investigator, who reads nearly everything, or else the first role that may read it."""
    may = [name for name, role in ROLES.items() if register.right("read") in role.permissions]
    return "investigator" if "investigator" in may else may[0]


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_each_role_opens_what_it_may_and_is_refused_the_rest(officer, sign_in, register):
    wrong = []
    for role in different(register):
        who = officer(role)
        client = sign_in(who)
        for page, (action, more) in PAGES.items():
            expected = 200 if register.may(who, action) else 403
            status = client.get(reverse(page, args=[register.slug, *more])).status_code
            if status != expected:
                wrong.append((role, page, status, expected))
    assert wrong == []


@pytest.mark.sqlite_only  # the same wherever rows lie
@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_its_pages_speak_both_languages(officer, sign_in, register, language):
    who = officer(reader(register))
    shown = sign_in(who, language).get(reverse("register", args=[register.slug])).content.decode()
    assert f'lang="{"zh-Hans" if language == "zh-hans" else "en"}"' in shown


def test_every_filter_can_be_used_and_an_unknown_row_is_not_found(officer, sign_in, register):
    client = sign_in(officer(reader(register)))
    page = reverse("register", args=[register.slug])
    controls = client.get(page).context["controls"]
    for control in controls:
        for value, _label in [*control.choices[:1], *control.choices[-1:]]:  # one way in, whatever the value
            assert client.get(page, {control.name: value}).status_code == 200, (control.name, value)
        if control.kind == "range":
            assert client.get(page, {f"{control.name}_after": "2022-03-01"}).status_code == 200
    nobody = "01a1ffd5-cae2-766e-a444-5a983d9ffc93"
    assert client.get(reverse("register_record", args=[register.slug, nobody])).status_code == 404


def test_every_register_view_carries_its_policy():
    found = {pattern.name: pattern.callback for pattern in urlpatterns}
    assert {"register", "register_change", "register_import_confirm"} <= set(found)
    for name, view in found.items():
        if name != "lookup_areas":
            assert isinstance(view.policy, RegisterPolicy), name
