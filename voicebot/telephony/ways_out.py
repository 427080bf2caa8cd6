"""Documents for callers we cannot serve: a person, or else what to do. They ask us for nothing that needs the store.

Whoever is rung is not asked to take the call, for that takes another request to us: an answering machine may pick up,
but nothing about the caller is told to it.
"""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

from twilio.twiml.voice_response import VoiceResponse

from voicebot.dialog.effects import Effect, HangUp, Say, Target, Transfer
from voicebot.routing.whom import Need, whom
from voicebot.telephony.transfer import RING_S
from voicebot.telephony.twiml import TRY_AGAIN

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.telephony.twiml import Links

NO_ROOM = "no_room"
CLOSED = "no_room.closed"
STILL_HERE = "still_here"
STAYING = "staying.nobody"
ROUNDS, PAUSE_S = 20, 20
"""So often everybody is rung for a caller who must not be left, with so many seconds between: for ten minutes at least,
and the document stays well under the 64 kB a carrier takes."""


def no_room(links: Links) -> str:
    """Return the document for a new call that cannot be taken: a person, or while all are closed what to do."""
    response = VoiceResponse()
    target = whom(Target.FRONT_DESK, Need.PERSON, links.closed)
    _play(response, CLOSED if target is None else NO_ROOM, links)
    if target is not None:
        _ring(response, target, links)
    response.hangup()
    return str(response)


def to_person(links: Links) -> str:
    """Return the document for a call we know nothing about, or cannot go on with: whoever is there, at any hour."""
    response = VoiceResponse()
    _ring(response, _whoever(links), links)
    response.hangup()
    return str(response)


def on_their_own(effects: Iterable[Effect], links: Links, *, stays: bool = False) -> str:
    """Return the document that performs `effects` as far as the carrier can alone: nobody will be here to be asked.

    Even the words are the carrier's own voice. A question could not be answered any more; a person takes its place.
    With `stays` (the caller spoke of suicide) everybody is rung again and again, and the call comes back to us.
    """
    response = VoiceResponse()
    performed = list(effects)
    ending = next((one for one in performed if isinstance(one, Transfer | HangUp)), None)
    for prompt in chain.from_iterable(one.prompts for one in performed if isinstance(one, Say) and ending):
        response.say(links.text(prompt))
    if stays:
        _stay(response, ending.target if isinstance(ending, Transfer) else _whoever(links), links)
        return str(response)
    if not isinstance(ending, HangUp):
        _ring(response, ending.target if ending else _whoever(links), links)
    response.hangup()
    return str(response)


def _stay(response: VoiceResponse, first: Target, links: Links) -> None:
    """Ring `first` and whoever else is there, over and over, with the crisis line's number between.

    The caller goes on in the next process, if there is one by then; if not, there was nothing better to be done.
    """
    everybody = dict.fromkeys(links.numbers[one] for one in (first, *Target) if one is first or one not in links.closed)
    for _ in range(ROUNDS):
        for number in everybody:
            response.dial(timeout=RING_S).number(number)
            response.say(links.text(STAYING))
        response.pause(length=PAUSE_S)
    response.redirect(f"{links.base}/voice/resume{TRY_AGAIN}")


def _whoever(links: Links) -> Target:
    return whom(Target.FRONT_DESK, Need.NOW, links.closed) or Target.FRONT_DESK


def _ring(response: VoiceResponse, target: Target, links: Links) -> None:
    """Ring `target`; whatever comes of it, who is still there afterwards is told what to do, by the carrier's voice.

    By then this process may be gone, and a sound that cannot be fetched would end the call with an apology.
    """
    response.dial(timeout=RING_S).number(links.numbers[target])
    response.say(links.text(STILL_HERE))


def _play(response: VoiceResponse, prompt: str, links: Links) -> None:
    response.play(links.base + links.prompt(prompt))
