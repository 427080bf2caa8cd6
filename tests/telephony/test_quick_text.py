"""Frames taken apart by hand, against those a library makes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from wsproto.frame_protocol import FrameProtocol, Opcode

from voicebot.telephony.quick_text import frame_length, text_of


def framed(payload, opcode=Opcode.TEXT, *, client=True, final=True):
    sender = FrameProtocol(client=client, extensions=[])
    return bytes(sender._serialize_frame(opcode, payload, fin=final))


@given(text=st.text(max_size=400))
@pytest.mark.parametrize("times", [1, 90])
def test_the_text_of_a_frame_is_what_was_sent(text, times):
    frame = framed((text * times).encode())
    assert frame_length(frame) == len(frame)
    assert text_of(frame) == text * times


@pytest.mark.parametrize("size", [0, 125, 126, 65535, 65536])
def test_the_length_is_told_as_soon_as_the_header_is_there_and_not_before(size):
    frame = framed(b"x" * size)
    told = [frame_length(frame[:length]) for length in range(16)]
    known = [length for length in told if length is not None]
    assert set(known) == {len(frame)}
    assert told == [None] * (16 - len(known)) + known


@pytest.mark.parametrize(
    "frame",
    [
        framed(b"one", Opcode.BINARY),
        framed(b"", Opcode.PING),
        framed(b"piece", final=False),
        framed(b"piece", Opcode.CONTINUATION),
        framed(b"not masked", client=False),
        framed(b"x" * 65536),
        framed(b"\xff\xfe"),
        b"\xc1" + framed(b"compressed")[1:],
    ],
    ids=["binary", "ping", "first piece", "last piece", "not masked", "very long", "no text", "reserved bit"],
)
def test_everything_else_is_left_to_the_library(frame):
    assert text_of(frame) is None
