"""How often one may try to get in: by each address and at each account, so many times a minute.

This process counts first, so that a flood of attempts writes nothing to the database callers need; what it lets
through is counted there, together with the attempts at all other processes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import request

from voicebot.storage.attempts import Attempts
from voicebot.web.console.desk import database, desk
from voicebot.web.limits import RateLimit, sender_of

if TYPE_CHECKING:
    from voicebot.parts import Parts


class AttemptLimit:
    """So many attempts a minute."""

    def __init__(self, parts: Parts) -> None:
        self._trusted_proxies = parts.settings.trusted_proxies
        self._here = RateLimit(parts.settings.sign_ins_per_minute, self._trusted_proxies)
        self._everywhere = Attempts(database(parts), parts.settings.sign_ins_per_minute)

    def by_sender(self) -> str:
        """Return what the attempts from this request's address are counted under."""
        return f"from {sender_of(request, self._trusted_proxies)}"

    def wait_s(self, *whom: str) -> int:
        """Count an attempt under each of `whom`; return 0, or how many seconds to wait because there were too many.

        Who has to wait under the first is not counted under the next. Raises VoicebotError `store_failed`.
        """
        for one in whom:
            if wait_s := self._here.wait_for(one) or self._everywhere.wait_s(one, desk().clock()):
                return wait_s
        return 0
