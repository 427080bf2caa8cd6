"""Debian's chromium, driven by Playwright: windows that are signed in, what the page complained of, and axe."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import sync_playwright

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
DESKTOP = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 844}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PATIENCE_MS = 20_000
"""A busy machine is given time."""


class Browsing:
    """One browser process."""

    def __init__(self, executable):
        self._executable = executable
        self._complaints = []

    def __enter__(self):
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(
            executable_path=self._executable,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--autoplay-policy=no-user-gesture-required"],
        )
        return self

    def __exit__(self, *_):
        self._browser.close()
        self._playwright.stop()

    def window(self, address, secret=None, viewport=None, **options):
        """Return a window with storage of its own, in which `secret`'s member is signed in."""
        window = self._browser.new_context(viewport=viewport or DESKTOP, locale="en-US", **options)
        window.set_default_timeout(PATIENCE_MS)
        if secret:
            window.add_cookies([{"name": "console", "value": secret, "url": address, "sameSite": "Lax"}])
        window.on("page", self._listen)
        return window

    def complaints(self):
        """Return what pages wrote to the console of the browser since the last time: refused styles, errors."""
        told, self._complaints = self._complaints, []
        return told

    def _listen(self, page):
        def note(message):
            # A page that answers 403 or 422 is told there as well; that is meant.
            if message.type in {"error", "warning"} and not message.text.startswith("Failed to load resource"):
                self._complaints.append(f"{page.url}: {message.text}")

        page.on("console", note)
        page.on("pageerror", lambda error: self._complaints.append(f"{page.url}: {error}"))


def axe_findings(page):
    """Return what axe finds on the page, each as its rule and where.

    It loads no styles anew (`preload`): it would do so by a style of its own, which the page's policy refuses.
    """
    page.evaluate(AXE.read_text("utf-8"))
    result = page.evaluate("tags => axe.run({runOnly: tags, preload: false})", WCAG)
    return [
        f"{finding['id']}: {node['target']} {node['failureSummary']}"
        for finding in result["violations"]
        for node in finding["nodes"]
    ]
