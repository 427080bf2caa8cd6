"""The one WebSocket frame that comes fifty times a second on every call, taken apart without a protocol machine. Pure.

Whole, masked text frames of moderate length; whatever else there is (RFC 6455) is left to the library, one frame after
the other.
"""

from __future__ import annotations

_FINAL_TEXT = 0x81
_MASKED = 0x80
_LENGTH = 0x7F
_TWO_BYTES, _EIGHT_BYTES = 126, 127
_KEY = 4


def frame_length(received: bytes | bytearray) -> int | None:
    """Return how many bytes the frame has that begins here, even if it is not all here; None if not yet told."""
    if len(received) < 2:  # noqa: PLR2004 - the shortest header
        return None
    length, key = received[1] & _LENGTH, _KEY if received[1] & _MASKED else 0
    if length < _TWO_BYTES:
        return 2 + key + length
    more = 2 if length == _TWO_BYTES else 8
    if len(received) < 2 + more:
        return None
    return 2 + more + key + int.from_bytes(received[2 : 2 + more], "big")


def text_of(frame: bytes) -> str | None:
    """Return the text of a whole frame; None when it is for the library: fragmented, unmasked, no text, very long."""
    length = frame[1] & _LENGTH
    if frame[0] != _FINAL_TEXT or not frame[1] & _MASKED or length == _EIGHT_BYTES:
        return None
    key_at = 4 if length == _TWO_BYTES else 2
    masked = frame[key_at + _KEY :]
    mask = (frame[key_at : key_at + _KEY] * (len(masked) // _KEY + 1))[: len(masked)]
    plain = int.from_bytes(masked, "little") ^ int.from_bytes(mask, "little")
    try:
        return plain.to_bytes(len(masked), "little").decode()
    except UnicodeDecodeError:
        return None
