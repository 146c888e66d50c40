"""How packs are read, layered, asked and compared."""

from datetime import date, timedelta

import pytest

from fangxian.core import policy
from fangxian.core.policy import (
    Change,
    MissingRule,
    PackFileError,
    PolicyError,
    Stage,
    Store,
    UnknownDisease,
    UnusableRule,
    diff,
    load,
)
from fangxian.core.policy.files import RuleText, StageText, read
from fangxian.core.policy.model import CONFIDENCE, PLACES

ON = date(2022, 3, 15)


def rule(key="a.b", value="1", data="1", extra=""):
    return f"  - {{key: {key}, value: '{value}', data: {data}, source: s, confidence: local{extra}}}\n"


def text(*rules, pack="own", disease="covid19", level="protocol", extra="", start="2020-01-01"):
    head = f"pack: {pack}\ndisease: '{disease}'\nlevel: {level}\nname: {{zh: 本地, en: Own}}\nvalid_from: {start}\n"
    return f"{head}{extra}rules:\n{''.join(rules or [rule()])}"


def store(*texts, operators=()):
    packs = [read(each, "x.yaml") for each in texts]
    return Store((*[read(each, "o.yaml", is_operators=True) for each in operators], *packs))


def ask(*texts, operators=(), disease="covid19", area="410883", on=ON):
    return store(*texts, operators=operators).pack(disease=disease, area_code=area, on=on)


BAD = [
    ("rules: [", "not YAML"),
    ("[]", "Expected `object`"),
    (text(extra="colour: red\n"), "unknown field `colour`"),
    (text(extra="area: 'a b'\n"), r"\$.area"),
    (text(extra="modes: [war]\n"), "Invalid enum value 'war'"),
    (text(level="holy"), "Invalid enum value 'holy'"),
    (text(rule(value="1").replace("'1'", "1")), r"rule a.b: Expected `str`, got `int` - at `\$.rules\[0\].value`"),
    (text(rule(), rule("c", extra=", colour: red")), "rule c: .*unknown field `colour`"),
    (text("  - 7\n"), "rule 7: Expected `object`"),
    (text("  - {value: x}\n"), r"rule \?: "),
    (text(rule().replace("local", "maybe")), "rule a.b: Invalid enum value 'maybe'"),
    (text(extra="valid_to: 2020-01-01\n"), "the pack: valid_to 2020-01-01 is not after"),
    (text(rule(extra=", valid_to: 2019-01-01")), "rule a.b: valid_to 2019-01-01 is not after valid_from 2020-01-01"),
    (text(rule(), rule(value="2")), "rule a.b: is there twice"),
    (text(rule(data="[{place: moon, days: 7}]")), "rule a.b: data: Invalid enum value 'moon'"),
    (text(rule(data="[{place: home}]")), "missing required field `days`"),
    (text(rule(data="[{place: home, days: 0}]")), "rule a.b: data: Expected `int` >= 1"),
    (text(rule(data="[1, two]")), "rule a.b: data: Expected"),
    (text(rule(data="[one, 2]")), "rule a.b: data: Expected"),
    (text(rule(data="-1")), "rule a.b: data: Expected"),
    (text(rule(data="{a: {b: 1}}")), "rule a.b: data: Expected"),
    (
        text(rule("a_hours", extra=", unit: day")),
        "rule a_hours: a key that ends in _hours has the unit hour, not 'day'",
    ),
    (text(rule("test_days", data="[1, 4]")), "has the unit day, not ''"),
]


def test_a_pack_for_a_mode_holds_in_that_mode_only_and_before_packs_for_any():
    base, war = text(rule(value="24")), text(rule(value="8"), pack="war", extra="modes: [emergency]\n")
    asked = store(base, war).pack
    here = {"disease": "covid19", "area_code": "410883", "on": ON}
    assert [asked(**here, mode=mode).text("a.b") for mode in ("normal", "alert", "emergency")] == ["24", "24", "8"]
    assert asked(**here, mode="emergency").version.endswith("+emergency")
    assert "+" not in asked(**here).version
    assert store(base, war).pack(**here, mode="alert").mode == "alert"


@pytest.mark.parametrize(("bad", "reason"), BAD)
def test_a_bad_file_names_file_rule_and_reason(bad, reason):
    with pytest.raises(PackFileError, match=f"^bad.yaml: .*{reason}"):
        read(bad, "bad.yaml")


GOOD = [
    "true",
    "1",
    "2.5",
    "text",
    "null",
    "[]",
    "[1, 2.5]",
    "[a, b]",
    "[{place: home, days: 7}]",
    "{a: 1, b: [1, 2], c: yes}",
]


@pytest.mark.parametrize("data", GOOD)
def test_data_may_be(data):
    assert len(read(text(rule(data=data)), "good.yaml").rules) == 1


def test_a_rule_whose_text_is_no_number_may_have_any_unit():
    assert read(text(rule("open_days", data="all week")), "good.yaml").rules[0].unit == ""


