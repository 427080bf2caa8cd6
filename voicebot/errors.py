"""The one error of this project that people see: a stable code, one sentence, and how to mend it.

Every error that a person may meet is raised as a VoicebotError. Codes are relied on from outside (JSON output, the
call record, the table in docs/errors.md): they may be added, never renamed. No message ever carries words a caller
said, a phone number or a secret.
"""

from __future__ import annotations

from enum import IntEnum


class Exit(IntEnum):
    """Exit codes of the command line."""

    DONE = 0
    VERDICT = 1
    """A check found faults: a replay differs, a scenario failed, doctor found an error."""
    BAD_INPUT = 2
    CANNOT_RUN = 3
    """Database, port or model missing."""


class VoicebotError(Exception):
    """One clear sentence with a stable code and a remedy."""

    def __init__(self, code: str, message: str, remedy: str = "", exit_code: Exit = Exit.BAD_INPUT) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.remedy = remedy
        self.exit_code = exit_code

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()

    def to_json(self) -> dict[str, str]:
        """Return `{"code", "message"}`, the shape every JSON output uses for an error."""
        return {"code": self.code, "message": str(self)}
