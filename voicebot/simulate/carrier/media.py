"""The media stream of a call: frames to the server in real time, its audio to the caller's ear, marks back when heard.

The messages are built and checked in frames.py, the buffer is playback.py, how frames travel network.py; this is the
loop that joins them to a socket. Source: twilio.com/docs/voice/media-streams/websocket-messages.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import BYTES_PER_MS, FRAME_BYTES
from voicebot.simulate.carrier.caller import SaidKind
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.entries import (
    Cleared,
    Doubted,
    Failed,
    MarkFate,
    MarkReturned,
    StreamClosed,
    StreamOpened,
)
from voicebot.simulate.carrier.faults import Faults, bad_message
from voicebot.simulate.carrier.frames import Clear, Mark, Media, Sender, StreamIds, read
from voicebot.simulate.carrier.line import CallOver, Interrupted, Line
from voicebot.simulate.carrier.playback import Playback
from voicebot.simulate.carrier.websocket import ServerClosed, WebSocket

if TYPE_CHECKING:
    import random

    from voicebot.simulate.carrier.network import Network

_FIRST_TIMESTAMP_MS = range(100, 181)
"""Seen on live streams: the first frame is stamped 102, 155, 171 ms."""
_JITTER_MS = range(-2, 3)
"""Seen there, too: timestamps are off by so much."""
_NORMAL_CLOSURE = 1000
_WAV = b"RIFF"


@dataclass
class _Prompt:
    """Audio that came since the last mark."""

    starts_ms: float
    audio: bytearray


class MediaStream:
    """One bidirectional stream on a line."""

    def __init__(
        self, line: Line, socket: WebSocket, ids: StreamIds, network: Network, faults: Faults, chance: random.Random
    ) -> None:
        self._line, self._log, self._socket = line, line.log, socket
        self._stream_sid = ids.stream_sid
        self._network, self._faults, self._chance = network, faults, chance
        self._sender = Sender(ids, chance.choice(_FIRST_TIMESTAMP_MS))
        self._held: list[str] = []
        self._playback = Playback()
        self._prompt: _Prompt | None = None
        self._warned: set[ErrorCode] = set()
        self._began_ms = 0

    def run(self, parameters: dict[str, str]) -> None:
        """Stream until the server closes the socket.

        Raises CallOver and Interrupted when the call ends or goes elsewhere, and CarrierError 31921 when the
        connection broke.
        """
        self._log.add(StreamOpened(self._line.clock.now_ms(), self._stream_sid))
        try:
            self._socket.send(self._sender.connected())
            self._socket.send(self._sender.start(parameters))
            self._line.catch_up()
            self._began_ms = self._line.position_ms
            while True:
                self._frame()
        except (CallOver, Interrupted):
            self._stop()
            raise
        except ServerClosed as closed:
            self._socket.close()
            if closed.code != _NORMAL_CLOSURE:
                raise CarrierError(ErrorCode.STREAM_CLOSED_BY_SERVER, f"the stream broke off ({closed.code})") from None
        finally:
            self._log.add(StreamClosed(self._line.clock.now_ms()))

    def _frame(self) -> None:
        """Live through 20 ms."""
        late_ms = self._network.late_ms(self._chance)
        self._listen_until(self._line.frame_ends_ms + late_ms)
        played = self._playback.play(FRAME_BYTES)
        at_ms = self._line.position_ms - self._began_ms
        tick = self._line.tick(played.audio, late_ms=late_ms)
        self._return_marks(played.marks, MarkFate.PLAYED)
        for digit in tick.digits:
            self._send(self._sender.dtmf(digit))
        if not self._network.is_out(at_ms):
            self._send_audio(tick.frame, at_ms)
        if not self._network.stalls(at_ms):
            self._release()

    def _send_audio(self, frame: bytes, at_ms: int) -> None:
        message = self._sender.media(frame, at_ms + self._chance.choice(_JITTER_MS))
        self._log.frames_sent += 1
        if self._faults.loses_frame(self._log.frames_sent):
            self._warn(CarrierError(ErrorCode.STREAM_OVERFLOW, "frames were thrown away on purpose"))
        else:
            self._send(message)
        self._go_wrong(at_ms)

    def _send(self, message: str) -> None:
        """Send a message behind those that the network holds back."""
        self._held.append(message)

    def _release(self) -> None:
        """Let go what was held back."""
        held, self._held = self._held, []
        for message in held:
            self._socket.send(message)

    def _listen_until(self, at_ms: float) -> None:
        """Take in what the server sends until a time of the call (ms)."""
        while True:
            due_s = self._line.clock.seconds_until(at_ms)
            message = self._socket.receive(due_s)
            if message is not None:
                self._heed(message)
            elif self._line.clock.seconds_until(at_ms) <= 0:
                return

    def _heed(self, message: str | bytes) -> None:
        """Do what the server asks for; what it may not ask for is passed over with a warning."""
        try:
            self._take(read(message, self._stream_sid))
        except CarrierError as refused:
            self._log.frames_refused += 1
            self._warn(refused)

    def _take(self, message: Media | Mark | Clear) -> None:
        match message:
            case Media(audio):
                self._log.frames_received += 1
                if self._prompt is None:
                    self._begin_prompt(audio)
                self._hear(audio)
            case Mark(name):
                prompt = self._prompt or _Prompt(self._heard_from_ms(), bytearray())
                self._prompt = None
                self._playback.mark(name)
                self._line.says(name, SaidKind.MARK, bytes(prompt.audio), prompt.starts_ms)
            case Clear():
                self._log.add(Cleared(self._line.clock.now_ms()))
                self._prompt = None
                self._return_marks(self._playback.clear(), MarkFate.CLEARED)

    def _begin_prompt(self, audio: bytes) -> None:
        self._line.prompt_begins()
        self._prompt = _Prompt(self._heard_from_ms(), bytearray())
        if audio.startswith(_WAV):
            now_ms = self._line.clock.now_ms()
            self._log.add(Doubted(now_ms, "audio that begins with a WAV header, which is heard as noise"))

    def _hear(self, audio: bytes) -> None:
        if self._prompt is not None:
            self._prompt.audio += audio
        if self._playback.add(audio):
            self._warn(CarrierError(ErrorCode.STREAM_DISCARDED, "more than ten minutes of audio were waiting"))

    def _heard_from_ms(self) -> float:
        """Return when audio that arrives now will be heard (ms of the call)."""
        return self._line.position_ms + self._playback.queued / BYTES_PER_MS

    def _return_marks(self, names: tuple[str, ...], fate: MarkFate) -> None:
        for name in names:
            lost = self._faults.lose_marks
            self._log.add(MarkReturned(self._line.clock.now_ms(), name, MarkFate.LOST if lost else fate))
            if not lost:
                self._send(self._sender.mark(name))

    def _warn(self, warning: CarrierError) -> None:
        """Note a warning: Twilio gives each once a stream."""
        if warning.code not in self._warned:
            self._warned.add(warning.code)
            self._log.add(Failed(self._line.clock.now_ms(), warning.code, warning.message))

    def _stop(self) -> None:
        self._send(self._sender.stop())
        try:
            self._release()
        except ServerClosed:
            pass
        finally:
            self._socket.close(_NORMAL_CLOSURE)

    def _go_wrong(self, at_ms: int) -> None:
        if self._log.frames_sent == self._faults.drop_socket_after_frames:
            self._release()
            self._socket.cut()
        if self._faults.bad_frame and self._log.frames_sent == self._faults.bad_frame_after_frames:
            self._release()
            self._socket.send(bad_message(self._faults.bad_frame, lambda audio: self._sender.media(audio, at_ms)))
