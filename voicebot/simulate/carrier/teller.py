"""Sends the callbacks of a call one after another from a thread of its own: the call does not wait for their answers.

Twilio makes them as separate requests that may even overtake one another; here they keep their order, unless a fault
says otherwise. Whom to tell what is decided elsewhere.
"""

from __future__ import annotations

from queue import SimpleQueue
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from voicebot.simulate.carrier.entries import Purpose
    from voicebot.simulate.carrier.webhooks import Webhooks

_Callback = tuple[str, "Purpose", str, "Mapping[str, str]"]


class Teller:
    """Sends callbacks. Close it when the call is over."""

    def __init__(self, webhooks: Webhooks) -> None:
        """Take what sends them; it is closed with the teller. The thread starts with the first callback."""
        self._webhooks = webhooks
        self._queue: SimpleQueue[_Callback | None] = SimpleQueue()
        self._thread: Thread | None = None

    def tell(self, url: str, purpose: Purpose, method: str, form: Mapping[str, str]) -> None:
        """Send a callback behind those that are waiting."""
        self._queue.put((url, purpose, method, form))
        if self._thread is None:
            self._thread = Thread(target=self._run, daemon=True)
            self._thread.start()

    def close(self) -> None:
        """Wait until all callbacks were answered or given up, and give the connections back."""
        if self._thread is not None:
            self._queue.put(None)
            self._thread.join()
        self._webhooks.close()

    def _run(self) -> None:
        while (callback := self._queue.get()) is not None:
            self._webhooks.tell(*callback)
