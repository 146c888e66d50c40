"""What happens to pieces of a lot, entered on its page: moved, sold, sent back, destroyed, made into a new lot."""

from typing import Any
from uuid import UUID

from django import forms
from django.apps import apps
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.permissions import Permission, require
from fangxian.faces.web.registers import widgets
from fangxian.registers.forms import RecordField
from fangxian.systems.goods import selectors, services
from fangxian.systems.goods.words import Moved

KINDS = [choice for choice in Moved.choices if choice[0] != Moved.RECEIVE]
MAKES = ("SPLIT", "MERGE", "REPACK", "PROCESS")
NEW = ("number", "made", "goods", "also")
SOLD = ("buyer", "buyer_phone", "waybill")


class MoveForm(forms.Form):
    """Of what lies where, how many pieces, what happens to them; the new lot; who bought them."""

    kind = forms.ChoiceField(label=_("What happens"), choices=KINDS, initial=Moved.MOVE)
    from_place = forms.ChoiceField(label=_("From place"))
    pieces = forms.IntegerField(label=_("Pieces"), min_value=1)
    to_place = RecordField(
        apps.get_model("goods.goodsplace"), label=_("To place"), required=False,
        help_text=_("A new lot that stays where it is made, a sale and what is destroyed need none."),
    )  # fmt: skip
    number = forms.CharField(label=_("New lot number"), max_length=40, required=False)
    made = forms.IntegerField(label=_("Pieces made"), min_value=1, required=False)
    goods = forms.CharField(label=_("Name of the goods, where it is another"), max_length=80, required=False)
    also = forms.CharField(
        label=_("Lots put together with it"), required=False, max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}), help_text=_("One lot a line: its number, a space, its pieces."),
    )  # fmt: skip
    buyer = forms.CharField(label=_("Buyer"), max_length=40, required=False)
    buyer_phone = forms.CharField(label=_("Phone of the buyer"), max_length=20, required=False)
    waybill = forms.CharField(label=_("Waybill or receipt number"), max_length=40, required=False)

    def __init__(self, lot: Any, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.lot, self.there = lot, selectors.stock_of(lot)
        self.fields["from_place"].choices = [(str(place.pk), f"{place} · {pieces}") for place, pieces in self.there]
        widgets.dress(self)

    @property
    def new_fields(self) -> list:
        """What is said of a new lot."""
        return [self[name] for name in NEW]

    @property
    def sold_fields(self) -> list:
        """Who bought it, and under which paper it went."""
        return [self[name] for name in SOLD]

    @property
    def is_new(self) -> bool:
        """Whether something of a new lot was typed or is wrong."""
        return any(self[name].value() or self[name].errors for name in NEW)

    @property
    def is_sold(self) -> bool:
        """Whether something of a sale was typed or is wrong."""
        return any(self[name].value() or self[name].errors for name in SOLD)


def blank(lot: Any) -> MoveForm | None:
    """The form with the place where most of it lies; none where nothing is left."""
    form = MoveForm(lot)
    if not form.there:
        return None
    place, pieces = form.there[0]
    form.initial = {"from_place": str(place.pk), "pieces": pieces}
    return form


def done(form: MoveForm, *, by: Any) -> Any:
    """Do what the form says: the lot that was made, or the lot itself; None where it is refused, said on the form."""
    if not form.is_valid():
        return None
    given = dict(form.cleaned_data)
    place = next(place for place, _pieces in form.there if str(place.pk) == given.pop("from_place"))
    require(by, Permission.GOODS_WRITE, place.area_id)
    try:
        return _act(form.lot, place, given, by)
    except ValidationError as error:
        _say(form, error)
        return None


def _act(lot: Any, place: Any, given: dict[str, Any], by: Any) -> Any:
    kind, pieces = given.pop("kind"), given.pop("pieces")
    paper = {name: given[name] for name in SOLD if given[name]}
    if kind not in MAKES:
        services.move(by=by, kind=kind, lot=lot, pieces=pieces, from_place=place, to_place=given["to_place"], **paper)
        return lot
    lots = {lot: pieces, **_also(given["also"], place, lot.pk)}
    return services.divide(
        by=by, kind=kind, lots=lots, place=place, to_place=given["to_place"], number=given["number"].strip(),
        made=given["made"], goods=given["goods"].strip(), **paper,
    )  # fmt: skip


def _also(text: str, place: Any, but: UUID) -> dict[Any, int]:
    """Other lots of the place as typed, a line each: number, then pieces."""
    lots, known = {}, {row.lot.number: row.lot for row in selectors.stock_at(place) if row.lot.pk != but}
    for line in filter(None, map(str.strip, text.splitlines())):
        number, _space, pieces = line.rpartition(" ")
        if not (number and pieces.isdecimal() and int(pieces) > 0):
            raise ValidationError({"also": _("Write one lot a line: its number, a space, its pieces.")})
        if number.strip() not in known:
            raise ValidationError({"also": _("No lot %(number)s lies there.") % {"number": number.strip()}})
        lots[known[number.strip()]] = int(pieces)
    return lots


def _say(form: MoveForm, error: ValidationError) -> None:
    """Each reason at its field; what no field has stands on top."""
    for name, reasons in getattr(error, "error_dict", {"": [error]}).items():
        form.add_error(name if name in form.fields else None, reasons)
