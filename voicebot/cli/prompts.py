"""`voicebot prompts`: renders and checks what the line says. Prints; voicebot.speech reads, speaks and judges."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from voicebot import assets
from voicebot.config import Settings, load_settings
from voicebot.errors import Exit
from voicebot.speech.prompt_audit import faults, measure
from voicebot.speech.prompt_cache import PromptCache
from voicebot.speech.voice import RenderedPrompts, Sound, Voice, scripts
from voicebot.wiring import load_prompts, load_ruleset, load_voice

if TYPE_CHECKING:
    from pathlib import Path

    from voicebot.speech.prompts import Filled, Prompts

json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON and nothing else.")


@click.group()
def prompts() -> None:
    """Check and render what the line says."""


@prompts.command()
@json_option
def render(as_json: bool) -> None:
    """Speak every prompt that is new or changed into the cache, and remove from it what no prompt says any more."""
    settings = load_settings()
    ruleset = load_ruleset(settings)
    texts = load_prompts(ruleset)
    before = _found(settings, texts).sounds
    after = load_voice(settings, ruleset).sounds
    stale = _stale(settings, texts)
    for path in stale:
        path.unlink(missing_ok=True)
    counts = {
        "prompts": len(after),
        "rendered": len(after.keys() - before.keys()),
        "recorded": sum(sound.recorded for sound in after.values()),
        "removed": len(stale),
    }
    if as_json:
        click.echo(json.dumps(counts))
    else:
        click.echo("{prompts} prompts: {rendered} rendered now, {recorded} from a studio.".format(**counts))


@prompts.command()
@json_option
def check(as_json: bool) -> int:
    """Check every prompt's text and sound; tell what is not rendered yet, and what the cache holds in vain."""
    settings = load_settings()
    texts = load_prompts(load_ruleset(settings))
    found = _found(settings, texts)
    sounds = found.sounds
    missing = [_label(filled) for filled, _ in texts.wordings() if filled not in sounds]
    missing += [f"{_label(filled)}, slower" for filled, _ in texts.wordings() if filled not in found.slow_sounds]
    stale = [str(path) for path in _stale(settings, texts)]
    heard = [{"id": _label(filled), "fault": fault} for filled, sound in sounds.items() for fault in faults(sound)]
    if as_json:
        rows = [_row(filled, sound) for filled, sound in sounds.items()]
        click.echo(json.dumps({"prompts": rows, "missing": missing, "stale": stale, "faults": heard}))
    else:
        lines = [
            *(f"{name}: is not rendered yet; run `voicebot prompts render`." for name in missing),
            *(f"{path}: no prompt says this any more; run `voicebot prompts render`." for path in stale),
            *("{id}: {fault}".format(**found) for found in heard),
        ]
        click.echo("\n".join(lines) or f"All {len(sounds)} prompts are in order.")
    return Exit.VERDICT if missing or stale or heard else Exit.DONE


def _found(settings: Settings, texts: Prompts) -> RenderedPrompts:
    return Voice().find(texts, settings.prompt_cache, assets.PROMPTS / "recordings")


def _stale(settings: Settings, texts: Prompts) -> list[Path]:
    cache = PromptCache(settings.prompt_cache, Voice().fingerprint)
    return cache.leftovers(script for _, script in scripts(texts))


def _row(filled: Filled, sound: Sound) -> dict[str, object]:
    source = "recording" if sound.recorded else "voice"
    return {"id": _label(filled), "text": sound.text, "source": source, **asdict(measure(sound))}


def _label(filled: Filled) -> str:
    """Return the prompt id, and the values of its slots if it has any."""
    prompt_id, slots = filled
    return prompt_id + "".join(f" {slot}={value}" for slot, value in sorted(slots))
