from xml.etree import ElementTree as ET
from xml.etree.ElementTree import Element

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.dialog.effects import (
    Brief,
    CallBack,
    Decided,
    Effect,
    HangUp,
    KeepAudio,
    Listen,
    PreferredTime,
    Say,
    Target,
    Transfer,
)
from voicebot.telephony.twiml import TRY_AGAIN, Links, answer, dismiss, join, offer, render

BASE = "https://line.example.org"
NUMBERS = {
    Target.FRONT_DESK: "+16515550100",
    Target.SCHEDULING: "+16515550101",
    Target.NURSE: "+16515550102",
    Target.AFTER_HOURS: "+16515550103",
}
LINKS = Links(
    BASE,
    NUMBERS,
    lambda prompt_id, *, slow=False: f"/voice/prompts/{prompt_id}/{'slow' if slow else 'abc'}.wav",
    lambda prompt_id: f"words of {prompt_id}",
    call_id="c4ll",
)


def listen(*, keep_audio: bool, no_input_ms: int = 5000) -> Listen:
    return Listen("q.weak", "yes_no", no_input_ms, red_flag=True, keep_audio=keep_audio)


def parsed(document: str) -> list[Element]:
    response = ET.fromstring(document)  # noqa: S314 - our own document
    assert response.tag == "Response"
    return list(response)


def document(*effects: Effect) -> list[Element]:
    return parsed(render(effects, seq=7, links=LINKS))


def tags(elements: list[Element]) -> list[str]:
    return [element.tag for element in elements]


def plays(parent: Element | list[Element]) -> list[str | None]:
    return [element.text for element in parent if element.tag == "Play"]


def test_answering_joins_the_stream_and_leads_on_however_it_ends():
    connect, redirect = parsed(answer(LINKS, "t0ken"))
    (stream,) = connect
    (parameter,) = stream
    assert connect.attrib == {"action": f"{BASE}/voice/resume{TRY_AGAIN}"}
    assert stream.attrib == {"url": "wss://line.example.org/media"}
    assert parameter.attrib == {"name": "token", "value": "t0ken"}
    assert (redirect.tag, redirect.text) == ("Redirect", f"{BASE}/voice/resume{TRY_AGAIN}")


def test_a_question_to_a_caller_who_is_not_recorded_takes_keys_only():
    gather, redirect = document(Say(("greeting",)), Say(("about_leg",)), listen(keep_audio=False, no_input_ms=5500))
    assert gather.tag == "Gather"
    assert gather.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "6",
        "action": f"{BASE}/voice/turn?n=7{TRY_AGAIN}",
        "actionOnEmptyResult": "true",
    }
    assert plays(gather) == [
        f"{BASE}/voice/prompts/greeting/abc.wav",
        f"{BASE}/voice/prompts/about_leg/abc.wav",
    ]
    assert redirect.text == f"{BASE}/voice/turn?n=7&silent=1{TRY_AGAIN}"


def test_a_question_to_a_caller_who_agreed_is_followed_by_a_recording_at_once():
    gather, record, _, redirect = document(KeepAudio(), Say(("q.weak",)), listen(keep_audio=True))
    assert (gather.tag, gather.get("timeout"), gather.get("actionOnEmptyResult")) == ("Gather", "0", "false")
    assert plays(gather) == [f"{BASE}/voice/prompts/q.weak/abc.wav"]
    assert record.tag == "Record"
    assert record.attrib == {
        "action": f"{BASE}/voice/turn?n=7{TRY_AGAIN}",
        "playBeep": "false",
        "trim": "do-not-trim",
        "finishOnKey": "1234567890*#",
        "timeout": "2",
        "maxLength": "10",
    }
    assert (redirect.tag, redirect.text) == ("Redirect", f"{BASE}/voice/turn?n=7&silent=1{TRY_AGAIN}")


@pytest.mark.parametrize("target", Target)
def test_a_transfer_is_dialed_after_the_last_words(target: Target):
    elements = document(Decided({}, []), Say(("advice",)), Transfer(target))
    dial = elements[-1]
    assert tags(elements) == ["Gather", "Dial"]
    assert dial.attrib == {
        "action": f"{BASE}/voice/transfer-result?n=7{TRY_AGAIN}",
        "timeout": "30",
        "answerOnBridge": "true",
    }
    (number,) = dial
    assert (number.tag, number.text) == ("Number", NUMBERS[target])
    assert number.attrib == {"url": f"{BASE}/voice/staff/offer?call=c4ll&n=7{TRY_AGAIN}"}


