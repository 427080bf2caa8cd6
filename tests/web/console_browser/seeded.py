"""A console with calls in it: simulated calls only, through the real session.

One call has sound, and one, placed as `live`, goes on.
"""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import numpy as np

from tests.web.console_browser.served import Served
from tests.web.office import NO, YES
from voicebot import assets
from voicebot.batch.worker import Worker
from voicebot.simulate.audio_calls import AudioCalls
from voicebot.simulate.in_process import Clinic
from voicebot.simulate.scenario import read_scenario
from voicebot.simulate.text_calls import TextCalls
from voicebot.simulate.voices import Voices
from voicebot.speech.codec import encode
from voicebot.speech.grammars import Grammars
from voicebot.speech.locate_model import locate_model
from voicebot.speech.voice import RenderedPrompts, Sound
from voicebot.speech.vosk_ears import VoskEars
from voicebot.staff.roles import Role
from voicebot.telephony.recorder import CallRecorder
from voicebot.wiring import load_prompts

TESTS = Path(__file__).parents[2]
IN_WORDS = (
    "sciatica",
    "nobody-picks-up",
    "silence-on-red-flag",
    "unsure-on-stroke",
    "closed-call-back",
    "refuses-recording",
    "hang-up",
    "no-symptom",
)
"""Scenarios placed as calls in words, one of each."""
WITH_SOUND = ("cauda-equina-saddle",)
MS_A_LETTER = 55
LONGEST_MS = 60_000


class Seeded(Served):
    """Somebody of every role, and calls."""

    def __init__(self, ruleset, data_dir):
        super().__init__(ruleset, data_dir)
        self.clinic = Clinic(ruleset, assets.RULESET.read_text(), Grammars.load(assets.GRAMMARS), self.store)
        self.call_ids = {}
        for name in IN_WORDS:
            self._place(TextCalls(self.clinic), name)
        with_sound = self._audio_calls()
        for name in WITH_SOUND:
            self._place(with_sound, name)
        self.call_ids["live"] = self.place([YES, NO], started_at=self.desk.clock(), over=False)
        self.replay_id = self._replay()

    def _place(self, calls, name):
        scenario = read_scenario(TESTS / "scenarios" / f"{name}.toml", self.ruleset)
        run = calls.place(scenario, 1)
        self.call_ids[name] = run.call_id
        self.store.close_call(run.call_id, self.desk.clock())

    def another(self, name):
        """Place one more call of a scenario, for a test that changes what becomes of it; return its id."""
        kept = self.call_ids.get(name)
        self._place(TextCalls(self.clinic), name)
        call_id, self.call_ids[name] = self.call_ids[name], kept
        return call_id

    def _replay(self):
        """Run all calls again, as a lead does from the page, under rules that send emergencies to a later place."""
        worker = Worker(self.store, self.engine)
        self.app.extensions["voicebot_worker"] = SimpleNamespace(wake=lambda: None)
        rules = assets.RULESET.read_text().replace("version: ", "version: later-", 1).replace("level: 5", "level: 4")
        client = self.stranger()
        client.set_cookie("console", self.session_of(Role.LEAD))
        response = client.post("/console/replays", data={"rules": "pasted", "text": rules})
        while worker.work():
            pass
        del self.app.extensions["voicebot_worker"]
        return response.headers["Location"].rpartition("/")[2]

    def _audio_calls(self):
        return AudioCalls(
            self.clinic,
            VoskEars(locate_model(None)),
            _hummed(self.ruleset),
            Voices(TESTS / "audio"),
            lambda call_id, now_ms: CallRecorder(self.store, self.settings.audio_dir, call_id, now_ms),
        )


def _hummed(ruleset):
    """Return all prompts as a hum, as long as it takes to say them, swelling as speech does."""
    at = np.arange(LONGEST_MS * 8) / 8000
    hum = 4000 * np.sin(2 * np.pi * 180 * at) * (0.55 + 0.45 * np.sin(2 * np.pi * 3 * at))
    mulaw = encode(hum.astype(np.int16))
    return RenderedPrompts(
        {
            filled: Sound(text, mulaw[: min(len(text) * MS_A_LETTER, LONGEST_MS) * 8])
            for filled, text in load_prompts(ruleset).wordings()
        }
    )
