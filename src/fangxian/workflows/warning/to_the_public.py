"""A health risk notice of the warning regulation becomes a message to the public, by the verbs of publicity.

Delivered, the notice is drafted as a message in its own words and waits for publicity's two approvals: what everybody
is told is never the word of one officer. Published, that is the response. Withdrawn, the message goes too.
"""

from typing import Any

from django.dispatch import receiver
from django.utils.translation import gettext as _

from fangxian.core import diseases, scope
from fangxian.core.officers import Officer
from fangxian.core.records import Source
from fangxian.systems.publicity import selectors as publicity
from fangxian.systems.publicity import services as messages
from fangxian.systems.publicity.announcements import published
from fangxian.systems.publicity.models import Message
from fangxian.systems.publicity.words import Audience, MessageKind
from fangxian.systems.surveillance import selectors, services
from fangxian.systems.surveillance.announcements import product_moved
from fangxian.systems.surveillance.models import WarningProduct
from fangxian.systems.surveillance.words import WarningKind, WarningState

FROM = "warning_product"
"""The key under which a message names the product it came from."""
WHY = "a notice and its message belong to one county, whoever of it wrote which"
TITLE, TEXT = 80, 4000
"""As long as a message may be."""


def message_of(product: WarningProduct) -> Message | None:
    """The newest message a notice became, inside the scope in force."""
    return publicity.derived_from(FROM, str(product.pk)).first()


@receiver(product_moved)
def follow_notice(sender: Any, product: WarningProduct, by: Officer | None, **_named: Any) -> None:
    """A notice was delivered: draft its message. It was withdrawn: take the message away."""
    if product.kind == WarningKind.RISK_NOTICE and product.state == WarningState.DELIVERED:
        _drafted(product, by)
    elif product.kind == WarningKind.RISK_NOTICE and product.state == WarningState.WITHDRAWN:
        _withdrawn(product)


@receiver(published)
def follow_published(sender: Any, message: Message, by: Officer | None, **_named: Any) -> None:
    """The public has been told: that is the response to the notice."""
    source = message.basis.get(FROM)
    if source is None:
        return
    with scope.everywhere(WHY):
        product = selectors.product(source)
        if product.state == WarningState.DELIVERED:
            told = _("Published as a message to the public: %(title)s") % {"title": message.title}
            services.respond(product=product, by=None, response=told)


def _drafted(product: WarningProduct, by: Officer | None) -> Message:
    """In the words of the notice, for everybody in the area of the receiver; waits for the first approval."""
    about = product.signal.disease if product.signal is not None else ""
    with scope.everywhere(WHY):
        drafted = messages.draft(
            by=by, area=product.to_area, title=product.title[:TITLE], text=product.text[:TEXT],
            kind=MessageKind.NOTICE, audience=Audience.ALL, as_broadcast=True, source=Source.WORKFLOW,
            disease=about if about in diseases.KEYS else "", basis={FROM: str(product.pk)},
        )  # fmt: skip
        return messages.submit(message=drafted, by=None)


def _withdrawn(product: WarningProduct) -> None:
    with scope.everywhere(WHY):
        message = message_of(product)
        if message is not None and "withdraw" in messages.allowed(message):
            messages.withdraw(message=message, by=None, reason=product.feedback)
