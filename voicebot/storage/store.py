"""The contract of a store, written down once. SqlStore keeps it on disk, MemoryStore in memory; one test suite."""

from __future__ import annotations

import hmac
import secrets
import uuid
from abc import ABC, abstractmethod
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from voicebot.calls.outcome import Outcome
from voicebot.calls.record import read_record
from voicebot.dialog.effects import CallBack
from voicebot.dialog.events import Heard, SecondThought, is_event
from voicebot.errors import VoicebotError
from voicebot.storage.rows import CallBackRow, CallRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from voicebot.calls.entries import Entry
    from voicebot.calls.snapshot import RuleSetSnapshot
    from voicebot.dialog.events import Channel
    from voicebot.storage.rows import AudioFile, PageRow

STREAM_TOKEN_LIFE = timedelta(seconds=60)
"""The carrier opens the media stream at once; a token older than this was not meant for it."""


class CallStore(ABC):
    """Calls, their records, their sound. Every method is safe to use from several threads.

    Any method raises VoicebotError `store_failed` when the disk or database refuses; then nothing was changed.
    """

    @abstractmethod
    def close(self) -> None:
        """Let go of connections; the next use makes new ones. Call it before a fork: none may be shared."""

    # Records

    @abstractmethod
    def append(self, call_id: str, entries: Sequence[Entry]) -> None:
        """Add `entries`, consecutive and next in the call's record, in one durable commit.

        A call back among them is noted (see `call_backs`) in the same commit; of several the last holds. So are pages
        to staff (see `pages`), every one.
        Raises VoicebotError `record_conflict` when they are not the next ones (another process wrote first) and
        `unknown_call`.
        """

    @abstractmethod
    def finish(self, call_id: str, entries: Sequence[Entry], ended_at: datetime) -> None:
        """Add `entries` as `append` does, and mark the call as over in the same commit, as `close_call` does.

        A call that was over already stays as it ended. Raises as `append` does.
        """

    @abstractmethod
    def load(self, call_id: str) -> list[Entry]:
        """Return the call's record in order; raises VoicebotError `unknown_call`."""

    @abstractmethod
    def delete_words(self, call_id: str) -> None:
        """Forget what the caller said, word for word; meanings and decisions stay."""

    # Calls

    @abstractmethod
    def add_call(
        self, call: CallRow, ruleset: RuleSetSnapshot, record: Sequence[Entry] = (), mark: str | None = None
    ) -> None:
        """Add a call with what its record begins with, in one durable commit, and the rules it runs by.

        `mark` is that of the telephone it comes from (see `latest_from`). Raises VoicebotError `call_exists` for a
        known call_id or call_sid.
        """

    @abstractmethod
    def call(self, call_id: str) -> CallRow:
        """Return the call; raises VoicebotError `unknown_call`."""

    @abstractmethod
    def find_by_sid(self, call_sid: str) -> CallRow | None:
        """Return the call known outside as `call_sid`, if there is one."""

    @abstractmethod
    def spend_stream_token(self, call_id: str, now: datetime) -> bool:
        """Mark the call's stream token as used; False when it was used before."""

    @abstractmethod
    def end_call(self, call_id: str, ended_at: datetime, outcome: Outcome, urgency: int | None) -> bool:
        """Mark the call as over; False when it was over already, and then nothing changes."""

    @abstractmethod
    def live_calls(self, since: datetime) -> int:
        """Count the calls that are not over and of which something happened at `since` or later.

        Visits to the web form hold no line, so they do not count: no crowd there may keep a caller out.
        """

    @abstractmethod
    def list_calls(self, limit: int = 50, before: str | None = None) -> list[CallRow]:
        """Return the newest calls first, at most `limit`; with `before`, those older than that call_id."""

    @abstractmethod
    def open_calls(self) -> list[str]:
        """Return the ids of the calls that are not over."""

    @abstractmethod
    def call_ids(self) -> list[str]:
        """Return the ids of all calls, oldest first."""

    # What belongs to a call

    @abstractmethod
    def ruleset(self, sha256: str) -> RuleSetSnapshot:
        """Return the kept rule set; raises VoicebotError `unknown_ruleset`."""

    @abstractmethod
    def add_audio(self, files: Sequence[AudioFile]) -> None:
        """Note recorded files, all or none; raises VoicebotError `unknown_call`."""

    @abstractmethod
    def audio(self, call_id: str) -> list[AudioFile]:
        """Return the call's recorded files in the order they were begun, the caller's before the line's."""

    @abstractmethod
    def forget_audio(self, call_id: str) -> None:
        """Drop the notes of the call's recorded files; the files are the caller's to delete."""

    # Call backs

    @abstractmethod
    def give_number(self, call_id: str, number: str) -> None:
        """Note the number a caller keyed in (E.164), to be called back at instead of the one shown.

        It is forgotten at the end of the call, unless staff were asked to call back by then.
        """

    @abstractmethod
    def call_backs(self, *, done: bool = False) -> list[CallBackRow]:
        """Return who is to be called back, or with `done` who was, the first to ask first."""

    @abstractmethod
    def keep_number(self, call_id: str, number: str) -> bool:
        """Note the number to call back; False when there is nobody to be called, or a number is known already."""

    @abstractmethod
    def call_back_done(self, call_id: str, now: datetime) -> bool:
        """Mark a call back as done and forget the number; False when there is none to be done."""

    # Who calls again

    @abstractmethod
    def latest_from(self, mark: str, at: datetime) -> CallRow | None:
        """Return the latest call that was added with the `mark` of one telephone, if it is known at the time `at`.

        A mark is told no more KEPT_FOR later (see `voicebot.storage.callers`), and forgotten with the next call that
        has one.
        """

    # Pages to staff

    @abstractmethod
    def pages(self, *, open_only: bool = True) -> list[PageRow]:
        """Return the pages that nobody has acknowledged, or all of them, the oldest first."""

    @abstractmethod
    def acknowledge_page(self, page_id: str, by: str, at: datetime) -> bool:
        """Note that the member of staff `by` has seen to a page; False when there is no such open page."""

    @abstractmethod
    def unsent_pages(self) -> list[PageRow]:
        """Return the open pages that are still to be sent, the oldest first."""

    @abstractmethod
    def page_sent(self, page_id: str, at: datetime) -> bool:
        """Note that a page was delivered; False when there is no such page still to be sent."""

    # The same for every store

    def start_call(
        self,
        *,
        channel: Channel,
        started_at: datetime,
        ruleset: RuleSetSnapshot,
        call_sid: str | None = None,
        call_id: str | None = None,
        record: Sequence[Entry] = (),
        mark: str | None = None,
    ) -> CallRow:
        """Add a new call under `call_id` (random when left out) and return it; see `add_call`.

        Raises VoicebotError `call_exists` for a known call_id or call_sid.
        """
        call = CallRow(
            call_id=call_id or uuid.uuid4().hex,
            call_sid=call_sid,
            channel=channel,
            started_at=started_at,
            last_event_at=started_at,
            ruleset_sha256=ruleset.sha256,
            stream_token=secrets.token_urlsafe(16),
        )
        self.add_call(call, ruleset, record, mark)
        return call

    def incoming(
        self,
        call_sid: str,
        *,
        channel: Channel,
        started_at: datetime,
        ruleset: RuleSetSnapshot,
        record: Sequence[Entry] = (),
        mark: str | None = None,
    ) -> CallRow:
        """Return the carrier's call, added if it is new (see `add_call`); the same webhook again changes nothing."""
        try:
            return self.start_call(
                channel=channel, started_at=started_at, ruleset=ruleset, call_sid=call_sid, record=record, mark=mark
            )
        except VoicebotError as error:
            # The carrier's second attempt may be answered by another thread or process at the same moment.
            if error.code == "call_exists" and (found := self.find_by_sid(call_sid)):
                return found
            raise

    def use_stream_token(
        self, call_sid: str, token: str, now: datetime, max_age: timedelta = STREAM_TOKEN_LIFE
    ) -> CallRow | None:
        """Return the call whose media stream `token` opens, or None: it opens one stream, and only while fresh."""
        call = self.find_by_sid(call_sid)
        if call is None or not hmac.compare_digest(call.stream_token.encode(), token.encode()):
            return None
        if now - call.started_at > max_age or not self.spend_stream_token(call.call_id, now):
            return None
        return call

    def close_call(self, call_id: str, ended_at: datetime) -> bool:
        """Mark the call as over, with the outcome its record tells; False when it was over already.

        Raises VoicebotError `unknown_call`.
        """
        return self.end_call(call_id, ended_at, *how_it_ended(self.load(call_id)))


