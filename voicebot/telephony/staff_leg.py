"""The webhooks on the leg of whoever is rung: asks them to take the call, and joins the two only then.

A machine may answer. So nothing about the caller is told before the key was pressed, and whatever fails hangs up.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from voicebot.dialog.events import StaffReply
from voicebot.telephony.transfer import ACCEPT_KEY
from voicebot.telephony.trouble import log_failure
from voicebot.telephony.twiml import CALLER_GONE, Links, dismiss, join, offer

if TYPE_CHECKING:
    from collections.abc import Callable

    from voicebot.storage.rows import CallRow
    from voicebot.storage.store import CallStore
    from voicebot.telephony.turns import Turns


def add_staff_routes(blueprint: Blueprint, store: CallStore, turns: Turns, links_of: Callable[[str], Links]) -> None:
    """Add /staff/offer and /staff/key to `blueprint`; `links_of` returns the links of a call by its id."""

    def to_staff(document: Callable[[Links, CallRow, int], str], otherwise: Callable[[Links], str]) -> Response:
        """Answer with the document; when it cannot be made, with `otherwise`."""
        links = links_of(request.args.get("call", ""))
        try:
            twiml = document(links, store.call(links.call_id), request.args.get("n", -1, type=int))
        except Exception as error:  # noqa: BLE001 - whatever broke, a machine must not be joined to the caller
            log_failure(error)
            twiml = otherwise(links)
        return Response(twiml, mimetype="text/xml")

    @blueprint.post("/staff/offer")
    def staff_offer() -> Response:
        return to_staff(lambda links, _call, seq: offer(links, seq), dismiss)

    @blueprint.post("/staff/key")
    def staff_key() -> Response:
        reply = _reply(request.form.get("Digits", ""))

        def document(links: Links, call: CallRow, seq: int) -> str:
            acceptance = turns.staff_replied(call, seq, reply)
            if acceptance.reply is StaffReply.ACCEPTED:
                return join(links, acceptance.briefing)
            too_late = acceptance.reply is None and reply is not StaffReply.SILENT
            return dismiss(links, CALLER_GONE if too_late else None)

        # Whoever pressed the key is a person, and talks with the caller even if we can no longer note it.
        return to_staff(document, partial(join, briefing=None) if reply is StaffReply.ACCEPTED else dismiss)


def _reply(key: str) -> StaffReply:
    if not key:
        return StaffReply.SILENT
    return StaffReply.ACCEPTED if key == ACCEPT_KEY else StaffReply.DECLINED
