"""What callers may say: phrases for the recognizer, and the words it heard back to their meaning.

Pure once loaded. The file format is in `grammar_file.py`; no audio and no recognizer here.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
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
        meanings = {" ".join(self._kept(sentence.text)): sentence.meaning for sentence in self.sentences}
        object.__setattr__(self, "_meanings", meanings)

    def understand(self, words: str) -> Meaning | None:
        """Return the meaning of all of `words`, or None for a no-match.

        Words with unknown speech among them have no meaning: in recordings of other words "[unk] yes" came up six
        times in 700, in recordings of "yes" and "no" never.
        """
        heard = self._kept(words)
        if UNKNOWN in heard:
            return None
        meanings: Mapping[str, Meaning] = self.__dict__["_meanings"]
        return meanings.get(" ".join(heard)) or combine(_parts(heard, meanings))

    def phrases(self) -> tuple[str, ...]:
        """Return what is said in one breath, as often as it weighs: sentences cut at pauses, skip words, [unk].

        Unknown speech weighs as much as the likeliest sentence.
        """
        weights = dict.fromkeys(sorted(self.skip_words), 1)
        for sentence in self.sentences:
            for phrase in sentence.text.split(PAUSE):
                weights[phrase] = max(weights.get(phrase, 1), sentence.weight)
        weights[UNKNOWN] = max(weights.values())
        return tuple(itertools.chain.from_iterable([phrase] * weight for phrase, weight in weights.items()))

    def _kept(self, words: str) -> list[str]:
        return [word for word in words_of(words).split() if word not in self.skip_words]


def _parts(heard: list[str], meanings: Mapping[str, Meaning]) -> frozenset[Meaning]:
    """Return the meanings of all sentences that `heard` can be cut into without a rest; none when it cannot."""
    spans = [
        (start, end, meanings[sentence])
        for start, end in itertools.combinations(range(len(heard) + 1), 2)
        if (sentence := " ".join(heard[start:end])) in meanings
    ]
    from_start, to_end = {0}, {len(heard)}
    for start, end, _ in spans:  # sorted by their start
        if start in from_start:
            from_start.add(end)
    for start, end, _ in reversed(spans):
        if end in to_end:
            to_end.add(start)
    return frozenset(meaning for start, end, meaning in spans if start in from_start and end in to_end)


def combine(meanings: frozenset[Meaning]) -> Meaning | None:
    """Return what several answers in one breath mean together.

    Answers that agree are that answer ("yeah, that's right"). A wish for a person stands whatever is said beside it; so
    does an emergency, unless "no" is said too ("no emergency"). Anything else is MIXED, never guessed.
    """
    if len(meanings) <= 1:
        return next(iter(meanings), None)
    if Meaning.NO not in meanings:
        for urgent in (Meaning.SUICIDE, Meaning.EMERGENCY):
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
        return self.get(name).phrases()

    def words(self, name: str) -> frozenset[str]:
        """Return every word of grammar `name`."""
        return frozenset(word for phrase in set(self.phrases(name)) - {UNKNOWN} for word in phrase.split())

    def understand(self, name: str, words: str) -> Meaning | None:
        """Return what `words` mean under grammar `name`, or None for a no-match."""
        return self.get(name).understand(words)


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
