"""A telephone carrier on this machine: Twilio's voice protocol as a server meets it, over real HTTP and WebSocket.

It places inbound calls against a running server, executes the TwiML it answers, streams audio both ways in real time
and keeps a log of all that happened. It knows nothing of any server's dialog: whoever is on the phone is an object with
two methods. A line that asks for a key, and a caller who presses it:

    >>> from threading import Thread
    >>> from flask import Flask, request
    >>> from werkzeug.serving import make_server
    >>> from voicebot.simulate.carrier import Carrier, JumpingClock, Press

    >>> line = Flask("line")
    >>> @line.post("/voice")
    ... def voice():
    ...     ask = '<Gather numDigits="1" action="/key"><Say>Press one.</Say></Gather>'
    ...     return f"<Response>{ask}</Response>", {"Content-Type": "text/xml"}
    >>> @line.post("/key")
    ... def key():
    ...     return f"<Response><Say>It was {request.form['Digits']}.</Say></Response>", {"Content-Type": "text/xml"}
    >>> server = make_server("127.0.0.1", 0, line)
    >>> Thread(target=server.serve_forever, daemon=True).start()

    >>> class Obliging:
    ...     press_at_ms = float("inf")
    ...     def on_said(self, said):
    ...         self.press_at_ms = said.ends_ms + 400
    ...     def next_actions(self, now_ms):
    ...         if now_ms < self.press_at_ms:
    ...             return []
    ...         self.press_at_ms = float("inf")
    ...         return [Press("1")]

    >>> url = f"http://127.0.0.1:{server.port}"
    >>> with Carrier(url, "an-auth-token", voice_url="/voice", clock=JumpingClock) as carrier:
    ...     log = carrier.place_call(Obliging())
    >>> log.said, log.verbs, log.ended.value, log.errors
    (['Press one.', 'It was 1.'], ['Gather', 'Say'], 'end_of_document', [])
    >>> server.shutdown()

A call with a media stream needs time that passes: leave out the clock.

What is emulated, where each rule comes from, and what could not be confirmed: docs/carrier.md.

Where to look: carrier.py places calls, switchboard.py makes their legs, executor.py runs TwiML (twiml.py reads it, each
verb is a file in verbs/), line.py is a person's 20 ms, media.py the media stream (frames.py its messages, playback.py
its buffer, network.py its timing), callee.py who is rung up, webhooks.py and client.py the requests, api.py the REST
API, faults.py what can be made to go wrong.
"""

from voicebot.simulate.carrier.callee import Party, Pickup
from voicebot.simulate.carrier.caller import Action, Caller, HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.carrier import Carrier
from voicebot.simulate.carrier.clock import Clock, JumpingClock, RunningClock
from voicebot.simulate.carrier.codes import ErrorCode
from voicebot.simulate.carrier.entries import EndReason, Entry, MarkFate, Purpose
from voicebot.simulate.carrier.faults import BadFrame, Faults
from voicebot.simulate.carrier.log import CallLog
from voicebot.simulate.carrier.network import Network
from voicebot.simulate.carrier.overrides import Failure, Limits

__all__ = [
    "Action",
    "BadFrame",
    "CallLog",
    "Caller",
    "Carrier",
    "Clock",
    "EndReason",
    "Entry",
    "ErrorCode",
    "Failure",
    "Faults",
    "HangUp",
    "JumpingClock",
    "Limits",
    "MarkFate",
    "Network",
    "Party",
    "Pickup",
    "Press",
    "Purpose",
    "RunningClock",
    "Said",
    "SaidKind",
    "Speak",
]
