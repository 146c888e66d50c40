"""The ledgers of goods."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.records import Source
from fangxian.core.reporting import WRITTEN
from fangxian.registers import Column, Register
from fangxian.systems.goods import services
from fangxian.systems.goods.models import (
    Consignment,
    GoodsPlace,
    GoodsTest,
    Lot,
    Movement,
    Paper,
    Recall,
    RecallLine,
    Worker,
)
from fangxian.systems.goods.moving import NEW_LOT
from fangxian.systems.goods.sampling import tidy_pieces
from fangxian.systems.goods.tidying import tidy
from fangxian.systems.goods.words import Finding

KINDS = {
    "口岸": "PORT", "集中监管仓": "CENTRAL_STORE", "中心仓": "CENTRAL_STORE", "冷库": "COLD_STORE", "车": "VEHICLE",
    "加工厂": "PLANT", "市场": "MARKET", "农贸市场": "MARKET", "超市": "SHOP", "商店": "SHOP", "饭店": "RESTAURANT",
    "食堂": "RESTAURANT",
}  # fmt: skip
MOVES = {
    "入库": "RECEIVE", "出库": "MOVE", "调拨": "MOVE", "转运": "MOVE", "拆分": "SPLIT", "合并": "MERGE",
    "分装": "REPACK", "加工": "PROCESS", "销售": "SELL", "退货": "RETURN", "退运": "RETURN", "销毁": "DESTROY",
}  # fmt: skip
FOUND = ("finding", "positives", "positive_pieces")
ADDED = ("vehicle", "waybill", "handler", "buyer", "buyer_phone")


def _of(values: dict[str, Any], *names: str) -> dict[str, Any]:
    """The values without the area, which is that of the first thing named; one typed otherwise is refused."""
    area = values.pop("area", None)
    about = next((values[name] for name in names if values.get(name) is not None), None)
    if area is not None and about is not None and area.pk != about.area_id:
        raise ValidationError({"area": _("This belongs to another area: choose that one.")})
    return values


class GoodsPlaceRegister(Register):
    """Stores, markets, plants, shops and vehicles that goods pass through."""

    model = GoodsPlace
    columns = ("name", "kind", "company", "plate", "head", "phone", "area", "closed_on")
    filters = ("kind",)
    search = ("name", "company", "plate")
    form = (
        "area", "name", "kind", "company", "credit_code", "plate", "address", "head", "phone", "closed_on",
    )  # fmt: skip
    key = ("area", "name")
    permission = "goods"
    icon = "building-warehouse"
    exempt = {"venue_id": "a tab shows the place that follows the record"}
    synonyms = {"kind": KINDS}

    def clean_row(self, values):
        """One spelling of numbers."""
        return tidy(values)


class WorkerRegister(Register):
    """Who handles goods at which place; tests and vaccinations stand with the person."""

    model = Worker
    columns = ("place", "person", "job", "staff_number", "from_on", "until_on", "area")
    filters = ("job",)
    form = ("area", "place", "person", "job", "staff_number", "from_on", "until_on")
    key = ("place", "person", "from_on")
    permission = "goods"
    icon = "users-group"


class ConsignmentRegister(Register):
    """Goods that come together: announced 48 hours before, checked when they are there."""

    model = Consignment
    columns = (
        "number", "goods", "origin", "owner", "to_place", "pieces", "weight_kg", "container", "seal", "plate", "driver",
        "driver_phone", "grade", "noticed_at", "expected_at", "arrived_at", "area",
    )  # fmt: skip
    filters = ("grade", "expected_at")
    search = ("number", "container")
    form = (
        "area", "number", "goods", "origin", "owner", "to_place", "pieces", "weight_kg", "container", "seal", "plate",
        "driver", "driver_phone", "temperature", "is_bulk", "touched", "departed_at", "expected_at",
    )  # fmt: skip
    key = ("number",)
    ordering = ("area_id", "-expected_at", "pk")
    permission = "goods"
    icon = "ship"
    one_by_one = True  # each row is graded by the rules
    exempt = {
        "container_seen": "stands on the page of the consignment", "seal_seen": "stands on the page of the consignment",
        "rule": "stands on the page of the consignment", "pack": "stands with the rule",
    }  # fmt: skip

    def clean_row(self, values):
        """One spelling of numbers."""
        return tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Announced and corrected by the verbs: the grade follows from the facts."""
        values = _of(values, "to_place")
        if record is None:
            return services.announce(by=by, source=source, **values)
        return services.correct(consignment=record, by=by, base_version=base_version, **values)


