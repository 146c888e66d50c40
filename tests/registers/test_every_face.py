"""What holds on every face of every register: pages, sheets and the interface. The site is walked, as are its faces."""

import re

import pytest
from django.db import models
from django.urls import reverse
from django.utils.html import escape

from fangxian.core import audit, scope
from fangxian.core.fields import EncryptedTextField
from fangxian.core.permissions import Permission
from fangxian.registers import site
from fangxian.registers.register import RECORD_FIELDS
from tests.registers.faces import Faces, everything, filled, quoted, text
from tests.registers.samples import cells, make, plate_number, resident_number
from tests.registers.walked import walked

# Who the test is for: all registers, those in which rows are entered, those with personal values.
WHO = {
    "me": lambda register: True,
    "writer": lambda register: not register.read_only,
    "keeper": lambda register: bool(register.secrets),
}
# Rows that are never overwritten: who comes second is told that the row no longer stands.
NEVER_OVERWRITTEN = {"testing.labresult": "a correction withdraws the row and enters another one"}
PAGES = ("list", "lookup", "add", "import", "template", "csv", "xlsx")
ROW_PAGES = ("record", "change", "unmask")
NONSENSE = {"nonsense": "1"}
KEY = "the-same-call"


def pytest_generate_tests(metafunc):
    for name, is_meant in WHO.items():
        if name in metafunc.fixturenames:
            found = [register for register in walked(metafunc.config) if is_meant(register)]
            metafunc.parametrize(name, found, ids=lambda register: register.slug, indirect=True)


@pytest.fixture
def me(request, county):
    """The faces of a register for an officer who may do in 孟州市 whatever anybody may do there."""
    return Faces(request.param, everything())


writer = keeper = me


def codes(answers: dict) -> dict[str, int]:
    return {name: answer.status_code for name, answer in answers.items()}


def stored(faces: Faces) -> int:
    return faces.register.model.unscoped.count()


def fresh(row):
    return type(row).unscoped.get(pk=row.pk)


# --- whose rows are seen ---


def test_a_neighbours_row_is_on_no_list(me, here, there):
    mine, theirs = make(me.register, here), make(me.register, there)
    for face, said in me.lists().items():
        assert str(mine.pk) in said, face
        assert str(theirs.pk) not in said, face


def test_a_neighbours_row_is_on_no_list_that_asks_for_it(me, here, there):
    theirs = make(me.register, there)
    asked = [f"?area={there.code}", f"?q={quoted(str(theirs))}", f"?page=1&area={there.code[:6]}"]
    for query in asked:
        for answer in (me.get("list", query=query), me.api("GET", query), me.get("lookup", query=query)):
            assert answer.status_code == 200 and str(theirs.pk) not in text(answer), query


def test_a_row_shows_no_neighbours_row(me, here, there):
    mine, theirs = make(me.register, here), make(me.register, there)
    for face, said in me.details(mine.pk).items():
        assert str(theirs.pk) not in said, face


@pytest.mark.sqlite_only  # the edge of a post is judged before the store is asked
def test_a_neighbours_row_is_not_found_rather_than_forbidden(me, there):
    theirs = make(me.register, there)
    answers = {
        "record": me.get("record", theirs.pk),
        "history": me.get("record", theirs.pk, "?tab=history"),
        "unmask": me.get("unmask", theirs.pk),
        "unmask at once": me.post("unmask", theirs.pk, {"reason": "to see it"}),
        "api get": me.api("GET", f"/{theirs.pk}"),
    }
    if not me.register.read_only:
        answers |= {
            "change": me.get("change", theirs.pk),
            "change at once": me.post("change", theirs.pk, NONSENSE),
            "api patch": me.api("PATCH", f"/{theirs.pk}", {"base_version": 1}),
        }
    assert codes(answers) == dict.fromkeys(answers, 404)
    assert all(str(theirs) not in text(answer) for answer in answers.values())
    assert fresh(theirs).version == theirs.version


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_what_never_was_looks_like_a_neighbours_row(me, there):
    theirs, nobody = make(me.register, there).pk, "00000000-0000-7000-8000-000000000000"
    assert text(me.api("GET", f"/{theirs}")) == text(me.api("GET", f"/{nobody}"))
    assert _said_of(me, theirs) == _said_of(me, nobody)


