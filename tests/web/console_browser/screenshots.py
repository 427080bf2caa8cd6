"""Draws docs/console/: a picture of every page, from simulated calls only. Run by script/screenshots.

python -m tests.web.console_browser.screenshots FOLDER [NAME...]
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.web.console_browser.browsing import DESKTOP, PHONE, Browsing
from tests.web.console_browser.pages import PAGES
from tests.web.console_browser.seeded import Seeded
from tests.web.console_browser.served import OverDays
from voicebot import assets
from voicebot.triage.ruleset import parse_ruleset

MAX_BYTES = 150_000
ON_A_PHONE = {"front", "calls", "call", "queue", "review", "live"}
"""Pages that are drawn phone-sized, too."""
OVER_DAYS = {"numbers"}
"""Pages of a clinic that was called for some weeks."""


def draw(folder, names):
    """Draw the pages (those of `names`, or all) into `folder`; return the names of pictures that are too heavy."""
    folder.mkdir(parents=True, exist_ok=True)
    ruleset = parse_ruleset(assets.RULESET.read_text(), assets.RULESET.name)
    executable = shutil.which("chromium")
    assert executable, "needs chromium: apt-get install chromium"
    heavy = []
    with tempfile.TemporaryDirectory() as data, tempfile.TemporaryDirectory() as more_data:
        seeded, over_days = Seeded(ruleset, Path(data)), OverDays(ruleset, Path(more_data))
        with seeded.served() as today, over_days.served() as days, Browsing(executable) as browsing:
            for page in PAGES:
                if names and page.name not in names:
                    continue
                clinic, address = (over_days, days) if page.name in OVER_DAYS else (seeded, today)
                path = address + page.path_in(seeded)
                sizes = {"": DESKTOP} | ({"-phone": PHONE} if page.name in ON_A_PHONE else {})
                for suffix, viewport in sizes.items():
                    picture = folder / f"{page.name}{suffix}.png"
                    _draw_one(browsing, clinic, path, page, viewport, picture)
                    if picture.stat().st_size > MAX_BYTES:
                        heavy.append(picture.name)
        seeded.close()
        over_days.close()
    return heavy


def _draw_one(browsing, clinic, address, page, viewport, picture):
    window = browsing.window(address, clinic.session_of(page.role) if page.role else None, viewport)
    shown = window.new_page()
    shown.goto(address)
    shown.wait_for_load_state("networkidle")
    shown.screenshot(path=picture, animations="disabled")
    window.close()


if __name__ == "__main__":
    too_heavy = draw(Path(sys.argv[1]), set(sys.argv[2:]))
    sys.exit(f"heavier than {MAX_BYTES} bytes: {', '.join(too_heavy)}" if too_heavy else 0)
