"""The words of the bundled model and how they sound: CMU phones, pronunciations, compounds, the commonest words.

Pronunciations come from the CMU dictionary in the pocketsphinx wheel, with a few colloquial variants of our own.
Nothing here knows of graphs or of Kaldi's file formats.
"""

from __future__ import annotations

import itertools
import re
from pathlib import Path

import pocketsphinx

from acoustic.phones import PHONES

Pronunciation = tuple[str, ...]
Lexicon = dict[str, tuple[Pronunciation, ...]]
"""Word -> its pronunciations, each a tuple of CMU phones without stress."""

_POCKETSPHINX = Path(pocketsphinx.get_model_path("en-us"))

_COLLOQUIAL = {
    "a": "AH, EY",
    "the": "DH AH, DH IY",
    "to": "T UW, T AH",
    "yeah": "Y AE, Y AE AH, Y EH AH",
    "nah": "N AA, N AE",
    "nuh": "N AH",
    "uh": "AH",
    "um": "AH M",
    "huh": "HH AH",
    "mm": "M, AH M",
    "hmm": "HH M, HH AH M",
    "okay": "OW K EY",
    "nope": "N OW P",
    "yep": "Y EH P",
    "dunno": "D AH N OW",
    "wanna": "W AA N AH",
    "hear": "HH IH R",
    "espanol": "EH S P AA N Y OW L, EH S P AH N Y OW L",
    "habla": "AA B L AH",
    # The dictionary has a vowel in these that nobody says.
    "couldn't": "K UH D N T",
    "didn't": "D IH D N T",
    "doesn't": "D AH Z N T",
    "hasn't": "HH AE Z N T",
    "haven't": "HH AE V N T",
    "isn't": "IH Z N T",
    "wasn't": "W AA Z N T, W AH Z N T",
    "wouldn't": "W UH D N T",
}


def dictionary() -> Lexicon:
    """Return the CMU dictionary, our colloquial variants first."""
    entries: dict[str, list[Pronunciation]] = {
        word: [tuple(variant.split()) for variant in variants.split(", ")] for word, variants in _COLLOQUIAL.items()
    }
    for line in (_POCKETSPHINX / "cmudict-en-us.dict").read_text("utf-8").splitlines():
        word, *phones = line.split()
        if set(phones) <= set(PHONES):
            entries.setdefault(re.sub(r"\(\d+\)$", "", word), []).append(tuple(phones))
    return {word: tuple(dict.fromkeys(variants)) for word, variants in entries.items()}


def common_words(known: Lexicon, count: int) -> list[str]:
    """Return the `count` commonest words that have a pronunciation, by the unigrams of pocketsphinx's US English LM."""
    model = pocketsphinx.NGramModel.readfile(str(_POCKETSPHINX / "en-us.lm.bin"))
    words = [word for word in known if re.fullmatch(r"[a-z]+('[a-z]+)?", word)]
    return sorted(words, key=lambda word: -model.prob([word]))[:count]


def pronounce(token: str, known: Lexicon) -> tuple[Pronunciation, ...]:
    """Return every pronunciation of a word, or of a compound such as `i_don't_know` spoken in one breath.

    Raises KeyError naming the first word without a pronunciation.
    """
    if token in known:
        return known[token]
    variants = itertools.product(*(known[word] for word in token.split("_")))
    return tuple(dict.fromkeys(tuple(itertools.chain(*parts)) for parts in variants))
