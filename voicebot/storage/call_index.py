"""Keeps the index of calls true: one row a call, made from its record in the very commit that changes the record.

Only writes; call_search.py reads. The record is the truth, so a row may be made again at any time: `rebuild`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import BindParameter, Connection, Engine, Row, bindparam, delete, func, insert, or_, select, update

from voicebot.calls.entries import Entry, message_from_json
from voicebot.calls.facts import FACTS_VERSION, CallFacts, read_facts
from voicebot.errors import VoicebotError
from voicebot.storage.engine import transaction
from voicebot.storage.review_tables import REVIEWS
from voicebot.storage.tables import CALL_INDEX, CALL_MARKS, CALLS, ENTRIES, WORDS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from voicebot.storage.rows import CallRow

CALLS_A_COMMIT = 100
"""So many rows are made again before others may write in between."""
_LONGEST_VALUE = 100
_NO_WORD = "[unk]"
"""What the ears write for speech that is none of the phrases."""


class Mark(StrEnum):
    """What a call can be found by."""

    RULE = "rule"
    FAULT = "fault"
    WORD = "word"


Marks = frozenset[tuple[str, str]]
"""Kinds and values, words apart."""
_THIS_CALL: BindParameter[str] = bindparam("this_call")
_INSERT = insert(CALL_INDEX)
_UPDATE = update(CALL_INDEX).where(CALL_INDEX.c.call_id == _THIS_CALL)
_DELETE_MARKS = delete(CALL_MARKS).where(
    CALL_MARKS.c.call_id == _THIS_CALL, CALL_MARKS.c.kind.in_([Mark.RULE.value, Mark.FAULT.value])
)
_WORDS = select(CALL_MARKS.c.value).where(CALL_MARKS.c.call_id == _THIS_CALL, CALL_MARKS.c.kind == Mark.WORD.value)
_NOTHING = CallFacts(0, None, None, 0, None, 0, None, None, (), ())


def index_call(
    connection: Connection,
    call: Row[Any] | CallRow,
    record: Sequence[Entry] | None = None,
    found_by: Marks | None = None,
) -> Marks:
    """Make the call's row and its marks for rules and faults from its record, within a transaction; return these marks.

    `record` is the call's whole record where the caller has it: then it need not be read again. `found_by` are the
    marks it is found by until now, None when nobody knows.
    """
    facts = _fold(connection, call.call_id) if record is None else _facts(record)
    values = _row(call, facts)
    if connection.execute(_UPDATE, values | {"this_call": call.call_id}).rowcount == 0:
        reviewed = connection.scalar(select(REVIEWS.c.state).where(REVIEWS.c.call_id == call.call_id))
        review = {"review_state": reviewed} if reviewed else {}
        connection.execute(insert(CALL_INDEX).values({**values, **review, "call_id": call.call_id}))
    marks = _marks(facts)
    if marks != found_by:
        connection.execute(_DELETE_MARKS, {"this_call": call.call_id})
        _add_marks(connection, call, sorted(marks))
    return marks


def index_new(connection: Connection, call: CallRow, record: Sequence[Entry]) -> Marks:
    """Make the row and the marks of a call that is added in the same transaction; return its marks."""
    facts = _facts(record)
    connection.execute(_INSERT, _row(call, facts) | {"call_id": call.call_id})
    marks = _marks(facts)
    _add_marks(connection, call, sorted(marks))
    return marks


def index_words(connection: Connection, call: Row[Any] | CallRow, texts: Iterable[str]) -> None:
    """Note words the caller said, each once; to be called where they are stored, within the same transaction."""
    known = set(connection.scalars(_WORDS, {"this_call": call.call_id}))
    said = {word[:_LONGEST_VALUE]: None for text in texts for word in words_of(text)}
    _add_marks(connection, call, [(Mark.WORD.value, word) for word in said if word not in known])


def forget_words(connection: Connection, call_id: str) -> None:
    """Drop what `index_words` noted; to be called where the words are deleted, within the same transaction."""
    connection.execute(delete(CALL_MARKS).where(CALL_MARKS.c.call_id == call_id, CALL_MARKS.c.kind == Mark.WORD))


def words_of(text: str) -> list[str]:
    """Return the words of `text` as they are searched for."""
    return [word for word in text.casefold().split() if word != _NO_WORD]


def rebuild(engine: Engine) -> Iterator[int]:
    """Make every row that is missing or was folded by another version; yield how many calls are done, now and then.

    Safe beside a service that answers calls, and to be broken off: what is done stays. Raises VoicebotError
    `store_failed`.
    """
    done = 0
    tried: str = ""
    while calls := _outdated(engine, after=tried):
        with transaction(engine.execution_options(writes_later=True)) as connection:
            for call in connection.execute(select(CALLS).where(CALLS.c.call_id.in_(calls))).all():
                index_call(connection, call)
                texts = connection.scalars(select(WORDS.c.words).where(WORDS.c.call_id == call.call_id))
                index_words(connection, call, texts)
        tried = calls[-1]
        done += len(calls)
        yield done


def outdated_calls(engine: Engine) -> int:
    """Count the calls whose row is missing or was folded by another version; raises VoicebotError `store_failed`."""
    with transaction(engine) as connection:
        rows = CALLS.outerjoin(CALL_INDEX, CALL_INDEX.c.call_id == CALLS.c.call_id)
        return connection.scalar(select(func.count()).select_from(rows).where(_IS_OUTDATED)) or 0


_IS_OUTDATED = or_(CALL_INDEX.c.facts_version.is_(None), CALL_INDEX.c.facts_version != FACTS_VERSION)


def _outdated(engine: Engine, after: str) -> list[str]:
    rows = CALLS.outerjoin(CALL_INDEX, CALL_INDEX.c.call_id == CALLS.c.call_id)
    query = select(CALLS.c.call_id).select_from(rows).where(_IS_OUTDATED, CALLS.c.call_id > after)
    with transaction(engine) as connection:
        return list(connection.scalars(query.order_by(CALLS.c.call_id).limit(CALLS_A_COMMIT)))


def _fold(connection: Connection, call_id: str) -> CallFacts | None:
    """Return the call's facts; None when they cannot be told.

    A caller is on the line while this runs: whatever is wrong with the fold, the record must be written.
    """
    bodies = connection.scalars(select(ENTRIES.c.body).where(ENTRIES.c.call_id == call_id).order_by(ENTRIES.c.seq))
    stored = list(bodies)
    try:
        record = [Entry(seq, message_from_json(body)) for seq, body in enumerate(stored)]
    except VoicebotError:
        return None
    return _facts(record)


def _facts(record: Sequence[Entry]) -> CallFacts | None:
    try:
        return read_facts(record)
    except Exception:  # noqa: BLE001 - see _fold; the row tells by its version that it is not folded
        return None


def _marks(facts: CallFacts | None) -> Marks:
    if facts is None:
        return frozenset()
    found_by = [(Mark.RULE.value, rule) for rule in facts.rules] + [(Mark.FAULT.value, code) for code in facts.faults]
    return frozenset((kind, value[:_LONGEST_VALUE]) for kind, value in found_by)


def _row(call: Row[Any] | CallRow, facts: CallFacts | None) -> dict[str, Any]:
    """Return the row's values; how a call that is over ended stands in the call itself."""
    told = facts or _NOTHING
    return {
        "facts_version": FACTS_VERSION if facts else 0,
        "started_at": call.started_at,
        "channel": str(call.channel),
        "over": call.ended_at is not None,
        "last_event_at": call.last_event_at,
        "duration_ms": told.duration_ms,
        "outcome": call.outcome or told.outcome,
        "urgency": told.urgency if call.urgency is None else call.urgency,
        "answers": told.answers,
        "lowest_confidence": told.lowest_confidence,
        "reprompts": told.reprompts,
        "longest_gap_ms": told.longest_gap_ms,
        "transfer": told.transfer,
        "faults": len(told.faults),
        "ruleset_sha256": call.ruleset_sha256,
    }


def _add_marks(connection: Connection, call: Row[Any] | CallRow, marks: Sequence[tuple[str, str]]) -> None:
    rows = [
        {"kind": kind, "value": value, "started_at": call.started_at, "call_id": call.call_id} for kind, value in marks
    ]
    if rows:
        connection.execute(insert(CALL_MARKS), rows)
