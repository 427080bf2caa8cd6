"""What changed from one rule set to another, in words a nurse can act on. Compares texts, runs no rule."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from voicebot.triage.file_format import Outcome, Rule
    from voicebot.triage.ruleset import Question, RuleSet, Screen


def differences(old: RuleSet, new: RuleSet) -> Iterator[str]:
    """Yield one sentence a change: questions, then screens and their order, then rules."""
    yield from _gone_and_come("question", old.questions, new.questions)
    for name, question in new.questions.items():
        if name in old.questions:
            yield from _question_changes(old.questions[name], question)
    yield from _gone_and_come("screen", old.screens, new.screens)
    for name, screen in new.screens.items():
        if name in old.screens:
            yield from _screen_changes(old.screens[name], screen)
    if [name for name in old.screens if name in new.screens] != [name for name in new.screens if name in old.screens]:
        yield f"The order of asking is now {', '.join(new.screens)}."
    before, after = ({rule.id: rule for rule in ruleset.rules} for ruleset in (old, new))
    yield from _gone_and_come("rule", before, after)
    for name, rule in after.items():
        if name in before:
            yield from _rule_changes(before[name], rule)


def _gone_and_come(kind: str, old: Mapping[str, object], new: Mapping[str, object]) -> Iterator[str]:
    for name in old:
        if name not in new:
            yield f"The {kind} {name} is gone."
    for name in new:
        if name not in old:
            yield f"The {kind} {name} is new."


def _question_changes(old: Question, new: Question) -> Iterator[str]:
    what = f"The question {new.id}"
    yield from _wordings(what, old, new)
    if old.why != new.why:
        yield f'{what} gives another reason for being asked: "{new.why}"'
    if old.asked_if != new.asked_if:
        yield f"{what} is now asked {'only after ' + ' or '.join(new.asked_if) if new.asked_if else 'of everyone'}."
    if old.asked_by != new.asked_by:
        yield f"{what} is now asked by {new.asked_by}."


def _screen_changes(old: Screen, new: Screen) -> Iterator[str]:
    if not (old.is_group or new.is_group):
        return
    what = f"The group {new.id}"
    yield from _wordings(what, old, new)
    if old.questions != new.questions:
        yield f"{what} now asks {', '.join(new.questions)}, before {', '.join(old.questions)}."
    if old.read_back != new.read_back:
        yield f'{what} reads back "{new.read_back}", before "{old.read_back}".'


def _wordings(what: str, old: Question | Screen, new: Question | Screen) -> Iterator[str]:
    for field, verb in (("text", "asks"), ("reprompt", "asks again"), ("help", "explains")):
        before, after = getattr(old, field), getattr(new, field)
        if before != after:
            yield f'{what} now {verb} "{after}", before "{before}"'
        before, after = getattr(old.patient, field), getattr(new.patient, field)
        if before != after:
            yield f'{what} now {verb} of a patient "{after}", before "{before}"'


def _rule_changes(old: Rule, new: Rule) -> Iterator[str]:
    what = f"The rule {new.id}"
    if old.all_of != new.all_of:
        yield f"{what} now fires on {' and '.join(new.all_of)}, before on {' and '.join(old.all_of)}."
    if old.level != new.level:
        yield f"{what} {'rises' if new.level > old.level else 'falls'} from level {old.level} to level {new.level}."
    if old.destinations != new.destinations:
        yield f"{what} now leads to {', '.join(new.destinations)}, before to {', '.join(old.destinations)}."
    if old.if_unknown != new.if_unknown:
        yield f"{what} gives {_weight(new.if_unknown)} while unknown, before {_weight(old.if_unknown)}."
    if old.spoken != new.spoken:
        yield f'{what} now says "{new.spoken}", before "{old.spoken}"'
    before, after = old.patient or old.spoken, new.patient or new.spoken
    if before != after and (old.patient or new.patient):
        yield f'{what} now says of a patient "{after}", before "{before}"'
    others = ("seed_cause", "source", "icd10", "note", "version", "approval")
    changed = [field.replace("_", " ") for field in others if getattr(old, field) != getattr(new, field)]
    if changed:
        yield f"{what} has changed in {', '.join(changed)}."


def _weight(outcome: Outcome | None) -> str:
    return f"level {outcome.level} to {', '.join(outcome.destinations)}" if outcome else "nothing"
