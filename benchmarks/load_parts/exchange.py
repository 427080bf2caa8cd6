"""Places calls the carrier's way: signed webhooks, TwiML, the stream it leads to. What is said on it is the caller's.

Only what a call needs whose stream does not break: what follows the stream is asked for and not carried out.
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from benchmarks.load_parts.crowd import Leg
from benchmarks.load_parts.stream import Stream
from benchmarks.load_parts.wire import Wire
from voicebot.simulate.carrier.client import HttpClient, Sending
from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.forms import CallForm, new_sid
from voicebot.simulate.carrier.frames import StreamIds
from voicebot.simulate.carrier.mouth import Mouth
from voicebot.simulate.carrier.overrides import Limits
from voicebot.simulate.carrier.route import Route
from voicebot.simulate.carrier.signing import Signer
from voicebot.simulate.carrier.twiml import parse
from voicebot.simulate.carrier.verbs.connect import Connect

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from voicebot.simulate.carrier.caller import Caller
    from voicebot.simulate.carrier.client import Attempt
    from voicebot.simulate.server import ServerUnderTest

ACCOUNT_SID = "AC" + "0" * 32
LINE_NUMBER = "+16515550100"
NOISE_DBFS = -60.0
"""A quiet line is no digital silence."""


@dataclass
class Webhooks:
    """The webhooks that were answered: how long each took, in ms, by path."""

    took_ms: dict[str, list[float]] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)

    def note(self, attempt: Attempt, _form: Mapping[str, str]) -> None:
        """Take one attempt."""
        if attempt.status is None or attempt.status >= 400:  # noqa: PLR2004 - HTTP's errors
            self.failed.append(f"{attempt.path}: {attempt.status}")
        self.took_ms.setdefault(attempt.path, []).append(attempt.took_ms)


class Exchange:
    """Places the calls of a load test; safe to use from several threads."""

    def __init__(
        self, server: ServerUnderTest, caller: Callable[[int], Caller], noise_dbfs: float = NOISE_DBFS
    ) -> None:
        """Take the server, and who makes call number so and so; `noise_dbfs` is the level of the noise behind them."""
        self._public_url = server.public_url
        self._signer = Signer(server.auth_token)
        self._sending = Sending(Route(server.url, server.public_url), self._signer, Limits())
        self._caller, self._noise_dbfs = caller, noise_dbfs
        self._forms: dict[str, CallForm] = {}
        self._began_s: dict[str, float] = {}
        self.webhooks = Webhooks()

    def begin(self, number: int) -> Leg:
        """Place a call and open its stream. Raises CarrierError when it is not offered one, WireBroken."""
        chance = random.Random(number)
        form = CallForm(ACCOUNT_SID, new_sid("CA"), f"+1651555{chance.randrange(10000):04}", LINE_NUMBER, new_sid(""))
        caller = self._caller(number)
        url = urljoin(self._public_url, "/voice/incoming")
        document = parse(self._ask(url, form.voice("ringing", {})), url)
        connect = next((verb for verb in document.verbs if isinstance(verb, Connect)), None)
        if connect is None:
            raise CarrierError(ErrorCode.STREAM_REFUSED, "the call was offered no stream")
        address = connect.stream.address(document)
        wire = Wire(self._sending.route.to(address).url, self._signer.stream(address))
        now_s = time.monotonic()
        self._forms[form.call_sid], self._began_s[form.call_sid] = form, now_s
        ids = StreamIds(ACCOUNT_SID, form.call_sid, new_sid("MZ"))
        mouth = Mouth(self._noise_dbfs, chance.getrandbits(32))
        return Leg(form.call_sid, wire, Stream(caller, ids, mouth, now_s), dict(connect.stream.parameters))

    def end(self, call_sid: str, how: str) -> None:
        """Ask what follows the stream, unless the caller is gone, and tell that the call is over."""
        form = self._forms.pop(call_sid)
        duration_s = round(time.monotonic() - self._began_s.pop(call_sid))
        try:
            if how == "closed":
                self._ask(urljoin(self._public_url, "/voice/resume"), form.voice("in-progress", {}))
            over = form.progress("completed", 0, datetime.now(UTC), duration_s)
            self._ask(urljoin(self._public_url, "/voice/status"), over)
        except CarrierError:
            pass  # noted by its status

    def _ask(self, url: str, form: Mapping[str, str]) -> bytes:
        client = HttpClient(self._sending, self.webhooks.note)
        try:
            return client.ask("POST", url, form).body
        finally:
            client.close()
