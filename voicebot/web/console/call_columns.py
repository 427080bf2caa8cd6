"""The columns of the list of calls: which there are, and what each shows of a call. Texts only, no HTML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.facts import RINGING
from voicebot.dialog.events import Channel
from voicebot.web.console.call_wording import REVIEW_STATES, TRANSFERS
from voicebot.web.conversation import confidence_in_words
from voicebot.web.wording import CHANNELS, OUTCOMES, URGENCIES, WEB_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence
    from datetime import datetime

    from voicebot.storage.call_search import IndexedCall


@dataclass(frozen=True, slots=True)
class Shown:
    """A call, and what else a column may need to tell of it."""

    call: IndexedCall
    live_since: datetime
    """A call without an end on which nothing happened since is broken off."""
    rulesets: Mapping[str, str]
    rules: Sequence[str]
    """Those that fired."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column after the first, which always tells when the call began."""

    name: str
    label: str
    text: Callable[[Shown], str]
    default: bool = False
    figure: bool = False


def minutes(ms: int) -> str:
    """Return a time on the call's clock as minutes and seconds, `1:05`."""
    return f"{ms // 60_000}:{ms // 1000 % 60:02}"


def state(shown: Shown) -> str:
    """Return whether the call goes on, in a word or two."""
    if shown.call.over:
        return "over"
    return "live" if shown.call.last_event_at >= shown.live_since else "broken off"


def urgency(call: IndexedCall) -> str:
    """Return the urgency, number and words."""
    return "not decided" if call.urgency is None else URGENCIES[call.urgency]


def outcome(call: IndexedCall) -> str:
    """Return how the call ended, in words."""
    if call.outcome is None:
        return "none yet"
    return (WEB_OUTCOMES if call.channel is Channel.WEB else OUTCOMES)[call.outcome]


def _confidence(shown: Shown) -> str:
    lowest = shown.call.lowest_confidence
    return "nothing heard" if lowest is None else confidence_in_words(lowest)


def _gap(shown: Shown) -> str:
    gap_ms = shown.call.longest_gap_ms
    return "none measured" if gap_ms is None else f"{gap_ms / 1000:.1f} s"


def _transfer(shown: Shown) -> str:
    if shown.call.transfer == RINGING and shown.call.over:
        return "tried, the end was not told"
    return TRANSFERS.get(shown.call.transfer or "", "no")


COLUMNS = (
    Column("state", "State", state, default=True),
    Column("length", "Length", lambda shown: minutes(shown.call.duration_ms), default=True, figure=True),
    Column("urgency", "Urgency", lambda shown: urgency(shown.call), default=True),
    Column("outcome", "Outcome", lambda shown: outcome(shown.call), default=True),
    Column("rules", "Decided by", lambda shown: ", ".join(shown.rules) or "no rule"),
    Column("answers", "Answers", lambda shown: str(shown.call.answers), figure=True),
    Column("confidence", "Lowest confidence", _confidence, default=True),
    Column("reprompts", "Asked again", lambda shown: str(shown.call.reprompts), default=True, figure=True),
    Column("gap", "Longest turn gap", _gap, figure=True),
    Column("transfer", "Put through", _transfer),
    Column("faults", "Faults", lambda shown: str(shown.call.faults), default=True, figure=True),
    Column("review", "Review", lambda shown: REVIEW_STATES.get(shown.call.review_state, "none"), default=True),
    Column("number", "Number", lambda shown: f"… {shown.call.last_four}" if shown.call.last_four else "not kept"),
    Column("channel", "Came in", lambda shown: CHANNELS[shown.call.channel]),
    Column(
        "version", "Rule set", lambda shown: shown.rulesets.get(shown.call.ruleset_sha256, shown.call.ruleset_sha256)
    ),
)
"""In the order they are shown."""


def chosen(names: Collection[str]) -> list[Column]:
    """Return the columns named, or those shown when none is."""
    return [column for column in COLUMNS if column.name in names] or [column for column in COLUMNS if column.default]
