"""Twilio's error codes that the emulator raises, and the exception that carries one to the log.

Meanings as in Twilio's error dictionary (twilio.com/docs/api/errors).
"""

from __future__ import annotations

from enum import IntEnum


class ErrorCode(IntEnum):
    """What went wrong, as Twilio's debugger would name it."""

    HTTP_RETRIEVAL = 11200
    """A webhook or a sound could not be had: no connection, over 15 s, not 2xx, no Content-Type."""
    DOCUMENT_TOO_LARGE = 11750
    """TwiML of more than 64 KB."""
    DOCUMENT_PARSE = 12100
    """Not XML."""
    SCHEMA = 12200
    """A verb, noun or attribute that TwiML does not know: a warning, it is left out."""
    CONTENT_TYPE = 12300
    """A Content-Type that is no TwiML, or for Play no audio."""
    STREAM_CONNECT_TIMEOUT = 31901
    STREAM_BROKEN_PIPE = 31903
    STREAM_HANDSHAKE = 31920
    """The WebSocket was not opened: not 101, a query string, not wss."""
    STREAM_CLOSED_BY_SERVER = 31921
    STREAM_MALFORMED = 31950
    """A frame that is no JSON text."""
    STREAM_INVALID_MESSAGE = 31951
    """A message with an unknown event, missing or further fields, or another stream's id."""


class CarrierError(Exception):
    """Something the server did that Twilio would put in its debugger. Ends up in the call's log, never at a person."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
