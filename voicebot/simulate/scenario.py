"""The format of scenarios, and how they are read.

A scenario is one caller: what is true about them, how they behave on the phone, and how their call must end. It is a
TOML file, and its name is the file's name without `.toml`. Only `about` must be there.

    about = "One leg falls asleep in a chair."   # what this caller stands for
    cause = "falls asleep when sitting"          # the cause or symptom of the clinic's page; a seed_cause of the rules
    default = "no"               # the answer to every question not listed below: yes, no or unsure
    speaker = "an4_mdxs"         # whose recorded voice speaks; left out: chosen by the seed; "synthetic": no human's
    keypad = false               # true: the caller answers by key alone
    barge_in_ms = 1500           # answers so long after a question began; red-flag questions are heard to their end

    [answers]                    # facts about the caller, by question id: yes, no or unsure
    sit = "yes"                  # a group of questions is answered from those it asks: yes if any of them is
    topic = "yes"                # "are you calling about your leg?"; yes when left out
    for_self = "yes"             # "are you calling for yourself?"; yes when left out, as are all down to call_back_time
    about_patient = "yes"        # "were your answers so far about the patient?"
    adult = "yes"                # "are you (or is the patient) eighteen or older?"
    consent = "yes"              # "may this call be recorded?"
    number = "yes"               # "is the number you are calling from a good one?"; no: keys in another one
    other_number = "no"          # has no other number either
    call_back = "yes"            # "would you like to be called back?"
    call_back_time = "no"        # "is the morning a good time?"
    welcome_back = "no"          # "shall we go on where we stopped?"
    will_call = "no"             # "will you call nine one one now?"
    with_patient = "no"          # "is the patient with you now?"
    place_consent = "no"         # "may I record where you are?"
    staying = "yes"              # after talk of suicide and nobody there: try again? Write what ends the call in [on]

    [on]                         # what the caller does, in order, each time this is asked; afterwards they answer
    sit = ["go back"]                                # words to say
    saddle = [{ silence = true }, { key = "2" }]     # say nothing; then press a key
    other_number = [{ keys = "6515550123" }]         # press keys one after another
    fever = [{ say = "no", into_ms = 800 }]          # speak 0.8 s into the question (barge-in)
    cancer = [{ say = "yes", after_ms = 2500 }]      # speak 2.5 s after its end (0.3 s when left out)
    weak = [{ say = "yes", then = "well no", then_ms = 900 }]   # think again: 0.9 s later (also when left out)
    place = ["by the old mill"]                      # say where they are, in any words; nothing when left out
    "advice.call_911" = [{ hang_up = true }]         # what the line says may stand here too, by prompt id
    greeting = [{ say = "i want to kill myself", into_ms = 1000 }]  # over such words only what is urgent is heard

    [line]                       # what the telephone network does to the call
    snr_db = 15                  # white noise behind the caller, so much softer than speech
    lose_every = 50              # every fiftieth 20 ms frame of the caller is lost
    drop_after_s = 30.0          # the media stream is cut; the call goes on
    nurse = "no_answer"          # how a transfer ends: answered (left out), busy, no_answer, failed, declined
    scheduling = "voicemail"     # or voicemail; also for front_desk and after_hours
    closed = ["scheduling"]      # who is closed; a server named with --server goes by its own hours
    number_shown = false         # the caller hides their number
    called_before = { back_pain = "no" }               # hung up minutes ago, after these answers

    [expect]                     # how the call must end; what is left out is not checked
    outcome = "scheduling"       # whom the caller was put through to, or the advice the line ended with
    urgency = 1                  # 0..5
    destinations = ["primary_care", "spine"]         # exactly these
    rules = ["asleep-when-sitting"]                  # at least these fired
    answers = { sit = "yes", saddle = "unknown" }    # as the line understood them
    asked = ["consent", "sit"]   # at least these were asked
    not_asked = ["needle"]
    said = ["transfer.scheduling"]                   # prompt ids, at least these
    not_said = ["advice.call_911"]
    max_questions = 24           # questions of the rule set, each counted once
    max_turn_gap_ms = 1500       # from the end of the caller's speech to the line's next word; with sound only

What can be asked has one name wherever it stands: `topic`, `for_self`, `about_patient`, `adult`, `consent`, `number`,
`other_number`, `call_back`, `call_back_time`, `welcome_back`, `will_call`, `with_patient`, `place_consent`, `staying`,
a question id, a group id, `<group>.read_back` ("so, none of these, is that right?") and `confirm` ("I heard yes, is
that right?"). Read-backs and confirmations are answered truthfully unless `[on]` says otherwise. Words nobody recorded
are spoken by a synthetic voice, and the report says so. In text mode there is no sound: times, noise and losses have no
effect there.

The whole collection takes seconds in text, and some four minutes of one core with sound. Over the wire a call takes its
own time, all of them nearly six hours one after another: `--at-once` places many side by side. A server of our own is
started for each set of closed desks, and who `called_before` really calls twice. A run that says how far the machine
fell behind is to be run again with fewer calls at once.
"""

