"""What stands in an area: mode, three-none streak; pieces of the command's page and of the situation."""

from collections.abc import Iterable
from dataclasses import dataclass

from fangxian.core import modes
from fangxian.core.areas import Area
from fangxian.core.clock import now
from fangxian.core.modes import Mode
from fangxian.core.officers import Officer
from fangxian.core.permissions import Permission, may
from fangxian.faces.web.pages import lists
from fangxian.faces.web.pages.figures import readable
from fangxian.faces.web.registers import named
from fangxian.registers import site
from fangxian.systems.cases import streaks
from fangxian.systems.cases.streaks import Streak
from fangxian.systems.command import mode_selectors
from fangxian.systems.command.mode_selectors import Standing

TONES = {Mode.NORMAL: "success", Mode.ALERT: "warning", Mode.EMERGENCY: "danger"}
ICONS = {Mode.NORMAL: "shield-check", Mode.ALERT: "bell-exclamation", Mode.EMERGENCY: "urgent"}


@dataclass(frozen=True)
class Shown:
    """An area with its mode, as a badge, and its streak with the page of the cases that broke it last."""

    area: Area
    standing: Standing
    streak: Streak | None
    broken_url: str = ""

    @property
    def tone(self) -> str:
        """Colour of the badge."""
        return TONES[self.standing.mode]

    @property
    def icon(self) -> str:
        """Picture of the badge."""
        return ICONS[self.standing.mode]


def shown(officer: Officer, areas: Iterable[Area], by: Area) -> list[Shown]:
    """Areas with what stands there; the streak by the rules of one area, for whoever may read its cases."""
    areas = list(areas)
    standing = mode_selectors.standing(areas)
    held = _streaks(officer, [area.code for area in areas], by.code)
    return [Shown(area, standing[area.code], held.get(area.code), _url(held.get(area.code))) for area in areas]


def badge(officer: Officer) -> dict[str, object] | None:
    """The gravest mode among the areas of an officer's posts, for the shell of every page; None without a post."""
    posts, at = officer.current_posts, now()
    if not posts:
        return None
    found = [(modes.mode_of(post.area_id, at), post.area) for post in posts]
    mode, area = max(found, key=lambda one: one[0].gravity)
    opens = bool(may(officer, Permission.COMMAND_READ))
    return {
        "label": mode.label, "tone": TONES[mode], "icon": ICONS[mode], "area": area, "mode": mode.value, "opens": opens,
    }  # fmt: skip


def _streaks(officer: Officer, codes: list[str], by: str) -> dict[str, Streak]:
    if not codes or not readable(officer, lists.CASES):
        return {}
    with site.get(lists.CASES).scope(officer, "read"):
        return streaks.streaks(codes, by)


def _url(held: Streak | None) -> str:
    return named.url(lists.CASES, "broke", held.broken_by, held.area_code) if held and held.cases else ""
