"""The words pages use for the closed sets of the dialog and of triage. Texts only."""

from __future__ import annotations

from voicebot.calls.outcome import Outcome
from voicebot.dialog.events import Channel
from voicebot.dialog.meaning import Meaning
from voicebot.triage.answers import Answer
from voicebot.triage.levels import Destination

URGENCIES = (
    "0, self-care",
    "1, spine scheduling",
    "2, primary care",
    "3, same day",
    "4, emergency room",
    "5, call 911",
)
"""An urgency's place is its number."""

OUTCOMES = {
    Outcome.SCHEDULING: "Put through to scheduling",
    Outcome.NURSE: "Put through to a nurse",
    Outcome.FRONT_DESK: "Put through to the front desk",
    Outcome.AFTER_HOURS: "Put through to the person on call",
    Outcome.CALL_911: "Told to call 911",
    Outcome.EMERGENCY_ROOM: "Told to go to an emergency room",
    Outcome.SAME_DAY: "Told to see a clinician today",
    Outcome.PRIMARY_CARE: "Told to see primary care",
    Outcome.SELF_CARE: "Told how to look after it",
    Outcome.CALL_BACK: "To be called back",
    Outcome.CALL_AGAIN: "Asked to call again",
    Outcome.HUNG_UP: "Caller hung up",
    Outcome.FAILED: "Nobody reached",
}

WEB_OUTCOMES = OUTCOMES | {
    Outcome.SCHEDULING: "Given the number of scheduling",
    Outcome.NURSE: "Given the number of a nurse",
    Outcome.FRONT_DESK: "Given the number of the front desk",
    Outcome.HUNG_UP: "Left the form",
}
"""The web form puts nobody through."""

MEANINGS = {
    Meaning.YES: "yes",
    Meaning.NO: "no",
    Meaning.UNSURE: "not sure",
    Meaning.DECLINED: "prefer not to say",
    Meaning.REPEAT: "say it again",
    Meaning.OPERATOR: "a person, please",
    Meaning.EMERGENCY: "this is an emergency",
    Meaning.CALLING: "will call nine one one",
    Meaning.SUICIDE: "talk of suicide",
    Meaning.BACK: "mend the last answer",
    Meaning.HELP: "explain the question",
    Meaning.SLOWER: "slower, please",
    Meaning.LEFT: "how many questions are left",
    Meaning.SPANISH: "an interpreter for Spanish",
    Meaning.INTERPRETER: "an interpreter",
    Meaning.RELAY: "more time, please",
    Meaning.MIXED: "contradictory",
}

CHANNELS = {
    Channel.STREAM: "by live audio",
    Channel.TURNS: "turn by turn",
    Channel.TEXT: "by text",
    Channel.WEB: "by web form",
}

ANSWERS = {
    Answer.YES: "yes",
    Answer.NO: "no",
    Answer.UNKNOWN: "not known",
    Answer.DECLINED: "declined",
    Answer.NOT_ASKED: "not asked",
}

DESTINATIONS = {
    Destination.EMS: "ambulance",
    Destination.ER: "emergency room",
    Destination.NURSE: "nurse",
    Destination.OB: "obstetrics",
    Destination.ONCOLOGY: "oncology",
    Destination.VASCULAR: "vascular clinic",
    Destination.PRIMARY_CARE: "primary care",
    Destination.PHARMACIST: "pharmacist",
    Destination.SPINE: "spine clinic",
    Destination.SELF_CARE: "self-care",
}
