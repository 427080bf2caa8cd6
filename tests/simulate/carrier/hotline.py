"""A small line in TwiML, with every verb on some key; it can be told to fail at its next answer."""

from __future__ import annotations

import socket
from enum import StrEnum
from typing import TYPE_CHECKING

from flask import Response, request
from twilio.request_validator import RequestValidator

from tests.simulate.carrier.carrier_fakes import Server

if TYPE_CHECKING:
    from collections.abc import Callable

CALLEE = "+16515550110"
PROMPT = "Press a key."
ASK = f'<Gather numDigits="1" timeout="2" action="/menu"><Say>{PROMPT}</Say></Gather><Redirect>/silent</Redirect>'
MENU = {
    "1": '<Record timeout="1" maxLength="4" playBeep="false" action="/recorded"/><Redirect>/silent</Redirect>',
    "2": '<Connect action="/resume"><Stream url="/media"/></Connect>',
    "3": (
        '<Dial timeout="5" timeLimit="10" action="/dialed"><Number url="/whisper" statusCallback="/leg" '
        f'statusCallbackEvent="initiated ringing answered completed">{CALLEE}</Number></Dial>'
    ),
    "4": "<Redirect>/voice</Redirect>",
    "5": "<Pause/><Redirect>/voice</Redirect>",
    "6": "<Hangup/>",
}
WHISPER = '<Gather numDigits="1" timeout="2" action="/accepted"><Say>Press one.</Say></Gather><Hangup/>'
PATIENT = 4
"""So often in a row a caller may be silent."""

LEADS_TO = {
    "/menu": {"Gather"},
    "/silent": {"Redirect"},
    "/voice": {"Redirect"},
    "/recorded": {"Record"},
    "/resume": {"Connect"},
    "/dialed": {"Dial"},
}
"""Which verbs lead to which path; /updated only an update, /fallback only a failure."""


class Trouble(StrEnum):
    """What can be wrong with an answer."""

    ERROR_500 = "an answer with status 500"
    DROPPED = "no answer at all"
    NO_XML = "an answer that is no XML"
    SLOW = "an answer that takes three seconds"


class Hotline:
    """The line, on a server."""

    def __init__(self, token: str, let_pass: Callable[[float], None]) -> None:
        self.server = Server()
        self.trouble: Trouble | None = None
        self.unsigned: list[str] = []
        self._validator = RequestValidator(token)
        self._let_pass = let_pass
        self._silences = 0
        pages: dict[str, Callable[[dict[str, str]], str]] = {
            "/voice": lambda _: ASK,
            "/menu": self._menu,
            "/silent": self._silent,
            "/recorded": lambda _: ASK,
            "/resume": lambda _: ASK,
            "/dialed": lambda _: ASK,
            "/whisper": lambda _: WHISPER,
            "/accepted": lambda form: "<Say>The summary.</Say>" if form["Digits"] == "1" else "<Hangup/>",
            "/updated": lambda _: ASK,
        }
        self.server.answers = {path: self._troubled(page) for path, page in pages.items()}
        for path, answer in {"/fallback": ASK, "/status": ("", 204), "/leg": ("", 204)}.items():
            self.server.answers[path] = self._checked(answer)

    def _menu(self, form: dict[str, str]) -> str:
        self._silences = 0
        return MENU.get(form["Digits"], ASK)

    def _silent(self, _: dict[str, str]) -> str:
        self._silences += 1
        return ASK if self._silences < PATIENT else "<Hangup/>"

    def _troubled(self, page: Callable[[dict[str, str]], str]) -> Callable[[dict[str, str]], object]:
        def answer(form: dict[str, str]) -> object:
            self._check(form)
            trouble, self.trouble = self.trouble, None
            match trouble:
                case Trouble.ERROR_500:
                    return "", 500
                case Trouble.NO_XML:
                    return Response("<Response>", content_type="text/xml")
                case Trouble.DROPPED:
                    request.environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
                case Trouble.SLOW:
                    self._let_pass(3000)
            return page(form)

        return answer

    def _checked(self, answer: object) -> Callable[[dict[str, str]], object]:
        return lambda form: self._check(form) or answer

    def _check(self, form: dict[str, str]) -> None:
        if not self._validator.validate(request.url, form, request.headers.get("X-Twilio-Signature", "")):
            self.unsigned.append(request.path)
