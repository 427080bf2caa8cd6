"""Many calls in one thread, against a real socket of ours on loopback."""

import json
import socket
from threading import Thread

import pytest

from benchmarks.load_parts.crowd import Crowd, Leg
from benchmarks.load_parts.stream import Stream
from benchmarks.load_parts.wire import Wire, WireBroken
from voicebot.simulate.carrier.frames import StreamIds
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.telephony import frames
from voicebot.telephony.stream_socket import SocketClosed, StreamSocket


class Silent:
    def on_said(self, said):
        pass

    def next_actions(self, now_ms):
        return []


class Server:
    """Says one word on each stream, hears some frames, and closes."""

    def __init__(self, code=1000, hears=5):
        self.code, self.hears = code, hears
        self.heard = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"ws://127.0.0.1:{self.listener.getsockname()[1]}/media"
        Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(4096)
            lines = head.decode().split("\r\n")[1:]
            opened = StreamSocket(connection)
            try:
                opened.shake_hands([tuple(line.split(": ", 1)) for line in lines if line])
                assert json.loads(opened.receive(5))["event"] == "connected"
                sid = json.loads(opened.receive(5))["streamSid"]
                opened.send(frames.media(sid, b"\xff" * 80))
                opened.send(frames.mark(sid, "1:word"))
                events = [json.loads(opened.receive(5))["event"] for _ in range(self.hears)]
                self.heard.append(events)
                if self.code:
                    opened.close(self.code)
            except SocketClosed:
                self.heard.append("gone")


class Calls:
    """Begins and ends calls without webhooks."""

    def __init__(self, url, refuse=()):
        self.url, self.refuse, self.ended = url, set(refuse), []

    def begin(self, number):
        if number in self.refuse:
            raise WireBroken("busy")
        ids = StreamIds("AC1", f"CA{number}", f"MZ{number}")
        return Leg(ids.call_sid, Wire(self.url, {}), Stream(Silent(), ids, Mouth(), 0.0), {})

    def end(self, call_sid, how):
        self.ended.append((call_sid, how))


@pytest.fixture
def server(request):
    made = Server(**getattr(request, "param", {}))
    yield made
    made.listener.close()


def test_callers_call_again_when_their_call_is_over(server):
    calls = Calls(server.url, refuse=[1])
    crowd = Crowd(calls)
    crowd.run(2, every_s=0.0, until_s=1.5)
    assert crowd.refused == ["busy"]
    assert crowd.most <= 2
    over = [ended for ended in crowd.ended if ended.how == "closed"]
    assert len(over) >= 2
    assert {sid for sid, how in calls.ended if how == "closed"} == {ended.call_sid for ended in over}
    assert all("mark" in events for events in server.heard if events != "gone")
    assert all(len(ended.stream.measured.late_ms) >= 3 for ended in over)


@pytest.mark.parametrize(
    ("server", "how"), [({"code": 1011}, "closed with 1011"), ({"code": None}, "closed with None")], indirect=["server"]
)
def test_a_stream_that_breaks_is_told(server, how):
    crowd = Crowd(Calls(server.url))
    crowd.run(1, every_s=0.0, until_s=0.6)
    assert crowd.ended[0].how in {how, "ConnectionResetError", "BrokenPipeError"}


@pytest.mark.parametrize("server", [{"hears": 10_000}], indirect=True)
def test_calls_that_still_go_on_are_cut_at_the_end(server):
    calls = Calls(server.url)
    crowd = Crowd(calls)
    sampled = []
    crowd.run(3, every_s=0.01, until_s=0.5, heed=lambda: sampled.append(1))
    assert [ended.how for ended in crowd.ended] == ["cut"] * 3
    assert crowd.most == 3
    assert sampled


def test_nobody_there_is_a_broken_wire():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(WireBroken):
        Wire(f"ws://127.0.0.1:{port}/media", {})
