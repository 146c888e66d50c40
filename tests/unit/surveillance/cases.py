"""Cases drawn for the rules of the packs: who, when, where."""

import itertools
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from fangxian.core.areas import Area
from fangxian.systems.cases.models import Case, Exposure
from fangxian.systems.medical.models import Admission, Facility
from fangxian.systems.people.models import Household, Person
from fangxian.systems.screening.models import Place

VILLAGE = "410883001212"
_numbers = itertools.count(1)


def noon(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time(12)))


def draw(disease: str, days: Iterable[date], *, area: str = VILLAGE, **values: Any) -> list[Case]:
    """A case a day given, each of another person; values of the case, or of the person where they are its fields."""
    theirs = {name: values.pop(name) for name in ("household", "workplace") if name in values}
    made = []
    for day in days:
        number = next(_numbers)
        made.append(
            (Person(area_id=area, name=f"张{number}", sex="MALE", **theirs),
             {"number": f"T{number}", "positive_at": noon(day), "classification": "CONFIRMED", **values})
        )  # fmt: skip
    people = Person.objects.bulk_create([person for person, _values in made])
    rows = [
        Case(area_id=area, person=person, disease=disease, **said)
        for person, (_same, said) in zip(people, made, strict=True)
    ]
    return Case.objects.bulk_create(rows)


def told(cases: Iterable[Case], name: str = "", *, kind: str = "WORK", place: Place | None = None) -> None:
    """Every one of them told the same place."""
    rows = [
        Exposure(area_id=case.area_id, case=case, kind=kind, place_name=name, place_id=place.pk if place else None)
        for case in cases
    ]
    Exposure.objects.bulk_create(rows)


def place(name: str, kind: str = "SCHOOL", area: str = "410883002", **values: Any) -> Place:
    return Place.objects.create(area_id=area, name=name, kind=kind, code=f"P{next(_numbers)}", **values)


def admitted(cases: Iterable[Case], day: date) -> None:
    """Each of them lies in a bed of the same hospital since a day."""
    house, _made = Facility.objects.get_or_create(area_id="410883", name="市人民医院", kind="HOSPITAL")
    Admission.objects.bulk_create(
        Admission(area_id="410883", home_area_id=case.area_id, facility=house, person=case.person,
                  admitted_at=noon(day))
        for case in cases
    )  # fmt: skip


def at(setting: str, cases: list[Case]) -> None:
    """All of them in one place of a setting, as the store may know it."""
    if setting == "household":
        home = Household.objects.create(area_id=VILLAGE, number=f"H{next(_numbers)}")
        Person.objects.filter(cases__in=cases).update(household=home)
    elif setting == "class":
        told(cases, "三（2）班", place=place("第一小学"))
    elif setting in NAMES:
        told(cases, NAMES[setting], kind="HABITATION" if setting == "compound" else "WORK")
    assert setting in {"household", "class", "village", "any", *NAMES}, f"no way to draw cases of {setting}"
    assert Area.objects.filter(code=VILLAGE).exists()


NAMES = {
    "school": "第一小学", "factory": "红星制衣厂", "medical": "县中医院", "compound": "阳光小区",
    "care": "夕阳红养老院", "campus": "东方工业园区", "collective": "华美商行", "construction": "二号工地",
}  # fmt: skip


def spread(number: int, window: timedelta, on: date) -> list[date]:
    """Days of cases that just lie in a window: the first on its first day, the others on its last."""
    return [on - window + timedelta(days=1), *[on] * (number - 1)][:number]
