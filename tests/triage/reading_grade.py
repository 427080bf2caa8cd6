"""How hard a text is to read: the Flesch-Kincaid grade, with syllables counted by rule, as no dictionary is at hand."""

import re

NAMES = {"cipro", "levaquin", "eliquis", "xarelto", "plavix", "warfarin", "patient", "patient's"}
"""Names that callers know or do not know, whatever their length; "patient" is what the line calls somebody."""
_SILENT = re.compile(r"(?<=[^aeiouytd])ed$|(?<=[^l])e$|(?<=[aeiouy])le$|(?<=[^aeiouyscxz])es$")
_VOWELS = re.compile(r"[aeiouy]+")
_APART = re.compile(r"i[ao](?!n)|[aeiouy]ing$|eate|uid|ea$")
"""Vowels side by side that are spoken one after the other, as in "area", "being"."""
_KNOWN = {"diabetes": 4}
"""Words that the rules get wrong."""


def syllables(word: str) -> int:
    """Return the syllables of an English word, at least one."""
    if word in _KNOWN:
        return _KNOWN[word]
    stem = _SILENT.sub("", word)
    return max(1, len(_VOWELS.findall(stem)) + len(_APART.findall(stem)))


def grade(text: str) -> float:
    """Return the school grade whose readers follow the text (Kincaid 1975); names count one syllable."""
    sentences = [part for part in re.split(r"[.?!]", text) if part.strip()]
    words = re.findall(r"[a-z']+", text.lower())
    spoken = sum(1 if word in NAMES else syllables(word) for word in words)
    return 0.39 * len(words) / len(sentences) + 11.8 * spoken / len(words) - 15.59
