"""The ledgers of screening campaigns. Written by their pages and by the grid worker."""

from fangxian.registers import Register
from fangxian.systems.screening.campaign_models import Campaign, Target


class CampaignRegister(Register):
    """Campaigns in which everybody of some lists is looked for."""

    model = Campaign
    columns = ("name", "area", "reason", "due_at", "closed_at")
    search = ("name",)
    form = ()
    key = ("area", "name")
    permission = "screening"
    icon = "zoom-check"
    exempt = {"lists": "the lists it was begun with; read on its own page"}


class TargetRegister(Register):
    """People looked for in a campaign: found, not found, transferred, done."""

    model = Target
    columns = ("campaign", "person", "area", "outcome", "moved_to", "note", "found_at", "told_by")
    filters = ("outcome", "campaign")
    form = ()
    key = ("campaign", "person")
    permission = "screening"
    icon = "user-search"
