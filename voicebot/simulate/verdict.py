"""What a simulated call came to, and whether that is what its scenario expects. Pure folds over the call's record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.calls.record import read_record
from voicebot.dialog.effects import Decided, Say
from voicebot.dialog.events import is_event
from voicebot.dialog.machine import fold
from voicebot.simulate.caller import asked_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from voicebot.calls.entries import Entry
    from voicebot.simulate.scenario import Expect
    from voicebot.triage.answers import Answer
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Failure:
    """One expectation that did not hold."""

    check: str
    """A key of the scenario's [expect] table."""
    expected: Any
    got: Any
    at_ms: int | None = None
    """When in the call it showed; None when no moment can be named."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known about a call that is over, all of it from its stored record."""

    outcome: str | None
    urgency: int | None
    destinations: tuple[str, ...]
    rules: tuple[str, ...]
    answers: Mapping[str, str]
    asked: tuple[str, ...]
    """Names of what was asked (see scenario.py), in order, each once."""
    questions_asked: int
    """Questions and groups of the rule set among them."""
    said: frozenset[str]
    """Prompt ids."""
    turn_gap_ms: tuple[int, ...]
    decided_at_ms: int | None
    duration_ms: int


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario, run once."""

    scenario: str
    mode: str
    seed: int
    call_id: str
    facts: Facts
    failures: tuple[Failure, ...]
    voice: str = ""
    """Whose voice spoke; empty without sound."""
    synthetic: tuple[str, ...] = ()
    """What a synthetic voice had to say, for want of a recording."""
    late_ms: int = 0
    """How far the emulator itself fell behind real time at worst; above 40 its turn gaps cannot be trusted."""

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.failures

    def to_json(self) -> dict[str, Any]:
        """Return the run as the JSON line that `voicebot simulate --json` prints."""
        facts = self.facts
        return {
            "scenario": self.scenario,
            "mode": self.mode,
            "seed": self.seed,
            "passed": self.passed,
            "outcome": facts.outcome,
            "urgency": facts.urgency,
            "destinations": list(facts.destinations),
            "rules": list(facts.rules),
            "answers": dict(facts.answers),
            "questions_asked": facts.questions_asked,
            "asked": list(facts.asked),
            "call_id": self.call_id,
            "turn_gap_ms": list(facts.turn_gap_ms),
            "duration_ms": facts.duration_ms,
            "voice": self.voice,
            "synthetic": list(self.synthetic),
            "late_ms": self.late_ms,
            "failures": [
                {"check": one.check, "expected": one.expected, "got": one.got, "at_ms": one.at_ms}
                for one in self.failures
            ],
        }


def read_facts(
    ruleset: RuleSet,
    entries: Sequence[Entry],
    turn_gap_ms: Sequence[int] | None = None,
    answers: Mapping[str, Answer] | None = None,
) -> Facts:
    """Return the facts of a stored call.

    `turn_gap_ms` are as measured elsewhere, or else those of the record; `answers` as the call ended with them, or else
    what its events come to.
    """
    messages = [entry.message for entry in entries]
    record = read_record(entries)
    if answers is None:
        state, _ = fold(ruleset, [message for message in messages if is_event(message)])
        answers = state.answers
    said = [message.prompts for message in messages if isinstance(message, Say)]
    asked = tuple(dict.fromkeys(name for prompts in said if (name := asked_in(prompts))))
    decision = record.decision or {}
    return Facts(
        outcome=record.outcome,
        urgency=record.urgency,
        destinations=tuple(decision.get("destinations", ())),
        rules=record.rules,
        answers={question: str(answer) for question, answer in answers.items()},
        asked=asked,
        questions_asked=sum(name in ruleset.questions or name in ruleset.screens for name in asked),
        said=frozenset(prompt for prompts in said for prompt in prompts),
        turn_gap_ms=tuple(record.turn_gaps_ms if turn_gap_ms is None else turn_gap_ms),
        decided_at_ms=_decided_at_ms(entries),
        duration_ms=record.duration_ms,
    )


def _decided_at_ms(entries: Iterable[Entry]) -> int | None:
    at_ms = decided = None
    for entry in entries:
        if isinstance(entry.message, Decided):
            decided = at_ms
        elif is_event(entry.message):
            at_ms = entry.message.at_ms
    return decided


def check(expect: Expect, facts: Facts) -> tuple[Failure, ...]:
    """Return every expectation that does not hold; one that holds never makes up for another."""
    return tuple(_failures(expect, facts))


def _failures(expect: Expect, facts: Facts) -> Iterator[Failure]:
    at_ms = facts.decided_at_ms
    if expect.outcome not in {None, facts.outcome}:
        yield Failure("outcome", expect.outcome, facts.outcome, facts.duration_ms)
    if expect.urgency not in {None, facts.urgency}:
        yield Failure("urgency", expect.urgency, facts.urgency, at_ms)
    if expect.destinations is not None and expect.destinations != set(facts.destinations):
        yield Failure("destinations", sorted(map(str, expect.destinations)), list(facts.destinations), at_ms)
    if not set(expect.rules) <= set(facts.rules):
        yield Failure("rules", list(expect.rules), list(facts.rules), at_ms)
    got = {question: facts.answers.get(question, "not_asked") for question in expect.answers}
    if got != expect.answers:
        yield Failure("answers", {question: str(answer) for question, answer in expect.answers.items()}, got)
    for name, wanted, unwanted, there in (
        ("asked", expect.asked, expect.not_asked, facts.asked),
        ("said", expect.said, expect.not_said, facts.said),
    ):
        if missing := sorted(set(wanted) - set(there)):
            yield Failure(name, missing, [])
        if present := sorted(set(unwanted) & set(there)):
            yield Failure(f"not_{name}", [], present)
    if expect.max_questions is not None and facts.questions_asked > expect.max_questions:
        yield Failure("max_questions", expect.max_questions, facts.questions_asked)
    worst = max(facts.turn_gap_ms, default=0)
    if expect.max_turn_gap_ms is not None and worst > expect.max_turn_gap_ms:
        yield Failure("max_turn_gap_ms", expect.max_turn_gap_ms, worst)
