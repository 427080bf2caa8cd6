from __future__ import annotations

import json

import pytest

from tests.calls.given import held, place_call
from voicebot.errors import VoicebotError
from voicebot.exports.json_lines import export_call, read_calls, to_line
from voicebot.storage.memory_store import MemoryStore


def test_exported_calls_are_read_back(ruleset, tmp_path):
    store = MemoryStore()
    calls = [export_call(store, place_call(store, ruleset, *yes)) for yes in (["q.saddle"], ["q.sit"])]
    path = tmp_path / "calls.jsonl"
    path.write_text("".join(f"{to_line(call)}\n" for call in calls))
    assert list(read_calls(path)) == calls


def test_a_document_laid_out_anew_is_read_as_well(ruleset, tmp_path):
    call = held(ruleset, hang_up_after=2)
    path = tmp_path / "call.json"
    path.write_text("\n" + json.dumps(call.to_json(), indent=2) + "\n\n")
    assert list(read_calls(path)) == [call]


def test_an_unknown_call_cannot_be_exported():
    with pytest.raises(VoicebotError, match="no such call"):
        export_call(MemoryStore(), "nobody")


@pytest.mark.parametrize("content", [b"", b" \n", b"canary", b'{"canary": ', b"\xff\xfe", b"[" * 100_000, b"{}"])
def test_a_file_that_holds_no_calls_is_named_and_not_quoted(tmp_path, content):
    path = tmp_path / "calls.jsonl"
    path.write_bytes(content)
    with pytest.raises(VoicebotError) as raised:
        list(read_calls(path))
    assert raised.value.code == "document_broken"
    assert str(path) in str(raised.value)
    assert "canary" not in str(raised.value)


def test_the_line_of_a_broken_call_is_told(ruleset, tmp_path):
    path = tmp_path / "calls.jsonl"
    path.write_text(to_line(held(ruleset, hang_up_after=1)) + "\n" + '{"format": 1}\n')
    with pytest.raises(VoicebotError, match=r"calls\.jsonl:2: "):
        list(read_calls(path))
