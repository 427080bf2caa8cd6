"""Executes TwiML, verb by verb and document by document, with Twilio's rules of what comes next.

A verb either leads to another document, or the next verb follows; behind the last one the call is hung up.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NoReturn

from voicebot.simulate.carrier.audio import BYTES_PER_MS
from voicebot.simulate.carrier.call import Call, new_sid
from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.carrier.connect import connect
from voicebot.simulate.carrier.dial import dial
from voicebot.simulate.carrier.entries import EndReason, Executed, Purpose, Recorded
from voicebot.simulate.carrier.gather import gather
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.prompts import perform
from voicebot.simulate.carrier.record import HUNG_UP, record
from voicebot.simulate.carrier.verbs import (
    Connect,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Verb,
)
from voicebot.simulate.carrier.webhooks import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.twiml import Document

_DOCUMENTS_WITHOUT_TIME = 20
"""So many documents in a row in which the caller heard nothing lead nowhere."""


def run(call: Call, url: str) -> NoReturn:
    """Answer the call with the TwiML at `url` and go on from there until CallOver is raised."""
    document: Document | None = call.fetch(url, status="ringing")
    in_a_row, ticks = 0, 0
    while document is not None:
        document = _Run(call, document).to_the_end()
        in_a_row = in_a_row + 1 if call.line.ticks == ticks else 0
        ticks = call.line.ticks
        if in_a_row > _DOCUMENTS_WITHOUT_TIME:
            raise CallOver(EndReason.DOCUMENT_LOOP)
    raise CallOver(EndReason.END_OF_DOCUMENT)


class _Run:
    """One document being executed."""

    def __init__(self, call: Call, document: Document) -> None:
        self._call = call
        self._document = document

    def to_the_end(self) -> Document | None:
        """Execute the verbs; return the document that one of them leads to, None if none does."""
        for verb in self._document.verbs:
            self._call.log.add(Executed(self._call.line.clock.now_ms(), type(verb).__name__))
            try:
                following = self._execute(verb)
            except CarrierError as failure:
                return self._call.webhooks.recover(failure, self._document.url)
            if following is not None:
                return following
        return None

    def _execute(self, verb: Verb) -> Document | None:
        match verb:
            case Say() | Play() | Pause():
                perform(verb, self._call.line, self._sound, until_key=False)
            case Gather():
                return self._gather(verb)
            case Record():
                return self._record(verb)
            case Connect():
                connect(verb.stream, self._call)
                return self._go_to(verb.action, verb.method, {}) if verb.action else None
            case Dial():
                return self._dial(verb)
            case Redirect(url, method):
                return self._go_to(url, method, {})
            case Hangup():
                raise CallOver(EndReason.HANGUP_VERB)
            case Reject():
                raise CallOver(EndReason.REJECTED)
        return None

    def _gather(self, verb: Gather) -> Document | None:
        keys = gather(verb, self._call.line, self._sound)
        if not keys.digits and not verb.action_on_empty_result:
            return None
        finished = {"FinishedOnKey": keys.finished_on} if keys.finished_on else {}
        return self._go_to(verb.action, verb.method, {"Digits": keys.digits, **finished})

    def _record(self, verb: Record) -> Document | None:
        """Keep a recording and go on with the action; an empty one is dropped and the next verb follows.

        Whoever hung up while being recorded still causes the action's request, but nothing comes of its answer.
        """
        call, recording = self._call, record(verb, self._call.line)
        audio, hung_up = recording.audio, recording.key == HUNG_UP
        if not audio:
            if hung_up:
                raise CallOver(EndReason.CALLER_HUNG_UP)
            return None
        sid = new_sid("RE")
        told = {
            "RecordingSid": sid,
            "RecordingUrl": call.recordings.keep(sid, audio),
            "RecordingDuration": str(math.ceil(len(audio) / BYTES_PER_MS / 1000)),
        }
        call.log.add(Recorded(call.line.clock.now_ms(), sid, len(audio) / BYTES_PER_MS))
        digits = {"Digits": recording.key} if recording.key else {}
        following = self._go_to(verb.action, verb.method, told | digits, "completed" if hung_up else "in-progress")
        if verb.status_callback:
            ids = {"AccountSid": call.form.account_sid, "CallSid": call.form.call_sid, "RecordingStatus": "completed"}
            url = resolve(verb.status_callback, self._document.url)
            call.webhooks.tell(url, Purpose.RECORDING_STATUS, ids | told)
        if hung_up:
            raise CallOver(EndReason.CALLER_HUNG_UP)
        return following

    def _dial(self, verb: Dial) -> Document | None:
        """Put the caller through; a caller who hangs up meanwhile still causes the action's request."""
        result = dial(verb, self._call.line, self._call.parties)
        following = None
        if verb.action:
            told = {
                "DialCallStatus": result.status,
                "DialCallSid": new_sid("CA"),
                "DialCallDuration": str(result.talked_ms // 1000),
            }
            following = self._go_to(verb.action, verb.method, told, "completed" if result.over else "in-progress")
        if result.over:
            raise result.over
        return following

    def _go_to(self, url: str, method: str, extra: Mapping[str, str], status: str = "in-progress") -> Document:
        """Return the document at a URL of this one (empty: this one's own), asked for with `extra` form fields."""
        return self._call.fetch(resolve(url, self._document.url), extra, method=method, status=status)

    def _sound(self, url: str) -> bytes:
        return self._call.sound(resolve(url, self._document.url))
