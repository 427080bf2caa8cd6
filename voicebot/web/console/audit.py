"""`/console/audit`: who did what, for auditors: a list, whether the chain is whole, and all of it as a file."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Response, render_template, request

from voicebot.exports.csv_table import safe_cell
from voicebot.staff.audit_chain import Audited
from voicebot.staff.roles import Action
from voicebot.web.console.desk import desk
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed, audited

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from flask import Blueprint

    from voicebot.parts import Parts
    from voicebot.staff.audit_chain import AuditEntry

ENTRIES_A_PAGE = 100
MAX_SEQ = 2**31 - 1
"""More entries no database keeps."""
COLUMNS = ("seq", "at", "who", "what", "subject", "previous", "hash")


def audit_page(_parts: Parts) -> Blueprint:
    """Return the blueprint of the audit."""
    blueprint = page_blueprint("audit")

    @blueprint.get("/audit")
    @allowed(Action.SEE_AUDIT)
    def entries() -> str:
        audited(Audited.AUDIT_SEEN)
        who, subject = request.args.get("who", "").strip(), request.args.get("subject", "").strip()
        before = request.args.get("before", type=_seq)
        found = desk().audit.newest(ENTRIES_A_PAGE + 1, before, who=who, subject=subject)
        older = found[-2].seq if len(found) > ENTRIES_A_PAGE else None
        return render_template(
            "console/audit.html", entries=found[:ENTRIES_A_PAGE], older=older, asked_who=who, subject=subject
        )

    @blueprint.get("/audit/check")
    @allowed(Action.SEE_AUDIT)
    def check() -> str:
        audit = desk().audit
        fault, (length, head) = audit.fault(), audit.head()
        return render_template("console/audit_check.html", fault=fault, length=length, head=head)

    @blueprint.get("/audit/audit.<any(csv, jsonl):layout>")
    @allowed(Action.SEE_AUDIT)
    def export(layout: str) -> Response:
        audited(Audited.AUDIT_EXPORTED)
        every = desk().audit.all()
        lines, kind = (_csv(every), "text/csv") if layout == "csv" else (_json_lines(every), "application/jsonl")
        response = Response(lines, mimetype=kind)
        response.headers["Content-Disposition"] = f"attachment; filename=audit.{layout}"
        return response

    return blueprint


def _seq(text: str) -> int:
    """Return an entry's number; raises ValueError for what cannot be one."""
    number = int(text)
    if not 0 <= number <= MAX_SEQ:
        raise ValueError
    return number


def _fields(entry: AuditEntry) -> dict[str, object]:
    return asdict(entry) | {"at": entry.at.isoformat(timespec="microseconds")}


def _json_lines(entries: Iterable[AuditEntry]) -> Iterator[str]:
    for entry in entries:
        yield json.dumps(_fields(entry)) + "\n"


def _csv(entries: Iterable[AuditEntry]) -> Iterator[str]:
    yield _csv_line(COLUMNS)
    for entry in entries:
        fields = _fields(entry)
        yield _csv_line([fields[name] for name in COLUMNS])


def _csv_line(cells: Iterable[object]) -> str:
    line = io.StringIO(newline="")
    csv.writer(line).writerow(map(safe_cell, cells))
    return line.getvalue()
