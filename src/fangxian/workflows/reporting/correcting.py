"""What a correction says before everything else: why it is there, and every figure that differs."""

from typing import Any

from django.utils.translation import gettext as _

from fangxian.systems.situation import figures
from fangxian.workflows.reporting import blocks
from fangxian.workflows.reporting.blocks import Block


def say(facts: dict[str, Any]) -> list[Block]:
    """The reason, and a table of the figures of which the earlier edition said another number."""
    said = [blocks.text(_("This edition corrects the earlier one: %(why)s") % {"why": facts["reason"]})]
    rows = [
        (figures.get(one["key"]).name, "–" if one["was"] is None else one["was"], one["is"]) for one in facts["changes"]
    ]
    if not rows:
        return [*said, blocks.text(_("No figure differs."))]
    return [*said, blocks.table([_("Figure"), _("Said before"), _("Corrected")], rows, right=(1, 2), wide=(0,))]
