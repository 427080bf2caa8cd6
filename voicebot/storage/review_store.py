"""Reviews of calls: queue, claims, verdicts, corrected words, flags. The rules of it are voicebot.staff.review's.

Every method is safe to use from several threads and processes: a claim is taken by one statement, or not at all. Any
method raises VoicebotError `store_failed` when the database refuses, and `unknown_review` for a call without a review.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn

from sqlalchemy import and_, delete, func, insert, or_, select, update

from voicebot.calls.review_reasons import ReviewReason
from voicebot.errors import VoicebotError
from voicebot.staff.review import (
    LEASE,
    QUEUE_STATES,
    READERS,
    Claim,
    Reader,
    ReviewState,
    Verdict,
    floor_for_rules,
    holds,
    is_free,
    may_judge,
    settled_level,
    state_after,
)
from voicebot.storage.engine import transaction
from voicebot.storage.review_tables import CORRECTIONS, REVIEWS, VERDICTS
from voicebot.storage.tables import CALL_INDEX
from voicebot.triage.levels import Urgency

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Connection, Engine, Row


@dataclass(frozen=True, slots=True)
class Review:
    """One call's review."""

    call_id: str
    state: ReviewState
    urgency: int
    """How urgent the review is, 0..5."""
    line_level: int | None
    level: int | None
    """What the readers hold right; None until they have settled it."""
    reasons: tuple[ReviewReason, ...]
    ended_at: datetime
    claim: Claim | None
    flagged_by: str | None
    verdicts: tuple[Verdict, ...] = ()


@dataclass(frozen=True, slots=True)
class Correction:
    """What a caller really said in one utterance."""

    call_id: str
    seq: int
    words: str
    consent: bool
    """The caller had agreed to be recorded by then."""
    by: Reader
    at: datetime


