"""Every prompt the dialog can say, so that each is written and rendered before the first call. Ids only, no texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.triage.levels import LEVEL_NAMES, AskedBy

if TYPE_CHECKING:
    from voicebot.triage.ruleset import RuleSet

FIXED = frozenset(
    {
        "greeting",
        "about_leg", "about_leg.again", "about_leg.help",
        "intro_questions",
        "consent", "consent.again", "consent.help", "consent.recorded", "consent.unrecorded",
        "keys_hint", "keys_short",
        "no_input.1", "no_input.2", "no_match.1", "no_match.2",
        "confirm.yes", "confirm.no", "confirm.unsure", "confirm.emergency",
        "back.done", "back.none", "taken_back",
        "read_back.intro",
        "advice.call_911_if", "medicine_note", "disclaimer", "goodbye",
        "transfer.scheduling", "transfer.front_desk", "transfer.nurse",
        "transfer.after_hours",
        "transfer.busy", "transfer.no_answer", "transfer.failed", "transfer.declined", "transfer.voicemail",
        "transfer.try_front_desk", "transfer.failed_urgent", "transfer.nobody",
        "closed.scheduling", "closed.front_desk", "other_topic.closed",
        "call_back", "call_back.again", "call_back.help",
        "call_back_time", "call_back_time.again", "call_back_time.help",
        "call_noted.morning", "call_noted.afternoon", "call_noted.any", "call_again",
        "to_person.asked", "to_person.not_understood", "to_person.unclear_red_flag", "to_person.fault",
        "no_room", "no_room.closed", "still_here",
        "emergency.heard", "suicide.heard", "other_topic", "resumed",
    }
)  # fmt: skip
"""Prompts that do not depend on the rule set; their texts are in prompts/en."""
TO_STAFF = frozenset(
    {
        "whisper.offer", "whisper.caller_gone",
        "whisper.unclear", "whisper.suicide", "whisper.unfinished", "whisper.other_topic",
        "whisper.to_person.asked", "whisper.to_person.not_understood", "whisper.to_person.fault",
    }
)  # fmt: skip
"""Prompts that only whoever is rung hears, beside `whisper.<level>`; the caller never does."""


def required_prompts(ruleset: RuleSet) -> frozenset[str]:
    """Return the ids of everything that may be said on a call with `ruleset`."""
    advice = {f"{kind}.{name}" for kind in ("advice", "whisper") for name in LEVEL_NAMES}
    return FIXED | TO_STAFF | advice | frozenset(spoken_texts(ruleset))


def spoken_texts(ruleset: RuleSet) -> dict[str, str]:
    """Return the texts that come from the rule set, by prompt id."""
    texts: dict[str, str] = {}
    for question in ruleset.questions.values():
        if question.asked_by is AskedBy.NOBODY:
            continue
        prompt = f"q.{question.id}"
        texts |= {prompt: question.text, f"{prompt}.again": question.reprompt, f"{prompt}.help": question.help}
    for screen in ruleset.screens.values():
        if len(screen.questions) > 1:
            prompt = f"screen.{screen.id}"
            texts |= {prompt: screen.text, f"{prompt}.again": screen.reprompt, f"{prompt}.help": screen.help}
            texts[f"{prompt}.read_back"] = screen.read_back
    return texts | {f"rule.{rule.id}": rule.spoken for rule in ruleset.rules}
