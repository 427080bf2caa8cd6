"""Reads a TwiML document into verbs. Pure. What TwiML does not know is left out with a warning, as Twilio does.

A document that is no XML, or a verb whose attribute has no meaning, is an error: Twilio then asks the fallback URL.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError, fromstring

from voicebot.simulate.carrier.codes import CarrierError, ErrorCode
from voicebot.simulate.carrier.verbs import (
    ANY_KEY,
    Connect,
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    Stream,
    Verb,
)

if TYPE_CHECKING:
    from collections.abc import Callable

_LARGEST = 64 * 1024
_KNOWN = {
    "Say": "voice language loop",
    "Play": "loop digits",
    "Pause": "length",
    "Gather": "input action method timeout speechTimeout finishOnKey numDigits hints language profanityFilter bargeIn "
    "partialResultCallback partialResultCallbackMethod actionOnEmptyResult speechModel enhanced maxSpeechTime",
    "Record": "action method timeout finishOnKey maxLength playBeep trim recordingStatusCallback "
    "recordingStatusCallbackMethod recordingStatusCallbackEvent transcribe transcribeCallback",
    "Connect": "action method",
    "Stream": "url name track statusCallback statusCallbackMethod",
    "Parameter": "name value",
    "Dial": "action method timeout hangupOnStar timeLimit callerId record answerOnBridge sequential ringTone referUrl",
    "Number": "url method statusCallback statusCallbackMethod statusCallbackEvent",
    "Redirect": "method",
    "Hangup": "",
    "Reject": "reason",
}
"""Attributes by element."""


@dataclass(frozen=True, slots=True)
class Document:
    """A TwiML document and where it came from."""

    url: str
    verbs: tuple[Verb, ...]
    warnings: tuple[str, ...] = ()
    """What TwiML does not know and Twilio would leave out (12200)."""


def parse(body: bytes, url: str) -> Document:
    """Return the verbs of a document that was answered by `url`.

    Raises CarrierError: 11750 over 64 KB, 12100 for what is no XML, 12200 for what is no Response or has an attribute
    without meaning. An empty body is an empty document: the call is hung up.
    """
    if len(body) > _LARGEST:
        raise CarrierError(ErrorCode.DOCUMENT_TOO_LARGE, "a TwiML document of more than 64 KB")
    if not body.strip():
        return Document(url, ())
    try:
        root = fromstring(body)  # noqa: S314 -- the answers of the server under test, at most 64 KB
    except ParseError as broken:
        raise CarrierError(ErrorCode.DOCUMENT_PARSE, f"a TwiML document that is no XML: {broken}") from None
    if root.tag != "Response":
        raise CarrierError(ErrorCode.SCHEMA, "a TwiML document must be a Response")
    try:
        verbs = tuple(_READERS[element.tag](element) for element in root if element.tag in _READERS)
    except ValueError as wrong:
        raise CarrierError(ErrorCode.SCHEMA, f"a TwiML attribute without meaning: {wrong}") from None
    return Document(url, verbs, tuple(_unknown(root)))


def _unknown(parent: Element) -> list[str]:
    found = []
    for element in parent:
        if element.tag not in _KNOWN:
            found.append(f"<{element.tag}> is not known inside <{parent.tag}>")
            continue
        strange = set(element.attrib) - set(_KNOWN[element.tag].split())
        found += [f"<{element.tag}> has no attribute {name}" for name in sorted(strange)]
        found += _unknown(element)
    return found


def _text(element: Element) -> str:
    return (element.text or "").strip()


def _true(element: Element, name: str, *, default: bool) -> bool:
    return element.get(name, str(default)).lower() == "true"


def _say(element: Element) -> Say:
    return Say(_text(element), int(element.get("loop", "1")))


def _play(element: Element) -> Play:
    return Play(_text(element), int(element.get("loop", "1")))


def _pause(element: Element) -> Pause:
    return Pause(float(element.get("length", "1")))


_PROMPTS: dict[str, Callable[[Element], Say | Play | Pause]] = {"Say": _say, "Play": _play, "Pause": _pause}


def _gather(element: Element) -> Gather:
    digits = element.get("numDigits")
    return Gather(
        prompts=tuple(_PROMPTS[nested.tag](nested) for nested in element if nested.tag in _PROMPTS),
        action=element.get("action", ""),
        method=element.get("method", "POST"),
        timeout_s=float(element.get("timeout", "5")),
        finish_on_key=element.get("finishOnKey", "#"),
        num_digits=int(digits) if digits else None,
        action_on_empty_result=_true(element, "actionOnEmptyResult", default=False),
    )


def _record(element: Element) -> Record:
    return Record(
        action=element.get("action", ""),
        method=element.get("method", "POST"),
        timeout_s=float(element.get("timeout", "5")),
        finish_on_key=element.get("finishOnKey", ANY_KEY),
        max_length_s=float(element.get("maxLength", "3600")),
        play_beep=_true(element, "playBeep", default=True),
        trim_silence=element.get("trim", "trim-silence") == "trim-silence",
        status_callback=element.get("recordingStatusCallback", ""),
    )


def _connect(element: Element) -> Connect:
    stream = element.find("Stream")
    if stream is None:
        raise ValueError("<Connect> needs a <Stream>")
    parameters = tuple((nested.get("name", ""), nested.get("value", "")) for nested in stream.iter("Parameter"))
    return Connect(
        Stream(stream.get("url", ""), stream.get("name", ""), parameters, stream.get("statusCallback", "")),
        element.get("action", ""),
        element.get("method", "POST"),
    )


def _dial(element: Element) -> Dial:
    nested = [_text(number) for number in element.iter("Number")]
    return Dial(
        numbers=tuple(nested or [_text(element)]),
        action=element.get("action", ""),
        method=element.get("method", "POST"),
        timeout_s=float(element.get("timeout", "30")),
        time_limit_s=float(element.get("timeLimit", "14400")),
    )


def _redirect(element: Element) -> Redirect:
    return Redirect(_text(element), element.get("method", "POST"))


_READERS: dict[str, Callable[[Element], Verb]] = {
    **_PROMPTS,
    "Gather": _gather,
    "Record": _record,
    "Connect": _connect,
    "Dial": _dial,
    "Redirect": _redirect,
    "Hangup": lambda _: Hangup(),
    "Reject": lambda element: Reject(element.get("reason", "rejected")),
}
