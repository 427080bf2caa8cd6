"""Checks of what the line hears, says and decides by: model, grammars, prompts, rule set."""

from __future__ import annotations

from datetime import UTC, date, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from voicebot import assets
from voicebot.doctor.findings import Verdict, error, ok, warning
from voicebot.speech.codec import RATE, SILENCE
from voicebot.speech.grammars import Grammars
from voicebot.speech.grammars import check_vocabulary as refuse_unknown_words
from voicebot.speech.locate_model import locate_model, model_info
from voicebot.speech.voice import Voice
from voicebot.speech.vosk_ears import VoskEars
from voicebot.wiring import load_prompts, load_ruleset, load_ruleset_in_force

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.config import Settings
    from voicebot.triage.file_format import Approval
    from voicebot.triage.ruleset import RuleSet


@lru_cache(maxsize=1)
def _ears(model: Path) -> VoskEars:
    return VoskEars(model)


def check_model(settings: Settings) -> Verdict:
    """Load the speech model and let it hear a second of silence in each grammar."""
    path = locate_model(settings.model)
    grammars, ears = Grammars.load(assets.GRAMMARS), _ears(path)
    for name in grammars.names():
        ear = ears.listen(grammars.phrases(name))
        ear.feed(SILENCE * RATE)
        ear.finish()
    info = model_info(path)
    whose = "The bundled model" if info.bundled else f"The model {path}"
    how = "8 kHz, as the telephone" if info.sample_rate == RATE else f"{info.sample_rate} Hz, calls are upsampled"
    return ok(f"{whose} loads and hears ({how}; {info.megabytes} MB).")


def check_vocabulary(settings: Settings) -> Verdict:
    """Look up every word of the grammars in the model."""
    grammars = Grammars.load(assets.GRAMMARS)
    refuse_unknown_words(grammars, _ears(locate_model(settings.model)))
    words = frozenset[str]().union(*(grammars.words(name) for name in grammars.names()))
    return ok(f"The model knows all {len(words)} words of the grammars ({', '.join(grammars.names())}).")


def check_prompts(settings: Settings) -> Verdict:
    """Check that every prompt has its text, and look for its sound."""
    prompts = load_prompts(load_ruleset(settings))
    found = Voice().find(prompts, settings.prompt_cache, assets.PROMPTS / "recordings").sounds
    wordings = dict(prompts.wordings())
    recorded = sum(sound.recorded for sound in found.values())
    if missing := len(wordings.keys() - found.keys()):
        return warning(
            f"{missing} of {len(wordings)} prompts are not rendered yet.",
            "Run `voicebot prompts render`; `voicebot serve` does it too, but then starts more slowly.",
        )
    return ok(f"All {len(wordings)} prompts are ready, {recorded} of them recorded in a studio.")


def check_rules(settings: Settings) -> Verdict:
    """Check the rule set, and whether it may decide on live calls."""
    return judge_rules(
        load_ruleset_in_force(settings), datetime.now(UTC).date(), allow_unapproved=settings.allow_unapproved_rules
    )


def judge_rules(ruleset: RuleSet, today: date, *, allow_unapproved: bool) -> Verdict:
    """Return what is to be said about who stands for the rules, `today` being in UTC."""
    name = f"The rule set {ruleset.id} {ruleset.version}"
    mend = (
        "Have a licensed clinician approve it in the console, or put approver, approved_on and review_by in its file."
    )
    if not ruleset.approved and not allow_unapproved:
        return error(
            f"{name} is valid, but no clinician has approved it: every caller is put through to a person.", mend
        )
    if not ruleset.approved:
        return warning(f"{name} is valid and in use, but no clinician has approved it.", mend)
    if late := sum(approval.review_by < today for approval in _approvals(ruleset)):
        return warning(f"{name} is due for review ({late} of its dates have passed).", mend)
    return ok(f"{name} is valid and approved; next review by {ruleset.approval.review_by}.")


def _approvals(ruleset: RuleSet) -> set[Approval]:
    return {ruleset.approval, *(rule.approval for rule in ruleset.rules if rule.approval)}
