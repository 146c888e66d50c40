"""Letters of assistance: Xiuwu's contacts of March 2022 at the scale of the demo, and Mengzhou's own to others.

Of Xiuwu's 467 close and 2,051 secondary contacts 1,460 belonged elsewhere (henan.china.com, 2022-03-21). Here a share
of them, invented, goes out by the stated address: to Mengzhou, which hands them down and answers, to the other counties
of the prefecture, and, drafted on paper, to places beyond. Mengzhou itself waits for a city that does not answer.
"""

import random
from base64 import b64encode
from datetime import timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from fangxian.core import clock
from fangxian.core.areas import Area
from fangxian.core.identity.gb11643 import check_character
from fangxian.core.records import Source
from fangxian.demo.areas import COUNTY, PREFECTURE
from fangxian.demo.days import MORNING
from fangxian.demo.officers import Staff
from fangxian.systems.command import services as command
from fangxian.systems.command.models import Task
from fangxian.systems.letters import peers
from fangxian.systems.letters import services as letters
from fangxian.systems.letters.models import Letter, LetterItem
from fangxian.workflows import letter_of_assistance
from fangxian.workflows.letter_of_assistance import Stated

XIUWU, OUTSIDE, LEAST, MOST = "410821", 1460, 24, 400
BEYOND = (
    ("河南省郑州市金水区花园路", "410105"), ("河南省新乡市辉县市百泉镇", "410782"),
    ("山西省晋城市泽州县南村镇", "140525"), ("河南省洛阳市孟津区", "410308"),
)  # fmt: skip
NOWHERE = ("暂住工地，地址不详", "货车司机，流动")
WHY = "修武县核酸检测阳性感染者的密切接触者、次密接"


def load_letters(staff: Staff, scale: float) -> None:
    """Write, send, receive and answer with the real verbs, on the days before."""
    people = _people(random.Random(int(XIUWU)), min(MOST, max(LEAST, round(OUTSIDE * scale))))
    with clock.frozen(MORNING - timedelta(hours=30)):
        sender = staff[f"duty-officer-{XIUWU}"]
        asked = letter_of_assistance.ask(
            by=sender, people=people, about=Area.objects.get(code=XIUWU), because=WHY, disease="covid19",
            actions=("FIND", "MONITOR", "REPLY"), source=Source.DEMO,
        )  # fmt: skip
        for letter in asked.letters:
            if letter.channel == Letter.Channel.LOCAL:
                letter_of_assistance.send(by=sender, letter=letter)
    with clock.frozen(MORNING - timedelta(hours=28)):
        _receive(staff)
    with clock.frozen(MORNING - timedelta(hours=20)):
        _look_for(staff)
    with clock.frozen(MORNING - timedelta(days=2)):
        _ask_beyond(staff)
        _enter_partner(staff)


def _enter_partner(staff: Staff) -> None:
    """Another city's installation that one officer has entered and nobody has confirmed: nothing ever goes there."""
    key = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    peers.propose(
        by=staff["duty-officer1"], area=Area.objects.get(code=COUNTY), name="郑州市（示例，未确认）", code="4101",
        url="https://zhengzhou.invalid", public_key=b64encode(key).decode(),
    )  # fmt: skip


def _receive(staff: Staff) -> None:
    for letter in Letter.objects.filter(direction=Letter.Direction.IN, area_id=COUNTY):
        letter_of_assistance.receive(by=staff["duty-officer1"], letter=letter)


def _look_for(staff: Staff) -> None:
    """Two of three are found, one in nine is not there; the rest is still looked for. What is known goes back."""
    tasks = Task.objects.filter(key__startswith="letter-item:", area__code__startswith=COUNTY).order_by("key")
    for number, task in enumerate(tasks.select_related("officer", "area")):
        who = task.officer or _holder(staff, task)
        if number % 9 == 8:
            command.cannot(task=task, by=who, reason="房东称上周已离开，去向不明")
        elif number % 3 != 2:
            command.finish(task=task, by=who, outcome="已找到本人，已告知健康监测要求")
    for letter in Letter.objects.filter(direction=Letter.Direction.IN, area_id=COUNTY).select_related("area", "peer"):
        found = LetterItem.objects.filter(letter=letter, result=LetterItem.Result.FOUND)
        told = {row.pk: {"monitored_since": clock.today()} for row in found}
        letters.set_results(letter=letter, by=staff["duty-officer1"], results=told)
        letter_of_assistance.answer(by=staff["duty-officer1"], letter=letter)


def _holder(staff: Staff, task: Task):
    if task.role == "duty_officer":
        return staff["duty-officer1"]
    return staff[f"township-{task.area_id[:9]}"]


def _ask_beyond(staff: Staff) -> None:
    """Mengzhou asks on paper: one letter that was sent and is overdue, drafts that wait, people nobody can place."""
    rng = random.Random(int(COUNTY))
    people = [_person(rng, number, address, code, "OFFICIAL") for number, (address, code) in enumerate(BEYOND * 3)]
    people += [_person(rng, 90 + number, where, "", "") for number, where in enumerate(NOWHERE)]
    asked = letter_of_assistance.ask(
        by=staff["investigator1"], people=people, about=Area.objects.get(code=COUNTY), disease="covid19",
        because="K1234次列车同车厢接触者", actions=("FIND", "ISOLATE", "TEST", "REPLY"), source=Source.DEMO,
    )  # fmt: skip
    first = next(letter for letter in asked.letters if letter.other_code)
    letters.sign(letter=first, by=staff["duty-officer2"])
    letter_of_assistance.send(by=staff["investigator1"], letter=first)


def _people(rng: random.Random, count: int) -> list[Stated]:
    """Stated addresses: four of ten in Mengzhou, three in the other counties, two beyond, one that nobody can place."""
    villages = list(Area.objects.filter(code__startswith=COUNTY, kind=Area.Kind.VILLAGE).order_by("code"))
    counties = list(Area.objects.filter(parent_id=PREFECTURE, kind=Area.Kind.COUNTY).exclude(code__in=[COUNTY, XIUWU]))
    towns = {area.code: area.name for area in Area.objects.filter(parent_id=COUNTY)}
    people = []
    for number in range(count):
        if number % 10 < 4:
            village = rng.choice(villages)
            where, code = f"河南省焦作市孟州市{towns.get(village.code[:9], '')}{village.name}", COUNTY
        elif number % 10 < 7:
            county = rng.choice(counties)
            where, code = f"河南省焦作市{county.name}", county.code
        elif number % 10 < 9:
            where, code = rng.choice(BEYOND)
        else:
            where, code = rng.choice(NOWHERE), ""
        people.append(_person(rng, number, where, code, "SECONDARY" if number % 5 else "CLOSE"))
    return people


def _person(rng: random.Random, number: int, where: str, code: str, ring: str) -> Stated:
    name = rng.choice("王李张刘陈杨赵黄周吴") + "".join(rng.choices("伟芳娜敏静丽强磊军洋", k=2))
    digits = f"{code}19{rng.randrange(55, 99)}{rng.randrange(1, 13):02d}{rng.randrange(1, 29):02d}{number:03d}"
    return Stated(
        name=name, id_number=digits + check_character(digits) if code else "",
        address=f"{where}{number + 1}号" if code else where, phone=f"1990000{number:04d}",
        ring=ring if ring in LetterItem.Ring.values else "", note="同乘一车" if number % 2 else "同桌就餐",
        last_contact_at=MORNING - timedelta(days=4, hours=rng.randrange(12)),
    )  # fmt: skip
