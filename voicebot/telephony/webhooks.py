"""The carrier's webhooks over HTTP: checks who asks, reads the form, answers in TwiML. Every answer is a way on.

Whatever fails in here puts the caller through to a person. What a call does next is decided elsewhere.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import structlog
from flask import Blueprint, Response, abort, after_this_request, request

from voicebot.errors import VoicebotError
from voicebot.storage.audio import wav_header
from voicebot.storage.private import private_folder
from voicebot.telephony import transfer
from voicebot.telephony.caller_id import shown_number
from voicebot.telephony.clock import utc_now
from voicebot.telephony.gate import is_genuine_webhook, own_base_url
from voicebot.telephony.recordings import Recordings
from voicebot.telephony.replies import Reply, event_of, place_of
from voicebot.telephony.staff_leg import add_staff_routes
from voicebot.telephony.text_messages import TextMessages
from voicebot.telephony.trouble import log_failure
from voicebot.telephony.turns import Turn, Turns
from voicebot.telephony.twiml import Links, answer, render
from voicebot.telephony.ways_out import no_room, on_their_own, to_person

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.dialog.effects import RecordPlace
    from voicebot.dialog.events import Event, PlaceRecorded
    from voicebot.parts import Parts
    from voicebot.storage.rows import CallRow

OVER = frozenset({"completed", "canceled", "failed", "busy", "no-answer"})
"""CallStatus of a call that has ended."""
STREAM_ENDS_S = 0.25
"""So long a call that goes on after its stream waits for the stream's own end to be noted."""
FOR_EVER = "public, max-age=31536000, immutable"

_log = structlog.get_logger()


