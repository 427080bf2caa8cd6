"""The five answers a question can have, and the gate that lets nothing else in.

A missing or misspelled answer must never pass for a "no": rule engines take it for one silently, and a caller with a
red flag would get none.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from voicebot.triage.ruleset import RuleSet


class Answer(StrEnum):
    """What is known about one question."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"
    DECLINED = "declined"
    NOT_ASKED = "not_asked"

    @property
    def uncleared(self) -> bool:
        """Whether the question was asked and neither yes nor no came back."""
        return self in {Answer.UNKNOWN, Answer.DECLINED}


BY_DANGER = (Answer.NOT_ASKED, Answer.NO, Answer.DECLINED, Answer.UNKNOWN, Answer.YES)
"""From the least to the most dangerous; an answer that was given stands over one that was not."""


def most_dangerous(answers: Iterable[Answer]) -> Answer:
    """Return the answer that holds where several meet: yes, then unknown, then declined, then no."""
    return max(answers, key=BY_DANGER.index, default=Answer.NOT_ASKED)


def parse_answers(given: Mapping[str, object], ruleset: RuleSet) -> dict[str, Answer]:
    """Return an answer for every question, in the order of the rule set; one left out is not_asked.

    A former id counts for every question that took its place. Where two answers to a question meet, the more dangerous
    one holds (`most_dangerous`).

    Raises VoicebotError "unknown_question" or "unknown_answer"; the answers themselves are never repeated in it.
    """
    strange = [name for name in given if name not in ruleset.questions and name not in ruleset.former]
    if strange:
        raise VoicebotError(
            "unknown_question",
            f"The rule set {ruleset.id} has no question {', '.join(map(repr, strange))}.",
            "`voicebot rules show` lists them all.",
        )
    answers = {name: _parse(name, value) for name, value in given.items()}
    return {
        name: most_dangerous(answers[source] for source in sources if source in answers)
        for name, sources in ruleset.spoken_for.items()
    }


def _parse(question: str, value: object) -> Answer:
    if isinstance(value, str) and value in Answer.__members__.values():
        return Answer(value)
    raise VoicebotError(
        "unknown_answer",
        f"The answer to {question} is none of {', '.join(Answer)}.",
        "Write one of them, in small letters and in quotes.",
    )
