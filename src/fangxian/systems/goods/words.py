"""Words of goods: the choices its records are made of."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PlaceKind(models.TextChoices):
    """What goods pass through."""

    PORT = "PORT", _("Port of entry of goods")
    CENTRAL_STORE = "CENTRAL_STORE", _("Central supervised warehouse")
    COLD_STORE = "COLD_STORE", _("Cold store")
    VEHICLE = "VEHICLE", _("Goods vehicle")
    PLANT = "PLANT", _("Processing plant")
    MARKET = "MARKET", _("Wholesale or farm produce market")
    SHOP = "SHOP", _("Shop or supermarket")
    RESTAURANT = "RESTAURANT", _("Restaurant or canteen")
    OTHER = "OTHER", _("Other")


class Grade(models.TextChoices):
    """How goods are treated, by the temperature they travel at and the pack's signs of low risk."""

    COLD = "COLD", _("Cold chain")
    HIGH = "HIGH", _("Non-cold, high risk")
    LOW = "LOW", _("Non-cold, low risk")


class PaperKind(models.TextChoices):
    """The papers of the trade (五证); the names of the pack's rule are their English ones."""

    CUSTOMS = "CUSTOMS", _("Customs declaration")
    INSPECTION = "INSPECTION", _("Inspection and quarantine certificate")
    TEST = "TEST", _("Nucleic-acid certificate")
    DISINFECTION = "DISINFECTION", _("Disinfection certificate")
    TRACE_CODE = "TRACE_CODE", _("Trace code")
    OUTBOUND = "OUTBOUND", _("Outbound certificate")


class Missing(models.TextChoices):
    """Why a lot is held. The papers have the names of their kinds."""

    CUSTOMS = "CUSTOMS", _("Customs declaration")
    INSPECTION = "INSPECTION", _("Inspection and quarantine certificate")
    TEST = "TEST", _("Nucleic-acid certificate")
    DISINFECTION = "DISINFECTION", _("Disinfection certificate")
    TRACE_CODE = "TRACE_CODE", _("Trace code")
    NOTICE = "NOTICE", _("Notice before entry, given in time")
    CONTAINER = "CONTAINER", _("Container and seal as on the papers")
    OUTER_TESTS = "OUTER_TESTS", _("Tests of the outer packing, all pieces the rule asks for")
    INNER_TESTS = "INNER_TESTS", _("Tests of the goods inside, as many as the rule asks for")
    POSITIVE = "POSITIVE", _("A positive test")
    RECALLED = "RECALLED", _("Under recall")


class Surface(models.TextChoices):
    """Where a sample of goods is taken."""

    OUTER = "OUTER", _("Outer packing")
    INNER = "INNER", _("Inner packing or the goods")


class Finding(models.TextChoices):
    """What a test of goods found."""

    PENDING = "PENDING", _("No result yet")
    NEGATIVE = "NEGATIVE", _("Negative")
    POSITIVE = "POSITIVE", _("Positive")
    VOID = "VOID", _("Result taken back")


class Moved(models.TextChoices):
    """Kinds of movement."""

    RECEIVE = "RECEIVE", _("Received into stock")
    MOVE = "MOVE", _("Moved")
    SPLIT = "SPLIT", _("Split")
    MERGE = "MERGE", _("Put together")
    REPACK = "REPACK", _("Re-packed")
    PROCESS = "PROCESS", _("Processed")
    SELL = "SELL", _("Sold")
    RETURN = "RETURN", _("Sent back")
    DESTROY = "DESTROY", _("Destroyed")


class Job(models.TextChoices):
    """What somebody does with goods."""

    PORTER = "PORTER", _("Porter")
    KEEPER = "KEEPER", _("Store keeper")
    DRIVER = "DRIVER", _("Driver")
    CUTTER = "CUTTER", _("Cutting and processing")
    SELLER = "SELLER", _("Sales")
    DISINFECTOR = "DISINFECTOR", _("Disinfection worker")
    OTHER = "OTHER", _("Other")


class HolderState(models.TextChoices):
    """How far a holder of recalled goods is."""

    OPEN = "OPEN", _("Not told yet")
    TOLD = "TOLD", _("Holder told")
    STOPPED = "STOPPED", _("Sale and use stopped")
    SEALED = "SEALED", _("Sealed, all accounted for")
    SETTLED = "SETTLED", _("Returned, destroyed or used up")
