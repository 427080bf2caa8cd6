"""Dial: rings somebody up. Who that is and what they do is told beforehand, number by number.

Source: twilio.com/docs/voice/twiml/dial. Asks nobody what comes next.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.entries import Dialed
from voicebot.simulate.carrier.line import CallOver, Line

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.verbs import Dial


class Pickup(StrEnum):
    """What happens at the other end."""

    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody who may be rung up."""

    pickup: Pickup = Pickup.ANSWERED
    ring_s: float = 2
    """How long it rings before they answer or are found busy."""
    talk_s: float = 3
    """How long they talk before they hang up."""


@dataclass(frozen=True, slots=True)
class DialResult:
    """How it went."""

    status: str
    """DialCallStatus: completed, busy, no-answer, failed or canceled."""
    talked_ms: int
    over: CallOver | None = None
    """The end of the call, if it came while they rang or talked."""


def dial(verb: Dial, line: Line, parties: Mapping[str, Party]) -> DialResult:
    """Ring all numbers at once and put the first who answers through; a number nobody described is answered."""
    described = {number: parties.get(number, Party()) for number in verb.numbers}
    number, party = _first(described)
    began_ms = line.position_ms
    status, answered_ms = "canceled", began_ms
    over = None
    try:
        if party.pickup is Pickup.NO_ANSWER or party.ring_s > verb.timeout_s:
            line.pause(verb.timeout_s * 1000)
            status = Pickup.NO_ANSWER.value
        else:
            line.pause(party.ring_s * 1000)
            status, answered_ms = party.pickup.value, line.position_ms
            if party.pickup is Pickup.ANSWERED:
                status = "completed"
                line.pause(min(party.talk_s, verb.time_limit_s) * 1000)
    except CallOver as ended:
        over = ended
    line.log.add(Dialed(began_ms, number, status))
    return DialResult(status, line.position_ms - answered_ms if status == "completed" else 0, over)


def _first(parties: Mapping[str, Party]) -> tuple[str, Party]:
    """Return who answers first; if nobody answers, who is given up last."""
    answering = {number: party for number, party in parties.items() if party.pickup is Pickup.ANSWERED}
    if answering:
        return min(answering.items(), key=lambda item: item[1].ring_s)
    return max(parties.items(), key=lambda item: item[1].ring_s)
