"""The sound of a call as the console gives it out."""

from __future__ import annotations

import io

import pytest
import soundfile

from tests.web.office import NO, YES
from tests.web.pages import read
from voicebot.staff import roles
from voicebot.staff.roles import Action, Role


@pytest.fixture
def member(staffed):
    return staffed.add(Role.REVIEWER)


@pytest.fixture
def lead(staffed):
    return staffed.add(Role.LEAD)


@pytest.fixture
def client(staffed, member):
    return staffed.client_of(member)


@pytest.fixture
def call_id(staffed):
    return staffed.place([YES, NO, NO], sound=True)


def test_both_sides_are_one_stereo_sound_on_the_calls_clock(client, call_id):
    response = client.get(f"/console/calls/{call_id}/sound.wav")
    assert (response.status_code, response.mimetype) == (200, "audio/wav")
    assert (response.headers["Accept-Ranges"], response.headers["Cache-Control"]) == ("bytes", "no-store")
    sound = soundfile.info(io.BytesIO(response.data))
    assert (sound.subtype, sound.channels, sound.frames) == ("ULAW", 2, 18_000 * 8)


@pytest.mark.parametrize(
    ("wanted", "first", "last"), [("bytes=100-299", 100, 299), ("bytes=-50", -50, -1), ("bytes=288000-", 288_000, -1)]
)
def test_a_player_can_ask_for_a_part(client, call_id, wanted, first, last):
    url = f"/console/calls/{call_id}/sound.wav"
    whole = client.get(url).data
    part = client.get(url, headers={"Range": wanted})
    assert part.status_code == 206
    assert part.data == whole[first : len(whole) if last == -1 else last + 1]
    assert part.headers["Content-Range"].endswith(f"/{len(whole)}")


def test_a_part_beyond_the_end_is_refused(client, call_id):
    assert client.get(f"/console/calls/{call_id}/sound.wav", headers={"Range": "bytes=99999999-"}).status_code == 416


def test_every_request_for_sound_is_written_down(staffed, lead, call_id):
    for path in ("sound.wav", "caller.wav", "line.wav"):
        staffed.client_of(lead).get(f"/console/calls/{call_id}/{path}", headers={"Range": "bytes=100-"})
    assert staffed.audit() == [(lead.name, what, call_id) for what in ("call_heard", "call_exported", "call_exported")]


def test_loudness_and_gaps_are_told(client, call_id):
    told = client.get(f"/console/calls/{call_id}/peaks.json?ms=30000").json
    assert told["seconds"] == 30
    assert told["recorded"] == [[16_000, 18_000]]
    assert len(told["caller"]) == len(told["line"]) == 600
    assert max(told["caller"][:320]) == 0 < max(told["caller"])
    assert told["silent"] == [[0, 15_700], [18_300, 29_700]]


def test_no_length_that_is_asked_for_is_too_long(client, call_id):
    assert client.get(f"/console/calls/{call_id}/peaks.json?ms={10**30}").json["seconds"] == 24 * 3600


def test_each_file_can_be_taken_out_as_it_is_stored(staffed, lead, call_id):
    client = staffed.client_of(lead)
    staffed.record(call_id, starts_at_ms=65_000, ms=500)
    for path in ("caller.wav", "line.wav"):
        first, second = (client.get(f"/console/calls/{call_id}/{path}?part={part}").data for part in (0, 1))
        assert (soundfile.info(io.BytesIO(first)).frames, soundfile.info(io.BytesIO(second)).frames) == (16_000, 4000)
    links = [link.attributes["href"] for link in read(client.get(f"/console/calls/{call_id}")).all("a")]
    assert f"/console/calls/{call_id}/line.wav?part=1" in links


@pytest.mark.parametrize(
    "path", ["nurse.wav", "caller.mp3", "caller.wav?part=2", "caller.wav?part=-1", "place.wav", "..%2fvoicebot.db"]
)
def test_sound_that_is_not_there_is_not_found(staffed, lead, call_id, path):
    assert staffed.client_of(lead).get(f"/console/calls/{call_id}/{path}").status_code == 404


def test_without_consent_there_is_nothing_to_play(staffed, client):
    call_id = staffed.place([YES])
    assert client.get(f"/console/calls/{call_id}/sound.wav").status_code == 404
    shown = read(client.get(f"/console/calls/{call_id}"))
    assert "No sound was kept. Nothing is recorded before the caller agrees." in shown.text
    assert shown.all("audio") == []


def test_files_that_are_gone_are_not_found(staffed, lead, call_id):
    client = staffed.client_of(lead)
    for file in staffed.settings.audio_dir.iterdir():
        file.unlink()
    for path in ("sound.wav", "caller.wav"):
        assert client.get(f"/console/calls/{call_id}/{path}").status_code == 404


def test_who_may_hear_but_not_export_is_offered_no_file(client, call_id):
    shown = read(client.get(f"/console/calls/{call_id}"))
    assert shown.one("audio").attributes["controlslist"] == "nodownload"
    assert [link for link in shown.all("a") if "download" in link.attributes] == []
    assert client.get(f"/console/calls/{call_id}/caller.wav").status_code == 403


def test_who_may_export_but_not_hear_gets_no_sound(monkeypatch, staffed, lead, call_id):
    monkeypatch.setitem(roles.RIGHTS, Role.LEAD, roles.RIGHTS[Role.LEAD] - {Action.HEAR})
    for path in (f"calls/{call_id}/sound.wav", f"calls/{call_id}/caller.wav", "review/gold.zip"):
        assert staffed.client_of(lead).get(f"/console/{path}").status_code == 403


def test_who_may_not_hear_is_offered_nothing_to_hear(staffed, call_id):
    client = staffed.client_for(Role.READER)
    assert read(client.get(f"/console/calls/{call_id}")).all("audio") == []
    for path in ("sound.wav", "peaks.json", "caller.wav"):
        assert client.get(f"/console/calls/{call_id}/{path}").status_code == 403
