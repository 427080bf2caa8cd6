"""The whole application over a store in memory, as a browser or another program meets it from outside."""

from __future__ import annotations

from hashlib import sha256

from tests.web.office import ReadingClient, voice_of
from voicebot import assets
from voicebot.app import create_app
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import Settings
from voicebot.dialog.spoken import spoken_texts
from voicebot.parts import Parts
from voicebot.speech.scripted import ScriptedEars
from voicebot.storage.memory_store import MemoryStore

TOKEN = "0123456789abcdef" * 2
NEXT_TOKEN = "fedcba9876543210" * 2
SCHEDULING, FRONT_DESK, NURSE = "+16515550101", "+16515550102", "+16515550103"


class Service:
    """An application with every room, and what it keeps."""

    def __init__(self, ruleset, data_dir, **settings):
        chosen = {
            "data_dir": data_dir,
            "scheduling_number": SCHEDULING,
            "front_desk_number": FRONT_DESK,
            "nurse_number": NURSE,
            "allow_unapproved_rules": True,
            "api_token": TOKEN,
            "intake": True,
        }
        text = assets.RULESET.read_text()
        self.ruleset = ruleset
        self.store = MemoryStore()
        self.parts = Parts(
            settings=Settings(**(chosen | settings)),
            ruleset=ruleset,
            snapshot=RuleSetSnapshot(sha256(text.encode()).hexdigest(), ruleset.id, ruleset.version, text),
            grammars=None,
            ears=ScriptedEars([]),
            voice=voice_of(frozenset(spoken_texts(ruleset).items())),
            store=self.store,
        )
        self.app = create_app(self.parts)
        self.app.test_client_class = ReadingClient

    def client(self):
        return self.app.test_client()