class LotRegister(Register):
    """Lots of goods, red until everything the rule asks for is there."""

    model = Lot
    columns = (
        "number", "goods", "pieces", "weight_kg", "place", "consignment", "is_held", "missing", "is_positive",
        "begun_at", "released_at", "certificate", "produced_on", "expires_on", "area", "rule",
    )  # fmt: skip
    filters = ("is_held", "is_positive", "begun_at")
    search = ("number",)
    form = ("area", "number", "goods", "place", "pieces", "weight_kg", "produced_on", "expires_on")
    key = ("area", "number")
    ordering = ("area_id", "-begun_at", "pk")
    permission = "goods"
    icon = "package"
    one_by_one = True  # each row is judged, and comes with its first movement
    import_note = _("Lots that lie in a store already. What comes with papers is announced as a consignment.")
    exempt = {"pack": "stands with the rule"}

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Taken over from stock; afterwards only what the label says may be corrected."""
        values = _of(values, "place")
        if record is None:
            return services.take_stock(by=by, source=source, **values)
        kept = {
            name: value for name, value in values.items() if name in ("goods", "weight_kg", "produced_on", "expires_on")
        }
        return super().write(by=by, values=kept, record=record, base_version=base_version, source=source)


class PaperRegister(Register):
    """Papers of goods: put to a consignment once, they hold for all its lots."""

    model = Paper
    columns = ("kind", "number", "consignment", "lot", "issuer", "issued_on", "valid_until", "agent", "area")
    filters = ("kind", "issued_on")
    search = ("number",)
    form = ("area", "consignment", "lot", "kind", "number", "issuer", "issued_on", "valid_until", "agent")
    key = ("number", "kind")
    permission = "goods"
    icon = "certificate"
    one_by_one = True  # what it answers for is judged anew

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Through the verbs: lots are judged anew."""
        values = _of(values, "consignment", "lot")
        if record is None:
            return services.attach_paper(by=by, source=source, **values)
        return services.correct_paper(paper=record, by=by, base_version=base_version, **values)


class GoodsTestRegister(Register):
    """Samples of goods by ranges of pieces, ordered, taken, reported."""

    model = GoodsTest
    columns = (
        "lot", "surface", "first_piece", "last_piece", "samples", "finding", "positives", "positive_pieces",
        "sampled_at", "reported_at", "laboratory", "correction", "area",
    )  # fmt: skip
    filters = ("finding", "surface", "sampled_at")
    form = (
        "area", "lot", "surface", "first_piece", "last_piece", "samples", "sampled_at", "laboratory", *FOUND,
    )  # fmt: skip
    key = ("lot", "surface", "first_piece", "sampled_at")
    ordering = ("area_id", "-created_at", "pk")
    permission = "goods_tests"
    icon = "test-pipe"
    one_by_one = True  # pieces are compared with the lot
    import_note = _(
        "The laboratory's file: export the tests without a result, fill in finding, positive samples and pieces, and "
        "bring it back. A result on record is never overwritten."
    )
    synonyms = {"finding": WRITTEN, "surface": {"外包装": "OUTER", "内包装": "INNER", "货物": "INNER"}}
    exempt = {"subject_id": "the recall that ordered it; its page shows the test"}

    def clean_row(self, values):
        """One spelling of the positive pieces."""
        if values.get("positive_pieces"):
            values = {**values, "positive_pieces": tidy_pieces(values["positive_pieces"])}
        return values

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """Samples are entered, and what was found is reported, with all that follows from it."""
        values = _of(values, "lot")
        found = {name: values.pop(name) for name in FOUND if name in values}
        if record is None:
            made = services.sample(by=by, source=source, **values)
        else:
            kept = {name: value for name, value in values.items() if name in ("sampled_at", "laboratory")}
            made = super().write(by=by, values=kept, record=record, base_version=base_version, source=source)
        return _reported(made, found, by)


def _reported(test: GoodsTest, found: dict[str, Any], by) -> GoodsTest:
    """The test with its result, where one is given that is not on record; one on record is not changed here."""
    if all(getattr(test, name) == value for name, value in found.items()):
        return test
    finding = found.get("finding", test.finding)
    positives = found.get("positives", test.positives)
    if finding not in (Finding.NEGATIVE, Finding.POSITIVE):
        raise ValidationError(
            {"finding": _("Say negative or positive. A result is taken back on the page of the lot.")}
        )
    if (finding == Finding.POSITIVE) != bool(positives):
        raise ValidationError({"positives": _("A positive finding has positive samples, a negative one has none.")})
    pieces = found.get("positive_pieces", test.positive_pieces)
    return services.report(test=test, by=by, positives=positives, positive_pieces=pieces)


