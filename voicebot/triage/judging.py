"""One rule against the answers: does it fire, and could it still? Sums nothing up; engine.py does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.triage.answers import Answer
    from voicebot.triage.bits import RuleBits, Sheet
    from voicebot.triage.file_format import Outcome, Rule
    from voicebot.triage.levels import Urgency


@dataclass(frozen=True)
class Fired:
    """A rule that holds, and the answers that made it hold."""

    rule: Rule
    outcome: Outcome
    """What it gives: its own level, or what it gives while unknown."""
    because: Mapping[str, Answer]
    uncleared: bool
    """It holds only because an answer is unknown or declined."""

    @property
    def id(self) -> str:
        """The rule's id."""
        return self.rule.id

    @property
    def urgency(self) -> Urgency:
        """The urgency it gives."""
        return self.outcome.level

    def to_json(self) -> dict[str, Any]:
        """Return `{"id", "level", "because"}`."""
        return {"id": self.id, "level": int(self.urgency), "because": {k: str(v) for k, v in self.because.items()}}


def judge_all(sheet: Sheet) -> tuple[Fired, ...]:
    """Return every rule that fires on these answers, in the order of the rule set.

    Every question yes: the rule's level. The rest unknown or declined: its `if_unknown`, when it has one.
    """
    if not sheet.yes | sheet.uncleared:
        return ()
    open_or_no = sheet.no | sheet.not_asked
    fired = []
    for bits in [rule for needs, rule in sheet.bits.by_needs if not needs & open_or_no]:
        uncleared = bool(bits.needs & ~sheet.yes)
        outcome = bits.rule.if_unknown if uncleared else bits.rule
        if outcome:
            because = {question: sheet.answer(question) for question in bits.rule.all_of}
            fired.append(Fired(bits.rule, outcome, because, uncleared))
    return tuple(fired)


def is_open(bits: RuleBits, sheet: Sheet) -> bool:
    """Whether answers still to come could make the rule fire; none comes to a question that nobody asks."""
    to_come = bits.needs & sheet.not_asked
    return bool(to_come) and not bits.needs & sheet.no and not to_come & sheet.bits.by_nobody


def can_still_rise(sheet: Sheet, urgency: Urgency) -> bool:
    """Whether an open rule could raise `urgency` to a red flag's level or beyond."""
    return any(bits.is_red_flag and bits.level > urgency and is_open(bits, sheet) for bits in sheet.bits.rules)
