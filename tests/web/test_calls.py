"""What a reader finds on the pages of the calls."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import soundfile

from tests.web.office import MUMBLED, NO, NOON, UNSURE, YES, Office
from tests.web.pages import facts, read, table
from voicebot.calls.entries import Entry
from voicebot.dialog.events import Fault
from voicebot.dialog.meaning import Meaning

STROKE = [YES, YES]
"""About a leg; a yes to the first emergency question."""
HOSTILE = "<script>alert(1)</script> & \"x\" onload='y'"


def page(client, call_id):
    response = client.get(f"/calls/{call_id}")
    assert response.status_code == 200
    return read(response)


def section(page, heading):
    (found,) = [section for section in page.all("section") if section.one("h2").text == heading]
    return found


# The list


def test_without_calls_the_list_says_so(client):
    shown = read(client.get("/calls"))
    assert shown.all("table") == []
    assert "No call has come in yet." in shown.one("main").text


def test_the_list_tells_each_call_in_a_line(office, client):
    call_id = office.place([*STROKE])
    (row,) = table(read(client.get("/calls")))
    assert row["State"] == "Over"
    assert row["Length"] == "0:22"
    assert row["Urgency"] == "5, call 911"
    assert row["Outcome"] == "Told to call 911"
    assert row["Answers"] == "2"
    assert row["Lowest confidence"] == "0.99, high"
    links = [link.attributes["href"] for link in read(client.get("/calls")).one("tbody").all("a")]
    assert links == [f"/calls/{call_id}"]


def test_times_are_exact_for_machines(office, client):
    office.place([YES])
    (time,) = read(client.get("/calls")).one("tbody").all("time")
    assert datetime.fromisoformat(time.attributes["datetime"]) == NOON


@pytest.mark.parametrize(
    ("answers", "urgency", "outcome", "lowest"),
    [
        ([], "Not decided", "Caller hung up", "Nothing heard"),
        (["0"], "Not decided", "Put through to the front desk", "Nothing heard"),
        ([("person", Meaning.OPERATOR, 0.8)], "Not decided", "Put through to the front desk", "0.80, middling"),
        ([YES, MUMBLED], "Not decided", "Caller hung up", "0.20, low"),
        ([YES, None, None, None], "4, emergency room", "Put through to a nurse", "0.99, high"),
    ],
)
def test_the_list_tells_how_a_call_went(office, client, answers, urgency, outcome, lowest):
    office.place(answers)
    (row,) = table(read(client.get("/calls")))
    assert (row["Urgency"], row["Outcome"], row["Lowest confidence"]) == (urgency, outcome, lowest)


@pytest.mark.parametrize(("age", "state"), [(timedelta(), "Live"), (timedelta(hours=1), "Broken off")])
def test_a_call_without_an_end_is_live_only_while_it_can_be(office, client, age, state):
    office.place([YES], started_at=datetime.now(UTC) - age, over=False)
    (row,) = table(read(client.get("/calls")))
    assert row["State"] == state
    assert row["Outcome"] == "None yet"


def test_the_newest_call_comes_first_and_older_ones_on_the_next_page(office, client):
    placed = [office.place([], started_at=NOON + timedelta(minutes=minute)) for minute in range(53)]
    first = read(client.get("/calls"))
    second = read(client.get(first.one("a", rel="next").attributes["href"]))
    assert second.all("a", rel="next") == []
    links = [link.attributes["href"] for shown in (first, second) for link in shown.one("tbody").all("a")]
    assert links == [f"/calls/{call_id}" for call_id in reversed(placed)]
    assert len(table(first)) == 50


# One call


def test_the_conversation_is_told_turn_by_turn(office, client):
    call_id = office.place([YES, ("um maybe", None, 0.31), None, "2"])
    turns = section(page(client, call_id), "Conversation").all("li")
    caller = [turn.text for turn in turns if turn.attributes["class"] == "caller"]
    assert caller[0] == "Caller 0:08 yes Understood as: yes. Confidence 0.99, high"
    assert caller[1] == "Caller 0:16 um maybe Not understood. Confidence 0.31, low"
    assert "silence" in caller[2]
    assert caller[3].startswith("Caller 0:32 [key 2]")
    line = " ".join(turn.text for turn in turns if turn.attributes["class"] == "line")
    assert "You are talking with an automated assistant, not a nurse or doctor." in line
    assert office.ruleset.screens[next(iter(office.ruleset.screens))].text in line


def test_words_that_were_deleted_are_gone(office, client):
    call_id = office.place([("yes my left one", Meaning.YES, 0.98)])
    office.store.delete_words(call_id)
    shown = section(page(client, call_id), "Conversation").text
    assert "left one" not in shown
    assert "[no words kept] Understood as: yes. Confidence 0.98, high" in shown


def test_the_decision_is_told_with_the_rules_that_fired_and_what_they_saw(office, client):
    shown = section(page(client, office.place(STROKE)), "Decision")
    rule = next(rule for rule in office.ruleset.rules if rule.id == "stroke-face")
    (reason,) = [reason for reason in shown.one("ul", **{"class": "reasons"}).all("li") if rule.id in reason.text]
    assert rule.spoken in reason.text
    assert " ".join(rule.source.split()) in reason.text
    assert "gives 5, call 911" in reason.text
    assert facts(reason) == {office.ruleset.questions["face_droop"].text: "yes"}
    assert "5, call 911 Told to call 911" in shown.text
    assert office.snapshot.sha256[:12] in shown.text


def test_rules_that_did_not_fire_can_be_looked_up(office, client):
    shown = section(page(client, office.place(STROKE)), "Decision")
    fired = len(shown.one("ul", **{"class": "reasons"}).all("li"))
    others = shown.one("details").all("li")
    assert fired + len(others) == len(office.ruleset.rules)
    assert shown.one("summary").text == f"{len(others)} rules did not fire"


def test_a_red_flag_that_was_not_cleared_is_told(office, client):
    shown = section(page(client, office.place([YES, None, None, None])), "Decision").text
    assert "A red flag could not be cleared: a person must talk with the caller." in shown
    assert "If nobody can, urgency 5, call 911." in shown


def test_a_call_nothing_was_decided_on_says_so(office, client):
    assert "The rules have not decided on this call." in section(page(client, office.place([YES])), "Decision").text


def test_an_old_call_is_told_in_the_words_of_its_own_rules(office, ruleset, client):
    call_id = office.place(STROKE)
    office.ruleset = replace(ruleset, version="99", sha256="9" * 64)
    texts = section(page(client, call_id), "Decision").text
    assert ruleset.questions["face_droop"].text in texts


def test_a_call_whose_rules_can_no_longer_be_read_is_told_by_ids(office, client):
    office.snapshot = replace(office.snapshot, text="questions: none", sha256="0" * 64)
    shown = section(page(client, office.place(STROKE)), "Decision")
    assert "face_droop" in facts(shown)
    assert "stroke-face" in shown.text


def test_faults_and_gaps_are_told(office, client):
    call_id = office.place([YES, NO], over=False)
    office.store.append(call_id, [Entry(len(office.store.load(call_id)), Fault(30_000, "ears_failed"))])
    told = facts(section(page(client, call_id), "The call"))
    assert told["Faults"] == "ears_failed"
    assert told["Longest turn gap"] == "0.7 s"
    assert told["Call id"] == call_id


def test_the_page_tells_how_to_replay_the_call(office, client):
    call_id = office.place([YES])
    assert f"voicebot replay {call_id}" in page(client, call_id).one("pre").text


def test_hostile_words_stay_words(office, client):
    call_id = office.place([YES, (HOSTILE, None, 0.4)])
    office.store.append(call_id, [Entry(len(office.store.load(call_id)), Fault(60_000, "<img src=x>"))])
    shown = page(client, call_id)
    assert shown.all("script") == shown.all("img") == []
    assert HOSTILE in shown.text
    assert "<img src=x>" in shown.text


@pytest.mark.parametrize("path", ["/calls/nobody", "/calls/nobody/caller.wav", "/calls?before=nobody"])
def test_an_unknown_call_is_not_found(client, path):
    response = client.get(path)
    assert response.status_code == 404


@pytest.mark.parametrize("call_id", ["..", "%2e%2e%2fvoicebot.db", "%00", "a" * 5000, "<script>"])
def test_an_impossible_call_id_is_not_found(client, call_id):
    response = client.get(f"/calls/{call_id}")
    assert response.status_code in {308, 404}
    assert b"<script>" not in response.data


# Sound


def test_both_sides_can_be_played(office, client):
    call_id = office.place([YES], sound=True)
    players = section(page(client, call_id), "Sound").all("audio")
    labels = [player.attributes["aria-label"] for player in players]
    assert labels == ["The caller, from 0:16", "The line, from 0:16"]
    for player in players:
        response = client.get(player.attributes["src"])
        assert response.mimetype == "audio/wav"
        sound = soundfile.info(io.BytesIO(response.data))
        assert (sound.subtype, sound.samplerate, sound.frames) == ("ULAW", 8000, 16_000)


def test_each_stretch_of_a_call_that_was_cut_has_its_player(office, client):
    call_id = office.place([YES], sound=True)
    office.record(call_id, starts_at_ms=65_000, ms=500)
    players = section(page(client, call_id), "Sound").all("figure")
    starts = [player.one("figcaption").text for player in players]
    assert starts == ["The caller, from 0:16", "The line, from 0:16", "The caller, from 1:05", "The line, from 1:05"]
    sizes = [len(client.get(player.one("audio").attributes["src"]).data) for player in players]
    assert sizes[0] == sizes[1] > sizes[2] == sizes[3]


def test_without_consent_there_is_nothing_to_play(office, client):
    call_id = office.place([YES])
    assert "No sound was kept." in section(page(client, call_id), "Sound").text
    assert client.get(f"/calls/{call_id}/caller.wav").status_code == 404


def test_a_player_can_ask_for_a_part_of_the_sound(office, client):
    call_id = office.place([YES], sound=True)
    url = f"/calls/{call_id}/line.wav"
    whole = client.get(url).data
    part = client.get(url, headers={"Range": "bytes=100-299"})
    assert part.status_code == 206
    assert part.headers["Content-Range"] == f"bytes 100-299/{len(whole)}"
    assert part.data == whole[100:300]
    assert client.get(url, headers={"Range": f"bytes={len(whole)}-"}).status_code == 416


@pytest.mark.parametrize("path", ["nurse.wav", "caller.mp3", "caller.wav?part=1", "caller.wav?part=-1"])
def test_sound_that_is_not_there_is_not_found(office, client, path):
    call_id = office.place([YES], sound=True)
    assert client.get(f"/calls/{call_id}/{path}").status_code == 404


def test_a_file_that_is_gone_is_not_found(office, client):
    call_id = office.place([YES], sound=True)
    for file in office.settings.audio_dir.iterdir():
        file.unlink()
    assert client.get(f"/calls/{call_id}/caller.wav").status_code == 404


# Every page


@pytest.fixture
def every_page(office, client):
    call_ids = [office.place(answers, sound=True) for answers in (STROKE, [YES, UNSURE, NO])]
    return [read(client.get(path)) for path in ["/calls", *(f"/calls/{call_id}" for call_id in call_ids), "/calls/x"]]


def test_every_page_warns_of_unapproved_rules(office, every_page):
    assert not office.ruleset.approved
    for shown in every_page:
        assert "No clinician has approved the rule set" in shown.one("p", role="note").text


def test_approved_rules_need_no_warning(ruleset, tmp_path):
    approval = ruleset.approval.model_copy(update={"approver": "A. Clinician", "approved_on": NOON.date()})
    office = Office(replace(ruleset, approval=approval), tmp_path)
    assert read(office.client.get("/calls")).all("p", role="note") == []


def test_every_page_can_be_read_without_seeing_it(every_page):
    for shown in every_page:
        assert shown.one("html").attributes["lang"] == "en"
        assert shown.one("title").text
        assert len(shown.all("h1")) == 1
        assert shown.one("main").attributes["id"] == "content"
        assert shown.all("a")[0].attributes["href"] == "#content"
        for tabular in shown.all("table"):
            assert tabular.one("caption").text
            assert all("scope" in cell.attributes for cell in tabular.all("th"))
        labels = {heading.attributes["id"] for heading in shown.all("h2")}
        assert {part.attributes["aria-labelledby"] for part in shown.all("section")} == labels


def test_no_page_runs_or_styles_inline_or_loads_from_elsewhere(every_page):
    for shown in every_page:
        assert shown.all("script") == shown.all("style") == []
        elements = [element for tag in ("a", "audio", "link", "p", "span", "td") for element in shown.all(tag)]
        for element in elements:
            assert "style" not in element.attributes
            target = element.attributes.get("href") or element.attributes.get("src") or "/"
            assert target.startswith(("/calls", "#", "/")), target
            assert not target.startswith("//")
