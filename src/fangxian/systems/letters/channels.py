"""By which way a letter reaches a command: inside this installation, to a partner, or as a document."""

from dataclasses import dataclass

from fangxian.core.areas import Area, county_of
from fangxian.core.officers import Post
from fangxian.core.roles import DutyOfficer
from fangxian.systems.letters import rules
from fangxian.systems.letters.models import Letter, Peer


@dataclass(frozen=True)
class Way:
    """The channel, the partner where it leads to one, and whether a second officer has to sign."""

    channel: str
    peer: Peer | None
    signature_needed: bool


def of(area: Area, code: str, disease: str) -> Way:
    """The nearest way: a command with a duty officer here, a trusted partner who answers for it, a document."""
    channel, peer = Letter.Channel.DOCUMENT, None
    if code and command_at(code) is not None:
        channel = Letter.Channel.LOCAL
    elif code and (peer := partner_for(code)) is not None:
        channel = Letter.Channel.PEER
    signed = rules.for_area(disease, area.code).items(rules.SIGNED_CHANNELS)
    return Way(channel, peer, channel in signed)


def command_at(code: str) -> Area | None:
    """The area of this installation that answers for a code: its county, or itself; None where nobody is on duty."""
    area = county_of(code) or Area.objects.filter(code=code).first()
    if area is None:
        return None
    on_duty = Post.objects.current().filter(role=DutyOfficer.key, area=area)
    return area if on_duty.exists() else None


def partner_for(code: str) -> Peer | None:
    """The trusted partner who answers for a code: of several the nearest."""
    prefixes = [code[:length] for length in range(2, len(code) + 1)]
    trusted = Peer.unscoped.filter(state=Peer.State.TRUSTED, code__in=prefixes)
    return max(trusted, key=lambda peer: len(peer.code), default=None)