def _said_of(faces: Faces, pk) -> str:
    """The page without what differs anyway: the row's id and the token against forged calls."""
    return re.sub(r'Token": "\w+"', "", text(faces.get("record", pk))).replace(str(pk), "")


# --- who may at all ---


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_without_the_right_every_page_is_refused_with_the_reason(me, here, stranger):
    row, other = make(me.register, here), Faces(me.register, stranger)
    answers = {page: other.get(page) for page in PAGES}
    answers |= {f"{page} of a row": other.get(page, row.pk) for page in ROW_PAGES}
    answers |= {f"sent {page}": other.post(page, data=NONSENSE) for page in ("add", "import")}
    answers |= {f"sent {page} of a row": other.post(page, row.pk, NONSENSE) for page in ("change", "unmask")}
    assert codes(answers) == dict.fromkeys(answers, 403)
    for page, answer in answers.items():
        assert 'class="fx-reason"' in text(answer), page
        assert str(row.pk) not in text(answer).replace(answer.wsgi_request.path, ""), page


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_without_the_right_every_call_is_refused_before_it_is_read(me, here, stranger):
    row, other = make(me.register, here), Faces(me.register, stranger)
    for name, answer in _calls(other, row.pk).items():
        assert answer.status_code == 403, name
        assert answer.json()["reasons"][0]["reason"], name


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_nobody_is_led_to_the_login_or_told_401_before_anything_is_read(me, here):
    row, nobody = make(me.register, here), Faces(me.register)
    answers = [nobody.get(page) for page in PAGES] + [nobody.get(page, row.pk) for page in ROW_PAGES]
    answers += [nobody.post(page, data=NONSENSE) for page in ("add", "import")]
    answers += [nobody.post(page, row.pk, NONSENSE) for page in ("change", "unmask")]
    assert {answer.status_code for answer in answers} == {302}
    assert {answer["Location"].split("?")[0] for answer in answers} == {reverse("account_login")}
    for name, answer in _calls(nobody, row.pk).items():
        assert (answer.status_code, answer.json()) == (401, {"error": "unknown_caller", "reasons": []}), name


def _calls(faces: Faces, pk) -> dict:
    """Every operation of the register, called with nonsense where it takes a body."""
    register = faces.register
    found = {"list": faces.api("GET"), "get": faces.api("GET", f"/{pk}")}
    if not register.read_only:
        found["create"] = faces.api("POST", "", NONSENSE)
        found["patch"] = faces.api("PATCH", f"/{pk}", NONSENSE)
        found["bulk"] = faces.bulk(NONSENSE)
    if register.right("export"):
        found["export"] = faces.api("GET", "/export.csv")
    return found


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_nothing_is_entered_into_what_only_shows(me, here):
    if not me.register.read_only:
        assert {me.get(page).status_code for page in ("add", "import", "template")} == {200}
        return
    row = make(me.register, here)
    answers = [me.get("add"), me.post("add"), me.get("import"), me.get("change", row.pk), me.post("change", row.pk)]
    assert {answer.status_code for answer in answers} == {403}
    assert {me.api("POST", "", {}).status_code, me.api("PATCH", f"/{row.pk}", {}).status_code} == {405}


# --- entering ---


def test_a_row_entered_on_the_page_is_written_and_audited(writer, here):
    entered = cells(writer.register, here)
    known = set(writer.register.model.unscoped.values_list("pk", flat=True))
    assert writer.get("add").status_code == 200
    answer = writer.post("add", data=entered)
    assert answer.status_code == 302, answer.context and answer.context["form"].errors
    (made,) = writer.register.model.unscoped.exclude(pk__in=known)
    _written_by(writer, made, "web")
    assert str(made.pk) in writer.client.get(answer["Location"]).content.decode()


