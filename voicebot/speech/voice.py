"""The line's voice: every prompt as telephone sound, made before the first call. A call only takes bytes from here."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import track

from voicebot.errors import VoicebotError
from voicebot.speech import pyttsx3_voice
from voicebot.speech.codec import BYTES_PER_MS, encode
from voicebot.speech.prompt_cache import PromptCache
from voicebot.speech.pyttsx3_voice import Script
from voicebot.speech.recordings import read_recordings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from voicebot.speech.codec import Samples
    from voicebot.speech.prompts import Filled, Prompts

_NO_SLOTS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Sound:
    """One wording as it goes out on the line."""

    text: str
    mulaw: bytes
    """8 kHz mu-law, one byte a sample."""
    recorded: bool = False
    """Spoken by a person in a studio, not by the built-in voice."""


@dataclass(frozen=True)
class RenderedPrompts:
    """The sound of prompts, by id and the values of their slots."""

    sounds: Mapping[Filled, Sound]
    slow_sounds: Mapping[Filled, Sound] = field(default_factory=dict)
    """The same, spoken slower: by the built-in voice, also where a studio recorded the prompt at its one pace."""

    def sound(self, prompt_id: str, slots: Mapping[str, str] = _NO_SLOTS, *, slow: bool = False) -> Sound:
        """Return a prompt as sound, `slow` where there is such a one.

        Raises VoicebotError `prompt_unknown` for an id or value nobody declared.
        """
        filled = prompt_id, frozenset(slots.items())
        try:
            return self.slow_sounds[filled] if slow and filled in self.slow_sounds else self.sounds[filled]
        except KeyError:
            raise VoicebotError("prompt_unknown", f"There is no prompt {prompt_id} with these slots.") from None

    def mulaw(self, prompt_id: str, slots: Mapping[str, str] = _NO_SLOTS, *, slow: bool = False) -> bytes:
        """Return the prompt's 8 kHz mu-law."""
        return self.sound(prompt_id, slots, slow=slow).mulaw

    def text(self, prompt_id: str, slots: Mapping[str, str] = _NO_SLOTS) -> str:
        """Return the words of the prompt."""
        return self.sound(prompt_id, slots).text

    def duration_ms(self, prompt_id: str, slots: Mapping[str, str] = _NO_SLOTS) -> int:
        """Return how long the prompt takes (ms)."""
        return len(self.mulaw(prompt_id, slots)) // BYTES_PER_MS

    def sha256(self, prompt_id: str, slots: Mapping[str, str] = _NO_SLOTS, *, slow: bool = False) -> str:
        """Return the hex SHA-256 of the prompt's mu-law: tells what exactly a caller heard."""
        return hashlib.sha256(self.mulaw(prompt_id, slots, slow=slow)).hexdigest()

    def ids(self) -> frozenset[str]:
        """Return the ids of all prompts."""
        return frozenset(prompt_id for prompt_id, _ in self.sounds)


@dataclass(frozen=True)
class Voice:
    """Turns prompts into sound, each text once."""

    speak: Callable[[Sequence[Script]], Iterator[Samples]] = pyttsx3_voice.speak
    """Texts to 8 kHz speech, in order."""
    fingerprint: str = pyttsx3_voice.FINGERPRINT
    """Changes when `speak` would sound different."""

    def find(self, prompts: Prompts, cache_dir: Path, recordings_dir: Path) -> RenderedPrompts:
        """Return the sound of those prompts that need no rendering: recorded ones, and what the cache holds.

        Raises VoicebotError `recordings_broken`, `audio_unreadable`.
        """
        cache = PromptCache(cache_dir, self.fingerprint)
        recordings = read_recordings(recordings_dir, prompts)
        sounds: dict[bool, dict[Filled, Sound]] = {False: {}, True: {}}
        for filled, script in scripts(prompts):
            recorded = None if script.slow else recordings.get(filled[0])
            if recorded is not None:
                sounds[False][filled] = Sound(script.text, recorded, recorded=True)
            elif (cached := cache.find(script)) is not None:
                sounds[script.slow][filled] = Sound(script.text, cached)
        return RenderedPrompts(sounds[False], sounds[True])

    def prepare(self, prompts: Prompts, cache_dir: Path, recordings_dir: Path) -> RenderedPrompts:
        """Return the sound of all prompts; what is not in the cache is rendered, with a progress bar on a terminal.

        Raises VoicebotError `voice_unavailable`, `prompt_cache_unwritable`, and those of `find`.
        """
        found = self.find(prompts, cache_dir, recordings_dir)
        sounds = {False: dict(found.sounds), True: dict(found.slow_sounds)}
        missing = [(filled, script) for filled, script in scripts(prompts) if filled not in sounds[script.slow]]
        cache = PromptCache(cache_dir, self.fingerprint)
        rendered = self._render(list(dict.fromkeys(script for _, script in missing)), cache)
        for filled, script in missing:
            sounds[script.slow][filled] = Sound(script.text, rendered[script])
        return RenderedPrompts(sounds[False], sounds[True])

    def _render(self, missing: list[Script], cache: PromptCache) -> dict[Script, bytes]:
        if not missing:
            return {}
        console = Console(stderr=True)
        rendered = {}
        spoken = zip(missing, self.speak(missing), strict=True)
        for script, samples in track(
            spoken, "Rendering prompts", len(missing), console=console, disable=not console.is_terminal
        ):
            rendered[script] = encode(samples)
            cache.keep(script, rendered[script])
        return rendered


def scripts(prompts: Prompts) -> Iterator[tuple[Filled, Script]]:
    """Yield everything that can be said, at both paces."""
    for filled, text in prompts.wordings():
        for slow in (False, True):
            yield filled, Script(text, prompts.by_id[filled[0]].language, slow)
