"""The callee's leg once they picked up: what is whispered to them first, and the talk that may follow.

Source: twilio.com/docs/voice/twiml/number#attributes-url: the TwiML runs on the callee's leg; at its end both are
connected; a Hangup in it, or a callee who hangs up, means that they are not. DialCallStatus is `completed` then, too,
and only DialBridged tells (seen on live calls). With answerOnBridge the caller hears it ring meanwhile, else silence:
the page promises no more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import SILENT_FRAME
from voicebot.simulate.carrier.callee import ScriptedCallee
from voicebot.simulate.carrier.callee_leg import OtherLegOver
from voicebot.simulate.carrier.entries import EndReason
from voicebot.simulate.carrier.executor import run
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.hearing import ringback
from voicebot.simulate.carrier.line import CallOver, Interrupted

if TYPE_CHECKING:
    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.callee_leg import CalleeLeg, CalleeLine
    from voicebot.simulate.carrier.verbs.dial import Dial

STAR = "*"


def connect(caller: Call, leg: CalleeLeg, verb: Dial) -> None:
    """Let the callee pick up, hear what is whispered, and talk with the caller until one of them has enough.

    Raises CallOver and Interrupted when the caller's own leg ends or goes elsewhere meanwhile.
    """
    callee, line = leg.answer()
    reason = EndReason.CALLER_HUNG_UP
    try:
        if leg.whisper_url:
            _whisper(caller, leg, callee, line, verb)
        leg.bridged = True
        caller.answered()
        reason = _talk(leg, line, verb)
    except CallOver as over:
        reason = over.reason
    except Interrupted:
        callee.doubt("a callee who is taken elsewhere goes on alone: that is not emulated, the leg ends")
        reason = EndReason.DIAL_OVER
    except OtherLegOver as gone:
        leg.end(CallStatus.COMPLETED, EndReason.OTHER_LEG_OVER)
        raise gone.cause from None
    leg.end(CallStatus.COMPLETED, reason)


def _whisper(caller: Call, leg: CalleeLeg, callee: Call, line: CalleeLine, verb: Dial) -> None:
    """Execute the Number's TwiML on the callee's leg. Raises CallOver if it does not lead to its own end."""
    if verb.answer_on_bridge:
        since_ms = caller.line.position_ms
        line.caller_hears = lambda: ringback(caller.line.position_ms - since_ms)
    try:
        run(callee, leg.whisper_url, method=leg.whisper_method)
    except CallOver as over:
        if over.reason is not EndReason.END_OF_DOCUMENT:
            raise
    finally:
        line.caller_hears = lambda: SILENT_FRAME


def _talk(leg: CalleeLeg, line: CalleeLine, verb: Dial) -> EndReason:
    """Let both hear each other, 20 ms later; return why that ended on this side. Raises CallOver for other ends."""
    if isinstance(line.person, ScriptedCallee):
        line.person.connected(line.position_ms)
    until = (leg.answered_ms or 0) + verb.time_limit_s * 1000
    said = SILENT_FRAME
    line.caller_hears = lambda: said
    while line.position_ms < until:
        said = line.tick(line.caller_did.frame).frame
        if verb.hangup_on_star and STAR in line.caller_did.digits:
            break
    return EndReason.DIAL_OVER
