"""A line in memory whose prompts are short tones, and a carrier that signs what it sends."""

from __future__ import annotations

import logging
from functools import partial
from hashlib import sha256
from types import SimpleNamespace
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import pytest
from flask import Flask

from tests.telephony.outside import listening
from voicebot import assets
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import load_settings
from voicebot.dialog.spoken import required_prompts
from voicebot.duty import Duty
from voicebot.parts import Parts
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars
from voicebot.speech.voice import RenderedPrompts, Sound
from voicebot.storage.memory_store import MemoryStore
from voicebot.telephony.signature import HEADER, sign
from voicebot.telephony.webhooks import voice_blueprint

BASE = "https://line.example.org"
TOKEN, NEXT_TOKEN, WRONG_TOKEN = "first", "second", "wrong"
ACCOUNT = "AC00000000000000000000000000000001"
SID = "CA00000000000000000000000000000001"
STAFF_SID = "CA0000000000000000000000000000000f"
"""The id of the leg on which somebody is rung."""
CALLER = "+16515550199"
FRONT_DESK, SCHEDULING, NURSE, ON_CALL = "+16515550100", "+16515550101", "+16515550102", "+16515550103"
PROMPT_MS = 100


@pytest.fixture(scope="session")
def grammars():
    return Grammars.load(assets.GRAMMARS)


def parts_over(ruleset, grammars, data_dir, *, ears=None, store=None, hours=None, duty=None, **settings):
    """Return parts whose prompts are short tones."""
    chosen = {
        "data_dir": data_dir,
        "public_url": BASE,
        "twilio_auth_token": TOKEN,
        "twilio_auth_token_next": NEXT_TOKEN,
        "twilio_account_sid": ACCOUNT,
        "front_desk_number": FRONT_DESK,
        "scheduling_number": SCHEDULING,
        "nurse_number": NURSE,
        "max_calls": 2,
        "allow_unapproved_rules": True,
    }
    text = assets.RULESET.read_text()
    tone = b"\x55\xd5" * PROMPT_MS * 4
    return Parts(
        settings=load_settings(**(chosen | settings)),
        ruleset=ruleset,
        snapshot=RuleSetSnapshot(sha256(text.encode()).hexdigest(), ruleset.id, ruleset.version, text),
        grammars=grammars,
        ears=ears or ScriptedEars([]),
        voice=RenderedPrompts({(prompt, frozenset()): Sound(prompt, tone) for prompt in required_prompts(ruleset)}),
        store=store or MemoryStore(),
        hours=hours,
        duty=duty or Duty(),
    )


@pytest.fixture
def make_parts(ruleset, grammars, tmp_path):
    """Parts with some settings, ears or store of one's own."""

    return partial(parts_over, ruleset, grammars, tmp_path / "data")


class Carrier:
    """Sends signed webhooks to an application over `parts` and reads the TwiML."""

    def __init__(self, parts, sid=SID):
        self.parts = parts
        self.sid = sid
        app = Flask(__name__)
        app.register_blueprint(voice_blueprint(parts))
        self.client = app.test_client()

    def send(self, path, *, sid=None, token=TOKEN, **form):
        path, _ = urldefrag(path)
        form = {
            "CallSid": self.sid if sid is None else sid,
            "AccountSid": ACCOUNT,
            "From": CALLER,
            "CallStatus": "in-progress",
        } | form
        signature = sign(token, BASE + path, form.items())
        return self.client.post(path, data=form, headers={HEADER: signature}, buffered=True)

    def post(self, path, **form):
        """Return the verbs of the answer."""
        answer = self.send(path, **form)
        assert answer.status_code == 200
        assert answer.mimetype == "text/xml"
        return verbs(answer.text)

    def follow(self, document, **form):
        """Send the answer to a document that asks something."""
        gather = next(verb for verb in document if verb.tag == "Gather")
        return self.post(gather.attributes["action"].removeprefix(BASE), **form)

    def press(self, document, *keys):
        for key in keys:
            document = self.follow(document, Digits=key)
        return document

    def answers_the_telephone(self, document, key):
        """Play whoever is rung: return what they hear before and after they press `key` (empty: none)."""
        number = next(verb for verb in document if verb.tag == "Dial").nested[0]
        offered = self.post(number.attributes["url"].removeprefix(BASE), sid=STAFF_SID, CallStatus="in-progress")
        return offered, self.follow(offered, sid=STAFF_SID, Digits=key)

    def dial_ends(self, document, status="completed", **form):
        """Return what follows for the caller when a Dial is over."""
        action = next(verb for verb in document if verb.tag == "Dial").attributes["action"]
        return self.post(action.removeprefix(BASE), DialCallStatus=status, **form)

    def call(self, sid=None):
        return self.parts.store.find_by_sid(sid or self.sid)

    def record(self):
        return [entry.message for entry in self.parts.store.load(self.call().call_id)]

    def events(self):
        return [message for message in self.record() if hasattr(message, "at_ms")]


def verbs(xml):
    """Return the verbs of a TwiML document."""
    return [_verb(element) for element in ET.fromstring(xml)]  # noqa: S314 - our own document


def _verb(element):
    return SimpleNamespace(
        tag=element.tag,
        attributes=element.attrib,
        text=element.text,
        nested=[_verb(inner) for inner in element],
    )


def tags(document):
    return [verb.tag for verb in document]


def said(document):
    """Return the ids of the prompts a document plays, nested ones too."""
    played = []
    for verb in document:
        if verb.tag == "Play":
            played.append(verb.text.removeprefix(f"{BASE}/voice/prompts/").split("/")[0])
        played += said(verb.nested)
    return played


def key_of_nobody_in_danger(document):
    """Return the key with which a caller of age, calling for themselves and without any symptom, answers a document."""
    asked = [prompt for prompt in said(document) if prompt != "keys_short"]
    return "1" if asked[-1].endswith(".read_back") or asked[-1] in {"for_self", "adult", "number", "consent"} else "2"


def dialed(document):
    """Return the number a document puts the caller through to."""
    return next(verb.nested[0].text for verb in document if verb.tag == "Dial")


@pytest.fixture
def carrier(make_parts):
    """A carrier of a line that goes turn by turn."""
    return Carrier(make_parts(streaming=False))


@pytest.fixture
def streaming(make_parts):
    """A carrier of a line with live audio."""
    return Carrier(make_parts())


@pytest.fixture
def outside():
    """A server of somebody else's, such as the carrier's REST interface; see Outside."""
    with listening() as server:
        yield server


@pytest.fixture(autouse=True)
def quiet():
    """Keep the server's own request log out of the tests' output."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
