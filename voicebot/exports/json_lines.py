"""Calls as JSON Lines: one self-sufficient document a line, which `voicebot replay` reads back."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from voicebot.calls.document import StoredCall, call_from_json
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from voicebot.storage.store import CallStore


def export_call(store: CallStore, call_id: str) -> StoredCall:
    """Return a call with the rules it ran by; raises VoicebotError `unknown_call`."""
    row = store.call(call_id)
    return StoredCall(call_id, tuple(store.load(call_id)), store.ruleset(row.ruleset_sha256))


def to_line(call: StoredCall) -> str:
    """Return the call as one line of JSON."""
    return json.dumps(call.to_json(), ensure_ascii=False)


def read_calls(path: Path) -> Iterator[StoredCall]:
    """Yield the calls of an exported file, whether it was laid out anew or not.

    Raises VoicebotError `document_broken` or `record_broken` with the place, never the content.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise _broken(f"{path} cannot be read as text.") from None
    begin = len(text) - len(text.lstrip())
    if begin == len(text):
        raise _broken(f"{path} holds no call.")
    while begin < len(text):
        place = f"{path}:{text.count(chr(10), 0, begin) + 1}"
        call, end = _read_call(text, begin, place)
        yield call
        begin = end + len(text[end:]) - len(text[end:].lstrip())


def _read_call(text: str, begin: int, place: str) -> tuple[StoredCall, int]:
    try:
        value, end = json.JSONDecoder().raw_decode(text, begin)
        return call_from_json(value), end
    except (json.JSONDecodeError, RecursionError):
        raise _broken(f"{place}: this is not JSON.") from None
    except VoicebotError as error:
        raise VoicebotError(error.code, f"{place}: {error.message}", error.remedy) from None


def _broken(what: str) -> VoicebotError:
    return VoicebotError("document_broken", what, "Make one with `voicebot calls export`.")
