"""A simulated caller, pure: what the line says in, what the caller does about it out. No sound, no clock, no transport.

The caller knows the line by its prompt ids alone, as they come in the marks of a stream, the URLs of a document or the
effects of a session; so the same caller is used in text, with sound and over the wire.
"""

from __future__ import annotations

from collections import Counter
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from voicebot.dialog.manner import PATIENT
from voicebot.dialog.meaning import KEYS, Meaning
from voicebot.simulate.scenario import BESIDE, CONFIRM, OTHER_NUMBER, READ_BACK, WILL_CALL, Act, Fact, Scenario
from voicebot.triage.levels import RED_FLAG

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from voicebot.triage.ruleset import RuleSet

WORDS: dict[Fact, str] = {"yes": "yes", "no": "no", "unsure": "i don't know"}
"""What a caller says to mean it."""
_MEANING: dict[Fact, Meaning] = {"yes": Meaning.YES, "no": Meaning.NO, "unsure": Meaning.UNSURE}
_KEY = {meaning: key for key, meaning in reversed(KEYS.items())}
_BESIDE = frozenset(BESIDE.values())
OWN_NUMBER = "6515550123"
"""What a caller keys in who has a better number; made for use in stories."""
_KEYS_ONLY = "keys_short"
"""The prompt that asks for keys instead of words; a caller who was asked so keeps to them."""


def vocabulary(scenario: Scenario) -> frozenset[str]:
    """Return all that the scenario's caller may say."""
    acts = [act for acts in scenario.on.values() for act in acts]
    scripted = {words for act in acts for words in (act.say, act.then) if words is not None}
    facts = {scenario.default, *scenario.answers.values(), "yes", "no"}
    return frozenset(scripted | {WORDS[fact] for fact in facts})


def asked_in(prompts: Sequence[str]) -> str | None:
    """Return the name of what these prompts ask (see scenario.py), or None when they ask nothing."""
    return _asked_in(tuple(prompts))


@lru_cache(maxsize=1024)
def _asked_in(prompts: tuple[str, ...]) -> str | None:
    for prompt in reversed(prompts):
        kind, _, name = prompt.removeprefix(PATIENT).removesuffix(".again").partition(".")
        match kind:
            case _ if kind in BESIDE and not name:
                return BESIDE[kind]
            case "confirm":
                return CONFIRM
            case "q" | "screen" if not name.endswith(".help"):
                return name
    return None


@cache
def _say(words: str, into_ms: int | None) -> Act:
    """Return an answer in words; there are few, so each is made and checked once."""
    return Act(say=words, into_ms=into_ms)


@cache
def _press(key: str, into_ms: int | None) -> Act:
    return Act(key=key, into_ms=into_ms)


class SimulatedCaller:
    """One caller on one call."""

    def __init__(
        self, scenario: Scenario, ruleset: RuleSet, understand: Callable[[str], Meaning | None] = lambda _: None
    ) -> None:
        """Take what the caller is like; `understand` tells what scripted words mean, so that they can be confirmed."""
        self._scenario = scenario
        self._ruleset = ruleset
        self._understand = understand
        self._by_key = scenario.keypad
        self._times: Counter[str] = Counter()
        self._meant: Meaning | None = None
        self._facts: dict[str, Fact] = {}

    def hears(self, prompts: Sequence[str]) -> Act | None:
        """Return what the caller does about prompts said in one breath; None when there is nothing to answer."""
        asked = asked_in(prompts)
        self._by_key |= _KEYS_ONLY in prompts
        for name in (asked, *prompts) if asked else prompts:
            if (act := self._scripted(name)) is not None:
                if act.say is not None and asked != CONFIRM:
                    self._meant = self._understand(act.then or act.say)
                return act
        if asked is None:
            return None
        return self._answer(asked, prompts)

    def _scripted(self, name: str) -> Act | None:
        acts = self._scenario.on.get(name)
        if acts is None:
            return None
        turn = self._times[name]
        self._times[name] += 1
        return acts[turn] if turn < len(acts) else None

    def _answer(self, asked: str, prompts: Sequence[str]) -> Act:
        if asked == CONFIRM:
            fact = self._confirmation(prompts)
        else:
            fact = self.fact(asked)
            self._meant = _MEANING[fact]
        if asked == OTHER_NUMBER and fact == "yes":
            return Act(keys=OWN_NUMBER)
        into_ms = self._scenario.barge_in_ms
        if into_ms is not None and not self._may_interrupt(asked):
            into_ms = None
        if self._by_key:
            return _press(_KEY[_MEANING[fact]], into_ms)
        return _say(WORDS[fact], into_ms)

    def _confirmation(self, prompts: Sequence[str]) -> Fact:
        heard = next(prompt.removeprefix("confirm.") for prompt in prompts if prompt.startswith("confirm."))
        return "yes" if self._meant is None or heard == self._meant else "no"

    def _may_interrupt(self, asked: str) -> bool:
        """Answers over what is about an emergency are asked for again, so a caller in a hurry hears those out."""
        asked = asked.removesuffix(READ_BACK)
        if asked == WILL_CALL:
            return False
        if asked in self._ruleset.screens:
            return self._ruleset.screens[asked].level < RED_FLAG
        if asked in self._ruleset.questions:
            return self._ruleset.questions[asked].level < RED_FLAG
        return True

    def fact(self, asked: str) -> Fact:
        """Return the truth about what is asked: a group is yes if any of its questions is, else unsure if any is."""
        if asked not in self._facts:
            self._facts[asked] = self._fact(asked)
        return self._facts[asked]

    def _fact(self, asked: str) -> Fact:
        answers = self._scenario.answers
        if asked in answers:
            return answers[asked]
        if asked in _BESIDE:
            return "yes"
        if asked.endswith(READ_BACK):
            return "yes" if self.fact(asked.removesuffix(READ_BACK)) == "no" else "no"
        screen = self._ruleset.screens.get(asked)
        if screen is None or not screen.is_group:
            return self._scenario.default
        facts = {self.fact(question) for question in screen.questions}
        return next(fact for fact in ("yes", "unsure", "no") if fact in facts)
