"""Sample bulletins of our own writing (*.txt), and the county's work with them."""

from datetime import date, datetime, timedelta
from importlib.resources import files
from random import Random

from django.utils import translation

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.engines.bulletins.damage import Plan, damaged
from fangxian.systems.bulletins import selectors, services
from fangxian.systems.bulletins.models import Bulletin, Measure
from fangxian.workflows import bulletin_to_directives as story

CAME = (
    ("inspection", 6, Plan(notes=0.3, lost=1, twice=True, page=True)),
    ("four_grasps", 5, Plan(notes=0.1, commas=0.8, twice=True, page=True)),
    ("special_meeting", 4, Plan(notes=0, traditional=False)),
    ("leading_group", 2, Plan(notes=0.5, commas=1.0, lost=2)),
    ("cold_chain", 1, Plan(notes=0.4, lost=1, page=True)),
)
"""Which sample came how many days before the day, and how damaged."""
HANDED_DOWN = ("D1", "K6", "D4", "V5")
"""Requirements of the meeting's measures that were handed down the day they came."""


def sample(name: str) -> str:
    """The clean text of a sample."""
    return files(__package__).joinpath(f"{name}.txt").read_text("utf-8").strip()


def load_bulletins(staff: Staff) -> None:
    """Take them in damaged, as they come; two are decided on, one of them is handed down, the rest waits."""
    by, county = staff["duty-officer1"], Area.objects.get(code=COUNTY)
    taken = {}
    for name, days, plan in CAME:
        with clock.frozen(_at(days)):
            given = damaged(sample(name), Random(name), plan).text
            taken[name] = services.take_in(by=by, area=county, given=given, file_name=f"{name}.txt", source=Source.DEMO)
    with clock.frozen(_at(5) + timedelta(hours=1)):
        _decide(taken["four_grasps"], by)
    with clock.frozen(_at(2) + timedelta(hours=2)):
        services.confirm_rest(bulletin=taken["leading_group"], by=by)


def _at(days: int) -> datetime:
    return MORNING - timedelta(days=days)


def _decide(bulletin: Bulletin, by) -> None:
    """Headings are no measures; the rest is confirmed, and some of it becomes directives at once."""
    for measure in selectors.measures_of(bulletin):
        if measure.mode != "ORDERED" or not measure.requirements:
            services.reject(measure=measure, by=by)
        elif set(measure.requirements.split()) & set(HANDED_DOWN):
            _hand_down(measure, by)
    services.confirm_rest(bulletin=bulletin, by=by)


def _hand_down(measure: Measure, by) -> None:
    better = {"actors": "各乡镇（街道）"}
    if measure.every:
        better["due"] = date(MORNING.year, MORNING.month, 31)
    services.correct(measure=measure, by=by, **better)
    with translation.override("zh-hans"):  # what is written into a directive is in the officers' own language
        story.hand_down(measure=services.confirm(measure=measure, by=by), by=by)
