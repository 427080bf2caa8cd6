"""Rows of the table for a caller who spoke of suicide and whom nobody took: the line stays with them.

It repeats the crisis line's number, offers to try a person again, and never hangs up by itself as long as there is a
sign of the caller. Two things end it: a line that was dead for about an hour, and MAX_CALL_MS, where the carrier ends
every call anyway. Staff have been paged by then.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog import closing, safety
from voicebot.dialog.asking import ask
from voicebot.dialog.changing import replace
from voicebot.dialog.effects import Brief, Effect, HangUp, Target
from voicebot.dialog.events import Connected, Event, Heard, NoInput
from voicebot.dialog.inputs import Input
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.routing.fallbacks import WHY
from voicebot.routing.whom import Need

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.dialog.events import TransferOutcome
    from voicebot.dialog.handler import Handler, Result
    from voicebot.triage.ruleset import RuleSet

DEAD_AFTER_MS = 60 * 60 * 1000
"""A line on which nothing was heard for so long is dead."""
DEAD_AFTER = 300
"""So is one with so many silences in a row, whatever its clock says."""
TRY_AGAIN_AFTER = 10
"""After every so many silences in a row a person is tried unasked: whoever is silent may need one most."""
NUMBER_EVERY = 3
"""The crisis line's number is repeated at the first of every so many silences; at the others, only that we are here."""
MAX_CALL_MS = 4 * 60 * 60 * 1000
"""The longest such call; carriers end a call after four hours by default."""


def stay(state: State, record: tuple[Effect, ...], outcome: TransferOutcome) -> Result:
    """Nobody took the call: say so, give the crisis line's number again, and stay."""
    state = replace(state, step=Step.STAYING, asking=None, drilling=(), failed=0, unsure=0)
    return state, (*record, *ask(state, before=(WHY[outcome], "staying.nobody")))


def _again(*before: str) -> Handler:
    """Return the handler that says `before` and goes on asking."""

    def handler(_ruleset: RuleSet, state: State, event: Event) -> Result:
        if event.at_ms >= MAX_CALL_MS:
            return _over(state)
        state = replace(state, silences=0)
        return state, ask(state, before=before)

    return handler


def _try_again(_ruleset: RuleSet, state: State, event: Event) -> Result:
    if event.at_ms >= MAX_CALL_MS:
        return _over(state)
    return _fetch(replace(state, silences=0))


def _silent(_ruleset: RuleSet, state: State, event: Event) -> Result:
    silences = state.silences + 1
    silent_since_ms = state.silent_since_ms if state.silences else event.at_ms
    if event.at_ms - silent_since_ms >= DEAD_AFTER_MS or silences >= DEAD_AFTER or event.at_ms >= MAX_CALL_MS:
        return _over(state)
    state = replace(state, silences=silences, silent_since_ms=silent_since_ms)
    if silences % TRY_AGAIN_AFTER == 0:
        return _fetch(state)
    told = "staying.here" if silences % NUMBER_EVERY == 1 else "staying.still"
    return state, ask(state, before=(told,))


def failed_turn(ruleset: RuleSet, state: State, event: Event) -> Result:
    """Go on asking, however often nothing is heard or understood."""
    return (_silent if isinstance(event, NoInput) else _again("no_match.2"))(ruleset, state, event)


def _doubtful(ruleset: RuleSet, state: State, event: Event) -> Result:
    """A doubtful "yes" fetches a person all the same: nothing is lost by that here."""
    wanted = isinstance(event, Heard) and event.meaning is Meaning.YES
    return (_try_again if wanted else failed_turn)(ruleset, state, event)


def _reconnected(_ruleset: RuleSet, state: State, event: Event) -> Result:
    assert isinstance(event, Connected)
    state = replace(state, channel=event.channel)
    return state, ask(state, before=("resumed", "staying.here"))


def _fetch(state: State) -> Result:
    return closing.fetch(state, (Brief("whisper.suicide"),), (), Target.FRONT_DESK, Need.NOW, closing.SUICIDE_HEARD)


def _over(state: State) -> Result:
    """Nobody is there any more, or the carrier is about to end the call: the number once more, and staff are told."""
    state, noted = safety.left_waiting(state)
    return closing.close(state, noted, (closing.SUICIDE_HEARD,), HangUp(), closing.SUICIDE_HEARD)


STAYING: Mapping[Input, Handler] = {
    Input.YES: _try_again,
    Input.OPERATOR: _try_again,
    Input.STAFF_ASKED: _try_again,
    Input.SUICIDE: _again(closing.SUICIDE_HEARD),
    Input.EMERGENCY: _again("emergency.heard", closing.CALL_911),
    Input.NO: _again("staying.no"),
    Input.UNSURE: _again("staying.no"),
    Input.DECLINED: _again("staying.no"),
    Input.BACK: _again("staying.no"),
    Input.DOUBTFUL: _doubtful,
    Input.NO_MATCH: failed_turn,
    Input.NO_INPUT: failed_turn,
    Input.CONNECTED: _reconnected,
    Input.FAULT: _try_again,
}
