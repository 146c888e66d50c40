"""A laboratory's file: every row accounted for, drawn as rows and what became of each."""

from datetime import timedelta

import pytest

from fangxian.core.clock import now
from fangxian.systems.command.models import Task
from fangxian.systems.testing import services
from fangxian.systems.testing.judging import read_value
from fangxian.systems.testing.models import LabResult
from fangxian.systems.testing.services import ResultRow


@pytest.fixture
def send(tube):
    """`send("A1 阴性", …)` sends rows; tubes A1, B1, C1 hold a sample each, E1 is empty."""
    for barcode in ("A1", "B1", "C1"):
        tube(barcode)
    tube("E1", samples=0)

    def run(*lines: str, **cells):
        rows = []
        for number, line in enumerate(lines, start=2):
            barcode, value = (line.split(" ", 1) + [""])[:2] if line else ("", "")
            words = {"disease": "covid19", "tested_at": now() if line else "", "laboratory": "CDC", **cells}
            rows.append(ResultRow(number, barcode, value=value, **words))
        return services.import_results(rows, by=None)

    return run


# rows                                          ledger                       stored
FILES = [
    (("A1 阴性", "B1 +"),                     "inserted2",            "NEGATIVE/IN_FORCE POSITIVE/IN_FORCE"),
    (("A1 阴性", "a1 NEG"),                   "inserted1 duplicate1", "NEGATIVE/IN_FORCE"),
    (("A1 阴性", "A1 阳性"),                   "inserted2",            "NEGATIVE/HELD POSITIVE/HELD"),
    (("Z9 阴性", "E1 阴性", "A1 ?", ""),       "rejected3 blank1",     ""),
    (("A1 阴性", "A1 阳性", "A1 阴性", "A1 可疑"), "inserted3 duplicate1",
     "NEGATIVE/HELD POSITIVE/HELD INDETERMINATE/HELD"),
]  # fmt: skip


def stored() -> str:
    return " ".join(f"{r.value}/{r.state}" for r in LabResult.objects.order_by("pk"))


@pytest.mark.parametrize(("rows", "counts", "after"), FILES)
def test_files(send, rows, counts, after):
    ledger = send(*rows)
    figures = {name: n for name, n in ledger.counts().items() if n and name != "rows"}
    assert " ".join(f"{name}{n}" for name, n in figures.items()) == counts
    assert ledger.balanced
    assert stored() == after


def test_every_reject_names_row_field_and_reason(send):
    ledger = send("Z9 阴性", "E1 阴性", "A1 maybe")
    assert [(r.row, r.field, r.reason.split(":")[0]) for r in ledger.rejects] == [
        (2, "tube", "This tube is not registered."),
        (3, "tube", "No sample is registered in this tube"),
        (4, "value", "“maybe” is not a result."),
    ]


# cells                                                    field
BAD = [
    ({"disease": ""},                                      "disease"),
    ({"laboratory": "x" * 81},                             "laboratory"),
    ({"tested_at": "yesterday"},                           "tested_at"),
    ({"tested_at": "2022-03-01 08:00"},                    "tested_at"),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "field"), BAD)
def test_cells_that_cannot_be_taken(send, cells, field):
    assert [reject.field for reject in send("A1 -", **cells).rejects] == [field]


def test_a_file_sent_again_is_harmless(send):
    send("A1 阴性", "B1 阳性")
    again = send("A1 阴性", "B1 阳性")
    assert (again.inserted, again.unchanged, again.positives) == (0, 2, [])


def test_a_contradiction_with_what_is_stored_holds_both_and_hands_one_task_down(send):
    first = send("A1 阳性")
    assert len(first.positives) == 1
    second = send("A1 阴性", "B1 阳性", "B1 阴性")
    assert [(note.row, note.field) for note in second.held] == [(2, "value"), (4, "value")]
    assert second.positives == []
    assert Task.objects.filter(kind="RESULT_CONFLICT").count() == 2
    assert set(LabResult.objects.values_list("state", flat=True)) == {"HELD"}
    assert second.as_dict()["held"][0]["row"] == 2


def test_a_positive_that_a_later_thousand_contradicts_is_not_reported(send, monkeypatch):
    monkeypatch.setattr("fangxian.systems.testing.laboratory_file.CHUNK", 1)
    assert send("A1 阳性", "A1 阴性").positives == []


def test_times_as_excel_writes_them(send):
    moment = (now() - timedelta(minutes=30)).astimezone().strftime("%Y/%m/%d %H:%M")
    local = "2022/3/15 7:45"
    assert send("A1 -", tested_at=local).inserted == 1, moment
    assert LabResult.objects.get().tested_at == now() - timedelta(minutes=15)


@pytest.mark.parametrize(
    ("text", "value"),
    [(" 阳性 ", "POSITIVE"), ("Not Detected", "NEGATIVE"), ("可疑", "INDETERMINATE"), ("", None), ("阴阳", None)],
)
def test_spellings(text, value):
    assert read_value(text) == value


def test_statements_do_not_grow_with_the_rows(tube, people, village, django_assert_max_num_queries):
    from fangxian.systems.testing.models import Sample, Tube

    tubes = [Tube(area=village, barcode=f"T{n}") for n in range(400)]
    Tube.objects.bulk_create(tubes)
    hour_ago = now() - timedelta(hours=1)
    pairs = zip(tubes, people(400), strict=True)
    Sample.objects.bulk_create([Sample(area=village, tube=t, person=p, sampled_at=hour_ago) for t, p in pairs])
    rows = [ResultRow(n, f"T{n}", "covid19", "-", now(), "CDC") for n in range(400)]
    with django_assert_max_num_queries(30):
        assert services.import_results(rows, by=None).inserted == 400
