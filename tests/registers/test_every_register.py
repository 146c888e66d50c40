"""What holds for every register, whatever it is about. The site is walked; nobody has to remember to add a test."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import audit, scope
from fangxian.core.audit import AuditEntry
from fangxian.core.records import Record
from fangxian.core.scope import ScopeMissing
from fangxian.registers import exports, forms, imports, listing, site
from fangxian.registers.listing import Query
from fangxian.registers.sheets import Table
from tests.registers.samples import cells, make


def subclasses(model):
    return [found for child in model.__subclasses__() for found in (child, *subclasses(child))]


def test_every_record_has_a_register():
    records = {model for model in subclasses(Record) if not model._meta.abstract}
    assert records == {register.model for register in site}


def test_reading_without_a_scope_raises(register, county):
    with pytest.raises(ScopeMissing):
        list(register.rows())


def test_only_own_rows_are_listed_found_and_exported(register, here, there, holder):
    mine, theirs = make(register, here), make(register, there)
    with register.scope(holder(register.right("read")), "read"):
        assert [row.pk for row in listing.page(register, Query()).rows] == [mine.pk]
        assert register.get(mine.pk) == mine
        with pytest.raises(register.model.DoesNotExist):
            register.get(theirs.pk)
        text = "".join(exports.csv(register, Query(), by=None))
    assert str(mine.pk) in text and str(theirs.pk) not in text


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_without_the_right_every_action_is_refused_with_a_reason(register, stranger):
    for action in ("read", "write", "import", "export"):
        decision = register.may(stranger, action)
        assert not decision and decision.reason


@pytest.mark.sqlite_only  # rights are the same wherever rows lie
def test_a_right_ends_at_the_edge_of_the_post(register, holder):
    officer = holder(register.right("read"))
    assert register.may(officer, "read", "410883001")
    assert not register.may(officer, "read", "410882001")


@pytest.mark.sqlite_only  # faces mask and tell, whatever the store
def test_personal_values_are_shown_masked(register, here):
    row = make(register, here)
    with scope.within("410883"):
        fresh = register.get(row.pk)
    for name in register.secrets:
        plain = getattr(fresh, name).reveal()
        shown = str(getattr(fresh, name))
        assert not plain or plain != shown


def test_an_import_accounts_for_every_row_and_is_repeatable(register, here, there):
    if register.read_only:
        with pytest.raises(ValidationError), scope.within("410883"):
            imports.run(register, Table(["nothing"], [["x"]]), by=None)
        return
    good, foreign = cells(register, here), cells(register, there)
    names = list(good)
    table = Table(
        [*names, "unknown column"],
        [[*good.values(), "x"], ["", *[""] * len(names)], [*good.values(), ""], [foreign.get(n, "") for n in names]],
    )
    with scope.within("410883"):
        trial = imports.run(register, table, by=None, dry_run=True)
        stored = register.model.unscoped.count()
        first = imports.run(register, table, by=None)
        inserted = register.model.unscoped.count() - stored
        again = imports.run(register, table, by=None)
    assert trial.counts() == first.counts() and trial.inserted == inserted
    assert first.balanced and again.balanced
    assert first.ignored_columns == ["unknown column"]
    assert (first.blank, first.rejected) == (1, 1) and first.rejects[0].row == 5 and first.rejects[0].reason
    if any(good.get(name) for name in register.key):
        assert (first.inserted, first.duplicate) == (1, 1)
        assert (again.inserted, again.unchanged) == (0, 1)


@pytest.mark.sqlite_only  # faces mask and tell, whatever the store
def test_the_repair_sheet_holds_the_rejected_rows_as_they_came(register, there):
    if register.read_only:
        return
    foreign = cells(register, there)
    with scope.within("410883"):
        ledger = imports.run(register, Table(list(foreign), [list(foreign.values())]), by=None)
    assert ledger.repair == [list(foreign.values())]


def test_an_export_can_be_imported_again_without_any_change(register, here):
    if register.read_only:
        return
    make(register, here)
    with scope.within("410883"):
        rows = [[str(cell) for cell in row] for row in exports.rows(register, Query())]
        ledger = imports.run(register, Table(exports.headings(register), rows), by=None)
    assert ledger.counts() == {**dict.fromkeys(ledger.counts(), 0), "rows": 1, "unchanged": 1}, ledger.as_dict()


def test_an_export_carries_no_personal_number(register, here):
    row = make(register, here)
    with scope.within("410883"):
        text = "".join(exports.csv(register, Query(), by=None))
    for name in register.secrets:
        plain = getattr(row, name).reveal()
        assert not plain or plain not in text


def test_adding_by_form_writes_row_and_audit_line(register, here, holder):
    if register.read_only:
        return
    entered = cells(register, here)
    with scope.within("410883"):
        form = forms.form_class(register)(entered)
        assert form.is_valid(), form.errors
        made = register.write(by=holder(register.right("write")), values=form.cleaned_data)
    assert audit.history(made).first() is not None
    assert AuditEntry.objects.count() and audit.verify().sound


@pytest.mark.sqlite_only  # the edge of a post is judged before the store is asked
def test_nothing_is_entered_outside_the_area(register, there):
    if register.read_only:
        return
    entered = cells(register, there)
    with scope.within("410883"):
        assert not forms.form_class(register)(entered).is_valid()


def test_the_declaration_reads_well(register):
    assert register.help and register.title and register.icon
    assert register.right("read") is not None
