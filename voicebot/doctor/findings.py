"""What a check says: how bad, what, and how to mend it. Messages only; no check belongs here."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How bad it is."""

    OK = "ok"
    WARNING = "warning"
    """Calls are answered, but something is not as it should be."""
    ERROR = "error"
    """Calls cannot be answered as they should."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The outcome of one check."""

    status: Status
    what: str
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A verdict under the name of its check."""

    name: str
    verdict: Verdict

    def to_json(self) -> dict[str, str]:
        """Return `{"name", "status", "what", "remedy"}`."""
        verdict = self.verdict
        return {"name": self.name, "status": verdict.status, "what": verdict.what, "remedy": verdict.remedy}


def ok(what: str) -> Verdict:
    """Return a verdict that all is well."""
    return Verdict(Status.OK, what)


def warning(what: str, remedy: str) -> Verdict:
    """Return a verdict that something should be mended."""
    return Verdict(Status.WARNING, what, remedy)


def error(what: str, remedy: str) -> Verdict:
    """Return a verdict that something must be mended."""
    return Verdict(Status.ERROR, what, remedy)
