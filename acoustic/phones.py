"""The phones of the bundled model: the 39 of the CMU dictionary, and silence. Needs nothing; knows no word."""

SILENCE = "SIL"
PHONES = (
    *("AA", "AE", "AH", "AO", "AW", "AY", "B", "CH", "D", "DH", "EH", "ER", "EY"),
    *("F", "G", "HH", "IH", "IY", "JH", "K", "L", "M", "N", "NG", "OW", "OY"),
    *("P", "R", "S", "SH", "T", "TH", "UH", "UW", "V", "W", "Y", "Z", "ZH"),
)
BASE_PHONES = (SILENCE, *PHONES)
"""All that is told apart: silence is phone 0."""
