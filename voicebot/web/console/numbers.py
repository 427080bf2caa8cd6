"""`/console/numbers`: the clinic's numbers over some days, as pictures with a table beside each, and as CSV.

Read from sums that were made when each call was over (storage.tally_store), so the page costs the same however many
calls there are.
"""

from __future__ import annotations

import csv
import io
import itertools
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from flask import Response, current_app, render_template, request

from voicebot.calls.facts import RINGING
from voicebot.calls.measures import NOT_TOLD, Followed, Measure
from voicebot.dialog.spoken import spoken_texts
from voicebot.exports.csv_table import safe_cell
from voicebot.staff.roles import Action
from voicebot.storage.review_store import ReviewStore
from voicebot.storage.tally_store import tallies, tallies_by_day
from voicebot.web.console.background import worker_of
from voicebot.web.console.call_wording import TRANSFERS
from voicebot.web.console.days import MEASURES, Day, enough, in_a_row, rows
from voicebot.web.console.desk import database, desk
from voicebot.web.console.figures import Figures, share
from voicebot.web.console.frame import page_blueprint
from voicebot.web.console.guard import allowed
from voicebot.web.console.review_view import LEVELS
from voicebot.web.console.review_words import CARRIED, FOLLOWED, TARGETS
from voicebot.web.wording import OUTCOMES, URGENCIES

if TYPE_CHECKING:
    from flask import Blueprint

    from voicebot.parts import Parts

DAYS = 28
"""Shown when no days are asked for."""
_ENDED = {how: words for how, words in TRANSFERS.items() if how != RINGING} | {NOT_TOLD: "how, was never told"}
COLUMNS = ("measure", "key", "detail", "count")


def numbers_page(parts: Parts) -> Blueprint:
    """Return the blueprint of the numbers."""
    blueprint = page_blueprint("numbers")
    engine = database(parts)
    reviews = ReviewStore(engine)
    texts = {prompt: sound.text for (prompt, _), sound in parts.voice.sounds.items()} | spoken_texts(parts.ruleset)
    blueprint.add_app_template_filter(_percent, "percent")

    def figures(since: date, until: date) -> Figures:
        worker_of(current_app, parts).wake()
        begin = datetime.combine(since, time(), UTC)
        end = datetime.combine(until, time(), UTC) + timedelta(days=1)
        return Figures(tallies(engine, since, until), reviews.levels(begin, end))

    def days(since: date, until: date) -> list[Day]:
        return in_a_row(tallies_by_day(engine, since, until, MEASURES), min(until, _today()))

    @blueprint.get("/numbers")
    @allowed(Action.SEE_NUMBERS)
    def shown() -> str:
        since, until = _days()
        found, each_day = figures(since, until), days(since, until)
        return render_template(
            "console/numbers.html",
            since=since,
            until=until,
            figures=found,
            days=each_day,
            lines_there=enough(each_day),
            goes_on=until >= _today(),
            texts=texts,
            followed=FOLLOWED,
            carried=CARRIED,
            outcomes=_by_outcome(found),
            transfers=_by_target(found),
            transfer_ends=list(_ENDED.values()),
            faults=found.by_key(Measure.FAULT),
            levels=LEVELS,
            max_calls=parts.settings.max_calls,
            answered=Followed.NEXT,
        )

    @blueprint.get("/numbers.csv")
    @allowed(Action.SEE_NUMBERS)
    def as_csv() -> Response:
        since, until = _days()
        out = io.StringIO(newline="")
        table = csv.writer(out)
        table.writerow(COLUMNS)
        every = itertools.chain(figures(since, until).rows(), rows(days(since, until)))
        table.writerows([safe_cell(cell) for cell in row] for row in every)
        name = f"numbers-{since.isoformat()}-{until.isoformat()}.csv"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(out.getvalue(), mimetype="text/csv", headers=headers)

    return blueprint


def _days() -> tuple[date, date]:
    """Return the days asked for, in UTC, in their order; what is no day counts as not asked for."""
    until = _day("until") or _today()
    since = _day("since") or until - timedelta(days=DAYS - 1)
    return min(since, until), max(since, until)


def _today() -> date:
    return desk().clock().astimezone(UTC).date()


def _day(name: str) -> date | None:
    try:
        found = date.fromisoformat(request.args.get(name, ""))
    except ValueError:
        return None
    return found if date.min.year < found.year < date.max.year else None  # days before and after it are reckoned with


def _by_outcome(figures: Figures) -> list[tuple[str, list[int]]]:
    """Return each outcome with its calls by urgency: not decided, then 0 to 5."""
    found = figures.of(Measure.OUTCOME)
    details = ("not_decided", *map(str, range(len(URGENCIES))))
    return [
        (words, [found.get((outcome.value, detail), 0) for detail in details])
        for outcome, words in OUTCOMES.items()
        if any(key == outcome.value for key, _ in found)
    ]


def _by_target(figures: Figures) -> list[tuple[str, list[tuple[str, int]]]]:
    """Return whom calls were put through to, with how often that went how."""
    found = figures.of(Measure.TRANSFER)
    return [
        (words, [(how, found.get((target.value, outcome), 0)) for outcome, how in _ENDED.items()])
        for target, words in TARGETS.items()
        if any(key == target.value for key, _ in found)
    ]


def _percent(part: int, whole: int) -> str:
    found = share(part, whole)
    return "" if found is None else f"{found:.0%}"
