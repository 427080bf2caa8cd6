"""One line of a call's record, and its JSON. The only place that knows how events and effects are written down."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from voicebot.dialog.effects import Effect
from voicebot.dialog.events import Event, is_event
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterable

Message = Event | Effect
_MESSAGE: TypeAdapter[Message] = TypeAdapter(Annotated[Message, Field(discriminator="type")])


@dataclass(frozen=True, slots=True)
class Entry:
    """One event or effect at its place in a call; `seq` counts from 0 without a gap."""

    seq: int
    message: Message

    @property
    def is_event(self) -> bool:
        """Whether this is something that happened (rather than something to do)."""
        return is_event(self.message)


def message_to_json(message: Message) -> dict[str, Any]:
    """Return `message` as JSON values, its class told by `type`."""
    dumped: dict[str, Any] = _MESSAGE.dump_python(message, mode="json")
    return dumped


def message_from_json(value: object) -> Message:
    """Return the event or effect that `value` describes.

    Raises VoicebotError `record_broken` if it describes none; the message names the place, never the content.
    """
    try:
        return _MESSAGE.validate_python(value)
    except ValidationError as error:
        places = ", ".join(".".join(map(str, found["loc"])) or "type" for found in error.errors(include_input=False))
        raise VoicebotError(
            "record_broken",
            f"A call record holds an entry that cannot be read (at {places}).",
            "Restore it from a backup.",
        ) from None


def canonical(messages: Iterable[Message]) -> bytes:
    """Return the messages as bytes that are equal exactly when the messages are: one sorted JSON line each."""
    lines = (json.dumps(message_to_json(message), sort_keys=True, ensure_ascii=False) for message in messages)
    return "\n".join(lines).encode()
