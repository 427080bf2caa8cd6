"""The words of the web form, read from prompts/en/web/form.yaml, and numbers made to dial. Lays out nothing."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from markupsafe import Markup, escape
from pydantic import BaseModel, ConfigDict
from ruamel.yaml import YAML

from voicebot import assets

if TYPE_CHECKING:
    from collections.abc import Mapping

_DIALED = {"nine one one": "911", "nine eight eight": "988"}
_NUMBER = re.compile(r"\b(911|988|nine one one|nine eight eight)\b", re.IGNORECASE)
_NORTH_AMERICAN = re.compile(r"\+1(\d{3})(\d{3})(\d{4})")


class FormWords(BaseModel):
    """All texts of the file, by the names they have there."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    site: dict[str, str]
    start: tuple[str, ...]
    trouble: dict[str, str]
    """What went wrong, by its code."""
    instead: dict[str, str]
    """Prompt id -> what the page says where the line says something else; empty: nothing."""
    results: dict[str, str]
    contacts: dict[str, str]
    choices: dict[str, str]
    check_no: dict[str, str]
    again: str
    parts: dict[str, str]


@cache
def load_words() -> FormWords:
    """Return the words of the form."""
    text = (assets.PROMPTS / "web" / "form.yaml").read_text("utf-8")
    return FormWords.model_validate(YAML(typ="safe", pure=True).load(text))


def on_the_page(spoken: Mapping[str, str], words: FormWords) -> dict[str, str]:
    """Return what the page says for each prompt id, given what the line says."""
    return {**spoken, **words.instead}


def dialable(text: str) -> Markup:
    """Return a text with 911 and 988, also where they are written to be spoken, as links that dial."""

    def link(found: re.Match[str]) -> str:
        number = _DIALED.get(found[0].lower(), found[0])
        return f'<a href="tel:{number}">{number}</a>'

    return Markup(_NUMBER.sub(link, str(escape(text))))  # noqa: S704 - escaped first; the links are ours


def readable_number(e164: str) -> str:
    """Return a telephone number as people write it, such as (651) 555-0100; a foreign one as it is."""
    parts = _NORTH_AMERICAN.fullmatch(e164)
    return f"({parts[1]}) {parts[2]}-{parts[3]}" if parts else e164
