"""Fetches what the carrier recorded and deletes the carrier's copy. Understands nothing of what is in it."""

from __future__ import annotations

import re
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import requests
import structlog
from tenacity import RetryError, Retrying, retry_if_exception_type, stop_after_attempt, stop_after_delay, wait_fixed

from voicebot.errors import VoicebotError
from voicebot.speech.audio import read_audio
from voicebot.speech.codec import encode

if TYPE_CHECKING:
    from voicebot.config import Settings

FETCH_BUDGET_S = 6
"""A recording is often not ready when its webhook comes; the whole webhook must be answered within 15 s."""
RETRY_EVERY_S = 0.4
TIMEOUT_S = (2, 3)
"""To connect, and between two pieces of the answer."""
MAX_BYTES = 2 * 1024 * 1024
"""Ten seconds of 16-bit telephone sound are 160 kB."""

_PASSING = {requests.codes.not_found, requests.codes.too_many_requests}
"""Answers that may change; those of 500 and above may, too."""

_log = structlog.get_logger()


class _NotReadyError(Exception):
    """The recording may be there at the next attempt."""


class Recordings:
    """The recordings of our own account at the carrier."""

    def __init__(self, settings: Settings, budget_s: float = FETCH_BUDGET_S) -> None:
        folder = f"{settings.twilio_api_url}/2010-04-01/Accounts/{settings.twilio_account_sid}/Recordings/"
        self._ours = re.compile(re.escape(folder) + "[A-Za-z0-9]+")
        self._auth = (settings.twilio_account_sid or "", next(iter(settings.auth_tokens), ""))
        self._scratch = settings.audio_dir
        self._budget_s = budget_s

    def fetch(self, url: str) -> bytes:
        """Return the recording at `url` as mu-law, 8 kHz.

        Raises VoicebotError `recording_foreign` for an address that is not our account's (our token is sent there),
        `recording_unavailable` when it cannot be had in time, `audio_unreadable` when it is no sound.
        """
        self._check(url)
        try:
            for attempt in Retrying(
                retry=retry_if_exception_type((_NotReadyError, requests.RequestException)),
                stop=stop_after_delay(self._budget_s),
                wait=wait_fixed(RETRY_EVERY_S),
            ):
                with attempt:
                    return self._decode(self._get(url))
        except RetryError:
            pass
        raise VoicebotError("recording_unavailable", "A recording could not be fetched in time.")

    def delete(self, url: str) -> None:
        """Delete the carrier's copy; tried twice. A copy that stays there is logged, the call goes on."""
        try:
            self._check(url)
            for attempt in Retrying(
                stop=stop_after_attempt(2), retry=retry_if_exception_type(requests.RequestException)
            ):
                with attempt:
                    answer = requests.delete(url, auth=self._auth, timeout=TIMEOUT_S, allow_redirects=False)
                    if answer.status_code not in {requests.codes.no_content, requests.codes.not_found}:
                        raise requests.HTTPError
        except RetryError:
            _log.error("recording_not_deleted", code="recording_not_deleted")
        except VoicebotError as error:
            _log.error("recording_not_deleted", code=error.code)

    def _check(self, url: str) -> None:
        if not self._ours.fullmatch(url):
            raise VoicebotError(
                "recording_foreign",
                "A recording lies outside our own account.",
                "Check VOICEBOT_TWILIO_ACCOUNT_SID and VOICEBOT_TWILIO_API_URL.",
            )

    def _get(self, url: str) -> bytes:
        with requests.get(url, auth=self._auth, timeout=TIMEOUT_S, stream=True, allow_redirects=False) as answer:
            if answer.status_code in _PASSING or answer.status_code >= requests.codes.server_error:
                raise _NotReadyError
            if answer.status_code != requests.codes.ok:
                raise VoicebotError("recording_unavailable", "The carrier does not hand out a recording.")
            body = b""
            for piece in answer.iter_content(64 * 1024):
                body += piece
                if len(body) > MAX_BYTES:
                    raise VoicebotError("recording_unavailable", "A recording is too long.")
            return body

    def _decode(self, body: bytes) -> bytes:
        with tempfile.NamedTemporaryFile(dir=self._scratch, suffix=".wav") as file:
            file.write(body)
            file.flush()
            return encode(read_audio(Path(file.name)))
