"""`voicebot hear`: what the line would understand from recordings. Reads files and prints; voicebot.speech hears."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from voicebot import assets
from voicebot.config import load_settings
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning
from voicebot.errors import Exit, VoicebotError
from voicebot.speech.audio import read_audio
from voicebot.speech.grammars import Grammars, check_vocabulary
from voicebot.speech.locate_model import locate_model
from voicebot.speech.recording import Hearing
from voicebot.speech.recording import hear as hear_recording
from voicebot.speech.vosk_ears import VoskEars

NEAREST = {
    Meaning.SUICIDE: "emergency",
    Meaning.HELP: "repeat",
    Meaning.BACK: "repeat",
    Meaning.SLOWER: "repeat",
    Meaning.LEFT: "repeat",
    Meaning.RELAY: "repeat",
    Meaning.CALLING: "emergency",
    Meaning.SPANISH: "operator",
    Meaning.INTERPRETER: "operator",
}
"""Meanings that only a call tells apart, as the answer nearest to what the line does: help and the question before
are both said again, talk of suicide is an emergency."""


@click.command()
@click.argument("audio", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--grammar", default="yes_no", show_default=True, help="Which grammar to listen with.")
@click.option("--json", "as_json", is_flag=True, help="Print one line of JSON a file and nothing else.")
def hear(audio: tuple[Path, ...], grammar: str, as_json: bool) -> int:
    """Tell what the line would understand from AUDIO files (WAV PCM or mu-law, FLAC; any rate).

    Each is sent through the telephone's codec with 2 s of silence after it; the first answer counts. The answer is
    yes, no, unsure, repeat, operator or emergency; help and "go back" are told as repeat, talk of suicide as emergency.
    """
    grammars = Grammars.load(assets.GRAMMARS)
    grammars.get(grammar)
    ears = VoskEars(locate_model(load_settings().model))
    check_vocabulary(grammars, ears)
    outcome = Exit.DONE
    for path in audio:
        try:
            row = {"file": str(path), **_row(hear_recording(read_audio(path), ears, grammars, grammar))}
        except VoicebotError as error:
            outcome = Exit.BAD_INPUT
            row = {"file": str(path), "error": error.to_json()}
        click.echo(
            json.dumps(row, ensure_ascii=False) if as_json else _sentence(row), err="error" in row and not as_json
        )
    return outcome


def _row(hearing: Hearing) -> dict[str, Any]:
    answered = hearing.meaning is not None and hearing.action is not Action.ASK_AGAIN
    return {
        "text": hearing.text,
        "answer": NEAREST.get(hearing.meaning, hearing.meaning) if hearing.meaning and answered else None,
        "action": hearing.action,
        "confidence": round(hearing.confidence, 3),
        "speech_end_ms": hearing.speech_end_ms,
        "decided_ms": hearing.decided_ms,
    }


def _sentence(row: dict[str, Any]) -> str:
    if "error" in row:
        return f"voicebot: {row['error']['message']}"
    words = f'"{row["text"]}"' if row["text"] else "nothing"
    return f"{row['file']}: {words} -> {row['answer'] or '-'}, {row['action']} ({row['confidence']:.2f})"
