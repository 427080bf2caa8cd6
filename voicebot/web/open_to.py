"""Whether what is open to everybody may answer at all: a rule set nobody approved needs the operator's own word."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from voicebot.parts import Parts


def check_rules_may_answer(parts: Parts) -> None:
    """Raise VoicebotError `rules_unapproved` unless a clinician or the operator stands for the rule set in force."""
    if not parts.rules_may_answer:
        raise VoicebotError(
            "rules_unapproved",
            "No clinician has approved the rule set.",
            "The operator can allow it all the same: VOICEBOT_ALLOW_UNAPPROVED_RULES=true.",
        )
