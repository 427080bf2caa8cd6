"""Makes one utterance of what a recognizer offers and of a second hearing of it. The arithmetic is in confidence.py."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from voicebot.speech.confidence import Evidence, Weights, load_weights, recognized, weigh
from voicebot.speech.grammars import UNKNOWN
from voicebot.speech.log_mel import log_mel
from voicebot.speech.second_opinion import Opinion, SecondOpinion, load_second_opinions

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping, Sequence
    from pathlib import Path

    from voicebot.speech.codec import Samples

    Sound = Callable[[int, int], Samples]
    """Gives the samples from one ms of the listening to another, as far as they were heard."""

PLAIN = frozenset({"yes", "no"})
"""The answers people were recorded saying."""
NOBODY = 0.3
"""When one of the word networks is this sure that nobody speaks (a tone, music), nothing was said. Of 650 recorded yes
and no, also in noise, none was ever surer than 0.13 that they are nothing."""
BEFORE_MS = 200
"""The second hearing begins this long before the first word: the recognizer is late with soft beginnings."""
FAINT_AT = 0.4
"""What no recognizer has words for is an answer when the word networks are this sure. In noise at 10 dB that is right
for 19 of 54 such yes and no (never the other way around), and wrong for 10 of 2,327 other words."""
FAINT_SUREST = 0.9
"""Such an answer is never surer than this, so that it is read back."""
AFTER_MS = 300
"""It ends this long after the last word, or where the utterance was ended."""
LONGEST_MS = 2600
"""Of a longer utterance there is no second opinion: the word network never heard such long ones."""


@dataclass(frozen=True, slots=True)
class Weighed:
    """One utterance, and how sure it is."""

    words: str
    confidence: float
    started_ms: int
    ended_ms: int


class Weigher:
    """Weighs opinions with the networks and weights of one model. Safe to share between threads."""

    def __init__(self, networks: Sequence[SecondOpinion] = (), weights: Weights | None = None) -> None:
        self._networks = networks
        self._weights = weights or Weights()

    @property
    def asks(self) -> bool:
        """Whether there is anybody to ask for a second opinion."""
        return bool(self._networks)

    def evidence(
        self, alternatives: Sequence[Mapping[str, Any]], understand: Callable[[str], Hashable], sound: Sound
    ) -> Evidence:
        """Return what is known of an utterance; at least one of `alternatives` has words with times."""
        started, ended = _times(_worded(alternatives))
        opinion = None
        if self.asks and ended - started <= LONGEST_MS:
            opinion = self.second_opinion(sound(max(0, started - BEFORE_MS), ended + AFTER_MS))
        yes, no = understand("yes"), understand("no")
        best = {answer: _best(answer, alternatives, understand) for answer in (yes, no)}
        phrases = frozenset(answer for answer, told in best.items() if told and told["text"] not in PLAIN)
        return Evidence(recognized(alternatives, understand), yes, no, opinion, phrases)

    def weigh(
        self, alternatives: Sequence[Mapping[str, Any]], understand: Callable[[str], Hashable], sound: Sound
    ) -> Weighed | None:
        """Return the likeliest answer among a recognizer's alternatives, with its words; None if nothing was said."""
        if not any(told["text"] for told in alternatives):
            return None
        evidence = self.evidence(alternatives, understand, sound)
        if evidence.opinion and evidence.opinion.nothing > NOBODY:
            return None
        probabilities = weigh(evidence, self._weights)
        answer = max(probabilities, key=lambda key: probabilities[key])
        chosen = _best(answer, alternatives, understand)
        words = chosen["text"] if chosen else _words(answer, evidence)
        started, ended = _times(chosen if chosen and words else _worded(alternatives))
        return Weighed(words, probabilities[answer], started, ended) if words else None

    def faint(
        self, understand: Callable[[str], Hashable], sound: Sound, started_ms: int, ended_ms: int
    ) -> Weighed | None:
        """Return the yes or no in sound of which the recognizer made no words; None if it is none."""
        yes, no = understand("yes"), understand("no")
        if not self.asks or yes is None or no is None:
            return None
        opinion = self.second_opinion(sound(max(0, started_ms - BEFORE_MS), ended_ms + AFTER_MS))
        if opinion.nothing > NOBODY or max(opinion.yes, opinion.no) < FAINT_AT:
            return None
        words = "yes" if opinion.yes > opinion.no else "no"
        probability = weigh(Evidence({}, yes, no, opinion), self._weights)[understand(words)]
        return Weighed(words, min(FAINT_SUREST, probability), started_ms, ended_ms)

    def second_opinion(self, samples: Samples) -> Opinion:
        """Return what the word networks make of 8 kHz samples, on average; there must be one.

        Nobody speaks where one of them is sure of it: not all of them learned tones and music.
        """
        spectrum = log_mel(samples)
        heard = [network.hear(spectrum) for network in self._networks]
        means = {name: float(np.mean([getattr(one, name) for one in heard])) for name in Opinion.__slots__}
        return Opinion(**{**means, "nothing": max(one.nothing for one in heard)})


def load_weigher(model: Path) -> Weigher:
    """Return the weigher of a model's folder: one opinion only if the folder has no word network.

    Raises VoicebotError `model_broken`.
    """
    return Weigher(load_second_opinions(model), load_weights(model))


def _best(
    answer: Hashable, alternatives: Sequence[Mapping[str, Any]], understand: Callable[[str], Hashable]
) -> Mapping[str, Any] | None:
    """Return the likeliest alternative that means `answer`."""
    return next((told for told in alternatives if understand(told["text"]) == answer), None)


def _worded(alternatives: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return the likeliest alternative that has words: the recognizer may hold silence for likelier."""
    return next(told for told in alternatives if told["text"])


def _words(answer: Hashable, evidence: Evidence) -> str:
    """Return the plainest words for an answer that only the second opinion heard."""
    if answer is None:
        return UNKNOWN
    return "yes" if answer == evidence.yes else "no"


def _times(alternative: Mapping[str, Any]) -> tuple[int, int]:
    timed = alternative["result"]
    return round(1000 * timed[0]["start"]), round(1000 * timed[-1]["end"])
