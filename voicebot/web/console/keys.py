"""The keys of the pages of calls and reviews, as they list them. Texts only: keys.js and call_keys.js act on them.

Those of single characters are the `data-key` of what they press; they can be switched off on each page that lists them.
"""

from __future__ import annotations

Key = tuple[tuple[str, ...], str]
"""Keys that belong together, and what they do."""

SOUND: tuple[Key, ...] = (
    (("Space",), "play or pause"),
    (("J", "L"), "back or on 5 seconds"),
    (("[", "]"), "slower or faster"),
    (("S",), "skip silence, or play it"),
)
TURNS: tuple[Key, ...] = (
    (("↑", "↓"), "previous or next turn, while the turns have the focus"),
    (("←", "→"), "previous or next word, while a word has the focus"),
    (("N",), "next doubtful word"),
)
REVIEW: tuple[Key, ...] = (
    (("T",), "take the call"),
    (("A", "D"), "agree or disagree; nothing is saved before you say so"),
    (("F",), "flag, or take the flag away"),
    (("E",), "correct the words: the next utterance"),
    ((",", "."), "the call before or after this one in the queue"),
    (("Q",), "the queue"),
)
LIST: tuple[Key, ...] = ((("/",), "to the search"),)
HELP: Key = (("?",), "open or close this list")


def call_keys(*, sound: bool, review: bool) -> list[Key]:
    """Return the keys of a call's page."""
    return [*(SOUND if sound else ()), *TURNS, *(REVIEW if review else ()), HELP]