# The format alone belongs here: caller.py acts by it, verdict.py checks what it expects. Written without postponed
# annotations, as pydantic reads the fields' types while the classes are made.

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from voicebot.calls.outcome import Outcome
from voicebot.dialog.effects import Target
from voicebot.dialog.events import TransferOutcome
from voicebot.dialog.spoken import required_prompts
from voicebot.errors import VoicebotError
from voicebot.triage.answers import Answer
from voicebot.triage.levels import Destination
from voicebot.triage.ruleset import RuleSet

Fact = Literal["yes", "no", "unsure"]
TOPIC, CONSENT, CONFIRM, READ_BACK = "topic", "consent", "confirm", ".read_back"
OTHER_NUMBER, WILL_CALL = "other_number", "will_call"
BESIDE = {
    "about_leg": TOPIC,
    "welcome_back": "welcome_back",
    "for_self": "for_self",
    "about_patient": "about_patient",
    "adult": "adult",
    "consent": CONSENT,
    "number": "number",
    "other_number": OTHER_NUMBER,
    "call_back": "call_back",
    "call_back_time": "call_back_time",
    "will_call": WILL_CALL,
    "with_patient": "with_patient",
    "place_consent": "place_consent",
    "staying": "staying",
}
"""Prompt ids of what can be asked beside questions and groups -> their names."""


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Act(_Table):
    """One thing a caller does: exactly one of say, key, keys, silence, hang_up."""

    say: Annotated[str, Field(min_length=1)] | None = None
    key: Annotated[str, Field(pattern=r"^[0-9*#]$")] | None = None
    keys: Annotated[str, Field(pattern=r"^[0-9*#]{2,}$")] | None = None
    """Keys pressed one after another: a number."""
    then: Annotated[str, Field(min_length=1)] | None = None
    """Said after a pause, whatever the line does meanwhile."""
    then_ms: Annotated[int, Field(ge=0)] = 900
    silence: Literal[True] | None = None
    hang_up: Literal[True] | None = None
    into_ms: Annotated[int, Field(ge=0)] | None = None
    """So long after the prompt began."""
    after_ms: Annotated[int, Field(ge=0)] | None = None
    """So long after the prompt's end."""

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if sum(thing is not None for thing in (self.say, self.key, self.keys, self.silence, self.hang_up)) != 1:
            raise ValueError("must be exactly one of say, key, keys, silence, hang_up")
        if self.into_ms is not None and self.after_ms is not None:
            raise ValueError("has into_ms or after_ms, not both")
        if self.then is not None and self.say is None:
            raise ValueError("has then, but says nothing before it")
        return self


def _spoken(value: object) -> object:
    return {"say": value} if isinstance(value, str) else value


class LineConditions(_Table):
    """What the telephone network does to the call."""

    snr_db: float | None = None
    lose_every: Annotated[int, Field(ge=2)] | None = None
    drop_after_s: Annotated[float, Field(gt=0)] | None = None
    scheduling: TransferOutcome = TransferOutcome.ANSWERED
    front_desk: TransferOutcome = TransferOutcome.ANSWERED
    nurse: TransferOutcome = TransferOutcome.ANSWERED
    after_hours: TransferOutcome = TransferOutcome.ANSWERED
    closed: tuple[Target, ...] = ()
    number_shown: bool = True
    called_before: Mapping[str, Answer] | None = None
    """The caller hung up on another call minutes ago, after these answers."""


