"""Dial: rings somebody up and puts the caller through.

Source: twilio.com/docs/voice/twiml/dial. The ringing is ringing.py, the callee's leg bridge.py. A caller who hangs up
meanwhile still causes the action's request (seen on live calls); one who is taken elsewhere by a call update does not.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.bridge import connect
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.ringing import ring
from voicebot.simulate.carrier.verbs.number import Number
from voicebot.simulate.carrier.verbs.verb import Verb, is_true, method_of, names, text_of

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.callee_leg import CalleeLeg
    from voicebot.simulate.carrier.twiml import Document

_RING_S = range(5, 601)
"""What the timeout may be."""


@dataclass(frozen=True, slots=True)
class Dial(Verb):
    """Ring somebody up. Several numbers ring at once, or one after the other if `sequential`."""

    attributes: ClassVar[frozenset[str]] = names(
        "action method timeout hangupOnStar timeLimit callerId record answerOnBridge sequential ringTone referUrl "
        "recordingStatusCallback trim"
    )

    numbers: tuple[Number, ...]
    action: str = ""
    """Empty: the verb that follows comes next."""
    method: str = "POST"
    timeout_s: float = 30
    time_limit_s: float = 14400
    caller_id: str = ""
    """Whom the callee sees calling; empty for the caller."""
    hangup_on_star: bool = False
    answer_on_bridge: bool = False
    sequential: bool = False

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        nested = tuple(Number.read(number) for number in element.iter("Number"))
        return cls(
            numbers=nested or (Number(text_of(element)),),
            action=element.get("action", ""),
            method=method_of(element),
            timeout_s=min(max(float(element.get("timeout", "30")), _RING_S[0]), _RING_S[-1]),
            time_limit_s=float(element.get("timeLimit", "14400")),
            caller_id=element.get("callerId", ""),
            hangup_on_star=is_true(element, "hangupOnStar", default=False),
            answer_on_bridge=is_true(element, "answerOnBridge", default=False),
            sequential=is_true(element, "sequential", default=False),
        )

    def execute(self, call: Call, document: Document) -> Document | None:
        """Put the caller through; with an action go on with that, else with the next verb."""
        over: CallOver | None = None
        legs: list[CalleeLeg] = []
        try:
            for group in [(number,) for number in self.numbers] if self.sequential else [self.numbers]:
                legs = [call.switchboard.callee(call, number, self, document) for number in group]
                answered = ring(call, legs, self.timeout_s)
                if answered is not None:
                    connect(call, answered, self)
                    break
        except CallOver as ended:
            over = ended
            call.hung_up()
        finally:
            for leg in legs:
                leg.end(CallStatus.CANCELED)
        if over is not None:
            with suppress(CallOver):
                self._follow(call, document, legs)
            raise over
        return self._follow(call, document, legs)

    def _follow(self, call: Call, document: Document, legs: list[CalleeLeg]) -> Document | None:
        if not self.action:
            return None
        return call.fetch(document.resolve(self.action), _outcome(legs), method=self.method)


def _outcome(legs: list[CalleeLeg]) -> dict[str, str]:
    """Return what the action is told: of the leg that was answered, or else of the one given up last."""
    leg = max(legs, key=lambda leg: (leg.answered_ms is not None, leg.ended_ms))
    told = {"DialCallStatus": leg.status, "DialCallSid": leg.form.call_sid, "DialBridged": str(leg.bridged).lower()}
    return told | ({} if leg.answered_ms is None else {"DialCallDuration": str(leg.duration_s)})
