"""Pages of early warning with something to show: the curve with nowcast and Rt, the season, the card, a notice."""

from datetime import timedelta

import pytest

from fangxian.core import clock, jobs, policy
from fangxian.core.areas import Area
from fangxian.core.clock import now, today
from fangxian.systems.cases.models import Case
from fangxian.systems.people import services as people
from fangxian.systems.surveillance import services
from fangxian.systems.surveillance.models import Signal
from fangxian.workflows import early_warning, rounds
from tests.unit.surveillance.cases import at, draw
from tests.unit.surveillance.conftest import DAY, feed, filled, own, quiet  # noqa: F401

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen", "county", "everywhere")]
WEEKS = 3 * 52 + 24


@pytest.fixture
def read(officer, sign_in):
    """What an investigator reads under an address, in English."""
    client = sign_in(officer("investigator"))

    def said(path: str) -> str:
        answer = client.get(path)
        assert answer.status_code == 200, path
        return answer.content.decode()

    return said


@pytest.fixture
def ill(county):
    """Factory: a disease's cases, two a day for so many days, known a day or two after their onset."""
    person = people.add_person(by=None, area=county, name="张三", sex="MALE")

    def make(number: int, disease: str = "influenza") -> None:
        rows = []
        for nth in range(number):
            onset = today() - timedelta(days=1 + nth // 2)
            known = min(now() - timedelta(hours=2), now() - timedelta(days=nth // 2 - nth % 2))
            rows.append(Case(area_id="410883001", person=person, disease=disease, classification="CONFIRMED",
                             number=f"{disease}{nth}", onset_on=onset, positive_at=known))  # fmt: skip
        Case.objects.bulk_create(rows)

    return make


def test_the_curve_shows_nowcast_and_rt_of_what_is_about(read, ill):
    ill(44)
    said = read("/surveillance/curve/")
    assert "Influenza ·" in said and "Rt now" in said and "Light bars are cases" in said
    assert 'id="rt-data"' in said and "serial interval" in said and "As the policy pack influenza-cn says." in said
    assert "each case infects" in said or "it may grow or die down" in said


def test_the_curve_says_how_many_cases_are_wanting(read, ill):
    ill(7)
    said = read("/surveillance/curve/?disease=influenza")
    assert "Not enough cases: 7 of 20" in said and "Not enough cases (7 of 20)" in said and "Rt now" not in said


def test_a_disease_without_a_serial_interval_says_so(read, ill):
    ill(30, "mumps")
    said = read("/surveillance/curve/?disease=mumps")
    assert "No serial interval of this disease is known" in said and "- key: serial_interval" in said
    assert "No case with a day of onset" in read("/surveillance/curve/?disease=cholera")


def test_the_season_names_where_the_newest_week_stands(read, feed, filled):  # noqa: F811
    said = read("/surveillance/season/")
    assert "Influenza: 0 of 2 earlier seasons" in said and "Fever patients: 0 of 2 earlier seasons" in said
    counts = [10 + week % 3 + round(60 * 2 ** (-(((week % 52 - 26) / 3) ** 2))) for week in range(WEEKS)]
    filled(feed("ILI", area="410883", channel="VISITS", disease="influenza", step="WEEK"), counts, step=7,
           last=DAY - timedelta(days=13))  # fmt: skip
    said = read("/surveillance/season/")
    assert "seasons: onset" in said and 'id="season-1"' in said and "season" in said.lower()


def test_the_season_of_cases_stands_beside_the_typed_ones(read, county):
    person = people.add_person(by=None, area=county, name="张三", sex="MALE")
    weeks = [now() - timedelta(days=7 * back) for back in range(WEEKS)]
    Case.objects.bulk_create(
        Case(area_id="410883001", person=person, disease="influenza", classification="CONFIRMED",
             number=f"w{back}-{nth}", positive_at=at)
        for back, at in enumerate(weeks) for nth in range(2 + (9 if at.month in (12, 1) else 0))
    )  # fmt: skip
    said = read("/surveillance/season/")
    assert "counted from the cases" in said and "From 3 seasons: onset" in said and "Influenza: " not in said


def test_the_curve_asks_every_method_of_the_newest_day(read, ill):
    assert "Nothing is on record before this day" in read("/surveillance/curve/?disease=influenza")
    ill(60)
    said = read("/surveillance/curve/?disease=influenza")
    assert "What other methods say of the same days" in said and "never raises a card" in said
    assert "CUSUM" in said and "EARS C3" in said and "Moving percentile of CIDARS (P70)" in said
    assert "Cannot say yet: 28 of 1116 days on record" in said and said.count("Asked every night") == 1
    assert "methods that can say" in said


@pytest.mark.parametrize("asked", ["2022-03-01", "2022-03-20", "soon"])
def test_the_day_asked_for_is_judged_and_never_one_that_is_not_over(read, ill, asked):
    ill(60)
    said = read(f"/surveillance/curve/?disease=influenza&on={asked}")
    assert f"up to {'1' if asked == '2022-03-01' else '14'} Mar 2022" in said


def test_a_card_of_cases_leads_to_what_other_methods_say(read, ill, feed, filled, quiet):  # noqa: F811
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    early_warning.warn(as_of=DAY, by=None)
    signal = Signal.objects.get(kind="STATISTICAL")
    assert "what other methods say" not in read(f"/surveillance/signals/{signal.pk}/")
    Signal.objects.update(channel="CASES", disease="influenza")
    said = read(f"/surveillance/signals/{signal.pk}/")
    assert "/surveillance/curve/?disease=influenza&amp;area=410883001&amp;on=2022-03-14#opinions" in said


def test_a_serial_interval_nobody_can_reckon_with_is_said_on_the_page(read, ill, tmp_path):
    (tmp_path / "own.yaml").write_text(
        'pack: own\ndisease: mumps\nlevel: protocol\nname: {zh: 本县, en: Ours}\nvalid_from: 2022-01-01\nrules:\n'
        "  - {key: serial_interval, value: none, data: {mean: 0.5, sd: 1}, source: us, confidence: local}\n", "utf-8"
    )  # fmt: skip
    policy.configure(tmp_path)
    try:
        ill(30, "mumps")
        said = read("/surveillance/curve/?disease=mumps")
    finally:
        policy.configure(None)
    assert "The serial interval of the policy pack cannot be used" in said and "Pack own" in said


def test_a_card_shows_where_it_is(read, feed, filled, quiet):  # noqa: F811
    Area.objects.filter(code="410883001").update(latitude=34.9, longitude=112.8)
    filled(feed("S1"), [*quiet[:-3], 9, 15, 24])
    early_warning.warn(as_of=DAY, by=None)
    signal = Signal.objects.get(kind="STATISTICAL")
    said = read(f"/surveillance/signals/{signal.pk}/")
    assert 'id="signal-map"' in said and '"tone": "danger"' in said
    Signal.objects.update(series={**signal.series, "places": [{"code": "410883001", "name": "x镇", "cases": 5}]})
    assert "x镇 <strong>5</strong>" in read(f"/surveillance/signals/{signal.pk}/")
    Area.objects.update(latitude=None)
    assert 'id="signal-map"' not in read(f"/surveillance/signals/{signal.pk}/")


def test_a_notice_leads_to_its_message(read, county):
    made = services.form(by=None, area=county, kind="RISK_NOTICE", title="流感提示", text="勤洗手。", addressee="公众")
    assert "message to the public" not in read(f"/surveillance/products/{made.pk}/")
    services.deliver(product=made, by=None)
    assert "The message to the public it became" in read(f"/surveillance/products/{made.pk}/")


@pytest.fixture
def ruled(county):
    """A card of a rule with a clock of its own, raised by the round of every five minutes for cases just entered."""
    at("school", draw("influenza", [today()] * 29))
    rounds.enqueue_due()
    jobs.run_pending()
    at("school", draw("influenza", [today()]))
    with clock.frozen(now() + timedelta(minutes=5)):
        rounds.enqueue_due()
        jobs.run_pending()
    return Signal.objects.get(rule="emergency.school")


def test_the_card_of_a_rule_says_it_in_words(ruled, officer, sign_in):
    assert [one.rule for one in Signal.objects.order_by("raised_at")] == ["cluster.school", "emergency.school"]
    said = {
        "en": ["30 cases; the rule asks for 30.", "Public health emergency: 30 or more cases within 7 days",
               "in one place: school or nursery. To be reported within 2 hours."],
        "zh-hans": ["30 例；规则为 30 例。",
                    "突发公共卫生事件：同一学校或托幼机构 7 天内病例 30 例及以上。须在 2 小时内报告。"],
    }  # fmt: skip
    for language, lines in said.items():
        client = sign_in(officer("investigator"), language)
        page = client.get(f"/surveillance/signals/{ruled.pk}/").content.decode()
        assert all(line in page for line in lines) and ruled.series["rule"]["pack"].startswith("influenza-cn@")
        assert ruled.series["rule"]["pack"] in page
    assert (
        "<strong>Public health emergency</strong>" in sign_in(officer("viewer")).get("/surveillance/").content.decode()
    )


def test_the_page_of_methods_lists_the_rules_in_force(read, ruled):
    said = read("/surveillance/methods/")
    assert "Public health emergency <code>emergency.school</code>" in said
    for line in (
        "Cluster: 3 or more cases within 14 days in one place: grounds or compound. Imported cases do not count.",
        "Public health emergency: one case is enough.", "What the law manages most strictly: one case is enough.",
        "Cluster: 2 or more deaths within 3 days in one place: school or nursery.",
        "Public health emergency: 5 or more admitted to hospital within 7 days in one place: school or nursery.",
    ):  # fmt: skip
        assert line in said
    assert "COVID-19" not in said.split('id="rules"')[1]  # the ninth edition is not in force that day


@pytest.mark.parametrize(("counted", "words"), [("deaths", "2 deaths; the rule"), ("admissions", "2 admitted to")])
def test_what_else_a_rule_counts_is_said(read, ruled, counted, words):
    series = {**ruled.series, "rule": {**ruled.series["rule"], "counted": counted}}
    Signal.objects.filter(pk=ruled.pk).update(series=series, observed=2, bound=2)
    assert words in read(f"/surveillance/signals/{ruled.pk}/")
    Signal.objects.filter(pk=ruled.pk).update(series={})
    assert "2 cases; the rule asks for 2" in read(f"/surveillance/signals/{ruled.pk}/")


def test_a_slip_of_the_pen_in_a_pack_is_seen(read, own):  # noqa: F811
    own({"cluster.scool": "{min_cases: 2, window_days: 7}", "cluster.care": "{min_cases: 2, window_days: 7}"})
    said = read("/surveillance/methods/")
    assert "in one place: scool. No kind of place is called scool: it is never met." in said
    assert "in one place: care home.<br>" in said
