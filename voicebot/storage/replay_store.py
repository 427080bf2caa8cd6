"""Bulk replays and approvals of rule sets: which calls are run again under which rules, how far it is, what moved.

A replay is the choice of calls that was made, and a result for each that was run; so it goes on after a restart where
it was, and two processes never run the same one. Every method raises VoicebotError `store_failed` when
the database refuses.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, func, insert, inspect, make_url, or_, select, update
from sqlalchemy.exc import ArgumentError, IntegrityError

from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.errors import VoicebotError
from voicebot.staff.replaying import Change, ReplayState, RunAgain
from voicebot.staff.review import Reader
from voicebot.storage.call_filter import CallFilter, filter_from_json, filter_to_json, matches
from voicebot.storage.engine import open_engine, store_failed, transaction
from voicebot.storage.review_tables import APPROVALS, REPLAYED, REPLAYS
from voicebot.storage.tables import CALL_INDEX, CALLS, RULESETS

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import ColumnElement, Engine, Row

ALL = CallFilter()
HEARTBEAT = timedelta(seconds=30)
"""A replay whose process said nothing for so long is taken up by another."""
_ROWS_A_STATEMENT = 500
_INDEXED = CALLS.outerjoin(CALL_INDEX, CALL_INDEX.c.call_id == CALLS.c.call_id)
"""A call that the index lacks is run when all are wanted."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Which calls are to be run again."""

    filter: CallFilter = ALL
    query: str = ""
    """The same as the query string of the list, for whoever wants to see the calls; its meaning is not known here."""


