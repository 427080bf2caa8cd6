"""The store in memory: for text simulation and tests, where nothing outlives the process."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from typing_extensions import override

from voicebot.dialog.effects import CallBack, PageStaff, PreferredTime
from voicebot.dialog.events import Channel
from voicebot.storage.callers import KEPT_FOR
from voicebot.storage.pages import pages_in
from voicebot.storage.store import (
    CallStore,
    call_back_in,
    call_exists,
    check_consecutive,
    event_time,
    record_conflict,
    split_words,
    unknown_call,
    unknown_ruleset,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from voicebot.calls.entries import Entry
    from voicebot.calls.outcome import Outcome
    from voicebot.calls.snapshot import RuleSetSnapshot
    from voicebot.storage.rows import AudioFile, CallBackRow, CallRow, PageRow

_FOR_STAFF = {CallBack, PageStaff}
"""What in a record is noted beside it, too."""


class MemoryStore(CallStore):
    """Calls in dictionaries, one lock over all of them."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._calls: dict[str, CallRow] = {}
        self._records: dict[str, list[Entry]] = {}
        self._rulesets: dict[str, RuleSetSnapshot] = {}
        self._audio: dict[str, list[AudioFile]] = {}
        self._spent: set[str] = set()
        self._call_backs: dict[str, CallBackRow] = {}
        self._given_numbers: dict[str, str] = {}
        self._pages: dict[str, PageRow] = {}
        self._callers: dict[str, tuple[str, datetime]] = {}

    @override
    def close(self) -> None:
        """Keep everything: there is nothing but memory."""

    # Records

    @override
    def append(self, call_id: str, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        check_consecutive(entries)
        with self._lock:
            call = self._stored(call_id)
            if entries[0].seq != len(self._records[call_id]):
                raise record_conflict()
            self._add(call, entries)

    @override
    def finish(self, call_id: str, entries: Sequence[Entry], ended_at: datetime) -> None:
        with self._lock:
            self.append(call_id, entries)
            self.close_call(call_id, ended_at)

    def _add(self, call: CallRow, entries: Sequence[Entry]) -> None:
        self._records[call.call_id] += entries
        if any(type(entry.message) in _FOR_STAFF for entry in entries):
            self._note_for_staff(call, entries)

    def _note_for_staff(self, call: CallRow, entries: Sequence[Entry]) -> None:
        if asked := call_back_in(call.call_id, call.started_at, entries):
            self._note_call_back(asked)
        self._pages |= {page.page_id: page for page in pages_in(call.call_id, call.started_at, entries)}

    @override
    def load(self, call_id: str) -> list[Entry]:
        with self._lock:
            self._stored(call_id)
            return list(self._records[call_id])

    @override
    def delete_words(self, call_id: str) -> None:
        with self._lock:
            self._records[call_id] = [split_words(entry)[0] for entry in self._records[call_id]]

    # Calls

    @override
    def add_call(
        self, call: CallRow, ruleset: RuleSetSnapshot, record: Sequence[Entry] = (), mark: str | None = None
    ) -> None:
        with self._lock:
            if call.call_id in self._calls or (call.call_sid is not None and self.find_by_sid(call.call_sid)):
                raise call_exists()
            self._rulesets[ruleset.sha256] = ruleset
            self._calls[call.call_id] = call
            self._records[call.call_id] = []
            self._audio[call.call_id] = []
            self._add(call, record)
            if mark is not None:
                at = call.started_at
                self._callers = {one: known for one, known in self._callers.items() if known[1] >= at - KEPT_FOR}
                self._callers[call.call_id] = (mark, at)

    @override
    def call(self, call_id: str) -> CallRow:
        with self._lock:
            call = self._stored(call_id)
            return replace(call, last_event_at=self._last_event_at(call))

    def _last_event_at(self, call: CallRow) -> datetime:
        latest = next((entry for entry in reversed(self._records[call.call_id]) if entry.is_event), None)
        return event_time(call.started_at, [latest] if latest else []) or call.last_event_at

    def _stored(self, call_id: str) -> CallRow:
        """Return the call as it was stored; when something last happened, its record tells."""
        if call_id not in self._calls:
            raise unknown_call()
        return self._calls[call_id]

    @override
    def find_by_sid(self, call_sid: str) -> CallRow | None:
        with self._lock:
            known = next((call for call in self._calls.values() if call.call_sid == call_sid), None)
            return known and self.call(known.call_id)

    @override
    def spend_stream_token(self, call_id: str, now: datetime) -> bool:
        with self._lock:
            fresh = call_id in self._calls and call_id not in self._spent
            self._spent.add(call_id)
            return fresh

    @override
    def end_call(self, call_id: str, ended_at: datetime, outcome: Outcome, urgency: int | None) -> bool:
        with self._lock:
            call = self._calls.get(call_id)
            if call is None or call.ended_at is not None:
                return False
            self._calls[call_id] = replace(call, ended_at=ended_at, outcome=outcome, urgency=urgency)
            self._given_numbers.pop(call_id, None)
            return True

    @override
    def live_calls(self, since: datetime) -> int:
        with self._lock:
            return sum(
                call.ended_at is None and self._last_event_at(call) >= since and call.channel is not Channel.WEB
                for call in self._calls.values()
            )

    @override
    def list_calls(self, limit: int = 50, before: str | None = None) -> list[CallRow]:
        with self._lock:
            newest_first = [self.call(call_id) for call_id in reversed(self.call_ids())]
            start = 0 if before is None else newest_first.index(self.call(before)) + 1
            return newest_first[start : start + limit]

    @override
    def open_calls(self) -> list[str]:
        with self._lock:
            return [call.call_id for call in self._calls.values() if call.ended_at is None]

    @override
    def call_ids(self) -> list[str]:
        with self._lock:
            return sorted(self._calls, key=lambda call_id: (self._calls[call_id].started_at, call_id))

    # What belongs to a call

    @override
    def ruleset(self, sha256: str) -> RuleSetSnapshot:
        with self._lock:
            if sha256 not in self._rulesets:
                raise unknown_ruleset()
            return self._rulesets[sha256]

    @override
    def add_audio(self, files: Sequence[AudioFile]) -> None:
        with self._lock:
            if any(file.call_id not in self._calls for file in files):
                raise unknown_call()
            for file in files:
                self._audio[file.call_id].append(file)

    @override
    def audio(self, call_id: str) -> list[AudioFile]:
        with self._lock:
            return sorted(self._audio.get(call_id, []), key=lambda file: (file.starts_at_ms, file.side))

    @override
    def forget_audio(self, call_id: str) -> None:
        with self._lock:
            self._audio[call_id] = []

    # Call backs

    @override
    def call_backs(self, *, done: bool = False) -> list[CallBackRow]:
        with self._lock:
            rows = [row for row in self._call_backs.values() if (row.done_at is not None) is done]
            return sorted(rows, key=lambda row: (row.asked_at, row.call_id))

    @override
    def give_number(self, call_id: str, number: str) -> None:
        with self._lock:
            self._given_numbers[call_id] = number

    @override
    def keep_number(self, call_id: str, number: str) -> bool:
        with self._lock:
            row = self._call_backs.get(call_id)
            if row is None or row.number is not None or row.done_at is not None:
                return False
            self._call_backs[call_id] = replace(row, number=number)
            return True

    @override
    def call_back_done(self, call_id: str, now: datetime) -> bool:
        with self._lock:
            row = self._call_backs.get(call_id)
            if row is None or row.done_at is not None:
                return False
            self._call_backs[call_id] = replace(row, number=None, done_at=now)
            return True

    def _note_call_back(self, asked: CallBackRow) -> None:
        known = self._call_backs.pop(asked.call_id, None)
        if asked.preferred is not PreferredTime.WITHDRAWN:
            number = known.number if known else self._given_numbers.get(asked.call_id)
            self._call_backs[asked.call_id] = replace(asked, number=number)

    # Who calls again

    @override
    def latest_from(self, mark: str, at: datetime) -> CallRow | None:
        with self._lock:
            whose = [(when, call) for call, (mine, when) in self._callers.items() if mine == mark]
            when, call_id = max(whose, default=(at, ""))
            return self.call(call_id) if call_id and when >= at - KEPT_FOR else None

    # Pages to staff

    @override
    def pages(self, *, open_only: bool = True) -> list[PageRow]:
        with self._lock:
            rows = [row for row in self._pages.values() if row.acknowledged_at is None or not open_only]
            return sorted(rows, key=lambda row: (row.at, row.page_id))

    @override
    def acknowledge_page(self, page_id: str, by: str, at: datetime) -> bool:
        with self._lock:
            row = self._pages.get(page_id)
            if row is None or row.acknowledged_at is not None:
                return False
            self._pages[page_id] = replace(row, acknowledged_by=by, acknowledged_at=at)
            return True

    @override
    def unsent_pages(self) -> list[PageRow]:
        return [row for row in self.pages() if row.sent_at is None]

    @override
    def page_sent(self, page_id: str, at: datetime) -> bool:
        with self._lock:
            row = self._pages.get(page_id)
            if row is None or row.sent_at is not None:
                return False
            self._pages[page_id] = replace(row, sent_at=at)
            return True
