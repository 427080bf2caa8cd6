"""How sure the ears are: a recognizer's alternatives and a second opinion made into one probability for each answer.

The recognizer alone is close to certain in a small grammar even when it is wrong. Both opinions are weighed as odds are
(a sum of logarithms); the weights are fitted so that of the answers held at 0.9 nine in ten are right, and lie beside
the model they were fitted for. What is done at which confidence is decided in dialog/answers.py, not here.
"""

from __future__ import annotations

import json
import math
from collections import defaultdict
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from voicebot.errors import Exit, VoicebotError

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.speech.second_opinion import Opinion

FILE = "confidence.json"
"""Where the weights lie in a model's folder."""
LEAST = 1e-6
"""No opinion is surer than this."""

Answers = Mapping[Hashable, float]
"""Log-probability (nats) or probability of each answer; None stands for speech that is none."""


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each opinion counts."""

    recognizer: float = 1.0
    second: float = 0.0
    floor: float = 12.0
    """An answer the recognizer did not think of is at least this likely beside its best (nats below it)."""
    expected: float = 0.0
    """Nats in favor of any answer: after a question most callers answer."""
    phrases: float = 0.3
    """What the second network holds for other speech may be a yes or no in other words, which it heard programs say
    but no people: such an answer is held for at least this part as likely as other speech."""
    words: float = 1.0
    """What it holds for a word it knows may be an answer it heard no people say: such an answer is held for at least
    this part as likely as that word."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """What is known of one utterance."""

    recognized: Answers
    """Log-probabilities of the answers among the recognizer's alternatives."""
    yes: Hashable
    """What "yes" is called in this grammar; None if it is no answer."""
    no: Hashable
    opinion: Opinion | None
    phrases: frozenset[Hashable] = frozenset()
    """Those of `yes` and `no` that the recognizer heard in other words, such as "yeah"."""


def recognized(alternatives: Sequence[Mapping[str, Any]], understand: Callable[[str], Hashable]) -> Answers:
    """Return the log-probability of each answer among a recognizer's alternatives.

    An alternative's `confidence` is its log-likelihood in nats; several that mean the same ("yes", "yeah") add up.
    """
    top = max(alternative["confidence"] for alternative in alternatives)
    sums: dict[Hashable, float] = defaultdict(float)
    for alternative in alternatives:
        sums[understand(alternative["text"])] += math.exp(alternative["confidence"] - top)
    total = math.log(sum(sums.values()))
    return {answer: math.log(weight) - total for answer, weight in sums.items()}


def weigh(evidence: Evidence, weights: Weights) -> dict[Hashable, float]:
    """Return the probability of each answer; they add up to 1."""
    answers = {*evidence.recognized, None}
    if evidence.opinion is not None:
        answers |= {evidence.yes, evidence.no}
    logs = {answer: _log(answer, evidence, weights) for answer in answers}
    top = max(logs.values())
    total = sum(math.exp(log - top) for log in logs.values())
    return {answer: math.exp(log - top) / total for answer, log in logs.items()}


def _log(answer: Hashable, evidence: Evidence, weights: Weights) -> float:
    log = weights.recognizer * max(evidence.recognized.get(answer, -math.inf), -weights.floor)
    if answer is not None:
        log += weights.expected
    if evidence.opinion is None:
        return log
    return log + weights.second * math.log(max(LEAST, _second(answer, evidence, evidence.opinion, weights)))


def _second(answer: Hashable, evidence: Evidence, opinion: Opinion, weights: Weights) -> float:
    """Return how likely the second network holds an answer.

    Whether "operator" and the like are other speech it cannot tell, as it heard no people say them; but it knows well
    the words that many people said, and that "one" is not "what".
    """
    if answer is None:
        return opinion.other + opinion.word + opinion.nothing
    if answer not in {evidence.yes, evidence.no}:
        return opinion.answer + opinion.other + weights.words * opinion.word
    held = opinion.yes if answer == evidence.yes else opinion.no
    return max(held, weights.phrases * (opinion.other + opinion.word)) if answer in evidence.phrases else held


def load_weights(model: Path) -> Weights:
    """Return the weights in a model's folder, or those for a recognizer alone.

    Raises VoicebotError `model_broken` if the file cannot be read.
    """
    path = model / FILE
    if not path.exists():
        return Weights()
    try:
        return Weights(**{name: float(value) for name, value in json.loads(path.read_text("utf-8")).items()})
    except (OSError, ValueError, TypeError, AttributeError) as error:
        remedy = "Run `voicebot model verify`, or use another model."
        raise VoicebotError("model_broken", f"{path} cannot be read.", remedy, Exit.CANNOT_RUN) from error
