"""What the carrier sends on a media stream."""

from __future__ import annotations

import json
from base64 import b64encode

from tests.telephony.conftest import SID
from voicebot.speech.codec import SILENCE

STREAM = "MZ00000000000000000000000000000001"


def frame(event, **content):
    return json.dumps({"event": event, "sequenceNumber": "1", "streamSid": STREAM, event: content})


def start(token, sid=SID):
    return frame("start", streamSid=STREAM, callSid=sid, customParameters={"token": token})


def sound(ms=20, *, at_ms=None):
    stamp = {} if at_ms is None else {"timestamp": str(at_ms)}
    return frame("media", track="inbound", **stamp, payload=b64encode(SILENCE * 8 * ms).decode())


def key(digit):
    return frame("dtmf", track="inbound_track", digit=digit)


CONNECTED = json.dumps({"event": "connected", "protocol": "Call", "version": "1.0.0"})
STOP = frame("stop", callSid=SID)
