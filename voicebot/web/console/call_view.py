"""What a call's page shows of its record, worked out before any HTML is made. No request and no database in here."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.calls.answers_then import answers_after
from voicebot.calls.timeline import Kind, Moment, Word, spread, timeline
from voicebot.calls.transcript import Speaker
from voicebot.dialog.answers import ACCEPT_AT
from voicebot.errors import VoicebotError
from voicebot.speech.codec import BYTES_PER_MS
from voicebot.web.console.call_columns import minutes
from voicebot.web.conversation import confidence_in_words
from voicebot.web.wording import ANSWERS, MEANINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from voicebot.calls.answers_then import Noted
    from voicebot.calls.entries import Entry
    from voicebot.dialog.effects import Say
    from voicebot.speech.voice import RenderedPrompts
    from voicebot.triage.ruleset import RuleSet

HIDDEN = "[words hidden]"
NOT_KEPT = "[no words kept]"
NO_WORDS = "[no words]"
WHO = {Speaker.LINE: "Line", Speaker.CALLER: "Caller", Speaker.NOTE: ""}
MS_A_LETTER = 65
"""What a letter takes to say, about; for prompts whose sound is not at hand any more."""


@dataclass(frozen=True, slots=True)
class Change:
    """An answer as it stood after a turn."""

    question_id: str
    question: str
    answer: str
    """In words; empty when it was taken back."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said or done, as the page shows it."""

    moment: Moment
    who: str
    text: str
    words: tuple[Word, ...]
    """Of the caller, when they may be seen; each a button."""
    understood: str
    doubtful: bool
    """Said by the caller, and not beyond doubt."""
    changes: tuple[Change, ...]

    @property
    def clock(self) -> str:
        """When it began, `1:05`."""
        return minutes(self.moment.from_ms)

    @property
    def noted_json(self) -> str:
        """The changes for the page's own script: question id -> answer in words, empty when taken back."""
        return json.dumps({change.question_id: change.answer for change in self.changes})


def seconds(ms: int) -> str:
    """Return a time on the call's clock as the address of a moment has it, `12.4`; exact, to the millisecond."""
    return str(ms // 1000) if ms % 1000 == 0 else f"{ms / 1000:.3f}".rstrip("0")


def turns(
    entries: Sequence[Entry],
    texts: Mapping[str, str],
    say_ms: Callable[[Say], int],
    ruleset: RuleSet | None,
    *,
    words: bool,
) -> Iterator[Turn]:
    """Yield the turns of a call; without the right to `words`, what the caller said is left out, its meaning stays."""
    noted = {one.seq: one for one in answers_after(ruleset, entries)} if ruleset else {}
    for moment in timeline(entries, texts, say_ms):
        text = _text(moment, words=words)
        spoken = moment.kind is Kind.SPEECH and moment.text and words
        yield Turn(
            moment=moment,
            who=WHO[moment.speaker],
            text=text,
            words=spread(text, moment.from_ms, moment.to_ms) if spoken else (),
            understood=_understood(moment),
            doubtful=moment.confidence is not None and (moment.confidence < ACCEPT_AT or moment.meaning is None),
            changes=tuple(_changes(noted.get(moment.seq), ruleset)) if moment.speaker is Speaker.CALLER else (),
        )


def say_ms(voice: RenderedPrompts, texts: Mapping[str, str], say: Say) -> int:
    """Return how long the line takes to say it (ms): as it sounds today; by its letters, what has no sound any more."""
    return sum(_prompt_ms(voice, texts.get(prompt, prompt), prompt, slow=say.slow) for prompt in say.prompts)


def _prompt_ms(voice: RenderedPrompts, text: str, prompt_id: str, *, slow: bool) -> int:
    try:
        sound = voice.sound(prompt_id, slow=slow)
    except VoicebotError:
        return len(text) * MS_A_LETTER
    return len(sound.mulaw) // BYTES_PER_MS if sound.mulaw and sound.text == text else len(text) * MS_A_LETTER


def _text(moment: Moment, *, words: bool) -> str:
    if moment.kind is not Kind.SPEECH:
        return moment.text or ""
    if moment.text is None:
        return NOT_KEPT
    return (moment.text or NO_WORDS) if words else HIDDEN


def _understood(moment: Moment) -> str:
    if moment.speaker is not Speaker.CALLER:
        return ""
    meaning = f"Understood as: {MEANINGS[moment.meaning]}" if moment.meaning else "Not understood"
    if moment.confidence is None:
        return meaning if moment.meaning else ""
    over = ", while the line was speaking" if moment.over_prompt else ""
    return f"{meaning}{over}. Confidence {confidence_in_words(moment.confidence)}."


def _changes(noted: Noted | None, ruleset: RuleSet | None) -> Iterator[Change]:
    if noted is None or ruleset is None:
        return
    for question_id, answer in noted.changed.items():
        yield Change(question_id, question_text(ruleset, question_id), ANSWERS[answer])
    for question_id in noted.dropped:
        yield Change(question_id, question_text(ruleset, question_id), "")


def question_text(ruleset: RuleSet | None, question_id: str) -> str:
    """Return the question as it is asked; its id where the rules are not at hand."""
    question = ruleset.questions.get(question_id) if ruleset else None
    return question.text if question else question_id


def final_answers(every: Sequence[Turn]) -> dict[str, Change]:
    """Return every question that was ever noted with its answer at the end, in the order of the first note."""
    found: dict[str, Change] = {}
    for turn in every:
        found |= {change.question_id: change for change in turn.changes}
    return found


def noted_at(every: Sequence[Turn]) -> dict[str, Turn]:
    """Return for each question the turn that gave it the answer it has at the end."""
    return {change.question_id: turn for turn in every for change in turn.changes if change.answer}
