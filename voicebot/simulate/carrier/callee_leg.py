"""The leg of a call that was dialed: its line moves in step with the caller's, and it knows how it got on.

Who picks up is a Party's; what is done on the leg is decided in ringing.py and bridge.py.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.simulate.carrier.audio import SILENT_FRAME
from voicebot.simulate.carrier.entries import Dialed, Ended, EndReason
from voicebot.simulate.carrier.forms import CallStatus
from voicebot.simulate.carrier.line import CallOver, Interrupted, Line, Tick
from voicebot.simulate.carrier.progress import Happening

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.callee import Party
    from voicebot.simulate.carrier.caller import Caller
    from voicebot.simulate.carrier.log import CallLog
    from voicebot.simulate.carrier.mouth import Mouth
    from voicebot.simulate.carrier.progress import Progress
    from voicebot.simulate.carrier.updates import Update


class OtherLegOver(Exception):  # noqa: N818 -- a call that ends is no error
    """The caller's leg ended or was taken elsewhere while something ran on the callee's."""

    def __init__(self, cause: CallOver | Interrupted) -> None:
        super().__init__(cause)
        self.cause = cause


class CalleeLine(Line):
    """A line whose 20 ms are those of the caller's line: whatever runs here, the caller lives through it too."""

    def __init__(self, caller: Caller, log: CallLog, mouth: Mouth, caller_line: Line) -> None:
        """Take the two ends of this line, and the line of the caller, whose time it shares."""
        super().__init__(caller, log, caller_line.clock, mouth, cut_at_ms={})
        self._caller_line = caller_line
        self.position_ms = caller_line.position_ms
        self.caller_hears: Callable[[], bytes] = lambda: SILENT_FRAME
        """Makes the 20 ms (mu-law) that the caller hears next."""
        self.caller_did = Tick(SILENT_FRAME, ())
        """What the caller did in the last 20 ms."""

    def catch_up(self) -> None:
        """Skip the time that a request took, on both lines."""
        self._caller_line.catch_up()
        while self.position_ms < self._caller_line.position_ms:
            self._pass(SILENT_FRAME)

    def _pace(self, late_ms: float) -> None:
        try:
            self.caller_did = self._caller_line.tick(self.caller_hears(), late_ms=late_ms)
        except (CallOver, Interrupted) as cause:
            raise OtherLegOver(cause) from None


class CalleeLeg:
    """One who is rung up."""

    def __init__(self, caller: Call, party: Party, progress: Progress, whisper_url: str, whisper_method: str) -> None:
        """Begin to ring."""
        self._caller = caller
        self._progress = progress
        self.party = party
        self.whisper_url, self.whisper_method = whisper_url, whisper_method
        self.form = progress.form
        self.call: Call | None = None
        """The leg as TwiML can be executed on it; None while it rings."""
        self.bridged = False
        self.canceled = False
        """A call update asked for the ringing to end."""
        self._began_ms = caller.line.position_ms
        self.answered_ms: int | None = None
        self.ended_ms = self._began_ms
        self.status = CallStatus.INITIATED
        progress.tell(Happening.INITIATED, self.status)
        self.status = CallStatus.RINGING
        progress.tell(Happening.RINGING, self.status)

    @property
    def rang_ms(self) -> int:
        """How long it has been ringing."""
        return self._caller.line.position_ms - self._began_ms

    @property
    def duration_s(self) -> int:
        """How long it lasted since it was answered, in whole seconds; 0 if it was not."""
        return 0 if self.answered_ms is None else round((self.ended_ms - self.answered_ms) / 1000)

    def update(self, update: Update) -> None:
        """Have an update carried out; while it rings all that can be done is to end it."""
        if self.call is not None:
            self.call.update(update)
        elif update.ends_call:
            self.canceled = True

    def limit(self, seconds: float) -> None:
        """Cut the call off at this age."""
        self._caller.limit(seconds)

    def answer(self) -> tuple[Call, CalleeLine]:
        """Pick up; return the leg as a call of its own, and its line."""
        self.answered_ms = self._caller.line.position_ms
        self.status = CallStatus.IN_PROGRESS
        self._progress.tell(Happening.ANSWERED, self.status)
        self.call, line = self._caller.switchboard.answered(self._caller, self)
        return self.call, line

    def end(self, status: CallStatus, reason: EndReason = EndReason.NOT_ANSWERED) -> None:
        """End it with this status; nothing if it is over."""
        if self.status.is_over:
            return
        self.status = status
        self.ended_ms = self._caller.line.position_ms
        now_ms = self._caller.line.clock.now_ms()
        if self.call is not None:
            self.call.log.add(Ended(now_ms, reason))
            self.call.webhooks.close()
        self._caller.log.add(Dialed(now_ms, self.form.to_number, status, self.bridged))
        self._progress.tell(Happening.COMPLETED, status, self.duration_s)
