"""The composition root: turns settings into parts. The one module that may import every room; it decides nothing.

Loading is checking: whatever is broken or missing (rules, prompts, grammars, a word the model lacks, the database) is
told here, at start, and never on a call.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from voicebot import assets
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import serving_faults
from voicebot.dialog.spoken import required_prompts, spoken_texts
from voicebot.errors import Exit, VoicebotError
from voicebot.parts import Parts
from voicebot.routing.hours_file import parse_hours
from voicebot.speech.grammars import Grammars, check_vocabulary
from voicebot.speech.locate_model import locate_model
from voicebot.speech.prompts import Prompts
from voicebot.speech.voice import Voice
from voicebot.storage.audio import recover_audio
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.private import private_folder
from voicebot.storage.replay_store import recorded_approval
from voicebot.storage.sql_store import SqlStore
from voicebot.telephony.recall import Recall
from voicebot.triage.approving import with_approval
from voicebot.triage.ruleset import RuleSet, parse_ruleset

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.config import Settings
    from voicebot.routing.hours import Hours
    from voicebot.speech.ears import Ears
    from voicebot.speech.voice import RenderedPrompts


def read_text(path: Path) -> str:
    """Return a file's text; raises VoicebotError `file_unreadable`."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise VoicebotError(
            "file_unreadable", f"{path} cannot be read as text.", "Check its name and rights."
        ) from None


def load_ruleset(settings: Settings) -> RuleSet:
    """Return the rule set in force."""
    return parse_ruleset(*_ruleset_text(settings))


def load_ruleset_in_force(settings: Settings) -> RuleSet:
    """Return the rule set in force, approved also when that was done in the console; raises as `load_ruleset` does.

    Raises VoicebotError `store_failed` too, but makes no database.
    """
    ruleset = load_ruleset(settings)
    approval = None if ruleset.approved else recorded_approval(settings.sqlalchemy_url(), ruleset.sha256)
    return with_approval(ruleset, approval.approver, approval.at.date()) if approval else ruleset


def load_snapshot(settings: Settings, ruleset: RuleSet) -> RuleSetSnapshot:
    """Return the rule set as it is kept with every call."""
    text, _ = _ruleset_text(settings)
    return RuleSetSnapshot(ruleset.sha256, ruleset.id, ruleset.version, text)


def _ruleset_text(settings: Settings) -> tuple[str, str]:
    path = settings.rules or assets.RULESET
    return read_text(path), str(path)


def load_prompts(ruleset: RuleSet) -> Prompts:
    """Return every text the line can say with `ruleset`; a missing or unused one is an error."""
    prompts = Prompts.load(assets.PROMPTS).extended_with(spoken_texts(ruleset))
    prompts.check({prompt: frozenset() for prompt in required_prompts(ruleset)})
    return prompts


def load_voice(settings: Settings, ruleset: RuleSet) -> RenderedPrompts:
    """Return every prompt as sound, rendering what is not in the cache yet."""
    private_folder(settings.data_dir)
    recordings = assets.PROMPTS / "recordings"
    return Voice().prepare(load_prompts(ruleset), settings.prompt_cache, recordings)


def load_ears(settings: Settings) -> Ears:
    """Return the recognizer over the model in force."""
    from voicebot.speech.vosk_ears import VoskEars  # noqa: PLC0415 - text commands need no speech library

    return VoskEars(locate_model(settings.model))


def load_hours(settings: Settings) -> Hours | None:
    """Return the opening hours, if there are any; raises VoicebotError `file_unreadable`, `hours_broken`."""
    return parse_hours(read_text(settings.hours), str(settings.hours)) if settings.hours else None


def open_store(settings: Settings) -> SqlStore:
    """Return the store of calls, made and migrated if need be."""
    private_folder(settings.data_dir)
    engine = open_engine(settings.sqlalchemy_url())
    upgrade(engine)
    return SqlStore(engine)


def load_parts(settings: Settings) -> Parts:
    """Return all parts, each checked."""
    ruleset = load_ruleset_in_force(settings)
    hours = load_hours(settings)
    grammars = Grammars.load(assets.GRAMMARS)
    ears = load_ears(settings)
    check_vocabulary(grammars, ears)
    store = open_store(settings)
    return Parts(
        settings=settings,
        ruleset=ruleset,
        snapshot=load_snapshot(settings, ruleset),
        grammars=grammars,
        ears=ears,
        voice=load_voice(settings, ruleset),
        store=store,
        hours=hours,
        recall=Recall(settings),
        engine=store.engine,
    )


def recover_sound(parts: Parts) -> None:
    """Mend the recordings of calls that were open when the last process died. To be run before calls are answered."""
    for call_id in parts.store.open_calls():
        recover_audio(parts.store, parts.settings.audio_dir, call_id)


def check_ready_to_serve(settings: Settings) -> None:
    """Refuse to answer live calls with settings missing; raises VoicebotError `not_ready` naming everything missing.

    Rules that nobody approved keep no service from starting, for they are approved in its console: until then every
    caller is put through to a person (see `Parts.rules_may_answer`).
    """
    if faults := serving_faults(settings):
        raise VoicebotError("not_ready", " ".join(faults), "See docs/settings.md.", Exit.CANNOT_RUN)
