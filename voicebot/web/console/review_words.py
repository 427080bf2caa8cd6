"""The words that the pages of reviews, replays and numbers use for closed sets. Texts only."""

from __future__ import annotations

from voicebot.calls.measures import Carried, Followed
from voicebot.calls.review_reasons import ReviewReason
from voicebot.dialog.effects import Target
from voicebot.staff.replaying import Change, ReplayState
from voicebot.staff.review import ReviewState

REASONS = {
    ReviewReason.EMERGENCY: "Emergency",
    ReviewReason.UNCLEAR_RED_FLAG: "Warning sign not cleared",
    ReviewReason.PAGED: "Staff were paged",
    ReviewReason.NOBODY_TOOK_IT: "Nobody took the call",
    ReviewReason.LEFT_EARLY: "Hung up before help",
    ReviewReason.BROKEN_OFF: "Broken off",
    ReviewReason.FAULT: "Fault of the line",
    ReviewReason.CONTRADICTION: "Contradictory answers",
    ReviewReason.LOW_CONFIDENCE: "Heard unsurely",
    ReviewReason.REPROMPTS: "Asked again often",
    ReviewReason.SAMPLE: "Random sample",
}

STATES = {
    ReviewState.NOT_NEEDED: "No review needed",
    ReviewState.WAITING: "Waiting for review",
    ReviewState.SECOND_READER: "Waiting for a second reader",
    ReviewState.SETTLED: "Reviewed",
}

CHANGES = {
    Change.DOWN: "Down: less urgent",
    Change.UP: "Up: more urgent",
    Change.ASIDE: "Aside: as urgent, somewhere else",
    Change.UNREADABLE: "Cannot be run again",
    Change.SAME: "Stayed the same",
}
"""In the order they are shown."""

REPLAY_STATES = {
    ReplayState.WAITING: "Waiting",
    ReplayState.RUNNING: "Running",
    ReplayState.DONE: "Done",
    ReplayState.STOPPED: "Stopped",
}

FOLLOWED = {
    Followed.NEXT: "Answered",
    Followed.AGAIN: "Asked back",
    Followed.NO_INPUT: "Silence",
    Followed.NO_MATCH: "Not understood",
    Followed.PERSON: "To a person",
    Followed.HUNG_UP: "Hung up",
    Followed.BROKEN: "Broken off",
}

CARRIED = {
    Carried.BY_THE_LINE: "By the line: advice, or put through to scheduling",
    Carried.BY_A_PERSON: "By a person",
    Carried.LEFT_FOR_LATER: "Left for later: call back, or call again",
    Carried.BY_NOBODY: "By nobody: hung up early, or nobody reached",
}

TARGETS = {
    Target.SCHEDULING: "Scheduling",
    Target.NURSE: "Nurse",
    Target.FRONT_DESK: "Front desk",
    Target.AFTER_HOURS: "Person on call",
}
