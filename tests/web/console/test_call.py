"""What a member finds on a call's page."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from tests.web.console.test_review import judged, look, nurse
from tests.web.office import MUMBLED, NO, NOON, YES
from tests.web.pages import facts, read
from voicebot.calls.entries import Entry
from voicebot.dialog.events import CallStarted, Channel, Connected, Fault, HungUp
from voicebot.dialog.meaning import Meaning
from voicebot.session import open_session
from voicebot.staff.roles import Role
from voicebot.web.wording import ANSWERS, DESTINATIONS, MEANINGS, OUTCOMES

STROKE = [YES, YES]
HOSTILE = "<script>alert(1)</script> & \"x\" onload='y'"


@pytest.fixture
def client(staffed):
    return staffed.client_for(Role.LEAD)


def page(client, call_id):
    response = client.get(f"/console/calls/{call_id}")
    assert response.status_code == 200
    return read(response)


def section(shown, heading):
    (found,) = [one for one in shown.all("section") if heading in [title.text for title in one.all("h2")]]
    return found


def turns(shown, who=None):
    every = shown.one("ol", id="turns").all("li")
    return [turn for turn in every if who is None or who in turn.attributes["class"].split()]


def test_what_was_decided_and_why_stands_on_top(staffed, client):
    shown = section(page(client, staffed.place(STROKE)), "What was decided, and why")
    rule = next(rule for rule in staffed.ruleset.rules if rule.id == "stroke-face")
    assert shown.one("p", **{"class": "told"}).text.startswith("5, call 911")
    because = shown.one("p", **{"class": "because"}).text
    assert because.startswith(f"{rule.spoken} {staffed.ruleset.questions['face_droop'].text} yes")
    told = facts(shown)
    assert (told["Lowest confidence"], told["Faults"], told["Came in"]) == ("0.99, high", "0", "by live audio")


def test_what_nurses_hold_right_instead_is_told_on_top_to_everybody(staffed):
    call_id = staffed.place(STROKE)
    look(staffed)
    reader = staffed.client_for(Role.READER)

    def told():
        return section(page(reader, call_id), "What was decided, and why").text

    judged(nurse(staffed), call_id, verdict="disagree", level="3", reason="Old.")
    assert "A reviewer disagrees: 3, same day. Nobody has read it a second time yet." in told()
    judged(nurse(staffed, "bob"), call_id, "second-verdict", verdict="disagree", level="4", reason="Urgent.")
    assert "Reviewed, and held to be urgency 4, emergency room." in told()


def test_where_nurses_agree_the_line_s_word_stands_alone(staffed, client):
    call_id = staffed.place(STROKE)
    look(staffed)
    judged(nurse(staffed), call_id, verdict="agree")
    assert "held to be" not in page(client, call_id).text


def test_the_conversation_is_told_turn_by_turn(staffed, client):
    call_id = staffed.place([YES, ("um maybe", None, 0.31), None, "2"])
    caller = [turn.text for turn in turns(page(client, call_id), "caller")]
    assert caller[0] == "Caller 0:07 yes Understood as: yes. Confidence 0.99, high. Answered after 0.7 s."
    assert caller[1] == "Caller 0:15 um maybe Not understood. Confidence 0.31, low. Answered after 0.7 s."
    assert "silence" in caller[2]
    assert caller[3].startswith("Caller 0:32 [key 2]")
    line = " ".join(turn.text for turn in turns(page(client, call_id), "line"))
    assert "automated assistant, not a nurse or doctor" in line


def test_words_are_buttons_in_order_on_the_clock_and_doubt_is_told_in_text(staffed, client):
    call_id = staffed.place([YES, ("um maybe not", None, 0.31)])
    (doubtful,) = [turn for turn in turns(page(client, call_id), "caller") if "doubtful" in turn.attributes["class"]]
    words = doubtful.all("button")
    assert [word.text for word in words] == ["um", "maybe", "not"]
    times = [int(word.attributes[edge]) for word in words for edge in ("data-from", "data-to")]
    assert times == sorted(times)
    assert (times[0], times[-1]) == (15_000, 15_700)
    assert {word.attributes["title"] for word in words} == {"Confidence 0.31"}


def test_the_answers_then_and_at_the_end_are_told(staffed, client):
    shown = page(client, staffed.place(STROKE))
    noted = json.loads(turns(shown, "caller")[1].attributes["data-noted"])
    assert noted["face_droop"] == "yes"
    answers = shown.one("dl", id="answers")
    assert facts_of(answers)[staffed.ruleset.questions["face_droop"].text] == "yes"


def facts_of(element):
    return {pair.one("dt").text: pair.one("dd").text for pair in element.all("div")}


def test_rules_are_told_with_the_answer_each_saw_when_it_was_given_and_their_source(staffed, client):
    shown = section(page(client, staffed.place(STROKE)), "Rules and the answers they saw")
    rule = next(rule for rule in staffed.ruleset.rules if rule.id == "stroke-face")
    (reason,) = [one for one in shown.one("ul", **{"class": "reasons"}).all("li") if one.text.startswith(rule.id)]
    assert " ".join(rule.source.split()) in reason.text
    assert facts_of(reason.one("dl"))[staffed.ruleset.questions["face_droop"].text] == "yes 0:15"
    assert reason.one("dl").one("a").attributes["href"] == "#t=15"
    others = shown.one("ul", **{"class": "others"}).all("li")
    assert shown.one("summary").text == f"{len(others)} rules did not fire"
    assert len(others) + len(shown.one("ul", **{"class": "reasons"}).all("li")) == len(staffed.ruleset.rules)


def test_a_call_nothing_was_decided_on_says_so(staffed, client):
    shown = page(client, staffed.place([YES]))
    assert "The rules have not decided on this call." in section(shown, "What was decided, and why").text


def test_times_and_faults_have_their_moment(staffed, client):
    call_id = staffed.place([YES, NO], over=False)
    staffed.store.append(call_id, [Entry(len(staffed.store.load(call_id)), Fault(30_000, "ears_failed"))])
    shown = section(page(client, call_id), "Times and faults")
    assert "the longest 0.7 s, over 2 answers" in shown.text
    (broke,) = [row for row in shown.one("tbody").all("tr") if row.attributes.get("class") == "broke"]
    assert broke.text == "0:30 fault: ears_failed"
    assert broke.one("a").attributes["href"] == "#t=30"


def test_a_reader_sees_meanings_and_no_words(staffed):
    call_id = staffed.place([YES, ("my secret leg", None, 0.31)])
    shown = page(staffed.client_for(Role.READER), call_id)
    assert "secret" not in shown.text
    caller = [turn.text for turn in turns(shown, "caller")]
    assert "[words hidden] Understood as: yes. Confidence 0.99, high." in caller[0]
    assert shown.one("ol", id="turns").all("button") == []


def test_what_was_really_said_stands_beside_what_was_heard_for_those_who_see_words(staffed, client):
    call_id = staffed.place([YES, ("numb", None, 0.31)])
    look(staffed)
    ann = nurse(staffed)
    (seq,) = [entry.seq for entry in staffed.store.load(call_id) if getattr(entry.message, "words", "") == "numb"]
    ann.post(f"/console/review/{call_id}/claim")
    ann.post(f"/console/review/{call_id}/words/{seq}", data={"words": "no"})
    turn = turns(page(client, call_id), "caller")[1].text
    assert turn.startswith("Caller 0:15 numb Really said: no (corrected")
    assert "Really said" not in page(staffed.client_for(Role.READER), call_id).text


def test_words_that_were_deleted_are_gone(staffed, client):
    call_id = staffed.place([("yes my left one", Meaning.YES, 0.98)])
    staffed.store.delete_words(call_id)
    shown = page(client, call_id)
    assert "left one" not in shown.text
    assert "[no words kept] Understood as: yes." in turns(shown, "caller")[0].text


def test_hostile_words_stay_words(staffed, client):
    call_id = staffed.place([YES, (HOSTILE, None, 0.4)])
    shown = page(client, call_id)
    assert [script for script in shown.all("script") if "src" not in script.attributes] == []
    assert turns(shown, "caller")[1].one("p", **{"class": "utterance"}).text == HOSTILE


def test_an_old_call_is_told_in_the_words_of_its_own_rules(staffed, client):
    call_id = staffed.place(STROKE)
    staffed.desk.ruleset = replace(staffed.ruleset, version="99", sha256="9" * 64)
    assert staffed.ruleset.questions["face_droop"].text in page(client, call_id).text


def test_a_call_whose_rules_can_no_longer_be_read_is_told_by_ids(staffed, client):
    staffed.snapshot = replace(staffed.snapshot, text="questions: none", sha256="0" * 64)
    shown = page(client, staffed.place(STROKE))
    assert "stroke-face" in section(shown, "Rules and the answers they saw").text
    assert "face_droop" in section(shown, "What was decided, and why").text
    assert "cannot tell which answers were noted" in shown.one("section", **{"class": "answers"}).text


def test_a_visit_to_the_web_form_is_told_as_one(staffed, client):
    call = staffed.store.start_call(channel=Channel.WEB, started_at=NOON, ruleset=staffed.snapshot)
    session = open_session(staffed.ruleset, staffed.store, call.call_id)
    rules = staffed.ruleset
    session.handle(CallStarted(0, NOON.isoformat(), rules.id, rules.version, staffed.snapshot.sha256))
    session.handle(Connected(400, Channel.WEB))
    session.handle(HungUp(900))
    staffed.store.close_call(call.call_id, NOON)
    shown = page(client, call.call_id).one("main").text
    assert "Left the form" in shown
    assert "by web form" in shown


def test_opening_a_call_is_written_down(staffed):
    member = staffed.add(Role.READER)
    call_id = staffed.place([YES, MUMBLED])
    staffed.client_of(member).get(f"/console/calls/{call_id}")
    assert (member.name, "call_opened", call_id) in staffed.audit()


@pytest.mark.parametrize("call_id", ["nobody", "%00", "a" * 3000, "<script>", "..%2f"])
def test_an_unknown_call_is_not_found(client, call_id):
    response = client.get(f"/console/calls/{call_id}")
    assert response.status_code == 404
    assert b"<script>alert" not in response.data


def test_everything_that_can_happen_has_words():
    for words in (MEANINGS, OUTCOMES, ANSWERS, DESTINATIONS):
        kind = type(next(iter(words)))
        assert set(words) == set(kind)
