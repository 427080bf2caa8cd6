"""The TwiML verbs that the emulator executes: each in a file of its own, with how it is read and what it does.

Defaults and meanings are Twilio's (twilio.com/docs/voice/twiml), as each file says. Which verb follows which is the
executor's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.carrier.verbs.connect import Connect
from voicebot.simulate.carrier.verbs.dial import Dial
from voicebot.simulate.carrier.verbs.gather import Gather
from voicebot.simulate.carrier.verbs.hangup import Hangup
from voicebot.simulate.carrier.verbs.number import Number
from voicebot.simulate.carrier.verbs.pause import Pause
from voicebot.simulate.carrier.verbs.play import Play
from voicebot.simulate.carrier.verbs.record import Record
from voicebot.simulate.carrier.verbs.redirect import Redirect
from voicebot.simulate.carrier.verbs.reject import Reject
from voicebot.simulate.carrier.verbs.say import Say
from voicebot.simulate.carrier.verbs.stream import Stream

if TYPE_CHECKING:
    from voicebot.simulate.carrier.verbs.verb import Verb

VERBS: dict[str, type[Verb]] = {
    verb.__name__: verb for verb in (Say, Play, Pause, Gather, Record, Connect, Dial, Redirect, Hangup, Reject)
}
"""The verbs, by their element."""

ATTRIBUTES: dict[str, frozenset[str]] = {
    **{name: verb.attributes for name, verb in VERBS.items()},
    "Number": Number.attributes,
    "Stream": Stream.attributes,
    "Parameter": frozenset({"name", "value"}),
}
"""Attributes of the verbs and of the nouns inside them, by element."""

__all__ = [
    "ATTRIBUTES",
    "VERBS",
    "Connect",
    "Dial",
    "Gather",
    "Hangup",
    "Number",
    "Pause",
    "Play",
    "Record",
    "Redirect",
    "Reject",
    "Say",
    "Stream",
]
