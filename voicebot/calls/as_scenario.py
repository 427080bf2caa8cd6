"""Makes a stored call into a scenario (docs/scenarios.md): the same caller once more, as a test of the line.

Nothing personal gets in: no id, no time, no number, and of the words only those that stand in the line's own grammar;
whatever else a caller said becomes words that mean the same, or nothing to the line.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from voicebot.calls.outcome import Outcome
from voicebot.calls.record import CallRecord, read_record
from voicebot.calls.review_reasons import understood
from voicebot.dialog.effects import Listen, RecordPlace, Say, Target, Transfer
from voicebot.dialog.events import (
    CallStarted,
    Event,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    NumberEntered,
    PlaceRecorded,
    SecondThought,
    TransferEnded,
)
from voicebot.dialog.machine import fold
from voicebot.dialog.meaning import Meaning
from voicebot.triage.answers import Answer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from voicebot.calls.entries import Entry
    from voicebot.triage.ruleset import RuleSet

NOT_UNDERSTOOD = "blah blah"
"""Said for words that mean nothing to the line."""
MADE_UP_NUMBER = "6515550123"
"""Keyed in for the number a caller gave, which no record holds."""
PLACE = "place"
"""What scenarios call the recording of where a caller is."""
INTO_MS = 800
"""So long into a question an answer begins that was spoken over it."""

_NAMES = {"about_leg": "topic"}
"""Prompt ids of questions whose name in scenarios is another."""
_SAID = {
    Meaning.YES: "yes",
    Meaning.NO: "no",
    Meaning.UNSURE: "i don't know",
    Meaning.REPEAT: "repeat",
    Meaning.OPERATOR: "operator",
    Meaning.EMERGENCY: "emergency",
    Meaning.CALLING: "i'll call nine one one",
    Meaning.BACK: "go back",
    Meaning.HELP: "help",
    Meaning.SLOWER: "slower",
    Meaning.LEFT: "how many questions are left",
    Meaning.SPANISH: "spanish",
    Meaning.INTERPRETER: "interpreter",
    Meaning.RELAY: "relay call",
}
"""What is said for words that may not be repeated; other meanings keep the line's own phrase or become nothing."""
_FACTS = {Answer.YES: "yes", Answer.UNKNOWN: "unsure"}


@dataclass(frozen=True, slots=True)
class _Act:
    """One thing the caller did."""

    say: str = ""
    key: str = ""
    keys: str = ""
    then: str = ""
    silence: bool = False
    hang_up: bool = False
    over_prompt: bool = False

    def to_toml(self) -> str:
        parts = [f"{name} = {json.dumps(value)}" for name, value in self._fields()]
        return "{ " + ", ".join(parts) + " }"

    def _fields(self) -> Iterator[tuple[str, str | bool | int]]:
        for name in ("say", "key", "keys", "then", "silence", "hang_up"):
            if value := getattr(self, name):
                yield name, value
        if self.over_prompt:
            yield "into_ms", INTO_MS


@dataclass(frozen=True, slots=True)
class _Words:
    """Finds words that may be repeated."""

    really_said: Mapping[int, str]
    understand: Callable[[str], Meaning | None]
    vocabulary: frozenset[str]

    def of(self, seq: int, meaning: Meaning | None, heard: str | None) -> str:
        """Return what the scenario's caller says for an utterance that meant `meaning`, unless it was corrected."""
        words = self.really_said.get(seq, heard or "")
        if seq in self.really_said:
            meaning = self.understand(words)
        elif meaning is None:
            return NOT_UNDERSTOOD
        if words and set(words.split()) <= self.vocabulary and self.understand(words) is meaning:
            return words
        return _SAID.get(meaning, NOT_UNDERSTOOD) if meaning else NOT_UNDERSTOOD


def as_scenario(
    ruleset: RuleSet,
    entries: Sequence[Entry],
    really_said: Mapping[int, str],
    understand: Callable[[str], Meaning | None],
    vocabulary: frozenset[str],
    right_level: int | None = None,
) -> str:
    """Return the call as the text of a scenario file.

    `really_said` holds corrected words by their place in the record, `understand` and `vocabulary` the meaning of words
    and all words of the line's grammar, `right_level` the urgency that readers hold right. What is expected of the
    line is what is right: with words or level corrected that is the level alone, so the scenario fails while the fault
    is there.
    """
    record = read_record(entries)
    on = _acts(entries, _Words(really_said, understand, vocabulary))
    lines = [f"about = {json.dumps(_about(record, right_level))}", "", "[answers]"]
    lines += [f"{question} = {json.dumps(fact)}" for question, fact in _facts(ruleset, entries)]
    lines += ["", "[on]"]
    lines += [f"{json.dumps(name)} = [{', '.join(act.to_toml() for act in acts)}]" for name, acts in on.items()]
    lines += ["", "[line]", *_line(entries), "", "[expect]", *_expected(record, really_said, right_level)]
    return "\n".join(lines) + "\n"


