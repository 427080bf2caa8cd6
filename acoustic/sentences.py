"""What the synthetic voices say: answers, every phrase of the grammars, words that sound like answers, and other words.

Nobody has recorded most of what callers may say, so voices of programs stand in for them. Only texts here, no sound.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from acoustic.lexicon import Lexicon, Pronunciation

CORE = ("yes", "no", "yeah", "no", "yes", "nope", "yep", "nah", "uh huh", "mm hmm")
"""The answers given most, the two that are given most twice."""
SHARES = (("core", 0.14), ("phrase", 0.34), ("near", 0.20), ("word", 0.14), ("words", 0.18))
"""How much of the speech is of each kind."""
NEAR = 2
"""A word is near an answer if at most this many phones differ, and not all of them."""


@dataclass(frozen=True, slots=True)
class Texts:
    """What there is to say."""

    phrases: Sequence[str]
    near: Sequence[str]
    words: Sequence[str]

    def draw(self, rng: random.Random) -> str:
        """Return one text; the same `rng` gives the same text."""
        kinds, weights = zip(*SHARES, strict=True)
        match rng.choices(kinds, weights)[0]:
            case "core":
                return rng.choice(CORE)
            case "phrase":
                return rng.choice(self.phrases)
            case "near":
                return rng.choice(self.near)
            case "word":
                return rng.choice(self.words)
            case _:
                return " ".join(rng.choices(self.words, k=rng.randint(2, 4)))


def texts(phrases: Sequence[str], known: Lexicon, common: Sequence[str]) -> Texts:
    """Return what to say, given the phrases of the grammars, all pronunciations and the commonest words.

    Words that sound exactly like an answer ("know") are left out: nobody could tell them apart alone.
    """
    answers = [sound for answer in CORE if " " not in answer for sound in known[answer]]
    words = [word for word in common if not set(known[word]) & set(answers)]
    near = [word for word in words if any(_near(sound, answer) for sound in known[word] for answer in answers)]
    return Texts(tuple(phrases), tuple(near), tuple(words))


def _near(sound: Pronunciation, answer: Pronunciation) -> bool:
    return _distance(sound, answer) <= min(NEAR, max(len(sound), len(answer)) - 1)


def _distance(a: Pronunciation, b: Pronunciation) -> int:
    """Return how many phones must be changed, added or left out to make `b` of `a` (Levenshtein)."""
    row = list(range(len(b) + 1))
    for i, phone in enumerate(a, start=1):
        corner, row[0] = row[0], i
        for j, other in enumerate(b, start=1):
            corner, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, corner + (phone != other))
    return row[-1]
