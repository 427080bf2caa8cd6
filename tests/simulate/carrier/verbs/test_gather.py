"""Source: twilio.com/docs/voice/twiml/gather (attributes, and the table of its first example)."""

import pytest

from tests.simulate.carrier.carrier_fakes import LOUD, Scripted, sound
from voicebot.simulate.carrier import EndReason, HangUp, Press

GATHER = '<Gather action="/keys" {}><Play>/ask.wav</Play></Gather><Redirect>/empty</Redirect>'


@pytest.fixture
def gather(server, call):
    """Run a Gather with some attributes; return the log and the form of its action, None if it fell through."""

    def run(attributes, caller):
        server.answers["/voice"] = GATHER.format(attributes)
        server.answers["/ask.wav"] = sound(400)
        server.answers["/keys"] = server.answers["/empty"] = "<Hangup/>"
        log = call(caller)
        forms = server.forms("/keys")
        assert len(forms) + server.paths.count("/empty") == (log.ended is EndReason.HANGUP_VERB)
        return log, forms[0] if forms else None

    return run


def test_without_a_key_the_next_verb_follows_after_five_seconds(gather):
    log, form = gather("", Scripted())
    assert form is None
    assert len(log.heard) == (400 + 5000) * 8


def test_without_a_key_the_action_follows_if_told_to(gather):
    _, form = gather('timeout="1" actionOnEmptyResult="true"', Scripted())
    assert form["Digits"] == ""
    assert "FinishedOnKey" not in form


def test_the_number_of_digits_ends_it(gather):
    log, form = gather('numDigits="2"', Scripted({"/ask.wav": {100: Press("2"), 300: Press("3")}}))
    assert form["Digits"] == "23"
    assert "FinishedOnKey" not in form
    assert len(log.heard) == (400 + 300 + 20) * 8


def test_the_finish_key_ends_it_and_is_not_among_the_digits(gather):
    _, form = gather("", Scripted({"/ask.wav": {200: Press("1"), 400: Press("#")}}))
    assert (form["Digits"], form["FinishedOnKey"]) == ("1", "#")


def test_the_finish_key_before_any_digit_counts_as_no_input(gather):
    log, form = gather("", Scripted({"/ask.wav": {200: Press("#"), 400: Press("1")}}))
    assert form is None
    assert log.verbs == ["Gather", "Redirect", "Hangup"]


def test_with_no_finish_key_every_key_is_a_digit(gather):
    _, form = gather(
        'finishOnKey="" numDigits="3"', Scripted({"/ask.wav": {0: Press("#"), 40: Press("*"), 80: Press("0")}})
    )
    assert form["Digits"] == "#*0"


def test_the_timeout_begins_anew_with_each_key(gather):
    keys = {800: Press("1"), 1600: Press("2"), 2400: Press("3")}
    log, form = gather('timeout="1"', Scripted({"/ask.wav": keys}))
    assert form["Digits"] == "123"
    assert len(log.heard) == (400 + 2400 + 20 + 1000) * 8


def test_a_key_cuts_the_nested_prompts_short(gather):
    log, form = gather('numDigits="1"', Scripted(during={"/ask.wav": Press("9")}))
    assert form["Digits"] == "9"
    assert log.heard.count(LOUD) == (100 + 20) * 8


def test_a_key_over_the_prompts_is_kept_and_the_rest_awaited(gather):
    log, form = gather('numDigits="2"', Scripted({"/ask.wav": {1000: Press("8")}}, during={"/ask.wav": Press("9")}))
    assert form["Digits"] == "98"
    assert log.heard.count(LOUD) == (100 + 20) * 8


@pytest.mark.parametrize(("delay_ms", "digits"), [(-200, "9"), (200, None)])
def test_with_no_timeout_only_a_key_during_the_prompt_counts(gather, delay_ms, digits):
    _, form = gather('timeout="0" numDigits="1"', Scripted({"/ask.wav": {delay_ms: Press("9")}}))
    assert (form and form["Digits"]) == digits


def test_without_an_action_the_document_itself_is_asked_again(server, call):
    told = []
    server.answers["/voice"] = lambda form: (
        told.append(form.get("Digits")) or ("<Hangup/>" if "Digits" in form else '<Gather numDigits="1"/>')
    )
    call(Scripted(at={100: Press("4")}))
    assert told == [None, "4"]


def test_what_is_nested_is_heard_in_order(server, call):
    server.answers["/voice"] = '<Gather timeout="1"><Say>one</Say><Pause/><Play>/two.wav</Play></Gather>'
    server.answers["/two.wav"] = sound(100)
    caller = Scripted()
    call(caller)
    first, second = caller.heard
    assert (first.name, second.name) == ("one", "/two.wav")
    assert second.starts_ms - first.ends_ms == pytest.approx(1000, abs=20)


def test_who_hangs_up_causes_no_request(gather, server):
    log, form = gather("", Scripted({"/ask.wav": HangUp()}))
    assert (log.ended, form) == (EndReason.CALLER_HUNG_UP, None)
    assert server.paths == ["/voice", "/ask.wav"]


def test_that_speech_is_not_recognized_here_is_noted(gather):
    log, _ = gather('input="dtmf speech" timeout="1"', Scripted())
    assert len(log.doubts) == 1
