"""Executes TwiML on a leg, verb by verb and document by document, until the leg is over.

A verb either leads to another document, or the next verb follows; behind the last one the leg is hung up (a callee's:
connected). What each verb does is its own. Source: twilio.com/docs/voice/twiml, "How the TwiML interpreter works".
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, NoReturn

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import EndReason, Executed
from voicebot.simulate.carrier.line import CallOver, Interrupted

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.twiml import Document
    from voicebot.simulate.carrier.verbs.verb import Verb

DOCUMENTS_WITHOUT_TIME = 50
"""So many documents in a row in which nobody heard anything lead nowhere. For calls Twilio documents no limit; for
messages it is this one (error 14106)."""
WHISPERED = frozenset({"Say", "Play", "Gather", "Hangup"})
"""What a Number's URL may answer (twilio.com/docs/voice/twiml/number#attributes-url)."""
_ALSO_WHISPERED = frozenset({"Pause", "Redirect"})
"""Not promised there, and harmless."""


def run(call: Call, url: str, *, method: str = "POST") -> NoReturn:
    """Execute the TwiML at `url` and go on from there until CallOver is raised."""
    following: Callable[[], Document | None] = partial(call.fetch, url, method=method)
    in_a_row, ticks = 0, 0
    while in_a_row <= DOCUMENTS_WITHOUT_TIME:
        try:
            document = following()
            if document is None:
                raise CallOver(EndReason.END_OF_DOCUMENT)
            following = partial(_to_the_end, call, document)
        except Interrupted as told:
            following = partial(call.follow, told.update)
        in_a_row = in_a_row + 1 if call.line.ticks == ticks else 0
        ticks = call.line.ticks
    raise CallOver(EndReason.DOCUMENT_LOOP)


def _to_the_end(call: Call, document: Document) -> Document | None:
    """Execute the verbs of a document; return the document that one of them leads to, None if none does."""
    for verb in document.verbs:
        call.line.check()
        if call.is_whisper and not _may_be_whispered(call, verb):
            continue
        call.log.add(Executed(call.line.clock.now_ms(), type(verb).__name__))
        call.begins(verb)
        try:
            following = verb.execute(call, document)
        except CarrierError as failure:
            return call.recover(failure, document.url)
        if following is not None:
            return following
    return None


def _may_be_whispered(call: Call, verb: Verb) -> bool:
    name = type(verb).__name__
    if name in WHISPERED:
        return True
    if name in _ALSO_WHISPERED:
        call.doubt(f"<{name}> in what is whispered to a callee")
        return True
    call.webhooks.failed(CarrierError(ErrorCode.SCHEMA, f"<{name}> cannot be whispered to a callee"))
    return False