def voice_blueprint(parts: Parts) -> Blueprint:  # noqa: PLR0915 - one short function for each webhook
    """Return the routes under /voice. Raises VoicebotError `settings_wrong` when a transfer would have no number."""
    blueprint = Blueprint("voice", __name__, url_prefix="/voice")
    private_folder(parts.settings.audio_dir)
    numbers = transfer.numbers(parts.settings)
    recordings = Recordings(parts.settings)
    turns, duty = Turns(parts), parts.duty
    texts = TextMessages(parts.settings, parts.store) if parts.settings.text_messages else None

    def prompt_path(prompt_id: str, *, slow: bool = False) -> str:
        return f"/voice/prompts/{prompt_id}/{parts.voice.sha256(prompt_id, slow=slow)}.wav"

    def links_of(call_id: str = "") -> Links:
        closed = transfer.closed(parts.settings, parts.hours, utc_now())
        return Links(own_base_url(request, parts.settings), numbers, prompt_path, parts.voice.text, closed, call_id)

    def reply(document: Callable[[Links], str]) -> Response:
        """Answer with the document; when it cannot be made, with a transfer to a person."""
        links = links_of()
        try:
            twiml = document(links)
        except Exception as error:  # noqa: BLE001 - whatever broke, the caller must reach a person
            log_failure(error)
            twiml = to_person(links)
        return Response(twiml, mimetype="text/xml")

    def go_on(step: Callable[[CallRow], Turn]) -> Response:
        """Answer with what follows for the call that is asked about; one we do not know goes to a person."""

        def document(links: Links) -> str:
            call = parts.store.find_by_sid(_call_sid())
            if call is None or not parts.rules_may_answer:
                return to_person(links)
            if not _is_over():
                duty.seen(_call_sid())
            turn = step(call)
            settle(call, turn)
            if duty.leaving:
                return hand_over(call, turn, links)
            return _rendered(turn, replace(links, call_id=call.call_id))

        return reply(document)

    def hand_over(call: CallRow, turn: Turn, links: Links) -> str:
        """Let the call go on without us: nobody may be here for its next webhook. A question goes to a person."""
        if turn.listen:
            turn = turns.stopped(call)
        duty.free_seat(_call_sid())
        return on_their_own(turn.effects, links, stays=turn.stays)

    def settle(call: CallRow, turn: Turn) -> None:
        """See to the call back; whatever goes wrong with that, the call goes on."""
        number = shown_number(request.form.get("From", ""))
        try:
            if turn.calls_back and number is not None:
                parts.store.keep_number(call.call_id, number)
        except VoicebotError as error:
            log_failure(error)
        if turn.ends and texts is not None:
            after_this_request(partial(_text_afterwards, texts, call.call_id))

    @blueprint.before_request
    def look_who_asks() -> None:
        """Refuse what was forged; take notice of who is gone."""
        if request.method == "POST" and not is_genuine_webhook(request, parts.settings):
            _log.warning("signature_refused", endpoint=request.endpoint)
            abort(403)
        if _is_over():
            duty.free_seat(_call_sid())

    @blueprint.post("/incoming")
    def incoming() -> Response:
        def document(links: Links) -> str:
            if not _call_sid():
                return to_person(links)
            if not parts.rules_may_answer:
                _log.warning("call_refused", code="rules_unapproved")
                return no_room(links)
            if not duty.take_seat(_call_sid(), of=parts.settings.max_calls):
                _log.warning("call_refused", count=duty.calls(), code=duty.standing)
                return no_room(links)
            try:
                call = turns.begin(_call_sid(), number=shown_number(request.form.get("From", "")))
            except Exception:
                duty.free_seat(_call_sid())
                raise
            if parts.settings.streaming:
                return answer(links, call.stream_token)
            return _rendered(turns.greet(call), replace(links, call_id=call.call_id))

        return reply(document)

    @blueprint.post("/resume")
    def resume() -> Response:
        duty.await_stream(_call_sid(), STREAM_ENDS_S)
        return go_on(lambda call: turns.ended(call) if _is_over() else turns.resume(call))

    @blueprint.post("/turn")
    def turn() -> Response:
        said, lost = _reply(), list[bool]()

        def step(call: CallRow) -> Turn:
            def place_at(at_ms: int, place: RecordPlace) -> PlaceRecorded:
                told = place_of(said, at_ms, call.call_id, place, parts, recordings)
                lost.append(told.lost)
                return told

            def event_at(at_ms: int, open_turn: Turn) -> Event:
                if place := open_turn.place:
                    return place_at(at_ms, place)
                return event_of(said, at_ms, call.call_id, open_turn.listen, parts, recordings)

            if _is_over():
                turns.place_left(call, _seq(), place_at)
                return turns.ended(call)
            return turns.answer(call, _seq(), event_at)

        response = go_on(step)
        if (recording_url := request.form.get("RecordingUrl")) and not any(lost):
            response.call_on_close(partial(recordings.delete, recording_url))  # the caller need not wait for it
        return response

    @blueprint.post("/transfer-result")
    def transfer_result() -> Response:
        outcome_of = partial(
            transfer.outcome,
            request.form.get("DialCallStatus", ""),
            bridged=request.form.get("DialBridged") != "false",
            caller_gone=_is_over(),
        )
        return go_on(lambda call: turns.transfer_ended(call, _seq(), outcome_of))

    @blueprint.post("/fallback")
    def fallback() -> Response:
        _log.error("carrier_error")
        return go_on(turns.broken)

    @blueprint.post("/status")
    def status() -> Response:
        try:
            if _is_over() and (call := parts.store.find_by_sid(_call_sid())):
                settle(call, turns.ended(call))
        except Exception as error:  # noqa: BLE001 - nobody is on the line any more; the carrier cannot help it
            log_failure(error)
        return Response(status=204)

    @blueprint.get("/prompts/<prompt_id>/<sha256>.wav")
    def prompt(prompt_id: str, sha256: str) -> Response:
        paces = (False, True) if prompt_id in parts.voice.ids() else ()
        slow = next((pace for pace in paces if parts.voice.sha256(prompt_id, slow=pace) == sha256), None)
        if slow is None:
            abort(404)
        mulaw = parts.voice.mulaw(prompt_id, slow=slow)
        return Response(wav_header(len(mulaw)) + mulaw, mimetype="audio/wav", headers={"Cache-Control": FOR_EVER})

    add_staff_routes(blueprint, parts.store, turns, links_of)
    return blueprint


def _rendered(turn: Turn, links: Links) -> str:
    return render(turn.effects, seq=turn.next_seq, links=links)


def _call_sid() -> str:
    return request.form.get("CallSid", "")


def _seq() -> int:
    """Return the place in the record this webhook answers; -1, which is no place, when it names none."""
    return request.args.get("n", -1, type=int)


def _is_over() -> bool:
    """Return whether the caller is gone; a recording cut off by that says so in its Digits."""
    return request.form.get("CallStatus") in OVER or request.form.get("Digits") == "hangup"


def _reply() -> Reply:
    if "silent" in request.args:
        return Reply()
    return Reply(request.form.get("Digits", ""), request.form.get("RecordingUrl", ""))


def _text_afterwards(texts: TextMessages, call_id: str, response: Response) -> Response:
    response.call_on_close(partial(texts.about_call_back, call_id))  # the carrier need not wait for it
    return response
