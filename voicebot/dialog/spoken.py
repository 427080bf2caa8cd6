"""Every prompt the dialog can say, so that each is written and rendered before the first call. Ids only, no texts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot.dialog.counting import LEFT
from voicebot.dialog.manner import OF_PATIENT, PATIENT
from voicebot.triage.levels import LEVEL_NAMES, AskedBy

if TYPE_CHECKING:
    from voicebot.triage.ruleset import Question, RuleSet, Screen, Wording

FIXED = frozenset(
    {
        "greeting",
        "about_leg", "about_leg.again", "about_leg.help",
        "intro_questions",
        "greeting.spanish",
        "for_self", "for_self.again", "for_self.help", "for_another",
        "about_patient", "about_patient.again", "about_patient.help", "asked_anew",
        "adult", "adult.again", "adult.help",
        "number", "number.again", "number.help", "number.noted", "number.none",
        "other_number", "other_number.again", "other_number.help",
        "relay.noted",
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
        "to_person.staff", "to_person.for_another", "to_person.minor", "to_person.spanish", "to_person.interpreter",
        "welcome_back", "welcome_back.again", "welcome_back.help", "going_on",
        "will_call", "will_call.again", "will_call.help", "will_call.cannot_dial",
        "with_patient", "with_patient.again", "with_patient.help", "call_now", "call_now.elsewhere",
        "place_consent", "place_consent.again", "place_consent.help", "place",
        "staying", "staying.again", "staying.help", "staying.here", "staying.still", "staying.no", "staying.nobody",
        "no_room", "no_room.closed", "still_here",
        "emergency.heard", "suicide.heard", "other_topic", "resumed",
    }
)  # fmt: skip
"""Prompts that do not depend on the rule set; their texts are in prompts/en."""
TO_STAFF = frozenset(
    {
        "whisper.offer", "whisper.caller_gone",
        "whisper.unclear", "whisper.suicide", "whisper.unfinished", "whisper.other_topic",
        "whisper.refused_911", "whisper.refused_911.place",
        "whisper.to_person.asked", "whisper.to_person.not_understood", "whisper.to_person.fault",
        "whisper.to_person.staff", "whisper.to_person.for_another", "whisper.to_person.minor",
        "whisper.to_person.spanish", "whisper.to_person.interpreter",
    }
)  # fmt: skip
"""Prompts that only whoever is rung hears, beside `whisper.<level>`; the caller never does."""


def required_prompts(ruleset: RuleSet) -> frozenset[str]:
    """Return the ids of everything that may be said on a call with `ruleset`."""
    advice = {f"{kind}.{name}" for kind in ("advice", "whisper") for name in LEVEL_NAMES}
    of_patient = {PATIENT + prompt for prompt in OF_PATIENT}
    return FIXED | TO_STAFF | advice | of_patient | frozenset(LEFT) | frozenset(spoken_texts(ruleset))


def spoken_texts(ruleset: RuleSet) -> dict[str, str]:
    """Return the texts that come from the rule set, by prompt id."""
    texts: dict[str, str] = {}
    for question in ruleset.questions.values():
        if question.asked_by is AskedBy.NOBODY:
            continue
        prompt = f"q.{question.id}"
        texts |= _asked(prompt, question)
    for screen in ruleset.screens.values():
        if len(screen.questions) > 1:
            prompt = f"screen.{screen.id}"
            texts |= _asked(prompt, screen)
            texts |= {f"{who}{prompt}.read_back": screen.read_back for who in ("", PATIENT)}
    for rule in ruleset.rules:
        texts |= {f"rule.{rule.id}": rule.spoken, f"{PATIENT}rule.{rule.id}": rule.patient or rule.spoken}
    return texts


def _asked(prompt: str, spoken: Question | Screen) -> dict[str, str]:
    """Return both wordings of a question, about the caller and about the patient."""
    wordings: tuple[tuple[str, Question | Screen | Wording], ...] = (("", spoken), (PATIENT, spoken.patient))
    return {
        f"{who}{prompt}{suffix}": text
        for who, said in wordings
        for suffix, text in (("", said.text), (".again", said.reprompt), (".help", said.help))
    }
