"""Puts a simulated caller on a telephone: hears prompts by their marks or addresses, speaks with a voice, presses keys.

It keeps the caller's time, which is the call's own; it neither waits nor knows whether the call is real.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from voicebot.simulate.carrier import Action, HangUp, Press, Said, SaidKind, Speak
from voicebot.simulate.carrier.audio import BYTES_PER_MS, SILENCE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from voicebot.simulate.caller import SimulatedCaller
    from voicebot.simulate.scenario import Act
    from voicebot.simulate.voices import Voice

REPLY_MS = 300
"""People answer a question about so long after its end."""
KEY_MS = 400
"""From one key to the next."""
_TONE = ":tone"
BREATH_MS = 200
"""Prompts played one by one with less than this between them are one thing said."""


@dataclass(frozen=True, slots=True)
class _Planned:
    at_ms: float
    action: Action


class CallerOnPhone:
    """A caller for the carrier emulator (its Caller protocol)."""

    def __init__(self, caller: SimulatedCaller, voice: Voice) -> None:
        self._caller = caller
        self._voice = voice
        self._planned: list[_Planned] = []
        self._breath: list[str] = []
        self._breath_ends_ms = 0.0

    def on_said(self, said: Said) -> None:
        """Drop what was planned for later, and decide what to do about this.

        A mark names all prompts said in one breath; turn by turn they come one by one.
        """
        if said.name.endswith(_TONE):
            return  # the words before it asked to speak after it
        self._planned = [planned for planned in self._planned if planned.at_ms < said.starts_ms]
        match said.kind:
            case SaidKind.MARK:
                self._plan(said.name.partition(":")[2].split("+"), said.starts_ms, said.ends_ms)
            case SaidKind.PLAY:
                self._breath.append(urlsplit(said.name).path.split("/")[-2])
                self._breath_ends_ms = said.ends_ms
            case SaidKind.SAY | SaidKind.BEEP:
                pass

    def next_actions(self, now_ms: float) -> list[Action]:
        """Return what is due."""
        if self._breath and now_ms >= self._breath_ends_ms + BREATH_MS:
            breath, self._breath = self._breath, []
            self._plan(breath, now_ms, now_ms)
        due = [planned.action for planned in self._planned if planned.at_ms <= now_ms]
        self._planned = [planned for planned in self._planned if planned.at_ms > now_ms]
        return due

    def _plan(self, prompts: Sequence[str], starts_ms: float, ends_ms: float) -> None:
        """Plan what the caller does about `prompts`."""
        act = self._caller.hears(prompts)
        if act is None or not (actions := self._actions(act)):
            return
        at_ms = ends_ms + (REPLY_MS if act.after_ms is None else act.after_ms)
        if act.into_ms is not None:
            at_ms = min(at_ms, starts_ms + act.into_ms)
        self._planned += [_Planned(at_ms + KEY_MS * nth, action) for nth, action in enumerate(actions)]

    def _actions(self, act: Act) -> list[Action]:
        if act.hang_up:
            return [HangUp()]
        if keys := act.keys or act.key:
            return [Press(key) for key in keys]
        if act.say is None:
            return []
        sound = self._voice.sounds[act.say]
        if act.then is not None:
            sound += SILENCE * (BYTES_PER_MS * act.then_ms) + self._voice.sounds[act.then]
        return [Speak(sound)]
