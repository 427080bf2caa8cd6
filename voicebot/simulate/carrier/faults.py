"""What can be made to go wrong on one call, on purpose. Names the faults; the parts that they befall look here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import SILENCE, SILENT_FRAME

if TYPE_CHECKING:
    from collections.abc import Callable


class BadFrame(StrEnum):
    """A frame that no server should have to take."""

    GARBLED = "garbled"
    """Text that is no JSON."""
    BINARY = "binary"
    WRONG_STREAM_SID = "wrong_stream_sid"
    OVERSIZE = "oversize"
    """A media frame of 100 KB."""
    UNKNOWN_EVENT = "unknown_event"
    """A well-formed message of a kind the server cannot know yet."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one call; by default none. Frames are counted from 1 over the whole call."""

    refuse_stream: bool = False
    """Never connect a media stream, as if every handshake failed (31920)."""
    drop_socket_after_frames: int | None = None
    """Cut the network connection behind this many media frames: no stop message, no closing handshake."""
    bad_frame: BadFrame | None = None
    bad_frame_after_frames: int = 25
    """The bad frame is sent once, behind this many media frames."""
    lose_every_nth_frame: int | None = None
    """These media frames never arrive, as if the network were congested (31930): the server sees gaps in `chunk`."""
    lose_marks: bool = False
    """No mark is ever echoed."""
    repeat_webhooks: bool = False
    """Every webhook is sent twice, with one idempotency token; the first answer counts."""
    hang_up_at_ms: float | None = None
    """The caller is gone at this time of the call (ms)."""
    late_status: str | None = None
    """After the final status callback, one that is older: this CallStatus, with a lower SequenceNumber."""

    def loses_frame(self, number: int) -> bool:
        """Return whether media frame `number` (from 1) gets lost."""
        return self.lose_every_nth_frame is not None and number % self.lose_every_nth_frame == 0


_OVERSIZE = 100 * 1024


def bad_message(kind: BadFrame, media: Callable[[bytes], str]) -> str | bytes:
    """Return a message of this kind; `media` makes the next good media message of some audio (mu-law)."""
    match kind:
        case BadFrame.GARBLED:
            return media(SILENT_FRAME)[:40]
        case BadFrame.BINARY:
            return SILENT_FRAME
        case BadFrame.WRONG_STREAM_SID:
            return json.dumps({**json.loads(media(SILENT_FRAME)), "streamSid": "MZ" + "0" * 32})
        case BadFrame.OVERSIZE:
            return media(SILENCE * _OVERSIZE)
        case BadFrame.UNKNOWN_EVENT:
            return json.dumps({**json.loads(media(SILENT_FRAME)), "event": "weather"})