@dataclass(frozen=True, slots=True)
class Replay:
    """One bulk replay."""

    replay_id: str
    ruleset: RuleSetSnapshot
    chosen: Chosen
    state: ReplayState
    asked_by: Reader
    asked_at: datetime
    total: int
    ended_at: datetime | None
    counts: dict[Change, int]
    """Of the calls that were run."""

    @property
    def done(self) -> int:
        """How many calls were run."""
        return sum(self.counts.values())


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody put their name to a rule set."""

    ruleset_sha256: str
    approver: str
    """Name and license, as they wrote it."""
    by: Reader
    at: datetime
    replay_id: str


class ReplayStore:
    """Replays and approvals in a database whose tables are there."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # Rule sets

    def keep_ruleset(self, ruleset: RuleSetSnapshot) -> None:
        """Keep a rule set's text; one that is kept already stays as it is."""
        with transaction(self._engine) as connection:
            known = connection.scalar(select(RULESETS.c.id).where(RULESETS.c.sha256 == ruleset.sha256))
        if known is None:
            try:
                with transaction(self._engine) as connection:
                    connection.execute(insert(RULESETS).values(asdict(ruleset)))
            except IntegrityError:
                return  # another request kept it at the same moment

    def rulesets(self) -> list[RuleSetSnapshot]:
        """Return every rule set that is kept."""
        with transaction(self._engine) as connection:
            rows = connection.execute(select(RULESETS).order_by(RULESETS.c.id, RULESETS.c.version)).mappings()
            return [RuleSetSnapshot(**row) for row in rows]

    # Replays

    def begin(self, ruleset_sha256: str, chosen: Chosen, by: Reader, now: datetime) -> str:
        """Ask for a replay of the `chosen` calls that are over, and return its id.

        Raises VoicebotError `unknown_ruleset`.
        """
        replay_id = uuid.uuid4().hex
        with transaction(self._engine) as connection:
            total = connection.scalar(select(func.count()).select_from(_INDEXED).where(*_conditions(chosen, now)))
        try:
            with transaction(self._engine) as connection:
                connection.execute(
                    insert(REPLAYS).values(
                        replay_id=replay_id,
                        ruleset_sha256=ruleset_sha256,
                        chosen={"filter": filter_to_json(chosen.filter), "query": chosen.query},
                        state=ReplayState.WAITING.value,
                        asked_by=by.id,
                        asked_name=by.name,
                        asked_at=now,
                        total=total or 0,
                    )
                )
        except IntegrityError:
            raise VoicebotError(
                "unknown_ruleset", "The rule set of this call is not stored.", "Name one with --rules."
            ) from None
        return replay_id

    def replay(self, replay_id: str) -> Replay:
        """Return one replay; raises VoicebotError `unknown_replay`."""
        found = self._replays(REPLAYS.c.replay_id == replay_id)
        if not found:
            raise VoicebotError("unknown_replay", "There is no such replay.", "The list of replays shows them all.")
        return found[0]

    def replays(self) -> list[Replay]:
        """Return all replays, the newest first."""
        return self._replays()

    def _replays(self, *conditions: ColumnElement[bool]) -> list[Replay]:
        query = (
            select(REPLAYS, RULESETS)
            .join(RULESETS, RULESETS.c.sha256 == REPLAYS.c.ruleset_sha256)
            .where(*conditions)
            .order_by(REPLAYS.c.asked_at.desc(), REPLAYS.c.replay_id)
        )
        counted = (
            select(REPLAYED.c.replay_id, REPLAYED.c.change, func.count())
            .where(REPLAYED.c.change.is_not(None))
            .group_by(REPLAYED.c.replay_id, REPLAYED.c.change)
        )
        with transaction(self._engine) as connection:
            rows = connection.execute(query).all()
            if len(rows) == 1:
                counted = counted.where(REPLAYED.c.replay_id == rows[0].replay_id)
            counts: dict[str, dict[Change, int]] = {}
            for replay_id, change, count in connection.execute(counted):
                counts.setdefault(replay_id, {})[Change(change)] = count
        return [_replay(row, counts.get(row.replay_id, {})) for row in rows]

    # Running one

    def take_up(self, now: datetime) -> str | None:
        """Return the replay to be run next, taken for 30 seconds; None when there is none, or another runs."""
        silent = or_(REPLAYS.c.beat_at.is_(None), REPLAYS.c.beat_at < now - HEARTBEAT)
        running = REPLAYS.c.state == ReplayState.RUNNING.value
        with transaction(self._engine.execution_options(writes_later=True)) as connection:
            if connection.scalar(select(REPLAYS.c.replay_id).where(running, ~silent)):
                return None
            open_states = [ReplayState.RUNNING.value, ReplayState.WAITING.value]
            query = select(REPLAYS.c.replay_id).where(REPLAYS.c.state.in_(open_states), silent)
            replay_id = connection.scalar(query.order_by(REPLAYS.c.asked_at).limit(1).with_for_update())
            if replay_id is not None:
                this_one = REPLAYS.c.replay_id == replay_id
                connection.execute(update(REPLAYS).where(this_one).values(state=ReplayState.RUNNING.value, beat_at=now))
        return replay_id

    def left(self, replay: Replay, after: str, limit: int) -> list[str]:
        """Return chosen calls that are still to be run, those whose ids come after `after`, in their order."""
        run = (REPLAYED.c.replay_id == replay.replay_id) & (REPLAYED.c.call_id == CALLS.c.call_id)
        wanted = (*_conditions(replay.chosen, replay.asked_at), CALLS.c.call_id > after)
        done = select(REPLAYED.c.call_id).where(run).exists()
        query = select(CALLS.c.call_id).select_from(_INDEXED).where(*wanted, ~done)
        with transaction(self._engine) as connection:
            return list(connection.scalars(query.order_by(CALLS.c.call_id).limit(limit)))

    def keep(self, replay_id: str, results: Iterable[RunAgain], now: datetime) -> None:
        """Keep results, and say that the replay is alive."""
        with transaction(self._engine) as connection:
            connection.execute(update(REPLAYS).where(REPLAYS.c.replay_id == replay_id).values(beat_at=now))
            rows = [{"replay_id": replay_id, "call_id": one.call_id, **_result_values(one)} for one in results]
            if rows:
                connection.execute(insert(REPLAYED), rows)

    def finish(self, replay_id: str, state: ReplayState, now: datetime) -> bool:
        """End a replay that is not over; False when it was."""
        open_one = and_(REPLAYS.c.replay_id == replay_id, REPLAYS.c.ended_at.is_(None))
        with transaction(self._engine) as connection:
            ended = update(REPLAYS).where(open_one).values(state=state.value, ended_at=now)
            return connection.execute(ended).rowcount == 1

    # Results

    def results(self, replay_id: str, change: Change, after: str = "", limit: int = 50) -> list[RunAgain]:
        """Return results with this change whose call ids come after `after`, in their order."""
        query = (
            select(REPLAYED)
            .where(REPLAYED.c.replay_id == replay_id, REPLAYED.c.change == change.value, REPLAYED.c.call_id > after)
            .order_by(REPLAYED.c.call_id)
            .limit(limit)
        )
        with transaction(self._engine) as connection:
            return [_result(row) for row in connection.execute(query)]

    def results_of(self, replay_id: str, call_ids: Iterable[str]) -> dict[str, RunAgain]:
        """Return the results for these calls, by call id; a call that was not run is left out."""
        wanted, found = sorted(call_ids), {}
        with transaction(self._engine) as connection:
            for at in range(0, len(wanted), _ROWS_A_STATEMENT):
                query = select(REPLAYED).where(
                    REPLAYED.c.replay_id == replay_id,
                    REPLAYED.c.change.is_not(None),
                    REPLAYED.c.call_id.in_(wanted[at : at + _ROWS_A_STATEMENT]),
                )
                found.update({row.call_id: _result(row) for row in connection.execute(query)})
        return found

    # Approvals

    def approve(self, approval: Approval) -> None:
        """Keep an approval; raises VoicebotError `rules_approved` when the rule set has one already."""
        try:
            with transaction(self._engine) as connection:
                connection.execute(
                    insert(APPROVALS).values(
                        ruleset_sha256=approval.ruleset_sha256,
                        approver=approval.approver,
                        by=approval.by.id,
                        by_name=approval.by.name,
                        at=approval.at,
                        replay_id=approval.replay_id,
                    )
                )
        except IntegrityError:
            raise VoicebotError(
                "rules_approved", "This rule set is approved already.", "Nothing is left to do."
            ) from None

    def approvals(self) -> dict[str, Approval]:
        """Return all approvals by the SHA-256 of the rule set."""
        with transaction(self._engine) as connection:
            return {
                row.ruleset_sha256: Approval(
                    row.ruleset_sha256, row.approver, Reader(row.by, row.by_name), row.at, row.replay_id
                )
                for row in connection.execute(select(APPROVALS))
            }


