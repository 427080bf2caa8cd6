"""What could have been said, as graphs of phones: one for a transcript, and a phone bigram for anything at all.

The bigram is estimated from the training transcripts, with silence between words as likely as assumed below. Words come
with all their pronunciations. Pure: knows nothing of audio, of networks or of PyTorch.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from acoustic.phones import BASE_PHONES, SILENCE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from acoustic.lexicon import Lexicon

SILENCE_BETWEEN_WORDS = 0.3
SILENCE_AT_EDGES = 0.95
"""How often silence is assumed there when the bigram is estimated."""
_SMOOTHING = 0.002
"""Share of a phone's successors that is spread evenly over all."""

NUMBER = {phone: number for number, phone in enumerate(BASE_PHONES)}
_START, _END = len(NUMBER), len(NUMBER)
"""The row of the bigram for the start of an utterance; the column for its end."""


@dataclass(frozen=True)
class PhoneGraph:
    """Nodes that each hold a phone, weighted arcs between them, and weights to begin and to end there."""

    phones: NDArray[np.int64]
    source: NDArray[np.int64]
    target: NDArray[np.int64]
    weight: NDArray[np.float64]
    begin: NDArray[np.float64]
    end: NDArray[np.float64]


class PhoneBigram:
    """P(phone | phone before), silence, start and end among them, from transcripts and how often each was said."""

    def __init__(self, transcripts: Mapping[str, int], known: Lexicon) -> None:
        counts = np.zeros((len(NUMBER) + 1, len(NUMBER) + 1))
        for text, times in transcripts.items():
            _count(counts, text.split(), times, known)
        total = counts.sum(axis=1, keepdims=True)
        smoothing = _SMOOTHING * total + 0.01
        self.table = (counts + smoothing / counts.shape[1]) / (total + smoothing)
        """[phone or start, phone or end]; silence never follows itself, so its row sums to a little less than 1."""
        self.table[NUMBER[SILENCE], NUMBER[SILENCE]] = 0

    def everything(self) -> PhoneGraph:
        """Return the graph of all phones after one another: what the truth competes with."""
        phones = np.arange(len(NUMBER))
        source, target = (grid.ravel() for grid in np.meshgrid(phones, phones, indexing="ij"))
        inner = self.table[:-1, :-1]
        return PhoneGraph(phones, source, target, inner.ravel(), self.table[_START, :-1], self.table[:-1, _END])

    def spoken(self, text: str, known: Lexicon) -> PhoneGraph:
        """Return the graph of a transcript: every pronunciation of its words, silence or none around each.

        Its arcs carry the bigram's weights too, so that it holds a part of everything(). KeyError: an unknown word.
        """
        phones: list[int] = []
        arcs: list[tuple[int, int]] = []
        starts: list[int] = []

        def node(phone: str, before: list[int] | None) -> int:
            phones.append(NUMBER[phone])
            number = len(phones) - 1
            if before is None:
                starts.append(number)
            else:
                arcs.extend((other, number) for other in before)
            return number

        before: list[int] | None = None  # None: the utterance may begin here, with a word or with silence
        for word in text.split():
            silence = node(SILENCE, before)
            ends = []
            for pronunciation in known[word]:
                chain = [*(before or []), silence]
                for i, phone in enumerate(pronunciation):
                    last = node(phone, chain)
                    if i == 0 and before is None:
                        starts.append(last)
                    chain = [last]
                ends.append(chain[0])
            before = ends
        ends = [*(before or []), node(SILENCE, before)]

        phone = np.array(phones)
        source, target = np.array(arcs, np.int64).reshape(-1, 2).T
        begin, end = np.zeros(len(phones)), np.zeros(len(phones))
        begin[starts] = self.table[_START, phone[starts]]
        end[ends] = self.table[phone[ends], _END]
        return PhoneGraph(phone, source, target, self.table[phone[source], phone[target]], begin, end)


def _count(counts: NDArray[np.float64], words: list[str], times: int, known: Lexicon) -> None:
    """Add the expected counts of the pairs of phones in one transcript; silence is spoken as often as assumed above."""
    silence = NUMBER[SILENCE]
    before: dict[int, float] = {_START: float(times)}
    for position, word in enumerate([*words, None]):
        likely = SILENCE_AT_EDGES if position in {0, len(words)} else SILENCE_BETWEEN_WORDS
        for phone, count in before.items():
            counts[phone, silence] += count * likely
        source = {phone: count * (1 - likely) for phone, count in before.items()}
        source[silence] = times * likely
        before = defaultdict(float)
        if word is None:
            for phone, count in source.items():
                counts[phone, _END] += count
            return
        share = 1 / len(known[word])
        for pronunciation in known[word]:
            numbers = [NUMBER[phone] for phone in pronunciation]
            for phone, count in source.items():
                counts[phone, numbers[0]] += count * share
            for a, b in itertools.pairwise(numbers):
                counts[a, b] += times * share
            before[numbers[-1]] += times * share