class Expect(_Table):
    """How the call must end; what is None or empty is not checked."""

    outcome: Outcome | None = None
    urgency: Annotated[int, Field(ge=0, le=5)] | None = None
    destinations: frozenset[Destination] | None = None
    rules: tuple[str, ...] = ()
    answers: Mapping[str, Answer] = {}
    asked: tuple[str, ...] = ()
    not_asked: tuple[str, ...] = ()
    said: tuple[str, ...] = ()
    not_said: tuple[str, ...] = ()
    max_questions: int | None = None
    max_turn_gap_ms: int | None = None


class Scenario(_Table):
    """One caller. Make one with `read_scenario`."""

    name: str
    about: Annotated[str, Field(min_length=1)]
    cause: str | None = None
    default: Fact = "no"
    speaker: str | None = None
    keypad: bool = False
    barge_in_ms: Annotated[int, Field(ge=0)] | None = None
    answers: Mapping[str, Fact] = {}
    on: Mapping[str, tuple[Annotated[Act, BeforeValidator(_spoken)], ...]] = {}
    line: LineConditions = LineConditions()
    expect: Expect = Expect()


def find_scenarios(paths: Iterable[Path], ruleset: RuleSet) -> list[Scenario]:
    """Return the scenarios of files and folders, those of a folder sorted by name.

    Raises VoicebotError `scenario_broken` (see `read_scenario`), also when a path holds none.
    """
    return [read_scenario(file, ruleset) for path in paths for file in _files(path)]


def _files(path: Path) -> list[Path]:
    files = sorted(path.glob("*.toml")) if path.is_dir() else [path]
    if not files:
        raise _broken(path, "there is no scenario (*.toml) in this folder")
    return files


def read_scenario(path: Path, ruleset: RuleSet) -> Scenario:
    """Return the scenario of a file, checked against the rules it will run on.

    Raises VoicebotError `scenario_broken`: the file, then the line or the key of every mistake, and how to mend it.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        scenario = Scenario.model_validate({"name": path.stem, **table})
    except OSError as error:
        raise _broken(path, f"cannot be read: {error.strerror}") from None
    except ValueError as error:  # also UnicodeDecodeError, TOMLDecodeError (tells line and column), ValidationError
        raise _broken(path, _explain(error)) from None
    if mistakes := "; ".join(_unknown_names(scenario, ruleset)):
        raise _broken(path, mistakes)
    return scenario


def _explain(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        found = error.errors(include_input=False, include_url=False)
        return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'file'}: {one['msg']}" for one in found)
    return "is not UTF-8 text" if isinstance(error, UnicodeDecodeError) else str(error)


def askable(ruleset: RuleSet) -> frozenset[str]:
    """Return the names of everything that can be asked."""
    read_backs = {f"{screen.id}{READ_BACK}" for screen in ruleset.screens.values() if screen.is_group}
    return frozenset({CONFIRM, *BESIDE.values(), *ruleset.questions, *ruleset.screens, *read_backs})


def _unknown_names(scenario: Scenario, ruleset: RuleSet) -> Iterator[str]:
    asked, said, expect = askable(ruleset), required_prompts(ruleset), scenario.expect
    rules = {rule.id for rule in ruleset.rules}
    known: list[tuple[str, Iterable[str], Iterable[str]]] = [
        ("answers", scenario.answers, asked),
        ("on", scenario.on, asked | said),
        ("expect.answers", expect.answers, ruleset.questions),
        ("expect.asked", expect.asked, asked),
        ("expect.not_asked", expect.not_asked, asked),
        ("expect.said", expect.said, said),
        ("expect.not_said", expect.not_said, said),
        ("expect.rules", expect.rules, rules),
        ("cause", [scenario.cause] if scenario.cause else [], {rule.seed_cause or "" for rule in ruleset.rules}),
    ]
    for key, used, allowed in known:
        for name in sorted(set(used) - set(allowed)):
            yield f"{key}: the rule set knows no {name!r}"


def _broken(path: Path, what: str) -> VoicebotError:
    place = re.search(r" \(at line (\d+), column \d+\)$", what)  # as tomllib tells it
    where = f"{path}:{place[1]}" if place else str(path)
    what = what.removesuffix(place[0]) if place else what
    return VoicebotError("scenario_broken", f"{where}: {what}.", "The format is described in docs/scenarios.md.")
