"""An application whose store holds made-up calls, held through the real dialog and rules."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256

from flask import Flask
from flask.testing import FlaskClient

from voicebot import assets
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import Settings
from voicebot.dialog.events import CallStarted, Channel, Connected, Heard, HungUp, KeyPressed, NoInput
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.spoken import spoken_texts
from voicebot.parts import Parts
from voicebot.session import open_session
from voicebot.speech.prompts import Prompts
from voicebot.speech.scripted import ScriptedEars
from voicebot.speech.voice import RenderedPrompts, Sound
from voicebot.storage.audio import CallAudio
from voicebot.storage.memory_store import MemoryStore
from voicebot.web.health import health_blueprint
from voicebot.web.security import secure

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@cache
def voice_of(texts):
    """Return prompts that are all silent."""
    prompts = Prompts.load(assets.PROMPTS).extended_with(dict(texts))
    return RenderedPrompts({filled: Sound(text, b"") for filled, text in prompts.wordings()})


class ReadingClient(FlaskClient):
    """Reads each response to its end and closes it."""

    def open(self, *args, **kwargs):
        return super().open(*args, **{"buffered": True, **kwargs})


class Office:
    """A store, an application over it, and a hand to place calls with."""

    def __init__(self, ruleset, data_dir, **settings):
        self.ruleset = ruleset
        self.store = MemoryStore()
        self.settings = Settings(data_dir=data_dir, **settings)
        self.settings.audio_dir.mkdir()
        text = assets.RULESET.read_text()
        self.snapshot = RuleSetSnapshot(sha256(text.encode()).hexdigest(), ruleset.id, ruleset.version, text)
        self.client = self._app().test_client()

    def _app(self):
        parts = self.parts = Parts(
            settings=self.settings,
            ruleset=self.ruleset,
            snapshot=self.snapshot,
            grammars=None,
            ears=ScriptedEars([]),
            voice=voice_of(frozenset(spoken_texts(self.ruleset).items())),
            store=self.store,
        )
        app = Flask(__name__)
        app.test_client_class = ReadingClient
        secure(app)
        app.register_blueprint(health_blueprint(parts))
        return app

    def place(self, answers, *, started_at=NOON, over=True, sound=False):
        """Hold a call: each answer is words (with their confidence), a key, or None for silence. Return its id."""
        call_id = self.store.start_call(channel=Channel.STREAM, started_at=started_at, ruleset=self.snapshot).call_id
        session = open_session(self.ruleset, self.store, call_id)
        session.handle(
            CallStarted(0, started_at.isoformat(), self.ruleset.id, self.ruleset.version, self.snapshot.sha256)
        )
        session.handle(Connected(400, Channel.STREAM))
        now_ms = 400
        for answer in answers:
            now_ms += 8000
            session.handle(self._event(answer, now_ms))
        if over:
            session.handle(HungUp(now_ms + 6000))
            self.store.close_call(call_id, started_at + timedelta(milliseconds=now_ms + 6000))
        if sound:
            self.record(call_id, starts_at_ms=16_000)
        return call_id

    def record(self, call_id, starts_at_ms, ms=2000):
        """Keep as many ms of sound of both sides."""
        audio = CallAudio(self.settings.audio_dir, call_id, starts_at_ms)
        audio.write(b"\x10" * 8 * ms, b"\x90" * 8 * ms)
        self.store.add_audio(audio.close())

    @staticmethod
    def _event(answer, now_ms):
        match answer:
            case None:
                return NoInput(now_ms)
            case str():
                return KeyPressed(now_ms, answer)
            case (words, meaning, confidence):
                return Heard(now_ms, meaning, confidence, words, now_ms - 1400, now_ms - 700)


YES = ("yes", Meaning.YES, 0.99)
NO = ("no", Meaning.NO, 0.98)
UNSURE = ("i'm not sure", Meaning.UNSURE, 0.98)
MUMBLED = ("[unk]", None, 0.2)
