"""Runs the calls of a bulk replay again, a few at a time, and keeps what other rules would have decided."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from voicebot.calls.replay import under_other_rules
from voicebot.errors import VoicebotError
from voicebot.staff.replaying import Change, ReplayState, RunAgain, run_again
from voicebot.triage.ruleset import RuleSet, parse_ruleset

if TYPE_CHECKING:
    from datetime import datetime

    from voicebot.storage.replay_store import Replay, ReplayStore
    from voicebot.storage.review_store import ReviewStore
    from voicebot.storage.store import CallStore
    from voicebot.triage.compare import Comparison


class BulkReplay:
    """A replay while this process runs it: first the calls that were chosen, then reviewed emergencies beside them."""

    def __init__(self, store: CallStore, replays: ReplayStore, reviews: ReviewStore, replay_id: str) -> None:
        self._store, self._replays, self._reviews = store, replays, reviews
        self._replay_id = replay_id
        self._chosen_after = ""
        self._beside: list[str] | None = None

    def run_some(self, now: datetime, limit: int) -> bool:
        """Run at most `limit` calls again; return whether any may be left.

        Raises VoicebotError `store_failed`, `unknown_replay`.
        """
        replay = self._replays.replay(self._replay_id)
        if replay.ended_at is not None:
            return False
        calls = self._next(replay, limit)
        if not calls:
            self._replays.finish(self._replay_id, ReplayState.DONE, now)
            return False
        other = parsed(replay.ruleset.text, replay.ruleset.id)
        self._replays.keep(self._replay_id, [_run(self._store, call_id, other) for call_id in calls], now)
        return True

    def _next(self, replay: Replay, limit: int) -> list[str]:
        if self._beside is None:
            if calls := self._replays.left(replay, self._chosen_after, limit):
                self._chosen_after = calls[-1]
                return calls
            floors = self._reviews.floors()
            self._beside = sorted(floors.keys() - self._replays.results_of(self._replay_id, floors).keys())
        calls, self._beside = self._beside[:limit], self._beside[limit:]
        return calls


def side_by_side(store: CallStore, call_id: str, other: RuleSet) -> Comparison:
    """Return what the call's own rules and `other` decide over the answers the caller gave.

    Raises VoicebotError `unknown_call`, `unknown_ruleset`, `record_broken`, `ruleset_broken`, and whatever the rules
    raise for answers they do not know.
    """
    own = store.ruleset(store.call(call_id).ruleset_sha256)
    return under_other_rules(parsed(own.text, own.id), other, store.load(call_id))


@lru_cache(maxsize=16)
def parsed(text: str, name: str) -> RuleSet:
    """Return the rule set of a text, kept ready for the calls after; raises VoicebotError `ruleset_broken`."""
    return parse_ruleset(text, name)


def _run(store: CallStore, call_id: str, other: RuleSet) -> RunAgain:
    try:
        return run_again(call_id, side_by_side(store, call_id, other))
    except Exception as error:  # one call that cannot be read must not keep the others waiting
        if isinstance(error, VoicebotError) and error.code == "store_failed":
            raise
        told = str(error) if isinstance(error, VoicebotError) else "Its record does not fit this version."
        return RunAgain(call_id, Change.UNREADABLE, told=(told,))
