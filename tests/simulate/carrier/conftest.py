"""A scripted server, and carriers that call it: in no time at all, unless a test says otherwise."""

from __future__ import annotations

from contextlib import ExitStack

import pytest

from tests.simulate.carrier.carrier_fakes import Scripted, Server
from voicebot.simulate.carrier import Carrier, JumpingClock

TOKEN = "a-token-of-no-account"  # noqa: S105 -- opens nothing


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def timing():
    """How time goes by on a call: options of a carrier."""
    return {"clock": JumpingClock}


@pytest.fixture
def make_carrier(server, timing):
    """Make carriers that call the scripted server; they are closed with the test."""
    with ExitStack() as stack:

        def make(base_url=None, **options):
            options = {"voice_url": "/voice", **timing, **options}
            return stack.enter_context(Carrier(base_url or server.url, TOKEN, **options))

        yield make


@pytest.fixture
def call(make_carrier):
    """Place one call to the scripted server's TwiML."""

    def place(caller, *, faults=None, watch=None, **options):
        extra = {} if faults is None else {"faults": faults}
        return make_carrier(**options).place_call(caller, watch=watch, **extra)

    return place


@pytest.fixture
def connect(server, call):
    """Place a call that is connected to a stream, whose server does `script`; what follows is a Redirect to /resume."""

    def run(script, caller=None, *, url=None, connect="", stream="", **options):
        url = url or f"{server.url.replace('http', 'ws')}/media"
        noun = f'<Stream url="{url}" {stream}><Parameter name="token" value="t-1"/></Stream>'
        server.answers["/voice"] = f"<Connect {connect}>{noun}</Connect><Redirect>/resume</Redirect>"
        server.answers["/resume"] = server.answers["/after"] = "<Hangup/>"
        server.answers["/stream-status"] = ("", 204)
        server.on_stream = script
        return call(caller or Scripted(), **options)

    return run
