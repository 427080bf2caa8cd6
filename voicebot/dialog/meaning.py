"""What an utterance means to the dialog, whatever its words. The closed set that grammars map to; no words here."""

from __future__ import annotations

from enum import StrEnum


class Meaning(StrEnum):
    """The meaning of one utterance or key."""

    YES = "yes"
    NO = "no"
    UNSURE = "unsure"
    DECLINED = "declined"
    """I would rather not say. The web form offers it; no spoken words are taken for it."""
    REPEAT = "repeat"
    OPERATOR = "operator"
    EMERGENCY = "emergency"
    CALLING = "calling"
    """I will call nine one one: a yes to being asked just that, and an emergency everywhere else (see inputs.py)."""
    SUICIDE = "suicide"
    BACK = "back"
    """Mend the last answer."""
    HELP = "help"
    """What does that question mean?"""
    SLOWER = "slower"
    """Speak more slowly from here on."""
    LEFT = "left"
    """How many questions are left?"""
    SPANISH = "spanish"
    """A person and an interpreter for Spanish."""
    INTERPRETER = "interpreter"
    """A person and an interpreter; for which language, the person asks."""
    RELAY = "relay"
    """Somebody types for the caller, or the caller needs time: longer pauses from here on."""
    MIXED = "mixed"
    """Contradictory words ("yes and no"); never guessed, always asked again."""


URGENT = (Meaning.SUICIDE, Meaning.EMERGENCY, Meaning.CALLING, Meaning.OPERATOR)
"""What means the same whatever was asked; what comes first weighs more."""

KEYS = {
    "1": Meaning.YES,
    "2": Meaning.NO,
    "3": Meaning.UNSURE,
    "4": Meaning.SPANISH,
    "5": Meaning.SLOWER,
    "6": Meaning.RELAY,
    "7": Meaning.BACK,
    "8": Meaning.HELP,
    "9": Meaning.REPEAT,
    "0": Meaning.OPERATOR,
    "*": Meaning.OPERATOR,
    "#": Meaning.LEFT,
}
"""What each telephone key means (1 and 2 as in VoiceXML 2.0's built-in boolean grammar)."""
