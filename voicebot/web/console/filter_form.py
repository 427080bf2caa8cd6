"""The form of the filters, as the list of calls and the bulk replay have it: what each filter can be set to, in words.

Reads no query string (call_filters.py does) and finds no call.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.web.console.call_filters import ANY, LABELS, UNDECIDED
from voicebot.web.console.call_wording import REVIEW_STATES, TRANSFERS
from voicebot.web.wording import CHANNELS, OUTCOMES, URGENCIES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from werkzeug.datastructures import MultiDict

    from voicebot.storage.call_search import CallSearch
    from voicebot.triage.ruleset import RuleSet

SELDOM_USED = (
    "confidence",
    "reprompts",
    "minutes",
    "rule",
    "fault",
    "transfer",
    "channel",
    "version",
    "live",
    "column",
)
"""Folded away while nothing is asked of them."""
_CHANGING = ("rule", "fault", "version")
"""Those whose values come and go with rules and calls."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value a filter can have."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class FilterForm:
    """What the template of the filters draws."""

    choices: Mapping[str, list[Choice]]
    given: MultiDict[str, str]
    """What is asked for already."""

    @property
    def more_asked(self) -> bool:
        """Whether a filter is set that is folded away otherwise."""
        return any(self.given.get(name) for name in SELDOM_USED)


def filter_form(search: CallSearch, ruleset: RuleSet, given: MultiDict[str, str]) -> FilterForm:
    """Return the form over the calls there are; raises VoicebotError `store_failed`."""
    rulesets, faults = search.rulesets(), search.faults()
    choices = {
        "urgency": [
            *(Choice(str(number), URGENCIES[number]) for number in reversed(range(len(URGENCIES)))),
            Choice(UNDECIDED, "not decided"),
        ],
        "outcome": [Choice(outcome.value, OUTCOMES[outcome]) for outcome in Outcome],
        "review": [Choice(value, label) for value, label in REVIEW_STATES.items()],
        "transfer": [Choice(value, label) for value, label in TRANSFERS.items()],
        "channel": [Choice(channel.value, CHANNELS[channel]) for channel in Channel],
        "version": [Choice(sha256, f"{name} ({sha256[:8]})") for sha256, name in rulesets.items()],
        "fault": [Choice(ANY, "any fault"), *(Choice(code, code.replace("_", " ")) for code in faults)],
        "rule": [Choice(rule.id, rule.id) for rule in ruleset.rules],
    }
    for name in _CHANGING:  # a view may ask for what the rules of today, or the calls that are left, do not have
        known = {choice.value for choice in choices[name]}
        choices[name] += [Choice(value, value) for value in given.getlist(name) if value and value not in known]
    return FilterForm(choices, given)


def in_words(query: Iterable[tuple[str, str]], choices: Mapping[str, list[Choice]]) -> str:
    """Return a query string's parts in words; empty when it asks for all calls."""
    known = {(name, choice.value): choice.label for name, all_of in choices.items() for choice in all_of}
    found: dict[str, list[str]] = {}
    for name, value in query:
        if name in LABELS:
            found.setdefault(LABELS[name], []).append(known.get((name, value), value))
    return "; ".join(f"{label}: {' or '.join(values)}" for label, values in found.items())
