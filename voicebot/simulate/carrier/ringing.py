"""Rings one or more numbers until somebody picks up, all have declined, or it has rung long enough.

Sources: twilio.com/docs/voice/twiml/dial#timeout ("Twilio always adds a five-second timeout buffer") and .../number
("The first call to pick up is connected to the current call and the rest are hung up").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.carrier.callee import Pickup
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.hearing import ringback

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.callee_leg import CalleeLeg

BUFFER_S = 5
"""Twilio rings so much longer than the timeout says."""
_ENDS_AS = {Pickup.BUSY: CallStatus.BUSY, Pickup.FAILED: CallStatus.FAILED}


def ring(call: Call, legs: Sequence[CalleeLeg], timeout_s: float) -> CalleeLeg | None:
    """Let the caller hear it ring; return the leg that is picked up first, None if none is. The others are over then.

    Raises CallOver and Interrupted when the caller's own leg ends or goes elsewhere meanwhile.
    """
    ringing = list(legs)
    since_ms = call.line.position_ms
    while ringing:
        for leg in tuple(ringing):
            status = _declined(leg, timeout_s)
            if status is not None:
                leg.end(status)
                ringing.remove(leg)
            elif _picks_up(leg):
                for other in ringing:
                    if other is not leg:
                        other.end(CallStatus.CANCELED)
                return leg
        if ringing:
            call.line.tick(ringback(call.line.position_ms - since_ms))
    return None


def _picks_up(leg: CalleeLeg) -> bool:
    return leg.party.pickup is Pickup.ANSWERED and leg.rang_ms >= leg.party.ring_s * 1000


def _declined(leg: CalleeLeg, timeout_s: float) -> CallStatus | None:
    """Return how the leg ends now, None if it goes on ringing or is picked up."""
    if leg.canceled:
        return CallStatus.CANCELED
    if leg.rang_ms >= leg.party.ring_s * 1000 and leg.party.pickup in _ENDS_AS:
        return _ENDS_AS[leg.party.pickup]
    if leg.rang_ms >= (timeout_s + BUFFER_S) * 1000:
        return CallStatus.NO_ANSWER
    return None
