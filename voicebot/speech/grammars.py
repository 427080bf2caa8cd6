"""What callers may say: phrases for the recognizer, and the words it heard back to their meaning.

Pure once loaded. The file format is in `grammar_file.py`; no audio and no recognizer here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Protocol

from voicebot.dialog.meaning import Meaning
from voicebot.errors import Exit, VoicebotError
from voicebot.speech.grammar_file import Sentence, read_grammar, words_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

UNKNOWN = "[unk]"
"""The recognizer's word for speech that is none of the phrases."""
PAUSE = ", "


class Vocabulary(Protocol):
    """Whatever knows the words it can hear."""

    def has_word(self, word: str) -> bool:
        """Tell whether `word` can be heard."""


def compound(phrase: str) -> str:
    """Return the one token under which a model may know words spoken in one breath: `i_don't_know`."""
    return phrase.replace(" ", "_")


@dataclass(frozen=True)
class Grammar:
    """Everything a caller may say to one kind of question."""

    sentences: tuple[Sentence, ...]
    skip_words: frozenset[str]

    def __post_init__(self) -> None:
        object.__setattr__(self, "_by_words", {words_of(sentence.text): sentence for sentence in self.sentences})

    def understand(self, words: str) -> Meaning | None:
        """Return the meaning of all of `words`, or None for a no-match.

        Words with unknown speech among them have no meaning, not even "operator": what is unknown may turn the rest
        into its opposite ("[unk] all the time", "no [unk]"), and the line's own voice coming back sounds like that
        ("say operator or press zero").
        """
        return combine(frozenset(sentence.meaning for sentence in self._said(words)))

    def surest(self, words: str) -> float:
        """Return the confidence, 0..1, that what `words` mean cannot exceed however well they were heard.

        Less than 1 where nothing surer was said than words that sound like their opposite ("uh huh" and "uh uh").
        """
        said, meaning = self._said(words), self.understand(words)
        return max((sentence.surest for sentence in said if sentence.meaning is meaning), default=1.0)

    def _said(self, words: str) -> frozenset[Sentence]:
        """Return the sentences that `words` are made of; none when there is a rest."""
        heard = words_of(words).split()
        by_words: Mapping[str, Sentence] = self.__dict__["_by_words"]
        return frozenset() if UNKNOWN in heard else _cut(heard, by_words, self.skip_words)

    @cached_property
    def phrases(self) -> tuple[str, ...]:
        """What is said in one breath, as often as it weighs: skip words, sentences cut at pauses, [unk].

        Unknown speech weighs as much as the likeliest sentence, and a skip word a fifth of it: rarer, and most of
        "oh, not really" would be unknown.
        """
        likeliest = max((sentence.weight for sentence in self.sentences), default=1)
        weights = dict.fromkeys(sorted(self.skip_words), max(1, likeliest // 5))
        for sentence in self.sentences:
            for phrase in sentence.text.split(PAUSE):
                weights[phrase] = max(weights.get(phrase, 1), sentence.weight)
        weights[UNKNOWN] = likeliest
        return tuple(itertools.chain.from_iterable([phrase] * weight for phrase, weight in weights.items()))


@dataclass(frozen=True, slots=True)
class _Way:
    """A way to cut words into sentences."""

    count: int
    sentences: frozenset[Sentence]


def _cut(heard: list[str], by_words: Mapping[str, Sentence], skip_words: frozenset[str]) -> frozenset[Sentence]:
    """Return the sentences that `heard` is made of, skip words aside; none when there is a rest.

    Of several ways to cut, the one with the fewest sentences counts, so "i'm not sure" is never "i'm not" and "sure".
    Where two ways have as few, the sentences of both count.
    """
    ways: list[_Way | None] = [_Way(0, frozenset())]
    for end, word in enumerate(heard, start=1):
        found = [ways[end - 1]] if word in skip_words else []
        for start, before in enumerate(ways):
            said = heard[start:end]
            kept = [word for word in said if word not in skip_words]
            sentence = by_words.get(" ".join(said)) or by_words.get(" ".join(kept))
            if before and sentence:
                found.append(_Way(before.count + 1, before.sentences | {sentence}))
        ways.append(_fewest([way for way in found if way]))
    whole = ways[-1]
    return whole.sentences if whole else frozenset()


def _fewest(ways: list[_Way]) -> _Way | None:
    count = min((way.count for way in ways), default=0)
    shortest = [way.sentences for way in ways if way.count == count]
    return _Way(count, frozenset[Sentence]().union(*shortest)) if shortest else None


def combine(meanings: frozenset[Meaning]) -> Meaning | None:
    """Return what several answers in one breath mean together.

    Answers that agree are that answer ("yeah, that's right"). A wish for a person stands whatever is said beside it; so
    does an emergency, unless "no" is said too ("no emergency"). Anything else is MIXED, never guessed.
    """
    if len(meanings) <= 1:
        return next(iter(meanings), None)
    if Meaning.NO not in meanings:
        for urgent in (Meaning.SUICIDE, Meaning.EMERGENCY, Meaning.CALLING):
            if urgent in meanings:
                return urgent
    return Meaning.OPERATOR if Meaning.OPERATOR in meanings else Meaning.MIXED


class Grammars:
    """All grammars of a folder, by name: a file's name without `.yaml`."""

    def __init__(self, grammars: Mapping[str, Grammar]) -> None:
        self._grammars = dict(grammars)

    @classmethod
    def load(cls, folder: Path) -> Grammars:
        """Read every `*.yaml` in `folder`. Raises VoicebotError `grammar_broken` with `file:line` and the remedy."""
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            raise VoicebotError("grammar_broken", f"There is no grammar in {folder}.", "Put a .yaml file there.")
        files = {path.stem: read_grammar(path) for path in paths}
        return cls({name: Grammar(file.sentences, frozenset(file.skip_words)) for name, file in files.items()})

    def names(self) -> tuple[str, ...]:
        """Return the names of all grammars, sorted."""
        return tuple(sorted(self._grammars))

    def get(self, name: str) -> Grammar:
        """Return one grammar. Raises VoicebotError `unknown_grammar`."""
        if name not in self._grammars:
            known = ", ".join(self.names())
            raise VoicebotError("unknown_grammar", f"There is no grammar {name!r}.", f"Use one of: {known}.")
        return self._grammars[name]

    def phrases(self, name: str) -> tuple[str, ...]:
        """Return what the ears listen for under grammar `name`; see `Grammar.phrases`."""
        return self.get(name).phrases

    def words(self, name: str) -> frozenset[str]:
        """Return every word of grammar `name`."""
        return frozenset(word for phrase in set(self.phrases(name)) - {UNKNOWN} for word in phrase.split())

    def understand(self, name: str, words: str) -> Meaning | None:
        """Return what `words` mean under grammar `name`, or None for a no-match."""
        return self.get(name).understand(words)

    def surest(self, name: str, words: str) -> float:
        """Return the confidence that what `words` mean under grammar `name` cannot exceed; see `Grammar.surest`."""
        return self.get(name).surest(words)


def check_vocabulary(grammars: Grammars, model: Vocabulary) -> None:
    """Raise VoicebotError `word_not_in_model` naming the first word of a grammar that `model` cannot hear."""
    for name in grammars.names():
        for phrase in dict.fromkeys(grammars.phrases(name)):
            missing = [word for word in phrase.split() if word != UNKNOWN and not model.has_word(word)]
            if missing and not model.has_word(compound(phrase)):
                raise VoicebotError(
                    "word_not_in_model",
                    f"The speech model does not know the word {missing[0]!r} of the grammar {name!r}.",
                    "Say it in other words, or add it to the model (acoustic/README.md).",
                    Exit.CANNOT_RUN,
                )
