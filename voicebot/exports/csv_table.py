"""Calls as a table for spreadsheets, one row a call. No words of callers, and no cell that a spreadsheet would run."""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING, TextIO

from voicebot.calls.record import read_record

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.calls.document import StoredCall

COLUMNS = (
    "call_id",
    "started_at",
    "duration_ms",
    "outcome",
    "urgency",
    "level",
    "destinations",
    "live_person",
    "complete",
    "rules",
    "questions_asked",
    "faults",
    "ruleset_id",
    "ruleset_version",
    "ruleset_sha256",
)
"""Lists are parted by spaces; what is not known is left empty."""

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0")


def write_csv(calls: Iterable[StoredCall], out: TextIO) -> None:
    """Write the table with its header to `out`, which must not translate line ends (RFC 4180: CRLF)."""
    table = csv.writer(out)
    table.writerow(COLUMNS)
    for call in calls:
        table.writerow(map(safe_cell, _row(call)))


def safe_cell(value: object) -> str:
    """Return `value` as text that a spreadsheet takes for text: a quote before what would start a formula.

    Source: OWASP ASVS 5.0, 1.2.10.
    """
    cell = "" if value is None else str(value)
    return f"'{cell}" if cell.startswith(_STARTS_A_FORMULA) else cell


def _row(call: StoredCall) -> tuple[object, ...]:
    record = read_record(call.entries)
    decision = record.decision or {}
    return (
        call.call_id,
        record.started_at,
        record.duration_ms,
        record.outcome,
        record.urgency,
        decision.get("level"),
        " ".join(decision.get("destinations", ())),
        decision.get("live_person"),
        decision.get("complete"),
        " ".join(record.rules),
        len(set(record.questions)),
        " ".join(record.faults),
        call.ruleset.id,
        call.ruleset.version,
        call.ruleset.sha256,
    )