def test_a_folder_is_read_in_order_and_a_name_is_used_once(tmp_path):
    (tmp_path / "b.yaml").write_text(text(pack="b"), "utf-8")
    (tmp_path / "a.yaml").write_text(text(pack="a"), "utf-8")
    (tmp_path / "notes.txt").write_text("not a pack")
    assert [pack.key for pack in load(tmp_path)] == ["a", "b"]
    (tmp_path / "c.yaml").write_text(text(pack="a"), "utf-8")
    with pytest.raises(PackFileError, match="c.yaml: another file of this folder is also called pack 'a'"):
        load(tmp_path)


def test_a_missing_folder_has_no_packs(tmp_path):
    assert load(tmp_path / "none") == ()


# Two packs answer the same key: the nearer one is heard. first = the one expected to win.
NEARNESS = [
    ("smaller area", {"extra": "area: '410883'\n", "level": "general"}, {"extra": "area: '4108'\n"}),
    ("area before none", {"extra": "area: '41'\n", "level": "default"}, {}),
    ("protocol before general", {"disease": "*"}, {"level": "general"}),
    ("general before default", {"level": "general", "disease": "*"}, {"level": "default"}),
    ("the disease before all", {}, {"disease": "*"}),
    ("the later one", {"start": "2021-01-01"}, {"start": "2020-01-01"}),
]


@pytest.mark.parametrize(("near", "far"), [row[1:] for row in NEARNESS], ids=[row[0] for row in NEARNESS])
def test_the_nearer_pack_is_heard(near, far):
    near_text = text(rule(data="1"), pack="near", **near)
    far_text = text(rule(data="2"), rule("only.far"), pack="far", **far)
    for order in ((near_text, far_text), (far_text, near_text)):
        pack = ask(*order)
        assert pack.number("a.b") == 1
        assert pack.number("only.far") == 1
        assert [part.split("@")[0] for part in pack.parts] == ["near", "far"]
    assert ask(near_text, operators=[far_text]).number("a.b") == 2, "the operator's pack comes first"


DATES = [
    ("2019-12-31", None),
    ("2020-01-01", 1),
    ("2020-05-31", 1),
    ("2020-06-01", 2),
    ("2020-12-31", 2),
    ("2021-01-01", None),
]


@pytest.mark.parametrize(("on", "answer"), DATES)
def test_rules_have_days_of_their_own(on, answer):
    rules = rule(data="2", extra=", valid_from: 2020-06-01"), rule(data="1")
    dated = text(*rules, extra="valid_to: 2021-01-01\n")
    always = text(rule("other"), pack="always", level="default", start="1990-01-01")
    assert ask(dated, always, on=date.fromisoformat(on)).get("a.b") == answer


@pytest.mark.parametrize(("area", "heard"), [("410883", True), ("410883001", True), ("4108", False), ("410882", False)])
def test_a_pack_holds_in_its_area_and_below(area, heard):
    local = text(rule("local"), pack="local", extra="area: '410883'\n")
    assert ("local" in ask(local, text(), area=area).rules) is heard


def test_the_prefix_is_put_before_every_key():
    assert ask(text(extra="prefix: school\n")).number("school.a.b") == 1


def test_the_leading_pack_is_the_protocol_then_the_defaults():
    general = text(pack="general", level="general")
    default = text(pack="default", level="default")
    assert ask(general, default, text(pack="protocol")).key == "protocol"
    assert ask(general, default).key == "default"
    assert ask(general).key == "general"


def test_no_pack_or_no_such_disease():
    with pytest.raises(UnknownDisease, match="'covid'; known are: .*covid19"):
        ask(text(), disease="covid")
    with pytest.raises(PolicyError, match="No pack is in force for measles"):
        ask(text(), disease="measles")
    assert ask(text(disease="dragon_pox"), disease="dragon_pox").disease == "dragon_pox"


RULES = (
    rule("n", "7", "7", ", unit: day"),
    rule("h", "90 minutes", "90", ", unit: minute"),
    rule("f", "yes", "true"),
    rule("d", "1;4", "[1, 4]"),
    rule("s", "7 home", "[{place: home, days: 7}]"),
    rule("t", "x", "{min_cases: 5}"),
    rule("w", "words", "null"),
    rule("e", "none", "[]"),
)
ANSWERS = [
    ("number", "n", 7),
    ("duration", "n", timedelta(days=7)),
    ("duration", "h", timedelta(minutes=90)),
    ("hours", "h", 1.5),
    ("flag", "f", True),
    ("days", "d", [1, 4]),
    ("days", "e", []),
    ("items", "d", [1, 4]),
    ("stages", "s", [Stage("home", 7)]),
    ("stages", "e", []),
    ("table", "t", {"min_cases": 5}),
    ("text", "w", "words"),
    ("text", "n", "7"),
    ("get", "n", 7),
    ("get", "w", "words"),
    ("get", "nothing", None),
]


