"""Line lists as users have them: real ones first, then every oddity of a cell, drawn as tables."""

import re
from datetime import date, datetime

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from fangxian.core import audit
from fangxian.core.permissions import Refused
from fangxian.systems.cases import selectors
from fangxian.systems.cases.models import Case, Contact, Event, Exposure, TransmissionLink
from fangxian.workflows.linelist import import_linelist
from fangxian.workflows.linelists import cells
from fangxian.workflows.linelists.sources import Reader, setting
from tests.shared_data import shared

pytestmark = pytest.mark.usefixtures("county", "everywhere", "in_english")


@pytest.fixture
def in_english():
    """Messages are compared in English."""
    with translation.override("en"):
        yield


def read(path, contacts=None, **words):
    words = {"area": "410883", **words}
    return import_linelist(path, contacts, by=None, **words)


# --- real lists ---


def test_mers_korea_2015():
    cases, pairs = (
        shared("data/linelists/mers_korea_2015_cases.csv"),
        shared("data/linelists/mers_korea_2015_contacts.csv"),
    )
    ledger = read(cases, pairs)
    assert (ledger.rows, ledger.inserted, ledger.balanced, ledger.disease) == (162, 162, True, "mers")
    assert (ledger.links, ledger.pairs.inserted, ledger.pairs.balanced) == (98, 98, True)
    assert (Case.objects.count(), TransmissionLink.objects.count()) == (162, 98)
    assert list(ledger.spreaders.items())[:3] == [("SK_14", 38), ("SK_1", 26), ("SK_16", 21)]
    unsure = TransmissionLink.objects.filter(certainty="1_LOW").values_list("infected__number", flat=True)
    assert sorted(unsure) == ["SK_107", "SK_107", "SK_39", "SK_39", "SK_39"]  # infected more than once
    assert Case.objects.filter(onset_on__isnull=True).count() == 27
    assert Case.objects.filter(outcome="DECEASED").count() == 19
    assert (ledger.exposures, ledger.unread) == (162, [])
    assert ledger.ignored_columns == ["age_class", "place_infect", "reporting_ctry", "week_report"]


def test_mers_again_changes_nothing_and_a_corrected_file_is_brought_up(tmp_path):
    source = shared("data/linelists/mers_korea_2015_cases.csv")
    pairs = shared("data/linelists/mers_korea_2015_contacts.csv")
    read(source, pairs)
    acts = audit.AuditEntry.objects.count()
    again = read(source, pairs)
    assert (again.unchanged, again.pairs.unchanged, again.links) == (162, 98, 98)
    assert audit.AuditEntry.objects.count() == acts
    corrected = tmp_path / source.name
    corrected.write_text(source.read_text().replace("SK_1,68,", "SK_1,69,"), encoding="utf-8-sig")
    assert (read(corrected).updated, Case.objects.get(number="SK_1").age) == (1, 69)


def test_mers_chain_of_the_whole_outbreak_respects_time():
    read(shared("data/linelists/mers_korea_2015_cases.csv"), shared("data/linelists/mers_korea_2015_contacts.csv"))
    chain = selectors.chain(Event.objects.get())
    assert (len(chain.nodes), len(chain.edges)) == (162, 98)
    of_first = selectors.chain(Case.objects.get(number="SK_1"))
    day = {node.id: node.day for node in of_first.nodes}
    forward = [edge for edge in of_first.edges if not edge.backwards and day[edge.source] and day[edge.target]]
    assert all(day[edge.source] <= day[edge.target] for edge in forward)


def test_tianjin_2020_reads_its_sources_from_sentences():
    ledger = read(shared("data/domain/linelist_tianjin_2020.csv"), disease="covid19")
    assert (ledger.rows, ledger.inserted, ledger.balanced) == (135, 135, True)
    assert (ledger.sourced, ledger.guessed) == (66, 3)
    told = TransmissionLink.objects.values_list("note", "infected__number")
    assert len({number for note, number in told if re.search(r"TJ\s?\d", note)}) == 66
    assert ledger.links == TransmissionLink.objects.count() == 91 + 3
    wife = TransmissionLink.objects.get(infected__number="TJ122")
    assert (wife.infector.number, wife.certainty, wife.kind) == ("TJ110", "1_LOW", "HABITATION")
    assert Case.objects.filter(outcome="DECEASED").count() == 3
    assert Case.objects.filter(classification="CONFIRMED").count() == 126
    assert [note.field for note in ledger.unread] == []


@pytest.mark.sqlite_only  # the smaller lists go into the second store too
def test_ebola_simulation_with_its_planted_errors():
    ledger = read(shared("data/linelists/ebola_sim_linelist.csv"), shared("data/linelists/ebola_sim_contacts.csv"))
    assert (ledger.rows, ledger.inserted, ledger.balanced, ledger.disease) == (5888, 5888, True, "ebola")
    assert len(ledger.doubts) == 59
    assert (ledger.pairs.rows, ledger.pairs.balanced) == (3800, True)
    assert ledger.pairs.inserted + ledger.pairs.rejected + ledger.pairs.duplicate == 3800
    assert TransmissionLink.objects.filter(kind="GATHERING").exists()


