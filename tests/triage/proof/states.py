"""Callers drawn by chance, always the same ones for the same seed. Knows questions by name and no rule."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from voicebot.triage import Answer

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    State = dict[str, Answer]

SHARES_OF_NO = (0.0, 0.5, 0.8, 0.9, 0.95)
"""Most callers have few signs, and only among few signs is each of them seen to count."""


def random_states(
    questions: Sequence[str], count: int, seed: int, choices: Sequence[Answer] = tuple(Answer)
) -> Iterator[State]:
    """Yield `count` states in which every question has an answer."""
    chance = Random(seed)
    for index in range(count):
        share = SHARES_OF_NO[index % len(SHARES_OF_NO)]
        drawn = chance.choices(choices, k=len(questions))
        yield {
            name: Answer.NO if chance.random() < share else answer
            for name, answer in zip(questions, drawn, strict=True)
        }


def signs_of(state: State) -> str:
    """Return the answers that are not a plain no."""
    return ", ".join(f"{name} {answer}" for name, answer in state.items() if answer is not Answer.NO) or "all no"
