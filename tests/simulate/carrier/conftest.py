"""A scripted server, and a carrier whose calls go many times as fast as real ones."""

from __future__ import annotations

from contextlib import ExitStack
from functools import partial

import pytest

from tests.simulate.carrier.carrier_fakes import Server
from voicebot.simulate.carrier import Carrier

TOKEN = "a-token-of-no-account"  # noqa: S105 -- opens nothing


@pytest.fixture
def server():
    server = Server()
    yield server
    server.close()


@pytest.fixture
def speed():
    """How much faster than real time a call goes."""
    return 20


@pytest.fixture
def make_carrier(server, speed):
    """Make carriers that call the scripted server; they are closed with the test."""
    with ExitStack() as stack:

        def make(base_url=None, **options):
            options = {"speed": speed, "voice_url": "/voice", **options}
            return stack.enter_context(Carrier(base_url or server.url, TOKEN, **options))

        yield make


@pytest.fixture
def call(make_carrier):
    """Place one call to the scripted server's TwiML."""

    def place(caller, *, faults=None, watch=None, **options):
        extra = {} if faults is None else {"faults": faults}
        return partial(make_carrier(**options).place_call, caller, watch=watch, **extra)()

    return place