def recorded_approval(url: str, ruleset_sha256: str) -> Approval | None:
    """Return the approval of a rule set that is kept in the database at `url`; makes neither database nor table.

    Raises VoicebotError `store_failed`.
    """
    engine = open_engine(url) if _is_there(url) else None
    if engine is None:
        return None
    try:
        with transaction(engine) as connection:
            there = inspect(connection).has_table(APPROVALS.name)
        return ReplayStore(engine).approvals().get(ruleset_sha256) if there else None
    finally:
        engine.dispose()


def _is_there(url: str) -> bool:
    try:
        parsed = make_url(url)
    except ArgumentError as error:
        raise store_failed(error) from None
    return parsed.get_backend_name() != "sqlite" or Path(parsed.database or "").is_file()


def _conditions(chosen: Chosen, asked_at: datetime) -> list[ColumnElement[bool]]:
    return [CALLS.c.ended_at.is_not(None), CALLS.c.ended_at <= asked_at, matches(chosen.filter)]


def _replay(row: Row[Any], counts: dict[Change, int]) -> Replay:
    return Replay(
        replay_id=row.replay_id,
        ruleset=RuleSetSnapshot(row.sha256, row.id, row.version, row.text),
        chosen=Chosen(filter_from_json(row.chosen["filter"]), row.chosen["query"]),
        state=ReplayState(row.state),
        asked_by=Reader(row.asked_by, row.asked_name),
        asked_at=row.asked_at,
        total=row.total,
        ended_at=row.ended_at,
        counts=counts,
    )


def _result_values(result: RunAgain) -> dict[str, Any]:
    return {
        "change": result.change.value,
        "old": result.old,
        "new": result.new,
        "old_if_nobody": result.old_if_nobody,
        "new_if_nobody": result.new_if_nobody,
        "told": list(result.told),
    }


def _result(row: Row[Any]) -> RunAgain:
    return RunAgain(
        call_id=row.call_id,
        change=Change(row.change),
        old=row.old,
        new=row.new,
        old_if_nobody=row.old_if_nobody,
        new_if_nobody=row.new_if_nobody,
        told=tuple(row.told or ()),
    )
