"""One call as a JSON document that explains itself: the record and the very rules it ran by. Opens no file."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from voicebot.calls.entries import Entry, message_from_json, message_to_json
from voicebot.calls.record import read_record
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.errors import VoicebotError


@dataclass(frozen=True, slots=True)
class StoredCall:
    """A call's record with its rules."""

    call_id: str
    entries: tuple[Entry, ...]
    ruleset: RuleSetSnapshot

    def to_json(self) -> dict[str, Any]:
        """Return the document; `summary` is for readers and is never read back."""
        return {
            "format": 1,
            "call_id": self.call_id,
            "summary": read_record(self.entries).to_json(),
            "ruleset": asdict(self.ruleset),
            "entries": [message_to_json(entry.message) for entry in self.entries],
        }


class _Document(BaseModel):
    model_config = ConfigDict(hide_input_in_errors=True)

    format: Literal[1]
    call_id: str
    ruleset: RuleSetSnapshot
    entries: list[object]


def call_from_json(value: object) -> StoredCall:
    """Return the call of a document.

    Raises VoicebotError `document_broken` when it is none or its rules were changed, `record_broken` for an entry that
    cannot be read; neither repeats the content.
    """
    try:
        document = _Document.model_validate(value)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, found["loc"])) or "top" for found in error.errors(include_input=False))
        raise _broken(f"This is no exported call (see {places}).") from None
    if hashlib.sha256(document.ruleset.text.encode()).hexdigest() != document.ruleset.sha256:
        raise _broken("The rules in this exported call are not those it was decided by.")
    entries = (Entry(seq, message_from_json(message)) for seq, message in enumerate(document.entries))
    return StoredCall(document.call_id, tuple(entries), document.ruleset)


def _broken(what: str) -> VoicebotError:
    return VoicebotError("document_broken", what, "Export the call again with `voicebot calls export`.")
