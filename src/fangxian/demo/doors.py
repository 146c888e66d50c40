"""What hangs at the doors: printed venue codes, and scans of bad ones; and a cell whose doors a worker walks today."""

from datetime import timedelta

import numpy as np

from fangxian.core import clock
from fangxian.core.areas import code_range
from fangxian.core.clock import now, today
from fangxian.demo.areas import COUNTY
from fangxian.demo.compound import load_compound
from fangxian.demo.days import MORNING
from fangxian.demo.load import Loaded
from fangxian.demo.numbers import uuids
from fangxian.demo.officers import Staff
from fangxian.systems.screening import flagged, printing
from fangxian.systems.screening.codes import Reason
from fangxian.systems.screening.models import Place
from fangxian.systems.screening.plausible import Attempt

PRINTED = 24
BAD = (Reason.FORGED, Reason.EXPIRED, Reason.ELSEWHERE, Reason.RETIRED_KEY, Reason.ELSEWHERE, Reason.EXPIRED)
DEVICE = "演示扫码终端"


def load_doors(rng: np.random.Generator, loaded: Loaded, staff: Staff) -> None:
    """Print codes for some places a fortnight before, and keep a few bad scans of the day before."""
    low, high = code_range(COUNTY)
    places = list(Place.objects.filter(area_id__gte=low, area_id__lt=high).select_related("area")[:PRINTED])
    with clock.frozen(MORNING - timedelta(days=14)):
        until = today() + timedelta(days=90)
        printing.print_codes(places=places, by=staff["duty-officer1"], valid_from=today(), valid_until=until)
    with clock.frozen(MORNING - timedelta(hours=16)):
        second = int(now().timestamp())
        ids = uuids(rng, len(BAD), second)
        flagged.keep(_attempt(ids[n], reason, loaded, places[n], second + 60 * n) for n, reason in enumerate(BAD))
    load_compound(staff)


def _attempt(own_id, reason: Reason, loaded: Loaded, place: Place, second: int) -> Attempt:
    known = None if reason == Reason.FORGED else place.pk.bytes
    return Attempt(own_id, reason.value, loaded.persons[second % 97], known, second, second, DEVICE, COUNTY, "")
