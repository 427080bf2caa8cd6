"""The carrier: places calls to a running server and keeps what they share.

Each call lives in the thread that places it.
"""

from __future__ import annotations

import itertools
import random
from functools import partial
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin

from voicebot.simulate.carrier.api import Api
from voicebot.simulate.carrier.client import Sending
from voicebot.simulate.carrier.clock import RunningClock
from voicebot.simulate.carrier.entries import Ended, EndReason, Entry
from voicebot.simulate.carrier.executor import run
from voicebot.simulate.carrier.faults import Faults
from voicebot.simulate.carrier.forms import CallForm, CallStatus, new_sid
from voicebot.simulate.carrier.line import CallOver
from voicebot.simulate.carrier.live_calls import LiveCalls
from voicebot.simulate.carrier.log import CallLog
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.simulate.carrier.network import Network
from voicebot.simulate.carrier.overrides import Limits
from voicebot.simulate.carrier.progress import Happening, Progress
from voicebot.simulate.carrier.recordings import Recordings
from voicebot.simulate.carrier.route import Route
from voicebot.simulate.carrier.signing import Signer
from voicebot.simulate.carrier.switchboard import Switchboard

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voicebot.simulate.carrier.call import Call
    from voicebot.simulate.carrier.callee import Party
    from voicebot.simulate.carrier.caller import Caller
    from voicebot.simulate.carrier.clock import Clock

_NEVER = float("inf")
_NO_FAULTS = Faults()
_LIMITS = Limits()
_NETWORK = Network()


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
        clock: Callable[[], Clock] | None = None,
        noise_dbfs: float | None = None,
        network: Network = _NETWORK,
        parties: Mapping[str, Party] | None = None,
        recordings_not_ready: int = 0,
        keeps_silent_recordings: bool = False,
        recordings: Recordings | None = None,
        limits: Limits = _LIMITS,
        time_limit_s: float = 600.0,
        seed: int = 0,
    ) -> None:
        """Take the number's settings and start serving the REST API.

        `base_url` is where the server listens, `public_url` what it believes to be reached as (signed; the same by
        default). The three webhook URLs may be relative to it; without a fallback or status URL there is none. `speed`
        lets the time of a call run faster than real time (20 ms of audio every 20/speed ms), `clock` makes each call's
        clock instead. `noise_dbfs` is the level of the noise on the caller's side, `network` how its frames travel.
        `parties` are those whom Dial may reach, by number. The first `recordings_not_ready` fetches of each recording
        are 404; `keeps_silent_recordings` says which of two documented ways Record goes. `recordings` are those of
        another carrier of the same account, whose REST API serves them. A call is cut after `time_limit_s` seconds.
        """
        public = public_url or base_url
        self._account_sid = account_sid
        self._voice_url = urljoin(public, voice_url)
        self._status_url = "" if status_url is None else urljoin(public, status_url)
        self._clock = clock or partial(RunningClock, speed)
        self._noise_dbfs = noise_dbfs
        self._time_limit_ms = time_limit_s * 1000
        self._seed = seed
        self._calls = itertools.count()
        own_recordings = Recordings(not_ready=recordings_not_ready)
        self.recordings = recordings or own_recordings
        live_calls = LiveCalls()
        self._api = Api(account_sid, auth_token, [own_recordings, live_calls])
        own_recordings.address = partial(self._api.address, own_recordings)
        self._switchboard = Switchboard(
            Sending(Route(base_url, public), Signer(auth_token), limits),
            self.recordings,
            live_calls,
            dict(parties or {}),
            network,
            "" if fallback_url is None else urljoin(public, fallback_url),
            keeps_silent_recordings,
        )

    def __enter__(self) -> Self:
        """Return the carrier, which is closed at the end."""
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Stop serving the REST API."""
        self._api.close()

    @property
    def api_url(self) -> str:
        """Where the REST API is: what stands for https://api.twilio.com."""
        return self._api.url

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
        happens, from this thread or the one that sends callbacks.
        """
        chance = random.Random(f"{self._seed}-{next(self._calls)}")
        form = CallForm(self._account_sid, new_sid("CA"), from_number, to_number, call_token=new_sid(""))
        cut_at_ms = {
            EndReason.TIME_LIMIT: self._time_limit_ms,
            EndReason.CALLER_HUNG_UP: _NEVER if faults.hang_up_at_ms is None else faults.hang_up_at_ms,
        }
        log, mouth = CallLog(form.call_sid, watch), Mouth(self._noise_dbfs, chance.getrandbits(32))
        call = self._switchboard.caller(caller, form, log, self._clock(), mouth, faults, chance, cut_at_ms)
        try:
            run(call, self._voice_url)
        except CallOver as over:
            self._end(call, over.reason)
        finally:
            call.webhooks.close()
            call.teller.close()
        return log

    def _end(self, call: Call, reason: EndReason) -> None:
        """Note that the call is over, and tell its status callback, and what else the faults want told."""
        call.log.add(Ended(call.line.clock.now_ms(), reason))
        call.status = _final(call.status, reason)
        duration_s, late = round(call.line.position_ms / 1000), call.faults.late_status
        sequence = itertools.count(1 if late else 0)
        Progress(call.form, call.teller, self._status_url, sequence=sequence).tell(
            Happening.COMPLETED, call.status, duration_s
        )
        if late:
            Progress(call.form, call.teller, self._status_url).tell(Happening.COMPLETED, late, duration_s)


def _final(status: CallStatus, reason: EndReason) -> CallStatus:
    """Return how a call ends that was doing this when it was over for that reason."""
    if status.is_over:
        return status
    if status is CallStatus.IN_PROGRESS or reason is EndReason.APPLICATION_ERROR:
        return CallStatus.COMPLETED
    return CallStatus.CANCELED if reason is EndReason.ENDED_BY_API else CallStatus.NO_ANSWER