def test_hagelloch_1861_names_infectors_by_bare_numbers():
    ledger = read(shared("data/linelists/measles_hagelloch_1861.csv"))
    assert (ledger.inserted, ledger.links, ledger.disease) == (188, 184, "measles")
    assert Case.objects.order_by("onset_on").first().onset_on == date(1861, 10, 30)
    assert Case.objects.filter(outcome="DECEASED").count() == 12
    assert Case.objects.filter(number="measles_hagelloch_1861-1").exists()


def test_h7n9_has_gaps_and_says_so():
    ledger = read(shared("data/linelists/fluH7N9_china_2013.csv"), disease="novel_influenza")
    assert (ledger.inserted, ledger.balanced) == (136, True)
    assert Case.objects.filter(onset_on__isnull=True).count() == 10


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "rows", "no_age", "infants"),
    [pytest.param("confirmed", 8358, 519, True, marks=pytest.mark.sqlite_only), ("suspected", 3545, 437, False)],
)
def test_sierra_leone_2014(name, rows, no_age, infants):
    ledger = read(shared(f"data/linelists/ebola_sierraleone_2014_{name}.csv"))
    assert (ledger.rows, ledger.inserted, ledger.balanced) == (rows, rows, True)
    assert Case.objects.filter(age__isnull=True).count() == no_age
    assert Case.objects.filter(age__lt=1, age__gt=0).exists() == infants
    assert [note.field for note in ledger.unread] == []


# --- one's own files ---


@pytest.fixture
def file(tmp_path):
    """`file("id,age\\nA,3")` writes a list; `name=` and `encoding=` as wanted."""

    def write(text: str, name: str = "list.csv", encoding: str = "utf-8"):
        path = tmp_path / name
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_a_chinese_list_in_gb18030(file):
    rows = "病例编号,姓名,性别,年龄,发病日期,感染来源\nA1,张三,男,3个月,2022年3月1日,\nA2,***,女,40,2022/3/4,A1的母亲\n"
    ledger = read(file(rows, encoding="gb18030"))
    assert (ledger.inserted, ledger.links, ledger.unread) == (2, 1, [])
    people = [(c.person.name, c.person.sex, c.age) for c in Case.objects.order_by("number").select_related("person")]
    assert people == [("张三", "MALE", 0.25), ("A2", "FEMALE", 40)]


# rows                                   ledger
ROWS = [
    ("A,1\nB,2",                         "inserted2"),
    ("A,1\nA,1",                         "inserted1 duplicate1"),
    ("A,1\nA,2",                         "inserted1 rejected1"),
    ("NA,1\n,\nA,1",                     "inserted1 rejected1 blank1"),
    (f"{'A' * 41},1",                    "rejected1"),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), ROWS)
def test_every_row_is_accounted_for(file, rows, expected):
    ledger = read(file(f"id,age\n{rows}"))
    figures = " ".join(f"{name}{n}" for name, n in ledger.counts().items() if n and name != "rows")
    assert (figures, ledger.balanced) == (expected, True)


def test_a_cell_nobody_can_read_is_named_and_its_row_taken(file):
    ledger = read(file("id,age,sex,onset,outcome\nA,old,x,03/04/2022,gone\n"))
    assert [note.field for note in ledger.unread] == ["age", "sex", "onset", "outcome"]
    assert (ledger.inserted, ledger.as_dict()["unread_cells"]) == (1, 4)


def test_odd_exposures_are_doubts(file):
    ledger = read(file("id,onset,exposure_start,exposure_end,source\nA,2022-03-01,2022-03-02,2022-03-01,\nA2,,,,A7\n"))
    assert [note.field for note in ledger.doubts] == ["exposure_end", "exposure_start", "source"]
    assert Exposure.objects.filter(ends_at__isnull=False).count() == 0


# pairs                         links contacts  ledger
PAIRS = [
    ("A,B,school\nA,C,home",    1,    1,        "inserted2"),
    ("A,B,\nA,B,",              1,    0,        "inserted1 duplicate1"),
    ("A,C,\nA,C,",              0,    1,        "inserted1 duplicate1"),
    ("Z,B,\nA,A,\n,B,\nA,,x",   0,    0,        "rejected4"),
    ("A,B,\n,,",                1,    0,        "inserted1 blank1"),
]  # fmt: skip


@pytest.mark.parametrize(("pairs", "links", "contacts", "expected"), PAIRS)
def test_pairs(file, pairs, links, contacts, expected):
    ledger = read(file("id\nA\nB\n"), file(f"from,to,exposure\n{pairs}", name="pairs.csv"))
    figures = " ".join(f"{name}{n}" for name, n in ledger.pairs.counts().items() if n and name != "rows")
    assert (figures, ledger.links, ledger.contacts, ledger.pairs.balanced) == (expected, links, contacts, True)
    assert Contact.objects.count() == contacts


