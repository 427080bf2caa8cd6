"""How the line speaks with this caller: of whom, how fast, how patiently. Applied to what every handler says.

Handlers name prompts and questions by one id, whoever is on the line; here they get the wording for a caller who speaks
for somebody else (`patient.<id>`), slower speech, and longer waits. No handler needs to think of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Effect, Listen, Say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.dialog.state import State

PATIENT = "patient."
"""Before the id of a prompt: its wording for a caller who speaks for the patient."""
OF_THE_RULES = ("q.", "screen.", "rule.")
"""Ids of the rule set's prompts begin so; all of them have a wording about the patient."""
OF_PATIENT = frozenset(
    {
        "adult", "adult.again", "adult.help",
        "advice.call_911", "advice.emergency_room", "advice.same_day", "advice.primary_care",
        "advice.spine_scheduling", "advice.self_care", "advice.call_911_if",
        "medicine_note", "disclaimer",
        "transfer.nobody",
        "place_consent", "place_consent.again", "place_consent.help", "place",
        "call_noted.morning", "call_noted.afternoon", "call_noted.any", "call_again",
    }
)  # fmt: skip
"""Prompts beside the rule set's that have a wording about the patient: those whose "you" would be the patient."""
UNHURRIED_NO_INPUT_MS = 20_000
"""Silence that counts as no answer where somebody types: relay operators need 10 to 20 s to pass a question on."""


def worded(prompt: str, *, patient: bool) -> str:
    """Return the id of the wording of `prompt` for this caller."""
    if patient and (prompt in OF_PATIENT or prompt.startswith(OF_THE_RULES)):
        return PATIENT + prompt
    return prompt


def in_manner(state: State, effects: Iterable[Effect]) -> tuple[Effect, ...]:
    """Return `effects` as they are put to the caller of `state`."""
    if not (state.for_patient or state.slow or state.unhurried):
        return tuple(effects)
    return tuple(_put(state, effect) for effect in effects)


def _put(state: State, effect: Effect) -> Effect:
    match effect:
        case Say(prompts):
            said = tuple(worded(prompt, patient=state.for_patient) for prompt in prompts)
            return replace(effect, prompts=said, slow=state.slow)
        case Listen() if state.unhurried:
            wait_ms = max(effect.no_input_ms, UNHURRIED_NO_INPUT_MS)
            return replace(effect, unhurried=True, no_input_ms=wait_ms)
        case _:
            return effect
