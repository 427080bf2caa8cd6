"""Who is served when, by how many, and what becomes of a stream that holds its server up."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager

import pytest

from voicebot.telephony import crew as crew_module
from voicebot.telephony.crew import Crew

SOON_S = 10.0
END = b"."


class Stream:
    """Ends at a full stop; `does` is called with every other byte that came."""

    def __init__(self, does=lambda _byte: None):
        self.ours, self.theirs = socket.socketpair()
        self.does = does
        self.served = []
        self.busy = 0

    def fileno(self):
        return self.ours.fileno()

    def serve(self):
        self.busy += 1
        assert self.busy == 1, "one thread at a time"
        try:
            try:
                received = self.ours.recv(100, socket.MSG_DONTWAIT)
            except BlockingIOError:
                received = b""
            self.served.append(received)
            for byte in received.strip(END):
                self.does(bytes([byte]))
            return END not in received
        finally:
            self.busy -= 1


@contextmanager
def carried(crew, *streams):
    """Have `streams` carried; at the end they end, and their threads are gone."""
    threads = [threading.Thread(target=crew.carry, args=(stream,)) for stream in streams]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        for stream in streams:
            stream.theirs.send(END)
        for stream, thread in zip(streams, threads, strict=True):
            thread.join(SOON_S)
            assert not thread.is_alive()
            stream.ours.close()
            stream.theirs.close()


def until(true):
    end = time.monotonic() + SOON_S
    while not true():
        assert time.monotonic() < end, "it never happened"
        time.sleep(0.002)


def test_whoever_sends_something_is_served():
    streams = [Stream() for _ in range(5)]
    with carried(Crew(2), *streams):
        for number, stream in enumerate(streams):
            stream.theirs.send(b"%d" % number)
        until(lambda: all(any(stream.served) for stream in streams))  # it is also looked after while it sends nothing
        assert [b"".join(stream.served) for stream in streams] == [b"0", b"1", b"2", b"3", b"4"]


def test_one_who_holds_the_desk_up_holds_up_nobody_else_and_is_served_again():
    go_on, waiting = threading.Event(), threading.Event()

    def hold_up(byte):
        if byte == b"w":
            waiting.set()
            go_on.wait(SOON_S)

    slow, other = Stream(hold_up), Stream()
    with carried(Crew(1), slow, other):
        slow.theirs.send(b"w")
        assert waiting.wait(SOON_S)
        other.theirs.send(b"a")
        until(lambda: b"a" in other.served)
        slow.theirs.send(b"b")
        other.theirs.send(b"b")
        until(lambda: b"b" in other.served)
        assert b"b" not in slow.served
        go_on.set()
        until(lambda: b"b" in slow.served)


def test_one_who_holds_the_desk_up_to_the_end_is_over():
    started = threading.Event()

    def take_long(_byte):
        started.set()
        time.sleep(0.1)

    stream = Stream(take_long)
    with carried(Crew(1), stream):
        stream.theirs.send(b"w")
        assert started.wait(SOON_S)


def test_what_goes_wrong_is_for_the_one_who_had_the_stream_carried():
    stream = Stream(lambda _byte: 1 / 0)
    stream.theirs.send(b"x")
    with pytest.raises(ZeroDivisionError):
        Crew(1).carry(stream)
    stream.ours.close()
    stream.theirs.close()


def test_a_silent_stream_is_looked_after_now_and_then(monkeypatch):
    monkeypatch.setattr(crew_module, "ROUND_S", 0.02)
    stream = Stream()
    with carried(Crew(1), stream):
        until(lambda: stream.served.count(b"") >= 3)


def test_without_streams_there_are_no_threads_and_the_next_stream_is_served_all_the_same():
    crew = Crew(2)
    for _ in range(2):
        stream = Stream()
        with carried(crew, stream):
            stream.theirs.send(b"a")
            until(lambda stream=stream: stream.served)
        until(lambda: not any(thread.name == "desk" for thread in threading.enumerate()))
