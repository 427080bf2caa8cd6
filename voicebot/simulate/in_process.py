"""What simulated calls in this process share: how one begins, and what follows its last words. No sound, no sockets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.dialog.effects import Listen, Transfer
from voicebot.dialog.events import CallStarted, HungUp, Played, TransferEnded
from voicebot.session import Session, open_session

if TYPE_CHECKING:
    from voicebot.dialog.effects import Effect
    from voicebot.dialog.events import Channel
    from voicebot.simulate.scenario import LineConditions
    from voicebot.speech.grammars import Grammars
    from voicebot.storage.store import CallStore
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Clinic:
    """What is called: rules and grammars, and the store that keeps the calls."""

    ruleset: RuleSet
    ruleset_text: str
    """The rule set as its file reads."""
    grammars: Grammars
    store: CallStore

    def new_call(self, channel: Channel, line: LineConditions | None = None) -> Session:
        """Return a session at the start of a new call, on a `line` whose number is hidden unless it says otherwise."""
        rules, now = self.ruleset, datetime.now(UTC)
        snapshot = RuleSetSnapshot(rules.sha256, rules.id, rules.version, self.ruleset_text)
        call = self.store.start_call(channel=channel, started_at=now, ruleset=snapshot)
        session = open_session(rules, self.store, call.call_id)
        closed, number_shown = (line.closed, line.number_shown) if line else ((), False)
        before = line.called_before if line else None
        session.handle(
            CallStarted(
                0,
                now.isoformat(),
                rules.id,
                rules.version,
                rules.sha256,
                closed,
                number_shown=number_shown,
                earlier_call="" if before is None else "earlier",
                earlier_answers=before or {},
            )
        )
        return session


def after_last_words(session: Session, ending: Effect, line: LineConditions, now_ms: int) -> tuple[Effect, ...]:
    """Put the caller through as often as the line asks for it, with the scenario's outcomes, until the call is over.

    `ending` is what follows the words that were just heard to their end; `now_ms` the call's clock. Return what the
    line asks when nobody took the call; nothing when the call is over.
    """
    while isinstance(ending, Transfer):
        effects = session.handle(TransferEnded(now_ms, getattr(line, ending.target)))
        ending = effects[-1]
        if isinstance(ending, Listen):
            return effects
        if len(effects) > 1:  # words came before it
            session.handle(Played(now_ms))
    session.handle(HungUp(now_ms))
    return ()
