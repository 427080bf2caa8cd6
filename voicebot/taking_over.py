"""Staff take a call that is going on: the wish is stored as an event of the call, whoever holds the line right now.

    staff ask -> StaffAsked in the record, with what follows -> the carrier is told to ask us what to do now
              -> whoever held the line finds that the record went on elsewhere, and lets go
              -> the last words are said and the caller is put through

Without the carrier's help the same happens at the caller's next answer. No carrier and no page in here.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tenacity import Retrying, retry_if_exception, stop_after_attempt

from voicebot.dialog.effects import Transfer
from voicebot.dialog.events import Channel, Event, StaffAsked
from voicebot.dialog.state import Step
from voicebot.errors import VoicebotError
from voicebot.session import open_session

if TYPE_CHECKING:
    from datetime import datetime

    from voicebot.dialog.state import State
    from voicebot.storage.store import CallStore
    from voicebot.triage.ruleset import RuleSet

ATTEMPTS = 5
"""The line may write at the same moment; whoever comes second looks again."""


def take_over(ruleset: RuleSet, store: CallStore, call_id: str, now: datetime) -> None:
    """Have the caller put through to a person. The call must run by `ruleset`, the rules in force.

    Raises VoicebotError `call_not_taken` when the call is over, is a visit to the web form, is being put through
    already or cannot be interrupted just now; `unknown_call`, `store_failed`, and `record_conflict` when the line wrote
    something at every attempt.
    """
    call = store.call(call_id)
    if call.ended_at is not None or call.channel is Channel.WEB or call.ruleset_sha256 != ruleset.sha256:
        raise _not_taken()
    for attempt in Retrying(
        retry=retry_if_exception(_went_on_elsewhere), stop=stop_after_attempt(ATTEMPTS), reraise=True
    ):
        with attempt:
            session = open_session(ruleset, store, call_id)
            if not _can_be_taken(session.state):
                raise _not_taken()
            latest = max(
                (entry.message.at_ms for entry in store.load(call_id) if isinstance(entry.message, Event)), default=0
            )
            at_ms = max(latest, (now - call.started_at) // timedelta(milliseconds=1))
            if not any(isinstance(effect, Transfer) for effect in session.handle(StaffAsked(at_ms))):
                raise _not_taken()


def _can_be_taken(state: State) -> bool:
    if state.step in {Step.RINGING, Step.PLACE, Step.OVER}:
        return False
    return state.step is not Step.CLOSING or not (state.played or isinstance(state.closing[-1], Transfer))


def _not_taken() -> VoicebotError:
    return VoicebotError(
        "call_not_taken",
        "This call cannot be handed to a person now: it is over, or on its way to somebody already.",
        "Look at the list of calls that are going on.",
    )


def _went_on_elsewhere(error: BaseException) -> bool:
    return isinstance(error, VoicebotError) and error.code == "record_conflict"
