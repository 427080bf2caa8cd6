"""Calls in words: the real session, rules and grammars, no sound. Made for thousands of calls a second.

Time passes as it would on the telephone, roughly: it is counted, nobody waits.
"""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING

from voicebot.dialog.asking import GRAMMAR
from voicebot.dialog.digits import Digits
from voicebot.dialog.effects import Effect, HangUp, Listen, RecordPlace, Say, Transfer
from voicebot.dialog.events import (
    Channel,
    Connected,
    Disconnected,
    Event,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    PlaceRecorded,
    Played,
    SecondThought,
)
from voicebot.dialog.inputs import OVERHEARD
from voicebot.dialog.turn import contradicts, may_be_taken_back
from voicebot.simulate.caller import SimulatedCaller
from voicebot.simulate.in_process import after_last_words
from voicebot.simulate.verdict import Run, check, read_facts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from voicebot.dialog.meaning import Meaning
    from voicebot.session import Session
    from voicebot.simulate.in_process import Clinic
    from voicebot.simulate.scenario import Act, Scenario

PROMPT_MS = 4000
"""What a prompt takes, about."""
ANSWER_MS = 1000
"""What a short answer takes, with the silence that ends it."""


class TextCalls:
    """Places scenarios as calls in words."""

    mode = "text"

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._understand = lru_cache(partial(clinic.grammars.understand, GRAMMAR))

    def place(self, scenario: Scenario, seed: int) -> Run:
        """Run one call to its end and judge it; `seed` changes nothing, as nothing here is left to chance."""
        session = self._clinic.new_call(Channel.TEXT, scenario.line)
        call = _Call(self._clinic, session, scenario, self._understand)
        call.run()
        entries = self._clinic.store.load(session.call_id)
        facts = read_facts(self._clinic.ruleset, entries, turn_gap_ms=(), answers=session.state.answers)
        return Run(scenario.name, self.mode, seed, session.call_id, facts, check(scenario.expect, facts))


class _Call:
    """One call: performs effects, and makes the caller's acts into events."""

    def __init__(
        self, clinic: Clinic, session: Session, scenario: Scenario, understand: Callable[[str], Meaning | None]
    ) -> None:
        self._session = session
        self._store = clinic.store
        self._line = scenario.line
        self._understand = understand
        self._caller = SimulatedCaller(scenario, clinic.ruleset, self._understand)
        self._now_ms = 0
        self._then: Act | None = None

    def run(self) -> None:
        drop_ms = self._line.drop_after_s and self._line.drop_after_s * 1000
        effects = self._session.handle(Connected(0, Channel.TEXT))
        while effects and (event := self._perform(effects)):
            if drop_ms and self._now_ms > drop_ms:
                drop_ms = None
                self._session.handle(Disconnected(self._now_ms, "stream_lost"))
                event = Connected(self._now_ms, Channel.TEXT)
            effects = self._session.handle(event)
            if thought := self._second_thought(event):
                effects = self._session.handle(thought)

    def _perform(self, effects: Iterable[Effect]) -> Event | None:
        """Perform effects up to one that waits for something; return what then happens, None when the call is over."""
        act: Act | None = None
        for effect in effects:
            match effect:
                case Say(prompts, interruptible):
                    said = self._caller.hears(prompts)
                    self._now_ms += PROMPT_MS * len(prompts)
                    if not interruptible and said and (instead := self._overheard(said)):
                        return self._perform(instead)
                    act = said or act
                case Listen():
                    return self._answer(act, effect)
                case RecordPlace():
                    return self._place(act)
                case Transfer() | HangUp() if act is not None and act.hang_up:
                    return HungUp(self._now_ms)
                case Transfer() | HangUp():
                    self._session.handle(Played(self._now_ms))
                    following = after_last_words(self._session, effect, self._line, self._now_ms)
                    return self._perform(following) if following else None
                case _:
                    pass
        return None

    def _overheard(self, said: Act) -> tuple[Effect, ...]:
        """Return what follows from words over what cannot be interrupted, if they are urgent; only words are heard."""
        meaning = self._understand(said.say) if said.say and said.into_ms is not None else None
        if meaning not in OVERHEARD:
            return ()
        now_ms = self._now_ms
        return self._session.handle(Heard(now_ms, meaning, 1.0, said.say, over_prompt=True, urgent_only=True))

    def _second_thought(self, event: Event) -> SecondThought | None:
        """Return what the caller says a moment after an answer, if that is to be acted on."""
        then, self._then = self._then, None
        if then is None or then.then is None or not isinstance(event, Heard) or event.meaning is None:
            return None
        meaning = self._understand(then.then)
        if meaning is None or not may_be_taken_back(event.meaning) or not contradicts(event.meaning, meaning, 1.0):
            return None
        self._now_ms += then.then_ms
        return SecondThought(self._now_ms, meaning, 1.0, then.then)

    def _place(self, act: Act | None) -> Event:
        """Return what becomes of the recording of where the caller is: a caller without words for it says nothing."""
        if act is not None and act.hang_up:
            return HungUp(self._now_ms)
        self._now_ms += PROMPT_MS
        return PlaceRecorded(self._now_ms, PROMPT_MS if act is not None and act.say else 0)

    def _answer(self, act: Act | None, listen: Listen) -> Event:
        self._then = act
        if act is None or act.silence:
            self._now_ms += listen.no_input_ms
            return NoInput(self._now_ms)
        if act.hang_up:
            return HungUp(self._now_ms)
        over_prompt = act.into_ms is not None
        began_ms = self._now_ms
        self._now_ms += ANSWER_MS
        if act.key is not None:
            return KeyPressed(self._now_ms, act.key, over_prompt=over_prompt)
        if act.keys is not None:
            return self._number(Digits(listen.digits, act.keys))
        words = act.say or ""
        return Heard(self._now_ms, self._understand(words), 1.0, words, began_ms, self._now_ms, over_prompt=over_prompt)

    def _number(self, digits: Digits) -> Event:
        if digits.number:
            self._store.give_number(self._session.call_id, digits.number)
        return digits.event(self._now_ms)
