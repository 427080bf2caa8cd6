"""Calls taken out of the console as files: one, or those a view finds. What a file holds is voicebot.exports's.

Whoever may not see words gets the record without them.
"""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from flask import Response, request

from voicebot.dialog.spoken import spoken_texts
from voicebot.errors import VoicebotError
from voicebot.exports.csv_table import write_csv
from voicebot.exports.fhir import to_fhir
from voicebot.exports.json_lines import export_call, to_line
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action, may
from voicebot.storage.call_search import CallSearch
from voicebot.storage.store import split_words
from voicebot.web.console.call_filters import read_query
from voicebot.web.console.call_rules import kept_rules
from voicebot.web.console.desk import database, desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited, audited_each, member

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Blueprint

    from voicebot.calls.document import StoredCall
    from voicebot.parts import Parts
    from voicebot.web.console.call_filters import Asked

MOST_CALLS = {"csv": 1000, "jsonl": 1000, "fhir": 100}
"""Layout -> calls at once, the newest. More would hold up callers; `voicebot calls export` has no such end."""
LAYOUTS = {"csv": "CSV", "jsonl": "JSON", "fhir": "FHIR bundles"}
"""Layout -> its name."""
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/jsonl", "fhir": "application/fhir+ndjson"}
"""Layout -> media type; FHIR has one bundle a line."""
SUFFIXES = {"csv": "csv", "jsonl": "jsonl", "fhir": "fhir.ndjson"}


def call_exports_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the exports."""
    blueprint = page_blueprint("call_exports")
    store, search = parts.store, CallSearch(database(parts))
    in_force = {prompt_id: sound.text for (prompt_id, _), sound in parts.voice.sounds.items()}

    def load(call_id: str) -> StoredCall:
        call = export_call(store, call_id)
        return call if may(member().role, Action.SEE_WORDS) else without_words(call)

    def fhir_line(call: StoredCall) -> str:
        return to_fhir(call, in_force | spoken_texts(kept_rules(store, call.ruleset.sha256)))

    def file(layout: str, calls: Iterable[StoredCall], name: str) -> Response:
        lines: Iterator[str]
        match layout:
            case "csv":
                lines = iter([_table(calls)])
            case "jsonl":
                lines = (f"{to_line(call)}\n" for call in calls)
            case _:
                lines = (f"{fhir_line(call)}\n" for call in calls)
        response = Response("".join(lines), content_type=TYPES[layout])
        response.headers["Content-Disposition"] = f"attachment; filename={name}.{SUFFIXES[layout]}"
        return response

    @blueprint.get("/calls/<call_id>/export.<any(csv, jsonl, fhir):layout>")
    @allowed(Action.EXPORT)
    def one(call_id: str, layout: str) -> Response:
        call = load(call_id)
        audited(Audited.CALL_EXPORTED, call_id)
        return file(layout, [call], f"call-{call_id[:12]}")

    @blueprint.get("/chosen-calls.<any(csv, jsonl, fhir):layout>")
    @allowed(Action.EXPORT)
    def chosen(layout: str) -> Response:
        call_ids = list(dict.fromkeys(request.args.getlist("call")))[: MOST_CALLS[layout]]
        if not call_ids:
            raise VoicebotError("choice_unclear", "No call is ticked.", "Tick the calls to be taken out first.")
        calls = [load(call_id) for call_id in call_ids]
        audited_each(Audited.CALL_EXPORTED, call_ids)
        return file(layout, calls, "calls")

    @blueprint.get("/calls-export.<any(csv, jsonl, fhir):layout>")
    @allowed(Action.EXPORT)
    def found(layout: str) -> Response:
        asked = read_query(request.args, desk().clock(), may_see_words=may(member().role, Action.SEE_WORDS))
        calls = search.page(asked.filter, limit=MOST_CALLS[layout]).calls
        audited(Audited.CALLS_EXPORTED, f"{len(calls)} as {layout}: {_told(asked)}")
        audited_each(Audited.CALL_EXPORTED, [call.call_id for call in calls])
        return file(layout, (load(call.call_id) for call in calls), "calls")

    return blueprint


def without_words(call: StoredCall) -> StoredCall:
    """Return the call without what the caller said; meanings and decisions stay."""
    return replace(call, entries=tuple(split_words(entry)[0] for entry in call.entries))


def _told(asked: Asked) -> str:
    """Return what was asked for, for the audit, which never holds a word of a caller or digits of a number."""
    return urlencode([part for part in asked.query if part[0] not in {"q", "column"}]) or "all"


def _table(calls: Iterable[StoredCall]) -> str:
    table = io.StringIO(newline="")
    write_csv(calls, table)
    return table.getvalue()
