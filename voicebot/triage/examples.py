"""Callers whose outcome changes from one rule set to another, found by search. engine.py alone decides."""

from __future__ import annotations

from itertools import combinations, islice, product
from typing import TYPE_CHECKING

from voicebot.triage.answers import Answer, most_dangerous
from voicebot.triage.compare import Comparison
from voicebot.triage.engine import decide

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.triage.engine import Decision
    from voicebot.triage.file_format import Rule
    from voicebot.triage.ruleset import RuleSet

MOST_ANSWERS = 3
"""Answers besides "no" that a searched caller gives."""
MOST_CALLERS = 20_000
"""Callers searched at most; reached only when most of the rules have changed."""


def example_callers(old: RuleSet, new: RuleSet, most: int = 10) -> Iterator[tuple[Mapping[str, Answer], Comparison]]:
    """Yield callers, at most `most`, whose outcome `new` changes, those with the fewest answers first.

    A caller says yes or is unsure about up to three questions that the changed rules look at, and no to every other.
    One who only adds answers to a caller already found is left out.
    """
    found: list[Mapping[str, Answer]] = []
    for said in islice(_callers(_questions_in_play(old, new)), MOST_CALLERS):
        if len(found) == most:
            return
        if any(seen.items() <= said.items() for seen in found):
            continue
        result = Comparison(_decide(old, new, said), _decide(new, old, said), dropped=())
        if not result.same_outcome:
            found.append(said)
            yield said, result


def example_sentences(old: RuleSet, new: RuleSet) -> Iterator[str]:
    """Yield one line for each example caller: the answers, and what changes for this caller."""
    for said, result in example_callers(old, new):
        answers = ", ".join(f"{question} {answer}" for question, answer in said.items()) or "no to everything"
        yield f"{answers}: {' '.join(result.outcome_sentences())}"


def _questions_in_play(old: RuleSet, new: RuleSet) -> list[str]:
    """Return the questions of the rules that one rule set has and the other has not; those that were split as parts."""
    before, after = ({_weight(rule) for rule in ruleset.rules} for ruleset in (old, new))
    looked_at = {name for all_of, _ in before ^ after for name in all_of}
    split = {*old.former, *new.former}
    return [name for name in dict.fromkeys([*new.questions, *old.questions]) if name in looked_at - split]


def _weight(rule: Rule) -> tuple[tuple[str, ...], str]:
    """Return what the rule looks at and what it gives, without its words."""
    return tuple(sorted(rule.all_of)), repr((rule.level, sorted(rule.destinations), rule.if_unknown))


def _callers(questions: list[str]) -> Iterator[dict[str, Answer]]:
    for size in range(MOST_ANSWERS + 1):
        for names in combinations(questions, size):
            for answers in product((Answer.YES, Answer.UNKNOWN), repeat=size):
                yield dict(zip(names, answers, strict=True))


def _decide(ruleset: RuleSet, other: RuleSet, said: Mapping[str, Answer]) -> Decision:
    """Decide for a caller who answers in the ids of either rule set and says no to every other question."""
    told = {name: _told(other, said, name) for name in ruleset.questions}
    former = {old: said[old] for old in ruleset.former if old in said}
    return decide(ruleset, told | former)


def _told(other: RuleSet, said: Mapping[str, Answer], name: str) -> Answer:
    """Return the answer to a question, or to what took its place in the other rule set; no where there is none."""
    answers = (said[source] for source in (name, *other.former.get(name, ())) if source in said)
    return most_dangerous((Answer.NO, *answers))
