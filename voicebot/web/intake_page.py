"""What a page of the web form shows, worked out of the dialog's state before any HTML is made. No I/O here.

The dialog says what a page holds; this file only sorts it: what is asked, what may be chosen, what comes first.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from voicebot.dialog.effects import Effect, Say, Target, Transfer
from voicebot.dialog.manner import worded
from voicebot.dialog.meaning import Meaning
from voicebot.dialog.state import State, Step
from voicebot.triage.levels import LEVEL_NAMES, RED_FLAG, Urgency
from voicebot.web.intake_words import readable_number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from voicebot.web.intake_words import FormWords

_CAUTIONS = frozenset({"advice.call_911_if", "medicine_note", "disclaimer"})
"""Prompts that hold whatever was decided; the page tells them last."""

_CHOICES: dict[Step, tuple[Meaning, ...]] = {
    Step.TOPIC: (Meaning.YES, Meaning.NO),
    Step.FOR_SELF: (Meaning.YES, Meaning.NO),
    Step.ABOUT_PATIENT: (Meaning.YES, Meaning.NO, Meaning.UNSURE),
    Step.ADULT: (Meaning.YES, Meaning.NO),
    Step.SCREEN: (Meaning.YES, Meaning.NO, Meaning.UNSURE, Meaning.DECLINED),
    Step.READ_BACK: (Meaning.YES, Meaning.NO),
}
"""What may be chosen, by what is being asked; nothing else is ever asked on the web."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One answer to choose, or a way out."""

    meaning: Meaning
    label: str


@dataclass(frozen=True, slots=True)
class QuestionPage:
    """One question."""

    progress: str
    notes: tuple[str, ...]
    """Said before the question."""
    denied: str
    """The question that was answered with a "no" that is now checked; empty on every other page."""
    question: str
    help: str
    choices: tuple[Choice, ...]
    ways_out: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call."""

    label: str
    number: str
    """E.164, to dial."""

    @property
    def readable(self) -> str:
        """The number as people write it."""
        return readable_number(self.number)


@dataclass(frozen=True, slots=True)
class ResultPage:
    """What the rules decided, and what to do now."""

    heading: str
    urgency: Urgency | None
    """None when the rules had nothing to say, as for another topic."""
    advice: tuple[str, ...]
    """What to do now."""
    reasons: tuple[str, ...]
    contact: Contact | None
    if_nobody: str
    """What to do when nobody answers there; empty when there is nothing more to say."""
    cautions: tuple[str, ...]

    @property
    def urgent(self) -> bool:
        """Whether it cannot wait until tomorrow."""
        return self.urgency is not None and self.urgency >= RED_FLAG

    @property
    def call_911(self) -> bool:
        """Whether calling 911 is the whole advice."""
        return self.urgency is Urgency.CALL_911


def choices_at(step: Step) -> frozenset[Meaning]:
    """Return what a form may answer while the dialog is at `step`: the choices and the two ways out."""
    return frozenset({*_CHOICES[step], Meaning.BACK, Meaning.OPERATOR}) if step in _CHOICES else frozenset()


def question_page(state: State, effects: Sequence[Effect], texts: Mapping[str, str], words: FormWords) -> QuestionPage:
    """Return the page of the open question; `effects` is what the dialog last said, `texts` the words for it."""
    *before, asked = [effect for effect in effects if isinstance(effect, Say)]
    notes = [texts[prompt] for say in before for prompt in say.prompts if texts[prompt]]
    checking = state.step is Step.READ_BACK
    labels = {**words.choices, **(words.check_no if checking else {})}
    prompt = asked.prompts[0]
    plain = prompt.removesuffix(".again").removesuffix(".read_back")
    way_back = [Meaning.BACK] if state.trail or checking else []
    return QuestionPage(
        progress=_progress(state, words),
        notes=(*notes, words.again) if state.unsure else tuple(notes),
        denied=texts[plain] if checking else "",
        question=words.check_no["question"] if checking else texts[prompt],
        help="" if checking else texts[f"{plain}.help"],
        choices=tuple(Choice(meaning, labels[meaning]) for meaning in _CHOICES[state.step]),
        ways_out=tuple(Choice(meaning, words.choices[meaning]) for meaning in (*way_back, Meaning.OPERATOR)),
    )


def _progress(state: State, words: FormWords) -> str:
    if state.asking is None or state.step is Step.TOPIC:
        return words.parts["first"]
    match state.asking.level:
        case Urgency.CALL_911:
            part = "emergency"
        case Urgency.EMERGENCY_ROOM | Urgency.SAME_DAY:
            part = "soon"
        case _:
            part = "cause"
    return f"{words.parts[part]}. Question {len(state.trail) + 1}"


def result_page(state: State, texts: Mapping[str, str], numbers: Mapping[Target, str], words: FormWords) -> ResultPage:
    """Return the page a visit ends with."""
    spoken = (prompt for effect in state.closing if isinstance(effect, Say) for prompt in effect.prompts)
    said = list(dict.fromkeys(spoken))  # what a voice says twice is read once
    texts = {prompt: texts[worded(prompt, patient=state.for_patient)] for prompt in (*said, state.if_nobody) if prompt}
    ending = state.closing[-1]
    target = ending.target if isinstance(ending, Transfer) else None
    urgency = next((level for level in Urgency if f"advice.{level.label}" in said), None)
    for_a_person = urgency is None or (target is Target.FRONT_DESK and urgency < RED_FLAG)
    return ResultPage(
        heading=words.results["person" if for_a_person else LEVEL_NAMES[urgency or 0]],
        urgency=urgency,
        advice=_texts(texts, said, lambda prompt: not prompt.startswith("rule.") and prompt not in _CAUTIONS),
        reasons=_texts(texts, said, lambda prompt: prompt.startswith("rule.")),
        contact=Contact(words.contacts[target], numbers[target]) if target else None,
        if_nobody=texts[state.if_nobody] if target and state.if_nobody else "",
        cautions=_texts(texts, said, _CAUTIONS.__contains__),
    )


def _texts(texts: Mapping[str, str], said: Sequence[str], wanted: Callable[[str], bool]) -> tuple[str, ...]:
    return tuple(texts[prompt] for prompt in said if wanted(prompt) and texts[prompt])
