"""The log of one leg of a call: what happened, in order, the sound of both sides, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from voicebot.simulate.carrier.entries import Doubted, Ended, EndReason, Entry, Executed, Failed, LineSaid, Replied

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.simulate.carrier.codes import ErrorCode

Kind = TypeVar("Kind", bound=Entry)


@dataclass
class CallLog:
    """The log of one call; filled while the call runs, complete when `Carrier.place_call` returns."""

    call_sid: str
    watch: Callable[[Entry], None] | None = None
    """Is told each entry as it happens: from the call's thread, requests to callbacks from another one."""
    entries: list[Entry] = field(default_factory=list)
    heard: bytearray = field(default_factory=bytearray)
    """What the caller heard, mu-law, from the start of the call; as long as `spoken`."""
    spoken: bytearray = field(default_factory=bytearray)
    """What the line was sent of the caller's side, mu-law."""
    frames_sent: int = 0
    frames_received: int = 0
    """Media messages of the server."""
    frames_refused: int = 0
    """Messages of the server that it may not send, and that were passed over."""
    worst_lateness_ms: float = 0.0
    """How far behind real time the emulator itself fell: above 40 ms its figures cannot be trusted."""
    callees: list[CallLog] = field(default_factory=list)
    """The legs that were dialed, in order: what was said to and by whom was rung up."""

    def add(self, entry: Entry) -> None:
        """Append an entry and tell the watcher."""
        self.entries.append(entry)
        if self.watch is not None:
            self.watch(entry)

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return the entries of one kind, in order."""
        return [entry for entry in self.entries if isinstance(entry, kind)]

    @property
    def ended(self) -> EndReason | None:
        """Why the call ended; None while it runs."""
        return next((entry.reason for entry in self.of(Ended)), None)

    @property
    def said(self) -> list[str]:
        """Names of what the line said, in order."""
        return [entry.name for entry in self.of(LineSaid)]

    @property
    def verbs(self) -> list[str]:
        """Names of the verbs executed, in order."""
        return [entry.verb for entry in self.of(Executed)]

    @property
    def errors(self) -> list[ErrorCode]:
        """Codes of what went wrong, in order."""
        return [entry.code for entry in self.of(Failed)]

    @property
    def doubts(self) -> list[str]:
        """What the server relied on though nobody promises it, in order."""
        return [entry.message for entry in self.of(Doubted)]

    @property
    def turn_gaps_ms(self) -> list[float]:
        """From the end of an utterance to the first byte of the next prompt, for each utterance that one followed."""
        return [entry.gap_ms for entry in self.of(Replied)]
