"""What is listened for while the line says what cannot be interrupted: talk of an emergency or of suicide, no more.

The line's own words there are the very ones ("hang up and call nine one one"), so the fewer words an ear knows, the
less it can make of them. It also knows what sounds like urgent words and is none ("i have leg pain", "it's not", "i
don't want to kill myself"): whoever cannot hear the one takes it for the other.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from voicebot.dialog.inputs import OVERHEARD
from voicebot.dialog.meaning import Meaning
from voicebot.speech.grammars import Grammar, Grammars

URGENT = "urgent"
"""The name of the only grammar."""
_TAKES_IT_AWAY = frozenset({Meaning.NO, Meaning.MIXED})


@lru_cache(maxsize=4)
def urgent_alone(grammars: Grammars) -> Grammars:
    """Return what of all `grammars` is urgent, or takes away from what is: beside a "no" nothing is urgent."""
    sentences = [sentence for name in grammars.names() for sentence in grammars.get(name).sentences]
    urgent = [sentence for sentence in sentences if sentence.meaning in OVERHEARD]
    denials = [replace(sentence, meaning=Meaning.NO) for sentence in sentences if sentence.meaning in _TAKES_IT_AWAY]
    skip_words = frozenset[str]().union(*(grammars.get(name).skip_words for name in grammars.names()))
    return Grammars({URGENT: Grammar((*urgent, *denials), skip_words)})