class MovementRegister(Register):
    """Every step of goods: received, moved, split, merged, re-packed, processed, sold, sent back, destroyed."""

    model = Movement
    columns = (
        "at", "kind", "lot", "pieces", "from_place", "to_place", "to_lot", "made", "vehicle", "waybill",
        "handler", "buyer", "buyer_phone", "area", "to_area",
    )  # fmt: skip
    filters = ("kind", "at")
    form = (
        "area", "kind", "lot", "pieces", "from_place", "to_place", "to_lot", "made", "at", "vehicle", "waybill",
        "handler", "buyer", "buyer_phone",
    )  # fmt: skip
    key = ("lot", "kind", "at", "from_place", "to_place")
    ordering = ("area_id", "-at", "pk")
    permission = "goods"
    icon = "arrows-exchange"
    synonyms = {"kind": MOVES}
    one_by_one = True  # what leaves must be there
    makes = ("to_lot",)
    import_note = _(
        "A number under “becomes lot” that is not known yet makes the new lot, where goods are split, put together, "
        "re-packed or processed; further rows with the same number put their pieces into it."
    )

    def clean_row(self, values):
        """One spelling of numbers."""
        return tidy(values)

    def write(self, *, by, values, record=None, base_version=None, source=Source.WEB):
        """What moved stays as written, a wrong one is put right by another; who had to do with it may be added."""
        if record is None:
            return _moved(_of(values, "from_place", "to_place"), by, source)
        if any(getattr(record, name) != value for name, value in values.items() if name not in ADDED):
            raise ValidationError(_("A movement is never changed: write the one that puts it right."))
        kept = {name: value for name, value in values.items() if name in ADDED}
        return super().write(by=by, values=kept, record=record, base_version=base_version, source=source)


def _moved(values: dict[str, Any], by, source: str) -> Movement:
    """The movement; a lot that is named and not there yet is made of the pieces."""
    number = values.get("to_lot")
    if not isinstance(number, str):
        return services.move(by=by, source=source, **values)
    if values["kind"] not in NEW_LOT:
        raise ValidationError({"to_lot": _("No lot has this number: only what is split, put together, re-packed or "
                                           "processed makes a new one.")})  # fmt: skip
    if values.get("from_place") is None:
        raise ValidationError({"from_place": _("Say where the goods come from.")})
    values = {**values, "to_place": values.get("to_place") or values["from_place"]}
    known = Lot.objects.filter(area=values["to_place"].area_id, number=number).first()
    if known is not None:  # an earlier row of the sheet made it
        return services.move(by=by, source=source, **{**values, "to_lot": known})
    given = {name: value for name, value in values.items() if name not in ("lot", "pieces", "from_place", "to_lot")}
    new = services.divide(by=by, lots={values["lot"]: values["pieces"]}, place=values["from_place"], number=number,
                          source=source, **given)  # fmt: skip
    return Movement.unscoped.get(to_lot=new)


class RecallRegister(Register):
    """Recalls of goods: what was searched, what was found, whether all is accounted for."""

    # opened by the story of contaminated goods
    model = Recall
    columns = (
        "lot", "started_at", "reason", "lots", "places", "handlers", "pieces", "closed_at", "is_withdrawn",
        "correction", "from_at", "until_at", "area", "rule",
    )  # fmt: skip
    filters = ("started_at", "is_withdrawn")
    form = ()
    key = ("lot", "started_at")
    ordering = ("area_id", "-started_at", "pk")
    permission = "goods"
    icon = "arrow-back-up"
    exempt = {"test": "stands on the page of the recall", "pack": "stands with the rule"}


class RecallLineRegister(Register):
    """Holders of recalled goods: told, stopped, sealed, every piece accounted for."""

    # found by the trace; its steps are taken on the page of the recall
    model = RecallLine
    columns = (
        Column("recall", sort="", needs=("lot",)), "lot", "place", "state", "since", "passed", "pieces", "sealed",
        "returned", "destroyed", "used", "told_at", "stopped_at", "area",
    )  # fmt: skip
    filters = ("state",)
    form = ()
    key = ("recall", "lot", "place")
    permission = "goods"
    icon = "list-check"
    exempt = {"recall_area": "the area of the recall, shown there"}