class ReviewStore:
    """Reviews in a database whose tables are there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Reading

    def queue(self, limit: int = 50) -> list[Review]:
        """Return the calls to be reviewed, the most urgent first, of equally urgent ones the oldest."""
        oldest = select(REVIEWS).order_by(REVIEWS.c.ended_at, REVIEWS.c.call_id)
        rows: list[Row[Any]] = []
        with transaction(self._engine) as connection:
            # One small query for each urgency and state: the index gives the oldest without sorting the whole queue.
            for urgency in reversed(Urgency):
                wanted = [
                    row
                    for state in QUEUE_STATES
                    for row in connection.execute(
                        oldest.where(REVIEWS.c.state == state.value, REVIEWS.c.urgency == int(urgency)).limit(
                            limit - len(rows)
                        )
                    )
                ]
                rows += sorted(wanted, key=lambda row: (row.ended_at, row.call_id))[: limit - len(rows)]
            verdicts = _verdicts(connection, [row.call_id for row in rows])
        return [_review(row, verdicts.get(row.call_id, ())) for row in rows]

    def queue_length(self) -> int:
        """Count the calls to be reviewed."""
        query = select(func.count()).select_from(REVIEWS).where(REVIEWS.c.state.in_(QUEUE_STATES))
        with transaction(self._engine) as connection:
            return connection.scalar(query) or 0

    def find(self, call_id: str) -> Review | None:
        """Return the call's review; None while the call runs or was not looked through yet."""
        with transaction(self._engine) as connection:
            return _find(connection, call_id)

    def review(self, call_id: str) -> Review:
        """Return the call's review."""
        return self.find(call_id) or _unknown()

    def floors(self) -> dict[str, int]:
        """Return every reviewed emergency, and the urgency under which no new rules may bring it."""
        said = func.max(VERDICTS.c.level)
        may_be_one = or_(REVIEWS.c.line_level >= Urgency.EMERGENCY_ROOM, said >= Urgency.EMERGENCY_ROOM)
        query = (
            select(REVIEWS.c.call_id, REVIEWS.c.line_level, REVIEWS.c.level, said)
            .join(VERDICTS, VERDICTS.c.call_id == REVIEWS.c.call_id)
            .where(REVIEWS.c.line_level.is_not(None))
            .group_by(REVIEWS.c.call_id, REVIEWS.c.line_level, REVIEWS.c.level)
            .having(may_be_one)
        )
        with transaction(self._engine) as connection:
            rows = connection.execute(query).all()
        floors = {call_id: floor_for_rules(line, settled, most or 0) for call_id, line, settled, most in rows}
        return {call_id: floor for call_id, floor in floors.items() if floor is not None}

    def levels(self, since: datetime, until: datetime) -> dict[tuple[int, int], int]:
        """Count settled calls that ended from `since` up to `until`, by the line's level and the one held right."""
        query = select(REVIEWS.c.line_level, REVIEWS.c.level, func.count()).where(
            REVIEWS.c.line_level.is_not(None),
            REVIEWS.c.level.is_not(None),
            REVIEWS.c.ended_at >= since,
            REVIEWS.c.ended_at < until,
        )
        with transaction(self._engine) as connection:
            rows = connection.execute(query.group_by(REVIEWS.c.line_level, REVIEWS.c.level)).all()
        return {(row[0], row[1]): row[2] for row in rows}

    def first_and_second(self) -> dict[tuple[int, int], int]:
        """Count calls that two readers gave a level, by the first one's and the second one's."""
        first, second = VERDICTS.alias(), VERDICTS.alias()
        query = (
            select(first.c.level, second.c.level, func.count())
            .join(second, and_(second.c.call_id == first.c.call_id, second.c.place == READERS))
            .where(first.c.place == 1, first.c.level.is_not(None), second.c.level.is_not(None))
            .group_by(first.c.level, second.c.level)
        )
        with transaction(self._engine) as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    def line_and_first(self) -> dict[tuple[int, int], int]:
        """Count calls that a reader gave a level, by the line's own and the first reader's."""
        query = (
            select(REVIEWS.c.line_level, VERDICTS.c.level, func.count())
            .join(VERDICTS, VERDICTS.c.call_id == REVIEWS.c.call_id)
            .where(VERDICTS.c.place == 1, REVIEWS.c.line_level.is_not(None), VERDICTS.c.level.is_not(None))
            .group_by(REVIEWS.c.line_level, VERDICTS.c.level)
        )
        with transaction(self._engine) as connection:
            return {(row[0], row[1]): row[2] for row in connection.execute(query)}

    # Working

    def claim(self, call_id: str, reader: Reader, now: datetime) -> Claim:
        """Take the call for 15 minutes from now, or for 15 more; raises VoicebotError `review_taken`."""
        free = or_(REVIEWS.c.claimed_until.is_(None), REVIEWS.c.claimed_by == reader.id, REVIEWS.c.claimed_until <= now)
        claim = Claim(reader, now + LEASE)
        if not self._hold(call_id, claim, free):
            _taken(self.review(call_id).claim)
        return claim

    def renew(self, call_id: str, reader: Reader, now: datetime) -> Claim:
        """Keep the call for 15 minutes from now, also when its time ran out, as long as nobody else has taken it.

        Raises VoicebotError `review_taken` when somebody else has, `review_not_held` when the reader gave it back.
        """
        claim = Claim(reader, now + LEASE)
        if not self._hold(call_id, claim, REVIEWS.c.claimed_by == reader.id):
            now_held = self.review(call_id).claim
            if is_free(now_held, reader.id, now):
                _not_held()
            _taken(now_held)
        return claim

    def _hold(self, call_id: str, claim: Claim, condition: ColumnElement[bool]) -> bool:
        """Write the claim down in one statement; return False, with nothing written, unless `condition` holds."""
        values = {"claimed_by": claim.by.id, "claimed_name": claim.by.name, "claimed_until": claim.until}
        with transaction(self._engine) as connection:
            return bool(
                connection.execute(
                    update(REVIEWS).where(REVIEWS.c.call_id == call_id, condition).values(values)
                ).rowcount
            )

    def release(self, call_id: str, reader: Reader) -> None:
        """Give the call back; does nothing when somebody else has it."""
        with transaction(self._engine) as connection:
            connection.execute(
                update(REVIEWS)
                .where(REVIEWS.c.call_id == call_id, REVIEWS.c.claimed_by == reader.id)
                .values(claimed_by=None, claimed_name=None, claimed_until=None)
            )

    def judge(self, call_id: str, verdict: Verdict) -> Review:
        """Add the verdict of a reader who holds the call, give the call back, and return the review as it is then.

        Raises VoicebotError `review_not_held` without a claim that still lasts, `review_not_wanted` when the review
        is settled or the reader was the first one.
        """
        with transaction(self._engine.execution_options(writes_later=True)) as connection:
            review = _find(connection, call_id, lock=True) or _unknown()
            _check_held(review, verdict.by, verdict.at)
            if not may_judge(review.verdicts, verdict.by.id):
                raise VoicebotError(
                    "review_not_wanted",
                    "This call needs no further verdict from you.",
                    "A disagreement is read a second time by somebody else.",
                )
            verdicts = (*review.verdicts, verdict)
            state = state_after(verdicts).value
            connection.execute(insert(VERDICTS).values(_verdict_values(call_id, len(verdicts), verdict)))
            connection.execute(
                update(REVIEWS)
                .where(REVIEWS.c.call_id == call_id)
                .values(
                    state=state,
                    level=settled_level(verdicts),
                    claimed_by=None,
                    claimed_name=None,
                    claimed_until=None,
                )
            )
            connection.execute(update(CALL_INDEX).where(CALL_INDEX.c.call_id == call_id).values(review_state=state))
            return _find(connection, call_id) or _unknown()

    def flag(self, call_id: str, by: Reader | None, now: datetime) -> None:
        """Put a flag on the call, or with None take it away."""
        values = {"flagged_by": by.name if by else None, "flagged_at": now if by else None}
        with transaction(self._engine) as connection:
            if not connection.execute(update(REVIEWS).where(REVIEWS.c.call_id == call_id).values(values)).rowcount:
                _unknown()

    # Corrected words

    def correct(self, correction: Correction) -> None:
        """Keep what the caller really said beside the record; one made before is replaced.

        Raises VoicebotError `review_not_held` unless the reader holds the call.
        """
        this_one = and_(CORRECTIONS.c.call_id == correction.call_id, CORRECTIONS.c.seq == correction.seq)
        with transaction(self._engine.execution_options(writes_later=True)) as connection:
            review = _find(connection, correction.call_id, lock=True) or _unknown()
            _check_held(review, correction.by, correction.at)
            connection.execute(delete(CORRECTIONS).where(this_one))
            connection.execute(
                insert(CORRECTIONS).values(
                    call_id=correction.call_id,
                    seq=correction.seq,
                    words=correction.words,
                    consent=correction.consent,
                    by=correction.by.id,
                    by_name=correction.by.name,
                    at=correction.at,
                )
            )

    def corrections(self, call_id: str | None = None) -> list[Correction]:
        """Return the corrections of a call, or of all calls, in order."""
        query = select(CORRECTIONS).order_by(CORRECTIONS.c.call_id, CORRECTIONS.c.seq)
        if call_id is not None:
            query = query.where(CORRECTIONS.c.call_id == call_id)
        with transaction(self._engine) as connection:
            return [
                Correction(row.call_id, row.seq, row.words, row.consent, Reader(row.by, row.by_name), row.at)
                for row in connection.execute(query)
            ]


