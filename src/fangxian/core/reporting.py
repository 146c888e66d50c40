"""Who may say what a test found, and in which words it comes.

Neither whoever took the sample nor whoever gains by the answer may say it.
"""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from fangxian.core.permissions import Permission, may
from fangxian.core.roles import ColdChainKeeper

WRITTEN = {"阳性": "POSITIVE", "阴性": "NEGATIVE", "+": "POSITIVE", "-": "NEGATIVE", "未检出": "NEGATIVE"}
"""How laboratories write in a sheet what they found in goods and around them."""


def check_reporter(*, by, right: Permission, area_code: str, took: bool, is_store: bool, field: str) -> None:
    """Refuse with the reason at a field. `took`: by whom the sample was written down; `is_store`: goods or their store.

    Nobody (None) is the platform itself, which derives a result from another one. Raises ValidationError.
    """
    if by is None:
        return
    decision = may(by, right, area_code)
    if not decision:
        raise ValidationError({field: decision.reason})
    if took:
        raise ValidationError({field: _("You took this sample: somebody else reports what was found.")})
    if is_store and any(post.role == ColdChainKeeper.key and post.covers(area_code) for post in by.current_posts):
        raise ValidationError({field: _("You keep the goods here: a laboratory reports what was found.")})
