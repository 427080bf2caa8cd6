"""The carrier: places calls to a running server and keeps what they share.

Each call lives in the thread that places it.
"""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from voicebot.simulate.carrier.call import Call, new_sid
from voicebot.simulate.carrier.entries import Ended, EndReason, Entry, Purpose
from voicebot.simulate.carrier.executor import run
from voicebot.simulate.carrier.faults import Faults
from voicebot.simulate.carrier.forms import CallForm
from voicebot.simulate.carrier.line import CallOver, Clock, Line
from voicebot.simulate.carrier.log import CallLog
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.simulate.carrier.recordings import RecordingServer
from voicebot.simulate.carrier.route import Route
from voicebot.simulate.carrier.signing import Signer
from voicebot.simulate.carrier.webhooks import Limits, Sending, Webhooks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voicebot.simulate.carrier.caller import Caller
    from voicebot.simulate.carrier.dial import Party

_NEVER = float("inf")
_NO_FAULTS = Faults()
_LIMITS = Limits()


class Carrier:
    """A telephone network with one number on it, whose webhooks lead to the server under test."""

    def __init__(
        self,
        base_url: str,
        auth_token: str,
        account_sid: str = "AC" + "0" * 32,
        *,
        public_url: str | None = None,
        voice_url: str = "/voice/incoming",
        fallback_url: str | None = None,
        status_url: str | None = None,
        speed: float = 1.0,
        noise_dbfs: float | None = None,
        parties: Mapping[str, Party] | None = None,
        recordings_not_ready: int = 0,
        limits: Limits = _LIMITS,
        time_limit_s: float = 600.0,
        seed: int = 0,
    ) -> None:
        """Take the number's settings and start serving recordings.

        `base_url` is where the server listens, `public_url` what it believes to be reached as (signed; the same by
        default). The three webhook URLs may be relative to it; without a fallback or status URL there is none. `speed`
        lets the time of a call run faster than real time (20 ms of audio every 20/speed ms). `noise_dbfs` is the level
        of the noise on the caller's side. `parties` are those whom Dial may reach, by number. The first
        `recordings_not_ready` fetches of each recording are 404. A call is cut after `time_limit_s` seconds.
        """
        self._sending = Sending(Route(base_url, public_url or base_url), Signer(auth_token), limits)
        self._account_sid = account_sid
        self._urls = {
            purpose: urljoin(public_url or base_url, url)
            for purpose, url in (
                (Purpose.VOICE, voice_url),
                (Purpose.FALLBACK, fallback_url),
                (Purpose.STATUS, status_url),
            )
            if url is not None
        }
        self._speed = speed
        self._noise_dbfs = noise_dbfs
        self._parties = dict(parties or {})
        self._time_limit_ms = time_limit_s * 1000
        self._seed = seed
        self._calls = itertools.count()
        self.recordings = RecordingServer(account_sid, auth_token, not_ready=recordings_not_ready)

    def __enter__(self) -> Self:
        """Return the carrier, which is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving recordings."""
        self.recordings.close()

    @property
    def api_url(self) -> str:
        """Where recordings are served: what stands for https://api.twilio.com."""
        return self.recordings.url

    def place_call(
        self,
        caller: Caller,
        from_number: str = "+16515550123",
        to_number: str = "+16515550100",
        *,
        faults: Faults = _NO_FAULTS,
        watch: Callable[[Entry], None] | None = None,
    ) -> CallLog:
        """Call the number; return what happened once the call is over.

        Blocks for the length of the call: calls side by side need a thread each. `watch` is told what happens as it
        happens, from this thread.
        """
        number = next(self._calls)
        chance = random.Random(f"{self._seed}-{number}")
        form = CallForm(self._account_sid, new_sid("CA"), from_number, to_number, call_token=new_sid(""))
        log, clock = CallLog(form.call_sid, watch), Clock(self._speed)
        cut_at_ms = {
            EndReason.TIME_LIMIT: self._time_limit_ms,
            EndReason.CALLER_HUNG_UP: _NEVER if faults.hang_up_at_ms is None else faults.hang_up_at_ms,
        }
        line = Line(caller, log, clock, Mouth(self._noise_dbfs, chance.getrandbits(32)), cut_at_ms=cut_at_ms)
        webhooks = Webhooks(
            form,
            log,
            clock,
            self._sending,
            fallback_url=self._urls.get(Purpose.FALLBACK, ""),
            twice=faults.repeat_webhooks,
        )
        call = Call(
            form,
            line,
            webhooks,
            self._sending.route,
            self._sending.signer,
            self.recordings,
            self._parties,
            faults,
            chance,
        )
        try:
            run(call, self._urls[Purpose.VOICE])
        except CallOver as over:
            log.add(Ended(clock.now_ms(), over.reason))
            self._report(call, over.reason)
        finally:
            webhooks.close()
        return log

    def _report(self, call: Call, reason: EndReason) -> None:
        """Tell the status callback that the call is over, and what else the faults want told."""
        url = self._urls.get(Purpose.STATUS)
        if url is None:
            return
        final = "busy" if reason is EndReason.REJECTED else "completed"
        told = [(final, 1)] + ([(call.faults.late_status, 0)] if call.faults.late_status else [])
        duration_s = round(call.line.position_ms / 1000)
        for status, sequence in told:
            form = call.form.status(status, sequence, duration_s, datetime.now(UTC))
            call.webhooks.tell(url, Purpose.STATUS, form)