@pytest.mark.parametrize(("getter", "key", "answer"), ANSWERS)
def test_getters(getter, key, answer):
    assert getattr(ask(text(*RULES)), getter)(key) == answer


WRONG = [
    ("number", "w", "a number"),
    ("number", "f", "a number"),
    ("duration", "d", "a number of minutes, hours, days or weeks"),
    ("duration", "f", "a number of minutes, hours, days or weeks"),
    ("hours", "w", "a number of minutes, hours, days or weeks"),
    ("flag", "n", "true or false"),
    ("days", "s", "a list of days"),
    ("days", "n", "a list of days"),
    ("stages", "d", "a list of stages"),
    ("stages", "n", "a list of stages"),
    ("items", "n", "a list"),
    ("table", "n", "named values"),
]


@pytest.mark.parametrize(("getter", "key", "wanted"), WRONG)
def test_a_rule_of_another_kind_is_named(getter, key, wanted):
    with pytest.raises(UnusableRule, match=f"Pack own: rule '{key}' must have {wanted}"):
        getattr(ask(text(*RULES)), getter)(key)


@pytest.mark.parametrize(
    "getter", ["number", "duration", "hours", "flag", "days", "stages", "items", "table", "text", "provenance"]
)
def test_a_missing_rule_says_which_pack_lacks_what(getter):
    with pytest.raises(MissingRule) as refusal:
        getattr(ask(text(), area=""), getter)("x.y")
    assert str(refusal.value).startswith("No rule 'x.y' for covid19 in any area on 2022-03-15 (leading pack own)")


def test_places_and_confidence_have_words():
    places = StageText.__annotations__["place"].__args__
    assert [str(Stage(place, 1).label) for place in places] == [str(label) for label in PLACES.values()]
    marks = RuleText.__annotations__["confidence"].__args__
    assert all(str(CONFIDENCE[mark]) for mark in marks)


def test_getters_give_copies():
    pack = ask(text(*RULES))
    pack.days("d").append(9)
    pack.table("t")["x"] = 1
    assert (pack.days("d"), pack.table("t")) == ([1, 4], {"min_cases": 5})


def test_every_answer_knows_where_it_comes_from():
    pack = ask(text(*RULES))
    origin = pack.provenance("n")
    assert (origin.pack, origin.key, origin.confidence, origin.source) == ("own", "n", "local", "s")
    assert f"own@{origin.version}" in pack.parts
    assert str(origin) == f"own@{origin.version}: n (local, s)"


def test_rules_under_a_prefix():
    pack = ask(text(rule("a.c"), rule("a.b"), rule("ab.c")))
    assert list(pack.under("a")) == ["a.b", "a.c"]


def test_the_version_changes_exactly_when_a_rule_does():
    one = ask(text(rule(data="1")))
    assert one.version.startswith("own@")
    assert one.version == ask(text(rule(data="1"), extra="note: other words\n")).version
    assert one.version == ask(text(rule(data="1")), on=date(2022, 3, 16)).version
    assert one.version != ask(text(rule(data="2"))).version


def test_diff_lists_what_changed():
    before = ask(text(rule("kept"), rule("gone"), rule("changed", "1", "1")))
    after = ask(text(rule("kept"), rule("new"), rule("changed", "2", "2")))
    changes = {change.key: change for change in diff(before, after)}
    assert list(changes) == ["changed", "gone", "new"]
    assert (changes["changed"].before.data, changes["changed"].after.data) == (1, 2)
    assert changes["gone"] == Change("gone", before.rules["gone"], None)
    assert changes["new"] == Change("new", None, after.rules["new"])
    assert diff(before, before) == []


@pytest.fixture
def configured(tmp_path):
    yield tmp_path
    policy.configure(None)


def test_the_operators_folder_comes_first_and_is_read_anew(configured):
    (configured / "own.yaml").write_text(text(rule("contact.fever_c", "38", "38"), disease="*"), "utf-8")
    policy.configure(configured)
    assert policy.pack(disease="covid19", on=ON).number("contact.fever_c") == 38
    (configured / "own.yaml").write_text(text(rule("contact.fever_c", "37", "37"), disease="*"), "utf-8")
    policy.configure(configured)
    assert policy.pack(disease="covid19", on=ON).number("contact.fever_c") == 37


def test_an_operators_pack_replaces_the_shipped_one_of_its_name(configured):
    (configured / "v8.yaml").write_text(text(rule("only"), pack="covid19-cn-v8"), "utf-8")
    policy.configure(configured)
    pack = policy.pack(disease="covid19", on=ON)
    assert pack.key == "covid19-cn-v8"
    assert pack.number("only") == 1
    assert pack.get("zone.lockdown.measure") is None


def test_a_broken_operators_pack_is_refused(configured):
    (configured / "own.yaml").write_text("pack: 1", "utf-8")
    policy.configure(configured)
    with pytest.raises(PackFileError, match="own.yaml"):
        policy.store()
