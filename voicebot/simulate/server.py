"""The server that calls over the wire reach: one that runs already, or a child process with data of its own."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

import requests

from voicebot.dialog.effects import Target
from voicebot.errors import Exit, VoicebotError
from voicebot.simulate.carrier import Carrier, Party
from voicebot.storage.engine import open_engine
from voicebot.storage.private import private_file
from voicebot.storage.sql_store import SqlStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from voicebot.simulate.carrier.recordings import Recordings
    from voicebot.storage.store import CallStore

LINE_NUMBER = "+16515550100"
NUMBERS = {
    Target.SCHEDULING: "+16515550101",
    Target.FRONT_DESK: "+16515550102",
    Target.NURSE: "+16515550103",
    Target.AFTER_HOURS: "+16515550104",
}
"""Numbers that are kept free for fiction (555-0100 to 555-0199)."""
ACCOUNT_SID = "AC" + "0" * 32
START_S = 300
"""The first start renders every prompt."""
STOP_S = 5
_SHARED_SETTINGS = frozenset({"VOICEBOT_RULES", "VOICEBOT_MODEL"})
"""What a child process takes over from this one's environment; all else that is set there is for another service."""


@dataclass(frozen=True, slots=True)
class ServerUnderTest:
    """A running server, and where its calls are kept."""

    url: str
    """Where it listens."""
    public_url: str
    """What it believes to be reached as."""
    auth_token: str
    numbers: Mapping[Target, str]
    """Whom it puts callers through to."""
    store: CallStore
    speed: float = 1.0
    """Calls to it go so many times as fast as real ones; with another than 1, times measured on them mean nothing."""


def connect(
    server: ServerUnderTest,
    *,
    noise_dbfs: float | None = None,
    parties: Mapping[str, Party] | None = None,
    recordings: Recordings | None = None,
    seed: int = 0,
) -> Carrier:
    """Return a carrier whose number leads to `server`, with all its webhooks; see Carrier for the rest."""
    return Carrier(
        server.url,
        server.auth_token,
        ACCOUNT_SID,
        public_url=server.public_url,
        fallback_url="/voice/fallback",
        status_url="/voice/status",
        noise_dbfs=noise_dbfs,
        parties=parties,
        recordings=recordings,
        seed=seed,
        speed=server.speed,
    )


@contextmanager
def own_server(
    data_dir: Path, *, speed: float = 1.0, closed: Iterable[Target] = (), settings: Mapping[str, str] | None = None
) -> Iterator[tuple[ServerUnderTest, Carrier]]:
    """Run a server of our own with its data in `data_dir` until the end of the block, and a carrier that leads to it.

    The desks that are `closed` are so at any hour; `settings` are more of its environment variables. For the main
    thread: whatever signal ends this process ends the server, too. Raises VoicebotError `server_failed` with what the
    server wrote when it cannot take calls, or ended before its time.
    """
    process = _Process(data_dir, {**_hours(data_dir, closed), **(settings or {})})
    store = SqlStore(open_engine(f"sqlite:///{data_dir / 'voicebot.db'}"))
    server = ServerUnderTest(process.url, process.url, process.auth_token, NUMBERS, store, speed)
    try:
        with _ended_in_order(), connect(server) as carrier, process.running(carrier.api_url):
            yield server, carrier
    finally:
        store.close()


def _hours(data_dir: Path, closed: Iterable[Target]) -> dict[str, str]:
    """Return the setting that closes these desks; a desk without a day in the file of hours is never open."""
    if not (desks := "".join(f"  {desk}: {{}}\n" for desk in sorted(closed))):
        return {}
    file = data_dir / "hours.yaml"
    file.write_text(f"time_zone: America/Chicago\ndesks:\n{desks}")
    return {"VOICEBOT_HOURS": str(file)}


@contextmanager
def _ended_in_order() -> Iterator[None]:
    """Turn the signals that end a process into KeyboardInterrupt, so that every block is left as it should be."""
    before = {number: signal.signal(number, signal.default_int_handler) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class _Process:
    """`voicebot serve`; its address and token are settled before it runs."""

    def __init__(self, data_dir: Path, settings: Mapping[str, str]) -> None:
        self._settings = settings
        self.auth_token = secrets.token_hex(16)
        self.url = f"http://127.0.0.1:{_free_port()}"
        self._data_dir = data_dir
        self._stderr = data_dir / "server.log"

    @contextmanager
    def running(self, api_url: str) -> Iterator[subprocess.Popen[bytes]]:
        """Run it until the end of the block; `api_url` is where the carrier serves recordings."""
        command = [sys.executable, "-m", "voicebot", "serve"]
        with private_file(self._stderr).open("wb") as stderr:
            process = subprocess.Popen(  # noqa: S603 - our own command
                command, env=self._environment(api_url), stdout=stderr, stderr=stderr, start_new_session=True
            )
        try:
            self._await_health(process)
            yield process
            if process.poll() is not None:
                raise self._failed("The server ended during the calls:")
        finally:
            _stop(process)

    def _environment(self, api_url: str) -> dict[str, str]:
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith("VOICEBOT_") or name in _SHARED_SETTINGS
        }
        return inherited | {
            "VOICEBOT_DATA_DIR": str(self._data_dir),
            "VOICEBOT_LINE_NUMBER": LINE_NUMBER,
            **{f"VOICEBOT_{target.upper()}_NUMBER": number for target, number in NUMBERS.items()},
            "VOICEBOT_PORT": self.url.rpartition(":")[2],
            "VOICEBOT_PUBLIC_URL": self.url,
            "VOICEBOT_TWILIO_AUTH_TOKEN": self.auth_token,
            "VOICEBOT_TWILIO_ACCOUNT_SID": ACCOUNT_SID,
            "VOICEBOT_TWILIO_API_URL": api_url,
            "VOICEBOT_ALLOW_UNAPPROVED_RULES": "true",
            **self._settings,
        }

    def _failed(self, message: str) -> VoicebotError:
        """Return the error with the last lines that the server wrote."""
        written = self._stderr.read_text(errors="replace").splitlines()[-20:]
        return VoicebotError("server_failed", message, "\n".join(written), Exit.CANNOT_RUN)

    def _await_health(self, process: subprocess.Popen[bytes]) -> None:
        deadline = time.monotonic() + START_S
        while time.monotonic() < deadline and process.poll() is None:
            try:
                if requests.get(f"{self.url}/healthz", timeout=2).ok:
                    return
            except requests.RequestException:
                time.sleep(0.1)
        raise self._failed("The server did not start:")


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the server and its worker. With calls still open it is not waited for: all that matters was committed."""
    process.terminate()
    try:
        process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
    return port
