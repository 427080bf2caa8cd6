"""Calls that are over, looked through once each: its review and its part of the numbers are kept in one commit.

A page of numbers reads sums by day and name, never a call: as many rows for a hundred calls as for a hundred thousand.
Every function raises VoicebotError `store_failed` when the database refuses.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, or_, select, true, update
from sqlalchemy.exc import IntegrityError

from voicebot.calls.measures import Measure, Tally
from voicebot.dialog.events import Channel
from voicebot.storage.engine import transaction
from voicebot.storage.review_tables import REVIEWS, TALLIES
from voicebot.storage.tables import CALL_INDEX, CALLS

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from datetime import datetime

    from sqlalchemy import Connection, Engine

GIVEN_UP_AFTER = timedelta(hours=1)
"""A call without an end, of which nothing was heard for so long, is broken off."""
_WEB = Channel.WEB.value


def calls_to_look_through(engine: Engine, now: datetime, limit: int, since: datetime | None = None) -> list[str]:
    """Return calls that are over, or were broken off, and were never looked through; the newest first.

    With `since` only those that began then or later, which costs nothing however many calls there are.
    """
    broken_off = and_(CALLS.c.ended_at.is_(None), CALLS.c.last_event_at < now - GIVEN_UP_AFTER, CALLS.c.channel != _WEB)
    seen = select(REVIEWS.c.call_id).where(REVIEWS.c.call_id == CALLS.c.call_id).exists()
    query = (
        select(CALLS.c.call_id)
        .where(or_(CALLS.c.ended_at.is_not(None), broken_off), ~seen)
        .where(CALLS.c.started_at >= since if since else true())
        .order_by(CALLS.c.started_at.desc(), CALLS.c.call_id)
        .limit(limit)
    )
    with transaction(engine) as connection:
        return list(connection.scalars(query))


def keep(engine: Engine, review: Mapping[str, Any], counts: Mapping[Tally, int]) -> bool:
    """Keep what was found in a call: the row of its review and its counts; False when that was done before."""
    call_id = review["call_id"]
    try:
        with transaction(engine) as connection:
            connection.execute(insert(REVIEWS).values(review))
            connection.execute(
                update(CALL_INDEX).where(CALL_INDEX.c.call_id == call_id).values(review_state=review["state"])
            )
            call = connection.execute(select(CALLS).where(CALLS.c.call_id == call_id)).one()
            counted = Counter(counts)
            if call.channel != _WEB:
                counted[Tally(Measure.AT_ONCE, str(_calls_at_once(connection, call.started_at)))] += 1
            for tally, count in counted.items():
                _add(connection, call.started_at.date().isoformat(), tally, count)
    except IntegrityError:
        return False
    return True


def tallies(engine: Engine, since: date, until: date) -> Counter[Tally]:
    """Return the sums over the days from `since` to `until`, both included, in UTC."""
    columns = (TALLIES.c.measure, TALLIES.c["key"], TALLIES.c.detail)
    days = TALLIES.c.day.between(since.isoformat(), until.isoformat())
    query = select(*columns, func.sum(TALLIES.c["count"])).where(days).group_by(*columns)
    with transaction(engine) as connection:
        return Counter({Tally(Measure(row[0]), row[1], row[2]): int(row[3]) for row in connection.execute(query)})


def tallies_by_day(
    engine: Engine, since: date, until: date, measures: Collection[Measure]
) -> dict[date, Counter[Tally]]:
    """Return the sums of some measures for each day from `since` to `until`, both included, that has any, in UTC."""
    query = select(TALLIES).where(
        TALLIES.c.day.between(since.isoformat(), until.isoformat()), TALLIES.c.measure.in_(measures)
    )
    found: defaultdict[date, Counter[Tally]] = defaultdict(Counter)
    with transaction(engine) as connection:
        for row in connection.execute(query).mappings():
            tally = Tally(Measure(row["measure"]), row["key"], row["detail"])
            found[date.fromisoformat(row["day"])][tally] = row["count"]
    return dict(found)


def _calls_at_once(connection: Connection, moment: datetime) -> int:
    """Count the telephone calls that were going on at `moment`, the one that began then included."""
    lasted = or_(CALLS.c.ended_at > moment, and_(CALLS.c.ended_at.is_(None), CALLS.c.last_event_at >= moment))
    begun = CALLS.c.started_at.between(moment - GIVEN_UP_AFTER, moment)
    query = select(func.count()).select_from(CALLS).where(begun, lasted, CALLS.c.channel != _WEB)
    return max(1, connection.scalar(query) or 0)


def _add(connection: Connection, day: str, tally: Tally, count: int) -> None:
    same = and_(
        TALLIES.c.day == day,
        TALLIES.c.measure == tally.measure.value,
        TALLIES.c["key"] == tally.key,
        TALLIES.c.detail == tally.detail,
    )
    more = update(TALLIES).where(same).values(count=TALLIES.c["count"] + count)
    if connection.execute(more).rowcount == 0:
        connection.execute(
            insert(TALLIES).values(
                day=day, measure=tally.measure.value, key=tally.key, detail=tally.detail, count=count
            )
        )
