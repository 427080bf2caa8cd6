"""Answers and rules as sets of questions, a bit each: what is judged many times a turn costs no more than it must.

Nothing is decided here. What a rule needs is judging.py's, what is asked is asking.py's; both say it with these sets.
A set is an int: `a & ~b` is what is in a and not in b.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from voicebot.triage.answers import BY_DANGER, Answer, parse_answers
from voicebot.triage.levels import RED_FLAG, AskedBy

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicebot.triage.file_format import Rule
    from voicebot.triage.levels import Destination, Urgency
    from voicebot.triage.ruleset import Question, RuleSet, Screen


_NONE = dict.fromkeys(Answer, 0)
_FROM_THE_TOP = tuple(reversed(BY_DANGER))


@dataclass(frozen=True, slots=True)
class RuleBits:
    """A rule, and the questions that must all be yes."""

    rule: Rule
    needs: int
    level: Urgency
    is_red_flag: bool
    destinations: frozenset[Destination]
    may_be_unknown: bool
    """It gives something while an answer is unknown or declined."""


@dataclass(frozen=True, slots=True)
class Together:
    """Questions that are looked at in one go, and the rules that hold any of them, in order."""

    questions: int
    rules: tuple[RuleBits, ...]


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that is asked only when one of others was not cleared."""

    question: int
    triggers: int


@dataclass(frozen=True)
class RuleSetBits:
    """A rule set in this form."""

    names: tuple[str, ...]
    """Of the questions, in the order of the rule set; the first has the lowest bit."""
    counts_for: Mapping[str, int]
    """Question id, today's or former -> the questions its answer counts for."""
    rules: tuple[RuleBits, ...]
    """Those with conditions, in order."""
    by_needs: tuple[tuple[int, RuleBits], ...]
    """The same, each with what it needs: all of them are gone through at every turn."""
    screens: tuple[tuple[Screen, Together], ...]
    for_staff: Together
    everything: int
    first_asked: int
    """Questions that are no follow-up."""
    follow_ups: tuple[FollowUp, ...]
    by_nobody: int

    @classmethod
    def of(cls, ruleset: RuleSet) -> RuleSetBits:
        """Return a rule set in this form."""
        questions = ruleset.questions
        bit = {name: 1 << place for place, name in enumerate(questions)}
        counts_for = dict(bit)
        for former, parts in ruleset.former.items():
            counts_for[former] = counts_for.get(former, 0) | _union(bit[part] for part in parts)

        def those(kind: AskedBy) -> int:
            return _union(bit[name] for name, question in questions.items() if question.asked_by is kind)

        rules = tuple(_rule(rule, bit) for rule in ruleset.rules if rule.all_of)

        def together(asked: int) -> Together:
            return Together(asked, tuple(rule for rule in rules if rule.needs & asked))

        return cls(
            names=tuple(questions),
            counts_for=counts_for,
            rules=rules,
            by_needs=tuple((rule.needs, rule) for rule in rules),
            screens=tuple(
                (screen, together(_union(map(bit.__getitem__, screen.questions))))
                for screen in ruleset.screens.values()
            ),
            for_staff=together(those(AskedBy.STAFF)),
            everything=_union(bit.values()),
            first_asked=_union(bit[name] for name, question in questions.items() if not question.asked_if),
            follow_ups=tuple(_follow_up(question, bit) for question in questions.values() if question.asked_if),
            by_nobody=those(AskedBy.NOBODY),
        )


@dataclass(frozen=True, slots=True)
class Sheet:
    """One caller's answers: which questions have which. Every question is in one of the five sets."""

    bits: RuleSetBits
    yes: int
    no: int
    unknown: int
    declined: int
    not_asked: int

    @property
    def uncleared(self) -> int:
        """Questions that were asked and got neither yes nor no."""
        return self.unknown | self.declined

    def answer(self, question: str) -> Answer:
        """Return the answer to one question."""
        bit = self.bits.counts_for[question]
        if self.yes & bit:
            return Answer.YES
        if self.no & bit:
            return Answer.NO
        if self.unknown & bit:
            return Answer.UNKNOWN
        return Answer.DECLINED if self.declined & bit else Answer.NOT_ASKED

    @property
    def answers(self) -> dict[str, Answer]:
        """Every question with its answer, in the order of the rule set."""
        return {name: self.answer(name) for name in self.bits.names}

    def named(self, questions: int) -> tuple[str, ...]:
        """Return the ids of a set of questions, in the order of the rule set."""
        names = []
        while questions:
            lowest = questions & -questions
            names.append(self.bits.names[lowest.bit_length() - 1])
            questions ^= lowest
        return tuple(names)


def read_sheet(ruleset: RuleSet, given: Mapping[str, object]) -> Sheet:
    """Return the answers of a caller; what `parse_answers` says of former ids and of two answers holds here too.

    Raises VoicebotError "unknown_question" or "unknown_answer".
    """
    bits = ruleset.bits
    counts_for, found = bits.counts_for, _NONE.copy()
    try:
        for name, value in given.items():
            found[value] |= counts_for[name]  # type: ignore[index]  # what is no answer is not found
    except (KeyError, TypeError):
        return read_sheet(ruleset, parse_answers(given, ruleset))  # raises, and says what is wrong
    yes, unknown, declined, no, _ = (found[answer] for answer in _FROM_THE_TOP)
    unknown &= ~yes
    declined &= ~(yes | unknown)
    no &= ~(yes | unknown | declined)
    return Sheet(bits, yes, no, unknown, declined, bits.everything & ~(yes | unknown | declined | no))


def _rule(rule: Rule, bit: Mapping[str, int]) -> RuleBits:
    return RuleBits(
        rule,
        _union(map(bit.__getitem__, rule.all_of)),
        rule.level,
        rule.level >= RED_FLAG,
        frozenset(rule.destinations),
        rule.if_unknown is not None,
    )


def _follow_up(question: Question, bit: Mapping[str, int]) -> FollowUp:
    return FollowUp(bit[question.id], _union(map(bit.__getitem__, question.asked_if)))


def _union(sets: Iterable[int]) -> int:
    return reduce(or_, sets, 0)
