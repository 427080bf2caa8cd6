"""Tells a status callback how a leg is getting on: the events that were asked for, in order, numbered from 0.

Sources: twilio.com/docs/voice/twiml/number#attributes-status-callback-event and .../voice/twiml ("Ending the call").
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from itertools import count
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.entries import Purpose

if TYPE_CHECKING:
    from collections.abc import Iterator

    from voicebot.simulate.carrier.forms import CallForm
    from voicebot.simulate.carrier.teller import Teller


class Happening(StrEnum):
    """What a leg goes through, as a server asks for it."""

    INITIATED = "initiated"
    RINGING = "ringing"
    ANSWERED = "answered"
    COMPLETED = "completed"
    """It is over, however."""


@dataclass
class Progress:
    """The status callback of one leg."""

    form: CallForm
    teller: Teller
    url: str = ""
    """Empty: nobody is told."""
    method: str = "POST"
    events: tuple[str, ...] = (Happening.COMPLETED,)
    sequence: Iterator[int] = field(default_factory=count)

    def tell(self, happening: Happening, status: str, duration_s: int | None = None) -> None:
        """Tell that the leg got this status, if that was asked for; `duration_s` at its end."""
        if self.url and happening in self.events:
            form = self.form.progress(status, next(self.sequence), datetime.now(UTC), duration_s)
            self.teller.tell(self.url, Purpose.STATUS, self.method, form)