def test_a_row_entered_through_the_interface_is_written_and_audited(writer, here):
    answer = writer.api("POST", "", cells(writer.register, here))
    assert answer.status_code == 200, answer.content
    _written_by(writer, writer.register.model.unscoped.get(pk=answer.json()["id"]), "api")


def _written_by(faces: Faces, made, source: str) -> None:
    assert (made.created_by, made.source, made.version) == (faces.officer, source, 1)
    assert [entry.officer for entry in audit.history(made)] == [faces.officer]
    assert audit.verify().sound


def test_a_sheet_is_tried_then_imported_and_belongs_to_its_officer(writer, here, there):
    good, foreign = cells(writer.register, here), cells(writer.register, there)
    before = stored(writer)
    tried = writer.upload(list(good), list(good.values()), [foreign.get(name, "") for name in good])
    run = tried.context["run"]
    assert (stored(writer), run.ledger["inserted"], run.ledger["rejected"]) == (before, 1, 1)
    assert escape(run.ledger["rejects"][0]["reason"]) in text(tried)
    done = writer.client.post(writer.address("import_confirm", run.pk), follow=True)
    assert done.status_code == 200 and stored(writer) == before + 1
    other = Faces(writer.register, everything())
    answers = [
        other.get("import_run", run.pk),
        other.post("import_confirm", run.pk),
        other.get("import_repair", run.pk),
    ]
    assert {answer.status_code for answer in answers} == {404}


def test_a_bulk_call_is_taken_once(writer, here):
    row, other = cells(writer.register, here), cells(writer.register, here)
    before = stored(writer)
    first, again = writer.bulk(row, key=KEY), writer.bulk(row, key=KEY)
    assert first.status_code == 200 and first.json()["inserted"] == 1, first.content
    assert again.json() == first.json() and stored(writer) == before + 1
    assert writer.bulk(other, key=KEY).status_code == 409
    assert writer.api("POST", "/bulk", {"rows": [other]}).status_code == 422
    assert stored(writer) == before + 1


@pytest.mark.sqlite_only  # refused before any store is asked
def test_a_field_of_the_server_is_refused_by_the_interface(writer, here):
    good, row = cells(writer.register, here), make(writer.register, here)
    before, version = stored(writer), row.version
    for name in sorted({*RECORD_FIELDS, *_own_fields(writer.register), "nonsense"} - {"id", *writer.register.form}):
        extra = {name: "1"}
        answers = {
            "create": writer.api("POST", "", {**good, **extra}),
            "patch": writer.api("PATCH", f"/{row.pk}", {"base_version": version, **extra}),
            "bulk": writer.bulk({**good, **extra}, key=f"refused-{name}"),
        }
        assert codes(answers) == dict.fromkeys(answers, 422), name
    assert stored(writer) == before and fresh(row).version == version


def _own_fields(register) -> set[str]:
    return {field.name for field in register.model._meta.fields}


# --- not beyond one's area ---


@pytest.mark.sqlite_only  # the edge of a post is judged before the store is asked
def test_no_face_writes_a_new_row_outside_ones_area(writer, there):
    foreign = cells(writer.register, there)
    before = stored(writer)
    answers = {"page": writer.post("add", data=foreign), "create": writer.api("POST", "", foreign)}
    assert codes(answers) == {"page": 422, "create": 422}
    assert answers["create"].json()["reasons"][0]["reason"]
    assert writer.bulk(foreign).json()["rejected"] == 1
    assert writer.upload(list(foreign), list(foreign.values())).context["run"].ledger["rejected"] == 1
    assert stored(writer) == before


@pytest.mark.sqlite_only  # the edge of a post is judged before the store is asked
def test_no_face_moves_a_row_out_of_ones_area(writer, here, there):
    row = make(writer.register, here)
    form = {**filled(writer.get("change", row.pk)), "area": there.code}
    answers = {
        "page": writer.post("change", row.pk, form),
        "patch": writer.api("PATCH", f"/{row.pk}", {"base_version": row.version, "area": there.code}),
    }
    assert codes(answers) == {"page": 422, "patch": 422}
    assert writer.bulk({"id": str(row.pk), "area": there.code}).json()["rejected"] == 1
    assert (fresh(row).area_id, fresh(row).version) == (here.code, row.version)


