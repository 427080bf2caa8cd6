"""A telephone carrier on this machine: Twilio's voice protocol as a server meets it, over real HTTP and WebSocket.

It places inbound calls against a running server, executes the TwiML it answers, streams audio both ways in real time
and keeps a log of all that happened. It knows nothing of any server's dialog: whoever is on the phone is an object with
two methods. A call that answers whatever the line says with one recording:

    from voicebot.simulate.carrier import Carrier, Said, Speak

    class Agreeable:
        def __init__(self, yes: bytes) -> None:
            self._yes, self._answer_at = yes, None

        def on_said(self, said: Said) -> None:
            self._answer_at = said.ends_ms + 400

        def next_actions(self, now_ms: float) -> list[Speak]:
            if self._answer_at is None or now_ms < self._answer_at:
                return []
            self._answer_at = None
            return [Speak(self._yes)]

    with Carrier("http://127.0.0.1:8080", auth_token="...") as carrier:
        log = carrier.place_call(Agreeable(yes_as_mulaw))
    print(log.ended, log.said, log.turn_gaps_ms, log.errors)

What is emulated, with Twilio's rules of what comes next: Say (silence of a likely length), Play (mu-law WAV), Pause,
Gather (keys), Record, Connect with a bidirectional Stream, Dial, Redirect, Hangup, Reject; signatures, retry, time
limits, fallback URL, status callbacks, recordings with their REST address. What is not: speech recognition in Gather,
Start, Enqueue, conferences, the whisper of a Dial's Number, changing a live call over REST.

Where to look: carrier.py places calls, executor.py runs TwiML (twiml.py reads it), line.py is the caller's 20 ms,
stream.py the media stream (frames.py its messages, playback.py its buffer), webhooks.py the requests, faults.py what
can be made to go wrong.
"""

from voicebot.simulate.carrier.caller import Action, Caller, HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.carrier import Carrier
from voicebot.simulate.carrier.codes import ErrorCode
from voicebot.simulate.carrier.dial import Party, Pickup
from voicebot.simulate.carrier.entries import EndReason, Entry, MarkFate, Purpose
from voicebot.simulate.carrier.faults import BadFrame, Faults
from voicebot.simulate.carrier.log import CallLog
from voicebot.simulate.carrier.webhooks import Limits

__all__ = [
    "Action",
    "BadFrame",
    "CallLog",
    "Caller",
    "Carrier",
    "EndReason",
    "Entry",
    "ErrorCode",
    "Faults",
    "HangUp",
    "Limits",
    "MarkFate",
    "Party",
    "Pickup",
    "Press",
    "Purpose",
    "Said",
    "SaidKind",
    "Speak",
]
