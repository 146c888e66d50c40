"""Medical care of the county on the day: houses and beds, fever patients, two ways between houses, one round."""

from datetime import timedelta
from decimal import Decimal

from fangxian.core import clock, records
from fangxian.core.areas import Area
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.medical import rules, services
from fangxian.systems.medical.models import Beds, Facility
from fangxian.systems.medical.services import Answer
from fangxian.systems.people.models import Person

HOUSES = (
    ("市人民医院发热门诊", "FEVER_CLINIC", {"ISOLATION": 12}),
    ("市定点救治医院", "DESIGNATED_HOSPITAL", {"ISOLATION": 60, "NEGATIVE_PRESSURE": 8, "ICU": 6}),
    ("市第二人民医院", "HOSPITAL", {"REGULAR": 240, "ISOLATION": 10}),
    ("镇卫生院", "TOWNSHIP_CENTRE", {"REGULAR": 20}),
    ("村卫生室", "VILLAGE_CLINIC", {}),
    ("惠民诊所", "PRIVATE_CLINIC", {}),
)
"""Name, kind, beds; the houses stand in the county's first townships, one after the other."""

SEEN = (
    (0, "38.2", "发热 咳嗽", "OBSERVED"),
    (0, "36.7", "咽痛", "SENT_HOME"),
    (4, "38.6", "发热", "REFERRED"),
    (5, "37.9", "发热 乏力", "TREATED"),
)
"""Number of the house, temperature, symptoms, outcome."""


def load_medical(staff: Staff) -> None:
    """Enter it all with the real verbs; what follows from the visits is work for the jobs, as in any installation."""
    by, other = staff["clinician1"], staff["clinician2"]
    with clock.frozen(MORNING - timedelta(hours=20)):
        houses = _houses()
        people = list(Person.objects.filter(area_id__gte=COUNTY).select_related("area").order_by("pk")[: len(SEEN) + 4])
        for house, patient in ((1, people[-1]), (1, people[-2]), (2, people[-3])):
            services.admit(by=by, facility=houses[house], person=patient, source=Source.DEMO)
        _walk_through(houses[2], by)
    with clock.frozen(MORNING - timedelta(hours=3)):
        way = services.refer(by=by, person=people[-3], from_facility=houses[2], to_facility=houses[1], bed="ICU",
                             reason="血氧下降，需重症监护", source=Source.DEMO)  # fmt: skip
        services.approve(referral=way, by=by)
        services.approve(referral=way, by=other)
        services.refer(by=by, person=people[-2], from_facility=houses[1], to_facility=houses[2], bed="REGULAR",
                       reason="连续两次核酸阴性，转普通病房", source=Source.DEMO)  # fmt: skip
    with clock.frozen(MORNING - timedelta(hours=1)):
        for (house, temperature, symptoms, outcome), patient in zip(SEEN, people, strict=False):
            services.record_visit(by=by, facility=houses[house], person=patient, temperature=Decimal(temperature),
                                  symptoms=symptoms, outcome=outcome, source=Source.DEMO)  # fmt: skip


def _houses() -> list[Facility]:
    """The houses with their beds."""
    towns = list(Area.objects.filter(parent_id=COUNTY).order_by("code")[: len(HOUSES)])
    made = []
    for number, (name, kind, beds) in enumerate(HOUSES):
        town = towns[number % len(towns)]
        house = _add(Facility, "medical.facility.added", area=town, name=name, kind=kind)
        for bed, count in beds.items():
            _add(Beds, "medical.beds.added", area=town, facility=house, kind=bed, count=count)
        made.append(house)
    return made


def _add(model: type, action: str, **values):
    return records.create(model, by=None, action=action, source=Source.DEMO, **values)


def _walk_through(house: Facility, by) -> None:
    """One round of infection control, with one item not fulfilled."""
    asked = rules.items(rules.pack_of(house.area_id))
    answers = {item: Answer("YES") for item in asked} | {"WASTE": Answer("NO", "医废暂存间未双人交接签字")}
    services.record_round(by=by, facility=house, answers=answers, source=Source.DEMO)