def test_the_list_of_pairs_overrules_the_case_list(file):
    cases, pairs = file("id,source\nA1,\nA2,wife of A1\n"), file("from,to,exposure\nA1,A2,hospital\n", name="p.csv")
    read(cases, pairs)
    assert (TransmissionLink.objects.get().kind, read(cases, pairs).pairs.unchanged) == ("CARE", 1)


def test_columns_may_be_named_or_left_out(file):
    path = file("No.,Jahre,age\nA,30,x\n")
    with pytest.raises(ValidationError, match="mapping"):
        read(path)
    with pytest.raises(ValidationError, match="no column"):
        read(path, mapping={"id": "Nummer"})
    ledger = read(path, mapping={"id": "No.", "age": "Jahre", "name": None})
    assert (ledger.columns, Case.objects.get().age) == ({"id": "No.", "age": "Jahre"}, 30)


def test_case_numbers_from_bare_numbers_carry_the_files_name(file):
    read(file("id\n1\n2\n", name="north.csv"))
    read(file("id\n1\n2\n", name="south.csv"), prefix="S")
    assert set(Case.objects.values_list("number", flat=True)) == {"north-1", "north-2", "S1", "S2"}


def test_where_and_what(file, officer):
    path, seen = file("id\nA\n"), []
    with pytest.raises(ValidationError, match="no such area"):
        read(path, area="99")
    with pytest.raises(ValidationError, match="No disease"):
        read(path, disease="glumps")
    with pytest.raises(Refused):
        import_linelist(path, by=officer("laboratory"), area="410883")
    ledger = import_linelist(
        path, by=officer("investigator"), area=Event and "410883", progress=lambda *a: seen.append(a)
    )
    assert (ledger.area, ledger.disease, ledger.event) == ("410883", "unknown", "list")
    assert seen[0][:2] == (1, 1)


def test_without_an_area_the_highest_answers(file, county):
    assert read(file("id\nA\n"), area=None).area == "41"
    assert read(file("id\nB\n", name="b.csv"), area=county).area == "410883"


# --- single cells ---

# reader         cell              says
CELLS = [
    (cells.age,  "0.25",           0.25),
    (cells.age,  "87岁",           87.0),
    (cells.age,  "~6 months",      0.5),
    (cells.age,  "NA",             None),
    (cells.age,  12.0,             12.0),
    (cells.sex,  " F ",            "FEMALE"),
    (cells.sex,  "未知",           None),
    (cells.outcome, "Dead",        "DECEASED"),
    (cells.outcome, "",            None),
    (cells.day,  "8-Jun-14",       date(2014, 6, 8)),
    (cells.day,  "2015-06-08",     date(2015, 6, 8)),
    (cells.day,  "41798",          date(2014, 6, 8)),
    (cells.day,  41798.0,          date(2014, 6, 8)),
    (cells.day,  date(2014, 6, 8), date(2014, 6, 8)),
    (cells.day,  datetime(2014, 6, 8, 12), date(2014, 6, 8)),
    (cells.day,  "?",              None),
    (cells.died, "yes",            True),
    (cells.died, "no",             False),
    (cells.died, "2020-02-10",     date(2020, 2, 10)),
    (cells.symptomatic, "none",    False),
    (cells.symptomatic, "fever",   True),
    (cells.symptomatic, "NA",      None),
]  # fmt: skip


@pytest.mark.parametrize(("reader", "cell", "says"), CELLS)
def test_cells(reader, cell, says):
    assert reader(cell) == says


@pytest.mark.parametrize(("reader", "cell"), [(cells.age, "131"), (cells.age, "x"), (cells.day, "08/06/2014")])
def test_cells_nobody_can_read(reader, cell):
    with pytest.raises(ValidationError):
        reader(cell)


# text                                     ids          by number  strangers
TEXTS = [
    ("wife of TJ95",                       "TJ95",      "",        ""),
    ("TJ95; TJ9 and tj95",                 "TJ95 TJ9",  "",        ""),
    ("TJ9's family",                       "TJ9",       "",        ""),
    ("duaghtor of TJ95， whife of TJ9",     "TJ95 TJ9",  "",        ""),
    ("sister of case 9",                   "",          "TJ9",     ""),
    ("case 77",                            "",          "",        ""),
    ("TJ77",                               "",          "",        "TJ77"),
    ("TJ5",                                "",          "",        ""),
    ("Wuhan; 2 trains",                    "",          "",        ""),
    ("",                                   "",          "",        ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "ids", "guessed", "strangers"), TEXTS)
def test_sources_in_sentences(text, ids, guessed, strangers):
    named = Reader(["TJ5", "TJ9", "TJ95"]).read(text, own="TJ5")
    assert [" ".join(part) for part in (named.ids, named.guessed, named.strangers)] == [ids, guessed, strangers]


def test_bare_numbers_are_ids_only_alone():
    reader = Reader(["45", "46"])
    assert reader.read("45").ids == ("45",)
    assert reader.read("45 people, case 46").ids == ()


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Emergency room", "CARE"),
        ("Visit hospital", "VISIT"),
        ("Family member ", "HABITATION"),
        ("x", "UNKNOWN"),
        (None, "UNKNOWN"),
    ],
)
def test_settings(text, kind):
    assert setting(text) == kind
