"""Twilio's error codes that the emulator raises, and the exception that carries one to the log.

Meanings as in Twilio's error dictionary (twilio.com/docs/api/errors). What docs/carrier.md lists as not confirmed is
the moment at which Twilio raises a code, not its meaning.
"""

from __future__ import annotations

from enum import IntEnum


class ErrorCode(IntEnum):
    """What went wrong, as Twilio's debugger would name it."""

    INVALID_URL = 11100
    """A URL that is none where a document needs one."""
    HTTP_RETRIEVAL = 11200
    """A webhook or a sound could not be had: no connection, out of time, not 2xx, no Content-Type."""
    TOO_MANY_REDIRECTS = 11215
    """More than ten HTTP redirects in a row."""
    RETRY_POLICY = 11243
    """A connection override whose retry policy means nothing."""
    DOCUMENT_TOO_LARGE = 11750
    """TwiML of more than 64 KB."""
    DOCUMENT_PARSE = 12100
    """Not XML."""
    SCHEMA = 12200
    """A verb, noun or attribute that TwiML does not know there: a warning, it is left out."""
    CONTENT_TYPE = 12300
    """A Content-Type that is no TwiML, or for Play no audio."""
    RELATIVE_ACTION = 15004
    """A relative action in TwiML that came with a call update and so has no address."""
    STREAM_CONNECT_TIMEOUT = 31901
    STREAM_REFUSED = 31902
    """Nobody listens at the stream's address."""
    STREAM_HANDSHAKE = 31920
    """The WebSocket was not opened: an answer other than 101, a query string."""
    STREAM_CLOSED_BY_SERVER = 31921
    STREAM_MALFORMED_URL = 31923
    """The stream's URL is not wss."""
    STREAM_OVERFLOW = 31930
    """The caller's audio was thrown away on its way to the server."""
    STREAM_DISCARDED = 31931
    """More than ten minutes of the server's audio were waiting: the rest is thrown away."""
    STREAM_TRACK = 31941
    """A track that a bidirectional stream cannot have."""
    STREAM_MALFORMED = 31950
    """A binary message. A warning, once a stream."""
    STREAM_INVALID_MESSAGE = 31951
    """No JSON, an unknown event, missing or further fields, another stream's id. A warning, once a stream."""


class CarrierError(Exception):
    """Something the server did that Twilio would put in its debugger. Ends up in the call's log, never at a person."""

    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
