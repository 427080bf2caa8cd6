"""Makes the legs of calls out of what all calls of a carrier share, and takes them apart again.

What is done on a leg is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.call import Call
from voicebot.simulate.carrier.callee import Party
from voicebot.simulate.carrier.callee_leg import CalleeLeg, CalleeLine
from voicebot.simulate.carrier.forms import CallForm, CallStatus, new_sid
from voicebot.simulate.carrier.line import Line
from voicebot.simulate.carrier.log import CallLog
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.simulate.carrier.progress import Progress
from voicebot.simulate.carrier.teller import Teller
from voicebot.simulate.carrier.webhooks import Webhooks

if TYPE_CHECKING:
    import random
    from collections.abc import Mapping

    from voicebot.simulate.carrier.caller import Caller
    from voicebot.simulate.carrier.client import Sending
    from voicebot.simulate.carrier.clock import Clock
    from voicebot.simulate.carrier.entries import EndReason
    from voicebot.simulate.carrier.faults import Faults
    from voicebot.simulate.carrier.live_calls import LiveCalls
    from voicebot.simulate.carrier.network import Network
    from voicebot.simulate.carrier.recordings import Recordings
    from voicebot.simulate.carrier.twiml import Document
    from voicebot.simulate.carrier.verbs import Dial, Number


@dataclass(frozen=True, slots=True)
class Switchboard:
    """What all calls of a carrier share."""

    sending: Sending
    recordings: Recordings
    live_calls: LiveCalls
    parties: Mapping[str, Party]
    """Who may be rung up, by number; whoever is not described picks up, accepts and talks a while."""
    network: Network
    fallback_url: str
    keeps_silent_recordings: bool

    def caller(
        self,
        person: Caller,
        form: CallForm,
        log: CallLog,
        clock: Clock,
        mouth: Mouth,
        faults: Faults,
        chance: random.Random,
        cut_at_ms: dict[EndReason, float],
    ) -> Call:
        """Return the leg of a call that comes in."""
        call = self._leg(form, Line(person, log, clock, mouth, cut_at_ms=cut_at_ms), faults, chance)
        self.live_calls.add(call)
        return call

    def callee(self, caller: Call, number: Number, verb: Dial, document: Document) -> CalleeLeg:
        """Return the leg of a number that begins to ring."""
        from_number = verb.caller_id or caller.form.from_number
        parent = caller.form
        form = CallForm(parent.account_sid, new_sid("CA"), from_number, number.number, parent_sid=parent.call_sid)
        url = document.resolve(number.status_callback) if number.status_callback else ""
        progress = Progress(form, caller.teller, url, number.status_method, number.status_events)
        whisper = document.resolve(number.url) if number.url else ""
        leg = CalleeLeg(caller, self.parties.get(number.number, Party()), progress, whisper, number.method)
        self.live_calls.add(leg)
        return leg

    def answered(self, caller: Call, leg: CalleeLeg) -> tuple[Call, CalleeLine]:
        """Return the leg of a callee who picks up as one on which TwiML can be executed, and its line."""
        log = CallLog(leg.form.call_sid)
        caller.log.callees.append(log)
        person = leg.party.person(caller.line.position_ms)
        line = CalleeLine(person, log, Mouth(), caller.line)
        call = self._leg(leg.form, line, caller.faults, caller.chance, teller=caller.teller)
        call.is_whisper = True
        call.status = CallStatus.IN_PROGRESS
        return call, line

    def _leg(
        self, form: CallForm, line: Line, faults: Faults, chance: random.Random, teller: Teller | None = None
    ) -> Call:
        def webhooks() -> Webhooks:
            return Webhooks(form, line.log, line.clock, self.sending, twice=faults.repeat_webhooks)

        return Call(
            form=form,
            line=line,
            webhooks=webhooks(),
            teller=teller or Teller(webhooks()),
            switchboard=self,
            route=self.sending.route,
            signer=self.sending.signer,
            recordings=self.recordings,
            network=self.network,
            faults=faults,
            chance=chance,
            fallback_url="" if teller else self.fallback_url,
            keeps_silent_recordings=self.keeps_silent_recordings,
        )
