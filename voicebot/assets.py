"""Where the data that ships with the package lies: prompts, grammars, rules, model. Finds folders, reads nothing."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def _shipped(name: str) -> Path:
    """Return a top-level data folder: inside the package when installed, beside it in a checkout."""
    inside = _PACKAGE / name
    return inside if inside.is_dir() else _PACKAGE.parent / name


PROMPTS = _shipped("prompts") / "en"
"""Prompt texts and `recordings/`."""
GRAMMARS = _shipped("grammars") / "en"
"""Sentence templates."""
RULESET = _PACKAGE / "triage" / "rulesets" / "one-leg-numbness.yaml"
"""The bundled rule set."""
HOURS = _PACKAGE / "routing" / "hours.yaml"
"""A plain default of opening hours, in force only where the settings name it."""
MODEL = _PACKAGE / "speech" / "model"
"""The bundled 8 kHz Vosk model."""