def test_hanging_up_comes_after_the_last_words():
    gather, hangup = document(Say(("advice.call_911", "goodbye")), HangUp())
    assert len(plays(gather)) == 2
    assert hangup.tag == "Hangup"


@pytest.mark.parametrize("ending", [HangUp(), Transfer(Target.NURSE)])
def test_a_key_during_the_last_words_is_ours_and_without_one_nothing_waits(ending):
    gather = document(Say(("advice.call_911",)), ending)[0]
    assert gather.attrib == {
        "input": "dtmf",
        "action": f"{BASE}/voice/turn?n=7{TRY_AGAIN}",
        "timeout": "0",
        "numDigits": "1",
        "finishOnKey": "",
        "actionOnEmptyResult": "false",
    }


def test_where_nothing_is_said_no_key_is_waited_for():
    assert tags(document(Transfer(Target.NURSE))) == ["Dial"]


def test_an_offer_waits_for_a_key_and_ends_in_a_hang_up_so_that_no_machine_is_joined_to_the_caller():
    gather, hangup = parsed(offer(LINKS, 7))
    assert gather.attrib == {
        "input": "dtmf",
        "numDigits": "1",
        "finishOnKey": "",
        "timeout": "6",
        "action": f"{BASE}/voice/staff/key?call=c4ll&n=7{TRY_AGAIN}",
        "actionOnEmptyResult": "true",
    }
    assert set(plays(gather)) == {f"{BASE}/voice/prompts/whisper.offer/abc.wav"}
    assert hangup.tag == "Hangup"


def test_only_who_took_the_call_is_told_about_the_caller_and_joined_to_them():
    assert tags(parsed(join(LINKS, "whisper.same_day"))) == ["Play"]
    assert tags(parsed(join(LINKS, None))) == []
    assert tags(parsed(dismiss(LINKS))) == ["Hangup"]
    assert tags(parsed(dismiss(LINKS, "whisper.caller_gone"))) == ["Play", "Hangup"]


any_effect = (
    st.builds(Say, st.tuples(st.sampled_from(["a", "b&c"])))
    | st.builds(listen, keep_audio=st.booleans(), no_input_ms=st.integers(1, 9000))
    | st.builds(Transfer, st.sampled_from(Target))
    | st.sampled_from([HangUp(), KeepAudio(), Decided({}, []), Brief("whisper.same_day"), CallBack(PreferredTime.ANY)])
)


@settings(deadline=None)
@given(st.lists(any_effect, max_size=6))
def test_no_document_ends_in_silence(some: list[Effect]):
    elements = document(*some)
    assert not [play for play in plays(elements) if "whisper" in play], "what staff are told the caller never hears"
    assert elements[-1].tag in {"Dial", "Hangup", "Redirect"}
    assert "Pause" not in tags(elements)


def test_slower_speech_is_played_from_its_own_sound():
    gather, _ = document(Say(("about_leg",), slow=True), listen(keep_audio=False))
    assert plays(gather) == [f"{BASE}/voice/prompts/about_leg/slow.wav"]


def test_who_needs_time_has_it_in_a_recorded_answer_and_by_key():
    unhurried = Listen("q.weak", "yes_no", 20_000, red_flag=True, keep_audio=True, unhurried=True)
    _, record, once_more, _ = document(Say(("q.weak",)), unhurried)
    assert once_more.attrib == record.attrib
    assert (record.attrib["timeout"], record.attrib["maxLength"]) == ("15", "60")
    by_key = Listen("q.weak", "yes_no", 20_000, red_flag=True, keep_audio=False, unhurried=True)
    gather, _ = document(Say(("q.weak",)), by_key)
    assert gather.attrib["timeout"] == "20"


@pytest.mark.parametrize(
    ("no_input_ms", "ends_s"), [(5000, ["2", "3"]), (7000, ["2", "5"]), (20_000, ["6", "14"])], ids=str
)
def test_by_voice_a_silence_is_no_answer_only_after_the_time_the_question_allows(no_input_ms, ends_s):
    _, *records, _ = document(Say(("q.weak",)), listen(keep_audio=True, no_input_ms=no_input_ms))
    assert [record.get("timeout") for record in records] == ends_s
    assert len({record.get("action") for record in records}) == 1
