"""One call's media stream as its carrier sees it, without sockets: messages in, frames out, and what was measured.

Messages, buffer and caller are the carrier emulator's own; here is only what joins them when one thread carries
hundreds of calls. Times are seconds of one monotonic clock, given by whoever calls; positions are ms of the stream.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES, FRAME_MS, speech_end
from voicebot.simulate.carrier.caller import HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.frames import Clear, Mark, Media, Sender, StreamIds, read
from voicebot.simulate.carrier.playback import Playback

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.caller import Caller
    from voicebot.simulate.carrier.mouth import Mouth

FRAME_S = FRAME_MS / 1000
_FIRST_TIMESTAMP_MS = 155
"""Seen on live streams."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A prompt that followed something the caller said."""

    ms: float
    """From the caller's last sound, as it was spoken, to the prompt's first byte."""
    position_ms: int
    """Where the stream was then."""


@dataclass(slots=True)
class Measured:
    """What one stream came to."""

    late_ms: list[float] = field(default_factory=list)
    """How much later than spoken each frame was sent."""
    gaps: list[Gap] = field(default_factory=list)
    spoken: int = 0
    """Things the caller said."""
    prompts: int = 0


class Stream:
    """A stream that has begun. Frame number n is what was spoken in the 20 ms before `due_s`."""

    def __init__(self, caller: Caller, ids: StreamIds, mouth: Mouth, began_s: float) -> None:
        self.measured = Measured()
        self.due_s = began_s + FRAME_S
        self.hung_up = False
        self._caller, self._mouth, self._stream_sid = caller, mouth, ids.stream_sid
        self._sender = Sender(ids, _FIRST_TIMESTAMP_MS)
        self._playback = Playback()
        self._position_ms = 0
        self._prompt_starts_ms: float | None = None
        self._prompt = bytearray()
        self._speech_ends_s: float | None = None

    def opening(self, parameters: Mapping[str, str]) -> list[str]:
        """Return what is sent before any sound."""
        return [self._sender.connected(), self._sender.start(parameters)]

    def frame(self, now_s: float) -> list[str]:
        """Return what is sent for the frame that is due."""
        self.measured.late_ms.append((now_s - self.due_s) * 1000)
        played = self._playback.play(FRAME_BYTES)
        sent = [self._sender.mark(name) for name in played.marks]
        for action in self._caller.next_actions(self._position_ms):
            match action:
                case Speak(sound):
                    self._speak(sound)
                case Press(digit):
                    sent.append(self._sender.dtmf(digit))
                case HangUp():
                    self.hung_up = True
        sent.append(self._sender.media(self._mouth.frame(), self._position_ms))
        self._position_ms += FRAME_MS
        self.due_s += FRAME_S
        return sent

    def ending(self) -> str:
        """Return what is sent when the carrier ends the stream."""
        return self._sender.stop()

    def heed(self, message: str, now_s: float) -> list[str]:
        """Take a message of the server; return what is sent back at once. Raises CarrierError for a forbidden one."""
        match read(message, self._stream_sid):
            case Media(audio):
                self._hear(audio, now_s)
            case Mark(name):
                self._playback.mark(name)
                self._caller.on_said(self._said(name))
            case Clear():
                self._prompt_starts_ms = None
                return [self._sender.mark(name) for name in self._playback.clear()]
        return []

    def _speak(self, sound: bytes) -> None:
        before_ms = self._mouth.pending / BYTES_PER_MS
        self._mouth.speak(sound)
        self.measured.spoken += 1
        started_s = self.due_s - FRAME_S
        self._speech_ends_s = started_s + (before_ms + speech_end(sound) / BYTES_PER_MS) / 1000

    def _hear(self, audio: bytes, now_s: float) -> None:
        if self._prompt_starts_ms is None:
            self._begin_prompt(now_s)
        self._prompt += audio
        self._playback.add(audio)

    def _begin_prompt(self, now_s: float) -> None:
        self._prompt_starts_ms = self._position_ms + self._playback.queued / BYTES_PER_MS
        self._prompt.clear()
        self.measured.prompts += 1
        if self._speech_ends_s is not None:
            self.measured.gaps.append(Gap((now_s - self._speech_ends_s) * 1000, self._position_ms))
            self._speech_ends_s = None

    def _said(self, name: str) -> Said:
        starts_ms = self._position_ms if self._prompt_starts_ms is None else self._prompt_starts_ms
        audio = bytes(self._prompt)
        self._prompt_starts_ms = None
        return Said(name, SaidKind.MARK, starts_ms, starts_ms + len(audio) / BYTES_PER_MS, audio)
