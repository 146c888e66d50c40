"""One office of the check of letters: a process that acts as the officers of one installation, told by lines of JSON.

    {"act": "set_up", "county": "410821"}   →   {"key": …, "fingerprint": …}

Each line in is one act, each line out its answer. The installation's own server runs beside it, as it would.
"""

import json
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from fangxian.faces.cli import first_start

OFFICERS = (
    ("investigator", "investigator"), ("second", "duty_officer"), ("third", "duty_officer"),
    ("finder", "township_officer"),
)  # fmt: skip


def main() -> None:
    """Acts until there are no more lines."""
    data, keys = Path(sys.argv[1]), Path(sys.argv[2])
    first_start.make(data, keys)
    for line in sys.stdin:
        said = json.loads(line)
        try:
            answer = ACTS[said.pop("act")](**said)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer, default=str), flush=True)


def set_up(county: str) -> dict[str, Any]:
    """Divisions and officers; gives the public key of the installation."""
    from fangxian.core.areas import Area
    from fangxian.core.officers import Officer, appoint
    from fangxian.systems.letters import signing

    first_start.plant(county)
    area = Area.objects.get(code=county)
    for username, role in OFFICERS:
        officer = Officer.objects.create_officer(username, name=username, password=None)
        appoint(officer, role=role, area=area, by=None)
    return {"key": signing.public_key(), "fingerprint": signing.own_fingerprint()}


def trust(own: str, code: str, url: str, key: str, fingerprint: str) -> dict[str, Any]:
    """One officer enters the partner, another confirms the fingerprint that was read out."""
    from fangxian.core import scope
    from fangxian.core.areas import Area
    from fangxian.systems.letters import services

    with scope.within(own):
        peer = services.propose_peer(
            by=_officer("second"), area=Area.objects.get(code=own), name=code, code=code, url=url, public_key=key
        )
        peer = services.confirm_peer(by=_officer("third"), peer=peer, fingerprint=fingerprint)
    return {"state": peer.state}


def ask(own: str, people: list[dict[str, str]], because: str) -> dict[str, Any]:
    """A list is split by receiver; the letters are signed by a second officer and sent."""
    from fangxian.core import scope
    from fangxian.core.areas import Area
    from fangxian.systems.letters import services
    from fangxian.workflows import letter_of_assistance
    from fangxian.workflows.letter_of_assistance import Stated

    asked = letter_of_assistance.ask(
        by=_officer("investigator"), people=[Stated(**row) for row in people], about=Area.objects.get(code=own),
        because=because, actions=("FIND", "MONITOR", "REPLY"),
    )  # fmt: skip
    sent = []
    with scope.within(own):
        for letter in asked.letters:
            if letter.other_code:
                signed = services.sign(letter=letter, by=_officer("second"))
                sent.append(services.send(letter=signed, by=_officer("investigator")))
    return {
        "letters": len(sent), "people": asked.new, "parked": asked.parked, "ours": len(asked.ours),
        "channels": sorted({letter.channel for letter in sent}),
    }  # fmt: skip


def hand_on(own: str) -> dict[str, Any]:
    """Every letter received that nobody has acknowledged yet goes down to the villages."""
    from fangxian.core import scope
    from fangxian.systems.letters import selectors
    from fangxian.workflows import letter_of_assistance

    with scope.within(own):
        waiting = [row for row in selectors.box("IN") if row.state == "SENT"]
    return {"handed_on": sum(letter_of_assistance.receive(by=_officer("second"), letter=row) for row in waiting)}


def look_for(own: str, missing_every: int) -> dict[str, Any]:
    """Everybody is found but each so manieth, and the tasks say so; who is found is monitored."""
    from fangxian.core import scope
    from fangxian.core.clock import today
    from fangxian.systems.command import selectors as tasks
    from fangxian.systems.command import services as command
    from fangxian.systems.letters import selectors, services

    done = 0
    with scope.within(own):
        finder, command_room = _officer("finder"), _officer("second")
        for task in tasks.open_in(own):
            if task.key and task.key.startswith("letter-item:"):
                done += 1
                who = command_room if task.role == "duty_officer" else finder
                if missing_every and done % missing_every == 0:
                    command.cannot(task=task, by=who, reason="不在当地")
                else:
                    command.finish(task=task, by=who, outcome="已找到")
        for letter in selectors.open_received():
            found = [row for row in selectors.items_of(letter) if row.result == "FOUND"]
            told = {row.pk: {"monitored_since": today()} for row in found}
            services.set_results(letter=letter, by=finder, results=told)
    return {"looked_for": done}


def clock(later_minutes: int = 0) -> dict[str, Any]:
    """What the clock does for letters, so many minutes from now."""
    from fangxian.core import clock as core_clock
    from fangxian.systems.letters import deliveries
    from fangxian.workflows import letter_of_assistance

    deliveries.hurry(core_clock.now() - timedelta(minutes=later_minutes))
    return letter_of_assistance.clock()


def stands(own: str) -> dict[str, Any]:
    """How the letters and their people stand."""
    from django.db.models import Count, Q

    from fangxian.core import audit, scope
    from fangxian.registers import site
    from fangxian.systems.letters import deliveries

    letters, items = (site.get(f"letters.{name}").model for name in ("letter", "letteritem"))
    with scope.within(own):
        states = letters.objects.order_by().values_list("direction", "state").annotate(n=Count("pk"))
        figures = items.objects.aggregate(
            people=Count("pk"), answered=Count("pk", filter=Q(answered_at__isnull=False)),
            found=Count("pk", filter=Q(result="FOUND")), not_found=Count("pk", filter=Q(result="NOT_FOUND")),
            refused=Count("pk", filter=~Q(refused="")), twins=Count("twin", distinct=True),
            recalled=Count("pk", filter=Q(recalled_at__isnull=False)),
        )  # fmt: skip
    counted = {f"{direction} {state}": n for direction, state, n in states}
    return {"letters": counted, **figures, **deliveries.stand(), "audit": audit.verify().sound}


def recall(own: str, count: int, reason: str) -> dict[str, Any]:
    """Some people of the first letter sent are none any more."""
    from fangxian.core import scope
    from fangxian.systems.letters import selectors, services

    with scope.within(own):
        letter = next(row for row in selectors.sent_out() if row.state not in ("CLOSED", "RECALLED"))
        rows = list(selectors.items_of(letter)[:count])
        done = services.recall_items(letter=letter, items=rows, by=_officer("investigator"), reason=reason)
    return {"recalled": done}


def _officer(username: str) -> Any:
    from fangxian.core.officers import Officer

    return Officer.objects.get(username=username)


ACTS: dict[str, Callable[..., dict[str, Any]]] = {
    act.__name__: act for act in (set_up, trust, ask, hand_on, look_for, clock, stands, recall)
}

if __name__ == "__main__":
    main()