def _about(record: CallRecord, right_level: int | None) -> str:
    if record.urgency is None:
        return "Made of a call that was never decided."
    if right_level is None or right_level == record.urgency:
        return f"Made of a call of urgency {record.urgency}."
    return f"Made of a call that the line put at urgency {record.urgency}, and that is urgency {right_level}."


def _acts(entries: Sequence[Entry], words: _Words) -> dict[str, list[_Act]]:
    """Return what the caller did each time something was asked, by its name."""
    on: dict[str, list[_Act]] = {}
    asked = told = ""
    last: list[_Act] | None = None
    for entry in entries:
        message = entry.message
        if isinstance(message, Listen):
            asked = _name(message.asking)
        elif isinstance(message, RecordPlace):
            asked = PLACE
        elif isinstance(message, Say) and not message.interruptible:
            told = message.prompts[0]
        elif isinstance(message, SecondThought):
            if last and last[-1].say:
                last[-1] = replace(last[-1], then=words.of(entry.seq, message.meaning, message.words))
        elif isinstance(message, Heard) and message.urgent_only:
            act = _act(entry.seq, message, words)
            on.setdefault(told, []).extend([act] if act else [])
        elif isinstance(message, Event):
            act = _act(entry.seq, message, words)
            last = None
            if act and asked:
                last = on.setdefault(asked, [])
                last.append(act)
            asked = ""
    return on


def _act(seq: int, event: Event, words: _Words) -> _Act | None:
    match event:
        case Heard():
            meaning = event.meaning if understood(event) else None
            return _Act(say=words.of(seq, meaning, event.words), over_prompt=event.over_prompt)
        case KeyPressed():
            return _Act(key=event.key, over_prompt=event.over_prompt)
        case NumberEntered(complete=complete):
            return _Act(keys=MADE_UP_NUMBER if complete else MADE_UP_NUMBER[:3])
        case PlaceRecorded(ms=ms) if ms:
            return _Act(say=NOT_UNDERSTOOD)  # no record knows where the caller is
        case NoInput() | PlaceRecorded():
            return _Act(silence=True)
        case HungUp():
            return _Act(hang_up=True)
        case _:
            return None


def _name(asking: str) -> str:
    kind, _, name = asking.partition(".")
    if kind in {"q", "screen"}:
        return name
    return kind if kind == "confirm" else _NAMES.get(asking, asking)


def _facts(ruleset: RuleSet, entries: Sequence[Entry]) -> Iterator[tuple[str, str]]:
    """Yield the questions that were not answered no, for when they are asked in another order."""
    state, _ = fold(ruleset, [entry.message for entry in entries if isinstance(entry.message, Event)])
    for question, answer in state.answers.items():
        if answer in _FACTS and question in ruleset.questions:
            yield question, _FACTS[answer]


def _line(entries: Sequence[Entry]) -> Iterator[str]:
    """Yield who was closed or did not take the call, and what an earlier call had left."""
    target: Target | None = None
    ended: dict[Target, str] = {}
    for entry in entries:
        match entry.message:
            case CallStarted() as started:
                yield f"closed = {json.dumps([str(one) for one in started.closed])}"
                yield f"number_shown = {json.dumps(started.number_shown)}"
                if started.earlier_call:
                    known = (f'{name} = "{answer}"' for name, answer in started.earlier_answers.items())
                    yield f"called_before = {{ {', '.join(known)} }}"
            case Transfer():
                target = entry.message.target
            case TransferEnded() if target:
                ended[target] = str(entry.message.outcome)
            case _:
                pass
    yield from (f"{name} = {json.dumps(outcome)}" for name, outcome in ended.items() if outcome != "caller_gone")


def _expected(record: CallRecord, really_said: Mapping[int, str], right_level: int | None) -> Iterator[str]:
    level = record.urgency if right_level is None else right_level
    if level is not None:
        yield f"urgency = {level}"
    if really_said or level != record.urgency:
        return
    if record.outcome not in {None, Outcome.HUNG_UP}:
        yield f"outcome = {json.dumps(record.outcome)}"
    if record.decision:
        yield f"destinations = {json.dumps(record.decision['destinations'])}"
        yield f"rules = {json.dumps(list(record.rules))}"
