"""`voicebot serve` without ears and with tones for prompts, as a process of its own that starts in no time.

Run with: data folder, port, base URL, seconds to drain.
"""

from __future__ import annotations

import socket
import sys
from pathlib import Path

from tests.telephony.conftest import parts_over
from voicebot import assets
from voicebot.cli.serve import run
from voicebot.config import load_settings
from voicebot.speech.grammars import Grammars
from voicebot.triage.ruleset import parse_ruleset
from voicebot.wiring import open_store


def main(data_dir, port, url, drain_s):
    ruleset = parse_ruleset(assets.RULESET.read_text(), assets.RULESET.name)
    settings = {"public_url": url, "drain_s": int(drain_s), "max_calls": 8}
    store = open_store(load_settings(data_dir=Path(data_dir)))
    parts = parts_over(ruleset, Grammars.load(assets.GRAMMARS), Path(data_dir), store=store, **settings)
    run(parts, socket.create_server(("127.0.0.1", int(port))))


if __name__ == "__main__":
    main(*sys.argv[1:])