def how_it_ended(record: Sequence[Entry]) -> tuple[Outcome, int | None]:
    """Return outcome and urgency of a call that is over, as its whole record tells them."""
    told = read_record(record)
    return told.outcome or Outcome.FAILED, told.urgency


def check_consecutive(entries: Sequence[Entry]) -> None:
    """Raise VoicebotError `record_conflict` unless each entry follows the one before it."""
    for place, entry in enumerate(entries, entries[0].seq):
        if entry.seq != place:
            raise record_conflict()


def event_time(started_at: datetime, entries: Sequence[Entry]) -> datetime | None:
    """Return when the last event among `entries` of a call begun at `started_at` happened; None without an event."""
    latest_ms = next((entry.message.at_ms for entry in reversed(entries) if is_event(entry.message)), None)
    return None if latest_ms is None else started_at + timedelta(milliseconds=latest_ms)


def call_back_in(call_id: str, started_at: datetime, entries: Sequence[Entry]) -> CallBackRow | None:
    """Return the call back that the last of such `entries` asks for or withdraws; None when none tells of one."""
    preferred = next((one.message.preferred for one in reversed(entries) if isinstance(one.message, CallBack)), None)
    if preferred is None:
        return None
    return CallBackRow(call_id, event_time(started_at, entries) or started_at, preferred)


def split_words(entry: Entry) -> tuple[Entry, str | None]:
    """Return the entry without a caller's words, and the words."""
    if isinstance(entry.message, Heard | SecondThought):
        return replace(entry, message=replace(entry.message, words=None)), entry.message.words
    return entry, None


def join_words(entry: Entry, words: str | None) -> Entry:
    """Return the entry with the words that were split from it; None when they were deleted."""
    if words is not None and isinstance(entry.message, Heard | SecondThought):
        return replace(entry, message=replace(entry.message, words=words))
    return entry


def record_conflict() -> VoicebotError:
    """Return the error for entries that are not the next ones of the record."""
    return VoicebotError(
        "record_conflict", "The call's record went on elsewhere.", "Open the call again and go on from there."
    )


def unknown_call() -> VoicebotError:
    """Return the error for a call_id nobody knows."""
    return VoicebotError("unknown_call", "There is no such call.", "`voicebot calls list` shows the calls there are.")


def call_exists() -> VoicebotError:
    """Return the error for a call that is there already."""
    return VoicebotError("call_exists", "There is a call of this id already.", "Use it, or choose another id.")


def unknown_ruleset() -> VoicebotError:
    """Return the error for a rule set that was never kept."""
    return VoicebotError("unknown_ruleset", "The rule set of this call is not stored.", "Name one with --rules.")
