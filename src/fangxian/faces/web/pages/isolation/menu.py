"""The pages of isolation sites in the menu."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web import navigation
from fangxian.faces.web.registers import tables

tables.PAGES.update(
    {"quarantine.site": "site_board", "quarantine.stay": "isolation_stay", "quarantine.transfer": "transfer_act",
     "quarantine.opening": "opening_act", "quarantine.releaseproof": "release_proof"}
)  # fmt: skip


@navigation.add
def isolation(officer: Officer) -> Iterable[navigation.Entry]:
    """Sites and transfers, for whoever may read them."""
    if not may(officer, Permission.QUARANTINE_READ):
        return
    entries = ((_("Isolation sites"), "isolation", "building-hospital"), (_("Transfers"), "transfers", "ambulance"))
    for label, name, icon in entries:
        yield {"label": label, "url": reverse(name), "icon": icon, "group": navigation.HOLD}
