"""What a caller answered turn by turn: a key, recorded sound or nothing. Makes the event, decides nothing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import structlog

from voicebot.dialog.digits import Digits
from voicebot.dialog.events import Event, Heard, KeyPressed, NoInput, PlaceRecorded
from voicebot.errors import VoicebotError
from voicebot.speech.codec import BYTES_PER_MS, SILENCE
from voicebot.speech.ears import Utterance
from voicebot.speech.grammars import combine
from voicebot.speech.place import PlaceRecording
from voicebot.telephony.recorder import CallRecorder

if TYPE_CHECKING:
    from voicebot.dialog.effects import Listen, RecordPlace
    from voicebot.parts import Parts
    from voicebot.telephony.recordings import Recordings

_log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer as the carrier reports it; all empty when nothing was said or pressed."""

    keys: str = ""
    recording_url: str = ""


def event_of(reply: Reply, at_ms: int, call_id: str, listen: Listen | None, parts: Parts, carrier: Recordings) -> Event:
    """Return what the reply means as an answer to `listen`; a recording is kept and heard only with consent.

    A recording that cannot be had counts as no input: the caller is asked again, and after three times put through.
    """
    if reply.keys and listen is not None and listen.digits:
        return _number(reply.keys, at_ms, call_id, listen.digits, parts)
    if reply.keys:
        return KeyPressed(at_ms, reply.keys[0])
    if not reply.recording_url or listen is None or not listen.keep_audio:
        return NoInput(at_ms)
    try:
        mulaw = carrier.fetch(reply.recording_url)
    except VoicebotError as error:
        _log.error("recording_not_fetched", call_id=call_id, code=error.code)
        return NoInput(at_ms)
    _keep(mulaw, at_ms, call_id, parts)
    return _hear(mulaw, at_ms, listen, parts)


def _number(keys: str, at_ms: int, call_id: str, wanted: int, parts: Parts) -> Event:
    """Return what keys mean where a number was asked for; a whole one goes to the store, and nowhere else."""
    digits = Digits(wanted, keys)
    if digits.number:
        parts.store.give_number(call_id, digits.number)
    return digits.event(at_ms)


def place_of(
    reply: Reply, at_ms: int, call_id: str, place: RecordPlace, parts: Parts, carrier: Recordings
) -> PlaceRecorded:
    """Return what became of the recording of where the caller is; kept only if something was said, heard by nobody."""
    try:
        mulaw = carrier.fetch(reply.recording_url) if reply.recording_url else b""
    except VoicebotError as error:
        _log.error("recording_not_fetched", call_id=call_id, code=error.code)
        return PlaceRecorded(at_ms, 0, lost=True)
    taken = PlaceRecording(place.max_ms)
    taken.feed(mulaw)
    recorder = CallRecorder(parts.store, parts.settings.audio_dir, call_id, lambda: at_ms)
    kept = recorder.keep_place(taken.sound, max(0, at_ms - taken.ms))
    return PlaceRecorded(at_ms, taken.ms if kept else 0)


def _keep(mulaw: bytes, at_ms: int, call_id: str, parts: Parts) -> None:
    recorder = CallRecorder(parts.store, parts.settings.audio_dir, call_id, lambda: at_ms)
    recorder.write(mulaw, SILENCE * len(mulaw))
    recorder.close()


def _hear(mulaw: bytes, at_ms: int, listen: Listen, parts: Parts) -> Event:
    """Return what the utterances of a recording that ended just now mean together.

    A recording is one turn: "yes ... no, wait" is not a yes, whatever pause lies between.
    """
    grammar = parts.grammars.get(listen.grammar)
    understand = grammar.understand
    listening = parts.ears.listen(grammar.phrases, understand)
    utterances = [heard for heard in listening.feed(mulaw) if isinstance(heard, Utterance)]
    if last := listening.finish():
        utterances.append(last)
    if not utterances:
        return NoInput(at_ms)
    meant = [heard for heard in utterances if understand(heard.words)] or utterances[:1]
    meanings = frozenset(meaning for heard in meant if (meaning := understand(heard.words)))
    began_ms = max(0, at_ms - len(mulaw) // BYTES_PER_MS)
    return Heard(
        at_ms,
        combine(meanings),
        min(min(heard.confidence, grammar.surest(heard.words)) for heard in meant),
        words=" ".join(heard.words for heard in meant),
        started_ms=began_ms + meant[0].started_ms,
        ended_ms=began_ms + meant[-1].ended_ms,
    )
