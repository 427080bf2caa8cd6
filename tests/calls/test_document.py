from __future__ import annotations

import json

import pytest

from tests.calls.given import held
from voicebot.calls.document import call_from_json
from voicebot.errors import VoicebotError


def test_a_document_is_read_back_as_it_was_written(ruleset):
    call = held(ruleset, "q.saddle")
    assert call_from_json(json.loads(json.dumps(call.to_json()))) == call


def test_the_summary_is_for_readers_only(ruleset):
    call = held(ruleset, "q.saddle")
    written = call.to_json()
    assert written["summary"]["outcome"] == "emergency_room"
    del written["summary"]
    assert call_from_json(written) == call


@pytest.mark.parametrize(
    ("path", "value", "code"),
    [
        (["format"], 2, "document_broken"),
        (["call_id"], None, "document_broken"),
        (["ruleset", "text"], "canary", "document_broken"),
        (["ruleset"], "canary", "document_broken"),
        (["entries"], {"canary": 1}, "document_broken"),
        (["entries", 3], "canary", "record_broken"),
        (["entries", 3, "type"], "canary", "record_broken"),
    ],
)
def test_a_broken_document_is_refused_without_its_content(ruleset, path, value, code):
    written = json.loads(json.dumps(held(ruleset, hang_up_after=3).to_json()))
    *way, last = path
    place = written
    for step in way:
        place = place[step]
    place[last] = value
    with pytest.raises(VoicebotError) as raised:
        call_from_json(written)
    assert raised.value.code == code
    assert "canary" not in str(raised.value)


@pytest.mark.parametrize("value", [None, [], "text", 3, {}])
def test_what_is_no_document_is_refused(value):
    with pytest.raises(VoicebotError, match="no exported call"):
        call_from_json(value)
