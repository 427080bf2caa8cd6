"""The rules a call was decided by, kept word for word so that an old call can be explained and run again."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RuleSetSnapshot:
    """A rule set as its file read when the call came in."""

    sha256: str
    """Of `text` in UTF-8."""
    id: str
    version: str
    text: str
