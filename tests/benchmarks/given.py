"""Rows as a benchmark run writes them."""

from __future__ import annotations

from benchmarks.hearing_parts.rows import Row
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning


def row(said, meaning=None, action=Action.ACCEPT, **told):
    """Return what was made of somebody who said `said`; no meaning is asked again."""
    truth = {"yes": Meaning.YES, "no": Meaning.NO}.get(said)
    given = {
        "clip": f"{said}.flac",
        "said": said,
        "truth": truth,
        "speaker": "s1",
        "corpus": "gsc",
        "condition": "as recorded",
        "variant": "",
        "text": str(meaning or "[unk]"),
        "meaning": meaning,
        "action": action if meaning else Action.ASK_AGAIN,
        "confidence": 0.9 if meaning else 0.0,
        "late_ms": 200.0 if meaning else None,
        "falls": True,
        "cpu_s": 0.02,
        "audio_s": 1.0,
    }
    return Row(**{**given, **told})
