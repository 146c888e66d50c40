"""Chains drawn as words: `A1>B3` is a link, `A1~B3` a contact who became a case; the digit is the day of onset."""

import re
from datetime import date

import pytest

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.systems.cases import selectors, services
from fangxian.systems.cases.models import Case, Contact
from fangxian.systems.cases.services import WantedContact


@pytest.fixture
def draw(case, village):
    """Makes the cases, links and contacts of a drawing; returns them by letter."""

    def make(drawing: str, **values) -> dict[str, Case]:
        made: dict[str, Case] = {}
        for name in re.findall(r"[A-Z]\d?", drawing):
            onset = date(2022, 3, int(name[1])) if name[1:] else None
            made.setdefault(name[0], None)
            made[name[0]] = made[name[0]] or case(number=name[0], onset_on=onset, **values)
        for one, sign, other in re.findall(r"([A-Z])\d?([>~])(?=([A-Z]))", drawing):
            join(made[one], sign, made[other])
        return made

    return make


def join(one: Case, sign: str, other: Case) -> None:
    if sign == ">":
        services.link(by=None, infector=one, infected=other)
        return
    wanted = [WantedContact(person=other.person, ring="CLOSE", rule="r")]
    known = [WantedContact(person=c.person, ring="CLOSE", rule="r") for c in Contact.objects.filter(case=one)]
    services.sync_contacts(by=None, case=one, wanted=known + wanted)
    services.convert_contact(by=None, contact=Contact.objects.get(case=one, person=other.person))


def edges(chain) -> str:
    label = {node.id: node.label for node in chain.nodes}
    marks = {(False, False): ">", (True, False): "!", (False, True): "~", (True, True): "!"}
    drawn = [f"{label[e.source]}{marks[e.backwards, e.link is None]}{label[e.target]}" for e in chain.edges]
    return " ".join(sorted(drawn))


def generations(chain) -> str:
    return " ".join(f"{node.label}{node.generation}" for node in sorted(chain.nodes, key=lambda n: n.label))


# drawing                   from  edges             generations
CHAINS = [
    ("A1",                  "A",  "",               "A0"),
    ("A1>B3 B3>C5",         "B",  "A>B B>C",        "A0 B1 C2"),
    ("A1>B3 A1>C4",         "B",  "A>B A>C",        "A0 B1 C1"),
    ("A1~B3",               "A",  "A~B",            "A0 B1"),
    ("A3~B1",               "A",  "B~A",            "A1 B0"),
    ("A3>B1",               "A",  "A!B",            "A0 B0"),
    ("A3>B1 B1>C5",         "A",  "A!B",            "A0 B0"),
    ("A1>B3 A1~B3",         "A",  "A>B",            "A0 B1"),
    ("A1>C5 B2>C5",         "A",  "A>C",            "A0 C1"),
    ("A1>C5 B2>C5",         "C",  "A>C B>C",        "A0 B0 C1"),
    ("A1~B3 B3~A1", "A", "A~B", "A0 B1"),
    ("A>B B>A",             "A",  "A>B B>A",        "A0 B1"),
    ("A1>B3 C1>D3",         "A",  "A>B",            "A0 B1"),
]  # fmt: skip


@pytest.mark.parametrize(("drawing", "start", "expected", "steps"), CHAINS)
def test_chains(draw, drawing, start, expected, steps):
    found = selectors.chain(draw(drawing)[start])
    assert (edges(found), generations(found)) == (expected, steps)


def test_a_contact_behind_a_link_is_kept_as_its_evidence(draw):
    found = selectors.chain(draw("A1>B3 A1~B3")["A"])
    assert found.edges[0].contact == Contact.objects.get().pk


def test_the_chain_of_an_event_holds_its_cases_only(draw, village, case):
    event = services.open_event(by=None, area=village, name="school", disease="covid19")
    made = draw("A1>B3 B3~C4", event=event)
    services.link(by=None, infector=made["C"], infected=case(number="X"))
    assert edges(selectors.chain(event)) == "A>B B~C"


def test_a_chain_is_cut_and_says_so(draw):
    assert selectors.chain(draw("A1>B3 B3>C4 C4>D5")["A"], limit=2).cut
    event_chain = selectors.chain(draw("E1>F3", event=None)["E"], limit=5)
    assert not event_chain.cut


def test_a_case_elsewhere_shows_its_number_only(draw, county):
    made = draw("A1")
    far = services.open_case(
        by=None, person=made["A"].person, disease="mers", number="Z", area=Area.objects.get(code="410882001201")
    )
    services.link(by=None, infector=far, infected=made["A"])
    with scope.within("410883"):
        found = selectors.chain(made["A"])
    hidden = next(node for node in found.nodes if not node.visible)
    assert (hidden.label, hidden.classification) == ("Z", "")


def test_as_cytoscape_reads_it(draw):
    drawn = selectors.chain(draw("A1>B3")["A"]).cytoscape()
    assert [node["data"]["label"] for node in drawn["nodes"]] == ["A", "B"]
    assert drawn["nodes"][0]["data"] | {"focus": True, "generation": 0} == drawn["nodes"][0]["data"]
    edge = drawn["edges"][0]["data"]
    assert (edge["source"], edge["target"]) == tuple(node["data"]["id"] for node in drawn["nodes"])


def test_queries_do_not_grow_with_the_chain(draw, django_assert_max_num_queries):
    made = draw(" ".join(f"A1>{letter}3" for letter in "BCDEFGHIJKLM"))
    with django_assert_max_num_queries(12):
        assert len(selectors.chain(made["A"]).nodes) == 13