def test_no_sheet_changes_a_neighbours_row(writer, here, there):
    theirs = make(writer.register, there)
    given = {**cells(writer.register, here), "id": str(theirs.pk)}
    ledger = writer.bulk(given).json()
    assert (ledger["rejected"], ledger["updated"], ledger["inserted"]) == (1, 0, 0)
    assert writer.upload(list(given), list(given.values())).context["run"].ledger["rejected"] == 1
    assert fresh(theirs).version == theirs.version


def test_no_row_is_hung_on_a_neighbours_row(writer, here, there):
    """A row of one's own area that names a person, tube or case of the neighbour would show them."""
    mine, theirs = cells(writer.register, here), cells(writer.register, there)
    before = stored(writer)
    for name in _links(writer.register) & set(mine):
        given = {**mine, name: theirs[name]}
        answers = {"page": writer.post("add", data=given), "create": writer.api("POST", "", given)}
        assert codes(answers) == {"page": 422, "create": 422}, name
        assert name in [reason["field"] for reason in answers["create"].json()["reasons"]]
    assert stored(writer) == before


def _links(register) -> set[str]:
    fields = (register.model._meta.get_field(name) for name in register.form)
    registered = {other.model for other in site}
    return {
        field.name for field in fields if isinstance(field, models.ForeignKey) and field.related_model in registered
    }


# --- changing ---


@pytest.mark.sqlite_only  # forms and masks are the same wherever rows lie
def test_a_form_sent_as_it_was_opened_changes_nothing(writer, here):
    row = make(writer.register, here)
    answer = writer.post("change", row.pk, filled(writer.get("change", row.pk)))
    assert answer.status_code == (422 if writer.register.slug in NEVER_OVERWRITTEN else 302), answer.context[
        "form"
    ].errors
    assert fresh(row).version == row.version and audit.history(row).count() == 1


@pytest.mark.sqlite_only  # versions are compared the same wherever rows lie
def test_whoever_comes_second_sees_both_values(writer, here):
    row, name, (first, second) = _changeable(writer.register, here)
    other = Faces(writer.register, everything())
    form = filled(writer.get("change", row.pk))
    assert other.api("PATCH", f"/{row.pk}", {"base_version": row.version, **first}).status_code == 200
    called = writer.api("PATCH", f"/{row.pk}", {"base_version": row.version, **second})
    page = writer.post("change", row.pk, {**form, **second})
    if writer.register.slug in NEVER_OVERWRITTEN:
        assert (called.status_code, page.status_code) == (422, 422)
        return
    assert (called.status_code, page.status_code) == (409, 409)
    clash = next(clash for clash in called.json()["clashes"] if clash["field"] == name)
    assert (clash["stored"], clash["wanted"]) == (first[name], second[name])
    assert clash["by"] == str(other.officer) and clash["at"]
    assert all(word in text(page) for word in (first[name], second[name], str(other.officer)))
    assert [choice.name for choice in page.context["choices"]] == [name], "only what was entered is asked"
    assert getattr(fresh(row), name) == first[name]
    kept = writer.post("change", row.pk, {**filled(page), f"choice__{name}": "mine"})
    assert kept.status_code == 302 and getattr(fresh(row), name) == second[name]


def _changeable(register, here) -> tuple:
    """A row, a field of it that a person may change, and two other values for it."""
    row = make(register, here)
    if register.slug == "testing.labresult":
        return row, "value", [{"value": value, "reason": "misread"} for value in ("POSITIVE", "INDETERMINATE")]
    if register.slug == "pharmacies.sale":  # what was sold stays; where the buyer came from may be put right
        return row, "came_from", [{"came_from": value} for value in ("first1", "second2")]
    chosen = register.fields({})  # what the register asks in a way of its own is no free text
    texts = [one for one in register.form if one not in chosen and _is_text(register.model._meta.get_field(one))]
    name = next((name for name in texts if name not in register.key), texts[0])
    return row, name, [{name: "first1"}, {name: "second2"}]


