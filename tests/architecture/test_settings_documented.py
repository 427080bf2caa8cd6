"""docs/settings.md holds the table of all settings as the code has them."""

from __future__ import annotations

from pathlib import Path

from pydantic_core import PydanticUndefined

from voicebot.config import CALLS_PER_CORE, MOST_CALLS, Settings

PAGE = Path(__file__).parents[2] / "docs" / "settings.md"


FOUND_OUT = {
    "data_dir": "`~/.local/share/voicebot`",
    "max_calls": f"{CALLS_PER_CORE} for each core, at most {MOST_CALLS}",
}
"""Defaults that depend on the machine."""


def default(name, field):
    """Return a setting's default as the table tells it."""
    if field.default is PydanticUndefined:
        return FOUND_OUT[name]
    if field.default is None:
        return ""
    return f"`{str(field.default).lower() if isinstance(field.default, bool) else field.default}`"


def settings_table():
    """Return the table, a row for each setting, in the order of the code."""
    rows = [
        f"| `VOICEBOT_{name.upper()}` | {default(name, field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(["| setting | default | meaning |", "|---|---|---|", *rows])


def test_every_setting_is_described():
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_the_page_holds_the_table():
    assert settings_table() in PAGE.read_text(), f"put this table into {PAGE.name}:\n\n{settings_table()}\n"