def review_values(
    call_id: str, urgency: int, line_level: int | None, reasons: Iterable[ReviewReason], ended_at: datetime
) -> dict[str, Any]:
    """Return the row of a call that was just looked through; one with reasons waits for a reader."""
    told = [reason.value for reason in reasons]
    state = ReviewState.WAITING if told else ReviewState.NOT_NEEDED
    return {
        "call_id": call_id,
        "state": state.value,
        "urgency": urgency,
        "line_level": line_level,
        "reasons": told,
        "ended_at": ended_at,
    }


def _find(connection: Connection, call_id: str, *, lock: bool = False) -> Review | None:
    query = select(REVIEWS).where(REVIEWS.c.call_id == call_id)
    row = connection.execute(query.with_for_update() if lock else query).one_or_none()
    return _review(row, _verdicts(connection, [call_id]).get(call_id, ())) if row else None


def _verdicts(connection: Connection, call_ids: list[str]) -> dict[str, tuple[Verdict, ...]]:
    """Return the verdicts on these calls in their order, by call."""
    named = VERDICTS.c.call_id.in_(call_ids)
    query = select(VERDICTS).where(named).order_by(VERDICTS.c.call_id, VERDICTS.c.place)
    found: dict[str, tuple[Verdict, ...]] = {}
    for row in connection.execute(query):
        verdict = Verdict(Reader(row.by, row.by_name), row.at, row.agrees, row.level, row.reason)
        found[row.call_id] = (*found.get(row.call_id, ()), verdict)
    return found


def _verdict_values(call_id: str, place: int, verdict: Verdict) -> dict[str, Any]:
    return {
        "call_id": call_id,
        "place": place,
        "by": verdict.by.id,
        "by_name": verdict.by.name,
        "at": verdict.at,
        "agrees": verdict.agrees,
        "level": verdict.level,
        "reason": verdict.reason,
    }


def _review(row: Row[Any], verdicts: tuple[Verdict, ...]) -> Review:
    claim = Claim(Reader(row.claimed_by, row.claimed_name), row.claimed_until) if row.claimed_until else None
    return Review(
        call_id=row.call_id,
        state=ReviewState(row.state),
        urgency=row.urgency,
        line_level=row.line_level,
        level=row.level,
        reasons=tuple(ReviewReason(reason) for reason in row.reasons),
        ended_at=row.ended_at,
        claim=claim,
        flagged_by=row.flagged_by,
        verdicts=verdicts,
    )


def _check_held(review: Review, reader: Reader, now: datetime) -> None:
    if not holds(review.claim, reader.id, now):
        _not_held()


def _not_held() -> NoReturn:
    raise VoicebotError(
        "review_not_held", "You are not working on this call, or no longer.", "Claim it, then try again."
    )


def _taken(claim: Claim | None) -> NoReturn:
    raise VoicebotError(
        "review_taken",
        f"{claim.by.name if claim else 'Somebody else'} is working on this call.",
        "Take another one, or come back in a quarter of an hour.",
    )


def _unknown() -> NoReturn:
    raise VoicebotError("unknown_review", "There is no review of this call.", "A call can be reviewed once it is over.")
