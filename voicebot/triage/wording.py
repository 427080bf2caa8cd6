"""How things must be worded to be safe on a telephone. Looks at single texts, knows no rule."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_NEGATION = re.compile(
    r"\b(no|not|never|none|nobody|nothing|neither|nor|without|unable|cannot)\b|n['\u2019]t\b", re.IGNORECASE
)
_YOU = re.compile(r"\b(you|your|yours|yourself)\b", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


def asked_mistakes(text: str) -> Iterator[str]:
    """Yield what is wrong with a question: a "no" to a negation would be taken for the flag being absent."""
    for found in _NEGATION.finditer(text):
        yield f"a question holds no negation, here is '{found[0]}'; word it so that yes means the sign is there."
    if "?" not in text:
        yield "a question ends with a question mark; add it."
    yield from spoken_mistakes(text)


def says_you(text: str) -> bool:
    """Return whether the words speak to the caller as the one who is ill."""
    return bool(_YOU.search(text))


def patient_mistakes(text: str) -> Iterator[str]:
    """Yield what is wrong with words about a patient for whom somebody else calls."""
    for found in _YOU.finditer(text):
        yield f"words about the patient hold no '{found[0]}', which would be the caller; say the patient."


def spoken_mistakes(text: str) -> Iterator[str]:
    """Yield what would be read out wrongly: digits ("911" is spoken "nine one one")."""
    for found in _DIGITS.finditer(text):
        yield f"spoken words hold no digits, here is {found[0]}; write it as it is said, such as nine one one."
