"""Areas: one tree of hierarchical codes with the prefix property, plus the codes other lists use for the same place.

Two official lists give the same nine digits to different towns (14.5 % of townships), so nothing here joins on a
bare code: `resolve` wants the code system, and falls back to the name inside the county.
"""

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from fangxian.core.fields import CodeField


class Area(models.Model):
    """A place that people answer for: province … village, grid cell, or functional zone."""

    class Kind(models.TextChoices):
        NATION = "nation", _("Nation")
        PROVINCE = "province", _("Province")
        PREFECTURE = "prefecture", _("Prefecture")
        COUNTY = "county", _("County")
        TOWNSHIP = "township", _("Township")
        VILLAGE = "village", _("Village")
        GRID_CELL = "grid_cell", _("Grid cell")
        ZONE = "zone", _("Functional zone")
        OTHER = "other", _("Other")

    code = CodeField(_("Code"), max_length=24, primary_key=True)
    system = models.CharField(_("Code system"), max_length=16, default="nbs")
    name = models.CharField(_("Name"), max_length=80)
    name_en = models.CharField(_("Name in English"), max_length=80, blank=True)
    kind = models.CharField(_("Kind"), max_length=12, choices=Kind.choices)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="children")
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_to = models.DateField(_("Valid to"), null=True, blank=True)
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    population = models.PositiveIntegerField(_("Population"), null=True, blank=True)
    latitude = models.FloatField(_("Latitude"), null=True, blank=True)
    longitude = models.FloatField(_("Longitude"), null=True, blank=True)

    class Meta:
        verbose_name = _("Area")
        verbose_name_plural = _("Areas")
        ordering = ["code"]
        indexes = [models.Index(fields=["kind", "code"]), models.Index(fields=["name"])]

    def __str__(self) -> str:
        return self.name_en if self.name_en and get_language() == "en" else self.name

    @property
    def range(self) -> tuple[str, str]:
        """Half-open code range of this area and all below it."""
        return code_range(self.code)


class AreaCode(models.Model):
    """The code and name another list uses for an area (crosswalk)."""

    area = models.ForeignKey(Area, models.CASCADE, related_name="codes")
    system = models.CharField(_("Code system"), max_length=16)
    code = CodeField(_("Code"), max_length=24, blank=True)
    name = models.CharField(_("Name"), max_length=80)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = _("Area code in another list")
        verbose_name_plural = _("Area codes in other lists")
        constraints = [models.UniqueConstraint(fields=["area", "system", "code", "name"], name="area_code_once")]
        indexes = [models.Index(fields=["system", "code"])]

    def __str__(self) -> str:
        return f"{self.system} {self.code} {self.name}"


class ZoneMember(models.Model):
    """An area that a functional zone commands although its code lies under another parent."""

    zone = models.ForeignKey(Area, models.CASCADE, related_name="members")
    member = models.ForeignKey(Area, models.PROTECT, related_name="zones")

    class Meta:
        verbose_name = _("Member of a functional zone")
        verbose_name_plural = _("Members of functional zones")
        constraints = [models.UniqueConstraint(fields=["zone", "member"], name="zone_member_once")]

    def __str__(self) -> str:
        return f"{self.zone} ⊃ {self.member}"


class UnknownArea(LookupError):
    """No area fits what was asked for."""


def code_range(code: str) -> tuple[str, str]:
    """Half-open range [code, next) that holds exactly the codes beginning with `code`; "" holds every code."""
    return (code, code[:-1] + chr(ord(code[-1]) + 1)) if code else ("", "\U0010ffff")


def covers(outer: str, inner: str) -> bool:
    """Whether `inner` is `outer` or lies below it."""
    return inner.startswith(outer)


def ranges(area: Area) -> list[tuple[str, str]]:
    """The code ranges an area stands for: its own, and those of a functional zone's members."""
    members = area.members.values_list("member_id", flat=True) if area.kind == Area.Kind.ZONE else []
    return [code_range(code) for code in (area.code, *members)]


def path(area: Area) -> list[Area]:
    """From the root to the area itself."""
    return list(Area.objects.filter(code__in=_prefixes(area.code)).order_by("code"))


def county_of(code: str) -> Area | None:
    """The county (or functional zone) an area lies in; None above county level."""
    kinds = [Area.Kind.COUNTY, Area.Kind.ZONE]
    return Area.objects.filter(code__in=_prefixes(code), kind__in=kinds).order_by("-code").first()


def resolve(*, system: str = "", code: str = "", name: str = "", within: str = "") -> Area:
    """Find an area by a code of a named list, or by name inside an area; raises `UnknownArea` with what to do.

    A code whose list calls it by another name than the one given is never believed: the name decides.
    """
    candidates = [*_by_code(system, code), *_by_name(name, within)]
    for area in candidates:
        if not name or name in _names(area):
            return area
    raise UnknownArea(
        _("No area “%(name)s” %(code)s (list %(system)s). Check the name, or add the code to the crosswalk.")
        % {"name": name, "code": code, "system": system or "-"}
    )


def _by_code(system: str, code: str) -> list[Area]:
    if not code:
        return []
    own = Area.objects.filter(code=code)
    own = own.filter(system=system) if system else own
    return [*own, *Area.objects.filter(codes__system=system, codes__code=code)]


def _by_name(name: str, within: str) -> list[Area]:
    if not name:
        return []
    low, high = code_range(within)
    inside = Area.objects.filter(code__gte=low, code__lt=high)
    return list(inside.filter(models.Q(name=name) | models.Q(codes__name=name)).order_by("code").distinct()[:1])


def _names(area: Area) -> set[str]:
    return {area.name, area.name_en, *area.codes.values_list("name", flat=True)}


def _prefixes(code: str) -> list[str]:
    return [code[:length] for length in range(1, len(code) + 1)]
