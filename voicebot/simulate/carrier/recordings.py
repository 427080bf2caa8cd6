"""Recordings, as a server fetches and deletes them over REST.

GET (with .wav or without) and DELETE of Recordings/{RecordingSid}. Source: twilio.com/docs/voice/api/recording.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING

from voicebot.simulate.carrier.api import Api, Reply
from voicebot.simulate.carrier.audio import to_wav

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass
class _Recording:
    wav: bytes
    not_ready: int
    """How many more times it is not there yet."""


class Recordings:
    """The recordings of all calls of a carrier; used by their threads and by those of the API."""

    name = "Recordings"

    def __init__(self, *, not_ready: int = 0) -> None:
        """Each recording is 404 for its first `not_ready` fetches: Twilio's are not ready at once."""
        self._not_ready = not_ready
        self._lock = threading.Lock()
        self._kept: dict[str, _Recording] = {}
        self.fetched: list[str] = []
        """Sids of the recordings fetched, in order."""
        self.deleted: list[str] = []
        """Sids of the recordings deleted, in order."""
        self.address: Callable[[str], str] = str
        """Makes the address of a recording."""

    @property
    def kept(self) -> list[str]:
        """Sids of the recordings that nobody deleted."""
        return list(self._kept)

    def keep(self, sid: str, mulaw: bytes) -> str:
        """Keep a recording; return its RecordingUrl."""
        with self._lock:
            self._kept[sid] = _Recording(to_wav(mulaw), self._not_ready)
        return self.address(sid)

    def reply(self, method: str, sid: str, form: Mapping[str, str]) -> Reply:  # noqa: ARG002 -- none has a form
        """Serve or delete one."""
        sid = sid.removesuffix(".wav")
        with self._lock:
            if method == "GET":
                return self._fetch(sid)
            if method == "DELETE" and self._kept.pop(sid, None) is not None:
                self.deleted.append(sid)
                return Reply(HTTPStatus.NO_CONTENT)
        return Reply.not_found()

    def _fetch(self, sid: str) -> Reply:
        recording = self._kept.get(sid)
        if recording is None:
            return Reply.not_found()
        if recording.not_ready:
            recording.not_ready -= 1
            return Reply.not_found()
        self.fetched.append(sid)
        return Reply(HTTPStatus.OK, recording.wav, "audio/x-wav")


class RecordingServer(Recordings):
    """Recordings served by themselves, without a carrier."""

    def __init__(self, account_sid: str, auth_token: str, *, not_ready: int = 0) -> None:
        """Start serving."""
        super().__init__(not_ready=not_ready)
        self._api = Api(account_sid, auth_token, [self])
        self.address = lambda sid: self._api.address(self, sid)

    @property
    def url(self) -> str:
        """Return the server's address, to use in place of https://api.twilio.com."""
        return self._api.url

    def close(self) -> None:
        """Stop serving."""
        self._api.close()
