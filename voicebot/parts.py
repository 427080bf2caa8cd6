"""Everything a running line is made of, put together once by voicebot.wiring and handed to whoever answers calls."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from voicebot.duty import Duty

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine

    from voicebot.calls.snapshot import RuleSetSnapshot
    from voicebot.config import Settings
    from voicebot.routing.hours import Hours
    from voicebot.speech.ears import Ears
    from voicebot.speech.grammars import Grammars
    from voicebot.speech.voice import RenderedPrompts
    from voicebot.storage.store import CallStore
    from voicebot.triage.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts, each loaded and checked."""

    settings: Settings
    ruleset: RuleSet
    snapshot: RuleSetSnapshot
    """The rule set's text, kept with every call that it decided."""
    grammars: Grammars
    ears: Ears
    voice: RenderedPrompts
    store: CallStore
    hours: Hours | None = None
    """When somebody answers; None: every number is tried at any hour."""
    duty: Duty = field(default_factory=Duty)
    """Whether this process takes calls, and which it has."""
    recall: Callable[[str], bool] = lambda _call_sid: False
    """Tells the carrier, by its id of a call, to ask what the call is to do now; whether it will."""
    engine: Engine | None = None
    """The database, for what is kept beside the calls: accounts, audit, reviews. None: there is no staff console."""

    @property
    def rules_may_answer(self) -> bool:
        """Whether a clinician, or at least the operator, stands for the rules: only then may they decide on anybody."""
        return self.ruleset.approved or self.settings.allow_unapproved_rules
