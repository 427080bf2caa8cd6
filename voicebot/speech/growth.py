"""Whether words heard so far may be the beginning of something that means something else. Words only, no sound."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.speech.grammar_file import words_of
from voicebot.speech.grammars import PAUSE

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.speech.grammars import Grammar


def may_grow(grammar: Grammar, words: str) -> bool:
    """Return whether `words` may still become another answer without a pause: "i don't" may become "i don't know".

    Only what is at least as likely as the words themselves counts: few who say "no" go on to "no idea", and nobody
    would wait for that.
    """
    heard = [word for word in words_of(words).split() if word not in grammar.skip_words]
    meaning, weight = grammar.understand(words), _weight(grammar, heard)
    return any(grammar.understand(longer) not in {meaning, None} for longer in _grown(grammar, heard, weight))


def _weight(grammar: Grammar, heard: list[str]) -> int:
    spoken = " ".join(heard)
    same = (sentence.weight for sentence in grammar.sentences if sentence.text.replace(PAUSE, " ") == spoken)
    return max(same, default=1)


def _grown(grammar: Grammar, heard: list[str], weight: int) -> Iterator[str]:
    """Yield what `heard` becomes when its last words turn out to begin a longer breath of a sentence."""
    for sentence in grammar.sentences:
        if sentence.weight < weight:
            continue
        for breath in sentence.text.split(PAUSE):
            spoken = breath.split()
            for length in range(1, min(len(spoken), len(heard) + 1)):
                if heard[-length:] == spoken[:length]:
                    yield " ".join([*heard[:-length], *spoken])
