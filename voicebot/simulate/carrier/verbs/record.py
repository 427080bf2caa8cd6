"""Record: takes down what the caller says and goes on with its action.

Source: twilio.com/docs/voice/twiml/record. An empty recording skips the action and the next verb follows: so live
calls behave, and the page's own voicemail example relies on it; yet the page also says that silent recordings are kept
by default and that what follows Record is unreachable. A carrier can be told to do that instead.
"""

from __future__ import annotations

import math
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import TYPE_CHECKING, ClassVar, Self

from voicebot.simulate.carrier.audio import BYTES_PER_MS
from voicebot.simulate.carrier.entries import EndReason, Purpose, Recorded
from voicebot.simulate.carrier.forms import new_sid
from voicebot.simulate.carrier.hearing import beep
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.recorder import HUNG_UP, Recording
from voicebot.simulate.carrier.verbs.verb import Verb, is_true, method_of, names

if TYPE_CHECKING:
    from collections.abc import Mapping
    from xml.etree.ElementTree import Element

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.line import Line
    from voicebot.simulate.carrier.twiml import Document

ANY_KEY = "1234567890*#"
_FOR_EVER_S = math.inf


@dataclass(frozen=True, slots=True)
class Record(Verb):
    """Record the caller."""

    attributes: ClassVar[frozenset[str]] = names(
        "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
        "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback"
    )

    action: str = ""
    """Empty: the document's own URL."""
    method: str = "POST"
    timeout_s: float = 5
    """Seconds of silence that end the recording; infinite if only a key or the greatest length do."""
    finish_on_key: str = ANY_KEY
    max_length_s: float = 3600
    play_beep: bool = True
    trim_silence: bool = True
    status_callback: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)

    @classmethod
    def read(cls, element: Element) -> Self:
        """Return the verb of an element."""
        return cls(
            action=element.get("action", ""),
            method=method_of(element),
            timeout_s=float(element.get("timeout", "5")) or _FOR_EVER_S,
            finish_on_key=element.get("finishOnKey", ANY_KEY),
            max_length_s=float(element.get("maxLength", "3600")),
            play_beep=is_true(element, "playBeep", default=True),
            trim_silence=element.get("trim", "trim-silence") == "trim-silence",
            status_callback=element.get("recordingStatusCallback", ""),
            status_method=method_of(element, "recordingStatusCallbackMethod"),
            status_events=tuple(element.get("recordingStatusCallbackEvent", "completed").split()),
        )

    def execute(self, call: Call, document: Document) -> Document | None:
        """Record, keep what there is and go on with the action; with nothing, go on with the next verb.

        Whoever hung up while being recorded still causes the action's request, but nothing comes of its answer.
        """
        ids = {"RecordingSid": new_sid("RE"), "RecordingStartTime": format_datetime(datetime.now(UTC))}
        self._report(call, document, ids | {"RecordingStatus": "in-progress"})
        recording = self._take_down(call.line)
        if recording.key == HUNG_UP:
            call.hung_up()
            with suppress(CallOver):
                self._hand_over(call, document, recording, ids)
            raise CallOver(EndReason.CALLER_HUNG_UP)
        return self._hand_over(call, document, recording, ids)

    def _take_down(self, line: Line) -> Recording:
        """Return what was said. Raises Interrupted, and CallOver when the call ends otherwise than by hanging up."""
        if self.play_beep:
            beep(line)
        recording = Recording(self.trim_silence)
        while recording.length_ms < self.max_length_s * 1000 and recording.quiet_ms < self.timeout_s * 1000:
            try:
                tick = line.tick()
            except CallOver as over:
                if over.reason is not EndReason.CALLER_HUNG_UP:
                    raise
                recording.key = HUNG_UP
                return recording
            recording.add(tick.frame)
            recording.key = next((key for key in tick.digits if key in self.finish_on_key), "")
            if recording.key:
                return recording
        return recording

    def _hand_over(
        self, call: Call, document: Document, recording: Recording, ids: Mapping[str, str]
    ) -> Document | None:
        """Keep the recording, tell the action, then the status callback; return what the action answered.

        With nothing recorded only the status callback is told.
        """
        if recording.silent and not call.keeps_silent_recordings:
            self._report(call, document, {**ids, "RecordingStatus": "absent"})
            return None
        audio, sid = recording.audio, ids["RecordingSid"]
        seconds = math.ceil(len(audio) / BYTES_PER_MS / 1000)
        told = {
            "RecordingSid": sid,
            "RecordingUrl": call.recordings.keep(sid, audio),
            "RecordingDuration": str(seconds),
        }
        call.log.add(Recorded(call.line.clock.now_ms(), sid, len(audio) / BYTES_PER_MS))
        digits = {"Digits": recording.key} if recording.key else {}
        following = call.fetch(document.resolve(self.action), told | digits, method=self.method)
        self._report(call, document, {**ids, **told, "RecordingStatus": "completed"})
        return following

    def _report(self, call: Call, document: Document, told: Mapping[str, str]) -> None:
        if not self.status_callback or told["RecordingStatus"] not in self.status_events:
            return
        ids = {"AccountSid": call.form.account_sid, "CallSid": call.form.call_sid}
        constant = {"RecordingChannels": "1", "RecordingSource": "RecordVerb"}
        url = document.resolve(self.status_callback)
        call.tell(url, Purpose.RECORDING_STATUS, self.status_method, {**ids, **told, **constant})
