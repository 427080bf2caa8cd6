"""The media stream's socket: frames to the line, the line's orders to frames. What is said and when is the line's own.

However a stream ends, the call goes on: the carrier asks /voice/resume, and the record tells what is left to do. A
`stop` frame is therefore no hang-up, only the end of the stream; that the caller is gone is told by /voice/status.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Response, abort, request

from voicebot.errors import VoicebotError
from voicebot.line import BYTES_PER_MS, Clear, Close, Line, Play
from voicebot.session import open_session
from voicebot.storage.private import private_folder
from voicebot.telephony import frames
from voicebot.telephony.clock import ms_since, utc_now
from voicebot.telephony.frames import CloseCode, Dtmf, FrameError, Mark, Media, Start, Stop, decode
from voicebot.telephony.gate import is_genuine_socket
from voicebot.telephony.lateness import Lateness
from voicebot.telephony.recorder import CallRecorder
from voicebot.telephony.stream_socket import LARGEST_BYTES, PING_S, SocketClosed, StreamSocket, Taken, accept
from voicebot.telephony.trouble import STORE_FAILED
from voicebot.telephony.turns import STOPPING
from voicebot.telephony.watchdog import Watchdog

if TYPE_CHECKING:
    from collections.abc import Iterable

    from flask import Flask

    from voicebot.duty import Duty
    from voicebot.line import Order
    from voicebot.parts import Parts

START_S = 10.0
"""The carrier tells which call this is right after it opened the stream; one that does not is none."""
CHUNK_BYTES = 3200
"""Sound a frame carries, 400 ms; the carrier buffers it and plays it in time."""

_log = structlog.get_logger()


def register_media(app: Flask, parts: Parts, *, ping_s: float = PING_S, largest: int = LARGEST_BYTES) -> None:
    """Add the WebSocket /media to `app`; an upgrade that was not signed is refused with 403.

    The other side is pinged every `ping_s` seconds, and sends no message of more than `largest` bytes.
    """
    private_folder(parts.settings.audio_dir)
    blueprint = Blueprint("media", __name__)

    @blueprint.before_request
    def refuse_forged() -> None:
        if not is_genuine_socket(request, parts.settings):
            _log.warning("signature_refused", endpoint="media")
            abort(403)

    @blueprint.route("/media", websocket=True)
    def media() -> Response:
        with contextlib.suppress(SocketClosed):
            serve_stream(accept(request.environ, ping_s=ping_s, largest=largest), parts)
        return Taken()

    app.register_blueprint(blueprint)


def serve_stream(ws: StreamSocket, parts: Parts) -> None:
    """Answer one call over its open socket, and close the socket with a code that tells why."""
    line: Line | None = None
    recorder: CallRecorder | None = None
    lateness = Lateness()
    try:
        start = _await_start(ws)
        line, recorder = _open_line(start, parts)
        with parts.duty.streaming(start.call_sid):
            reason, close_code = _converse(ws, line, start.stream_sid, parts.duty, lateness), CloseCode.NORMAL
    except FrameError as error:
        reason, close_code = error.code, error.close_code
    except (SocketClosed, OSError):
        reason, close_code = "stream_broken", CloseCode.NORMAL
    except Exception as error:  # noqa: BLE001 - whatever broke, the call goes on turn by turn
        reason, close_code = error.code if isinstance(error, VoicebotError) else "internal_error", CloseCode.OUR_FAULT
        _log.error("stream_failed", code=reason, error=type(error).__name__)
    if line and reason and reason != STORE_FAILED:  # a store that just failed would only keep the caller waiting
        _note_loss(line, reason)
    if recorder:
        recorder.close()
    _log.info("stream_ended", code=reason, count=lateness.frames, late=lateness.late, ms=lateness.worst_ms)
    with contextlib.suppress(SocketClosed, OSError):
        ws.close(close_code)


def _await_start(ws: StreamSocket) -> Start:
    """Return the frame that tells which call this is."""
    until = time.monotonic() + START_S
    while (frame := ws.receive(timeout=max(0.0, until - time.monotonic()))) is not None:
        if isinstance(message := decode(frame, None), Start):
            return message
    raise FrameError("stream_silent", "The media stream did not start.", CloseCode.POLICY)


def _open_line(start: Start, parts: Parts) -> tuple[Line, CallRecorder]:
    """Return the line of the call whose token was given; raises FrameError `stream_token_wrong`."""
    now = utc_now()
    call = parts.store.use_stream_token(start.call_sid, start.parameters.get("token", ""), now)
    if call is None:
        raise FrameError("stream_token_wrong", "The media stream has no valid token.", CloseCode.POLICY)
    opened_ms = ms_since(call.started_at, now)
    session = open_session(parts.ruleset, parts.store, call.call_id)
    recorder = CallRecorder(parts.store, parts.settings.audio_dir, call.call_id, lambda: line.now_ms)
    line = Line(session, parts.ears, parts.grammars, parts.voice, recorder, opened_ms)
    return line, recorder


def _converse(ws: StreamSocket, line: Line, stream_sid: str, duty: Duty, lateness: Lateness) -> str | None:
    """Run the call; return None when the line closed it, else the code of what ended it."""
    opened_ms = line.now_ms
    watchdog = Watchdog(time.monotonic())
    orders = line.start()
    while _perform(ws, orders, stream_sid):
        orders = []
        frame = ws.receive(timeout=watchdog.left_s(time.monotonic()))
        if watchdog.gives_up(time.monotonic()):
            return "stream_silent"
        if duty.leaving:
            return STOPPING
        if frame is None:
            continue
        match decode(frame, stream_sid):
            case Media(audio):
                watchdog.hears(len(audio) / BYTES_PER_MS)
                orders = line.frame(audio)
                lateness.took(line.now_ms - opened_ms, time.monotonic() * 1000)
            case Mark(name):
                orders = line.mark(name)
            case Dtmf(key):
                orders = line.key(key)
            case Stop():
                return "stream_stopped"
            case _:
                pass
    return None


def _perform(ws: StreamSocket, orders: Iterable[Order], stream_sid: str) -> bool:
    """Carry out `orders`; return whether the stream goes on."""
    for order in orders:
        match order:
            case Play(audio, mark):
                for at in range(0, len(audio), CHUNK_BYTES):
                    ws.send(frames.media(stream_sid, audio[at : at + CHUNK_BYTES]))
                ws.send(frames.mark(stream_sid, mark))
            case Clear():
                ws.send(frames.clear(stream_sid))
            case Close():
                return False
    return True


def _note_loss(line: Line, reason: str) -> None:
    """Store that the stream ended; when the call already went on elsewhere there is nothing to add."""
    try:
        line.lost(reason)
    except VoicebotError as error:
        _log.info("stream_end_not_stored", code=error.code)