def _is_text(field: models.Field) -> bool:
    is_plain = isinstance(field, models.CharField | models.TextField) and not isinstance(field, EncryptedTextField)
    return is_plain and not field.choices and field.name not in ("disease", "credit_code", "from_code")


# --- personal values ---


@pytest.fixture
def secrets(keeper) -> dict[str, str]:
    """A recognisable value for every personal field."""
    values = {
        "id": resident_number(778),
        "phone": "13977665544",
        "address": "河南省焦作市孟州市大定街道幸福路77号院3单元502",
        "text": "我没有去过那里",
        "plate": plate_number(778),
        "name": "欧阳试验明",
    }
    field = keeper.register.model._meta.get_field
    return {name: values[field(name).mask] for name in keeper.register.secrets}


@pytest.mark.sqlite_only  # forms and masks are the same wherever rows lie
def test_personal_values_are_in_clear_on_no_face(keeper, here, secrets):
    with scope.everywhere("test data"):
        row = make(keeper.register, here, **secrets)
    assert all(getattr(fresh(row), name) == plain for name, plain in secrets.items())
    for face, said in {**keeper.lists(), **keeper.details(row.pk)}.items():
        assert not [name for name, plain in secrets.items() if plain in said], face


@pytest.mark.sqlite_only  # faces mask, whatever the store
def test_personal_values_are_in_clear_in_no_answer_to_writing_them(keeper, here, secrets):
    if keeper.register.read_only:
        assert keeper.get("add").status_code == 403  # nothing is entered here
        return
    given = {**cells(keeper.register, here), **secrets}
    made = keeper.api("POST", "", given)
    assert made.status_code == 200, made.content
    row = keeper.register.model.unscoped.get(pk=made.json()["id"])
    answers = {
        "create": made,
        "patch": keeper.api("PATCH", f"/{row.pk}", {"base_version": 1, **secrets}),
        "sheet": keeper.upload([*given, "id"], [*given.values(), str(row.pk)], [*given.values(), "nobody"]),
        "bulk": keeper.bulk({**given, "id": "nobody"}),
        "history": keeper.get("record", row.pk, "?tab=history"),
    }
    assert codes(answers) == dict.fromkeys(answers, 200)
    for face, answer in answers.items():
        assert not [name for name, plain in secrets.items() if plain in text(answer)], face
    assert not [entry for entry in audit.history(row) if any(plain in str(entry.detail) for plain in secrets.values())]


@pytest.mark.sqlite_only  # forms and masks are the same wherever rows lie
def test_personal_values_are_shown_for_a_reason_that_is_kept(keeper, here, secrets):
    row = make(keeper.register, here, **secrets)
    silent = keeper.post("unmask", row.pk, {"reason": ""})
    assert silent.status_code == 422 and not [plain for plain in secrets.values() if plain in text(silent)]
    shown = keeper.post("unmask", row.pk, {"reason": "to call them about the test"})
    assert shown.status_code == 200 and all(plain in text(shown) for plain in secrets.values())
    (entry,) = audit.history(row).filter(action="people.unmasked")
    assert (entry.officer, entry.detail["reason"]) == (keeper.officer, "to call them about the test")


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_reading_a_register_is_not_yet_the_right_to_unmask(keeper, here, holder, secrets):
    row = make(keeper.register, here, **secrets)
    reader = holder(keeper.register.right("read"))
    assert Permission.PEOPLE_UNMASK not in reader.posts.get().role_class.permissions
    answer = Faces(keeper.register, reader).post("unmask", row.pk, {"reason": "curiosity"})
    assert answer.status_code == 403 and not [plain for plain in secrets.values() if plain in text(answer)]
