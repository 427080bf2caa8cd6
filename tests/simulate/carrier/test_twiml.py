"""Sources: twilio.com/docs/voice/twiml, its verbs' pages for the defaults; errors 11100, 11750, 12100, 12200, 15004."""

import pytest

from voicebot.simulate.carrier import ErrorCode
from voicebot.simulate.carrier.codes import CarrierError
from voicebot.simulate.carrier.twiml import Document, parse, spoken
from voicebot.simulate.carrier.verbs import (
    Connect,
    Dial,
    Gather,
    Hangup,
    Number,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Stream,
)


def verbs(body):
    return parse(f"<Response>{body}</Response>".encode(), "http://server/voice").verbs


@pytest.mark.parametrize(
    ("body", "verb"),
    [
        ("<Say> Hello </Say>", Say("Hello")),
        ('<Play loop="2">/a.wav</Play>', Play("/a.wav", 2)),
        ("<Pause/>", Pause(1)),
        ("<Gather/>", Gather((), "", "POST", 5, "#", None, False)),
        (
            (
                '<Gather timeout="0" numDigits="1" finishOnKey="" actionOnEmptyResult="true" action="/g">'
                "<Play>p</Play></Gather>"
            ),
            Gather((Play("p"),), "/g", "POST", 0, "", 1, True),
        ),
        ("<Record/>", Record("", "POST", 5, "1234567890*#", 3600, True, True)),
        (
            '<Record playBeep="false" trim="do-not-trim" maxLength="8" timeout="2"/>',
            Record(timeout_s=2, max_length_s=8, play_beep=False, trim_silence=False),
        ),
        (
            (
                '<Connect action="/after"><Stream url="wss://h/m" name="n">'
                '<Parameter name="a" value="b"/></Stream></Connect>'
            ),
            Connect(Stream("wss://h/m", "n", (("a", "b"),)), "/after"),
        ),
        ("<Dial>+16515550110</Dial>", Dial((Number("+16515550110"),))),
        (
            '<Dial timeout="20" action="/d"><Number>+16515550110</Number><Number>+16515550111</Number></Dial>',
            Dial((Number("+16515550110"), Number("+16515550111")), "/d", timeout_s=20),
        ),
        (
            (
                '<Dial callerId="+2" answerOnBridge="true" hangupOnStar="true" sequential="true" timeLimit="60">'
                '<Number url="/w" method="GET" statusCallback="/s" statusCallbackEvent="ringing answered">+1</Number>'
                "</Dial>"
            ),
            Dial(
                (Number("+1", "/w", "GET", "/s", status_events=("ringing", "answered")),),
                time_limit_s=60,
                caller_id="+2",
                hangup_on_star=True,
                answer_on_bridge=True,
                sequential=True,
            ),
        ),
        ('<Dial timeout="1">+1</Dial>', Dial((Number("+1"),), timeout_s=5)),
        ("<Redirect>/next</Redirect>", Redirect("/next")),
        ("<Hangup/>", Hangup()),
        ('<Reject reason="busy"/>', Reject("busy")),
    ],
)
def test_reads_each_verb_with_its_defaults(body, verb):
    assert verbs(body) == (verb,)


@pytest.mark.parametrize("body", [b"", b"  \n", b"<Response/>"])
def test_an_empty_document_has_no_verbs(body):
    assert parse(body, "http://server/").verbs == ()


def test_what_twiml_does_not_know_is_left_out_with_a_warning():
    document = parse(b'<Response><Sing/><Play colour="red">p</Play></Response>', "http://server/")
    assert document.verbs == (Play("p"),)
    assert document.warnings == ("<Sing> is not known inside <Response>", "<Play> has no attribute colour")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"<Response>", ErrorCode.DOCUMENT_PARSE),
        (b"hello", ErrorCode.DOCUMENT_PARSE),
        (b"<Answer/>", ErrorCode.SCHEMA),
        (b'<Response><Pause length="long"/></Response>', ErrorCode.SCHEMA),
        (b"<Response><Connect/></Response>", ErrorCode.SCHEMA),
        (b'<Response><Redirect method="PUT">/</Redirect></Response>', ErrorCode.SCHEMA),
        (b'<Response><Say loop="-1">x</Say></Response>', ErrorCode.SCHEMA),
        (b"<Response>" + b" " * 65536 + b"</Response>", ErrorCode.DOCUMENT_TOO_LARGE),
    ],
)
def test_a_document_that_cannot_be_executed_is_an_error(body, code):
    with pytest.raises(CarrierError) as refused:
        parse(body, "http://server/")
    assert refused.value.code is code


def test_a_noun_is_no_verb_and_attributes_are_each_elements_own():
    document = parse(
        b'<Response><Number>+1</Number><Dial><Number length="1">+1</Number></Dial></Response>', "http://s/"
    )
    assert document.warnings == ("<Number> is not known inside <Response>", "<Number> has no attribute length")
    assert document.verbs == (Dial((Number("+1"),)),)


def test_names_are_case_sensitive():
    assert parse(b"<Response><say>Hello</say></Response>", "http://s/").verbs == ()


def test_a_reference_is_relative_to_the_document():
    document = Document("https://server/voice/turn?n=1", ())
    assert document.resolve("next?n=2") == "https://server/voice/next?n=2"
    assert document.resolve("/other") == "https://server/other"
    assert document.resolve("") == "https://server/voice/turn?n=1"


@pytest.mark.parametrize(("reference", "code"), [("/next", ErrorCode.RELATIVE_ACTION), ("", ErrorCode.INVALID_URL)])
def test_a_document_that_came_with_a_call_update_needs_absolute_addresses(reference, code):
    document = Document("", ())
    assert document.resolve("https://server/next") == "https://server/next"
    with pytest.raises(CarrierError) as refused:
        document.resolve(reference)
    assert refused.value.code is code


def test_plain_text_is_read_out():
    assert spoken(" Good morning. ", "http://s/").verbs == (Say("Good morning."),)
