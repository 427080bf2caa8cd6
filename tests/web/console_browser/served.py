"""A console served on loopback, with somebody of every role; and one with calls over some weeks."""

from __future__ import annotations

import random
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Thread

from werkzeug.serving import make_server

from tests.web.console.staffed import PASSWORD, Staffed
from tests.web.office import MUMBLED, NO, YES
from voicebot.batch.look_through import look_through
from voicebot.dialog.events import Heard
from voicebot.dialog.meaning import Meaning
from voicebot.staff.roles import Role


class Served(Staffed):
    """Somebody of every role, named as the role, with the same password; no calls yet."""

    def __init__(self, ruleset, data_dir):
        super().__init__(ruleset, data_dir)
        self.desk.clock = lambda: datetime.now(UTC)
        self.members = {role: self.add(role, role.value, PASSWORD) for role in Role}

    def session_of(self, role):
        """Return the secret of a new session of the member with this role."""
        return self.desk.staff.begin_session(self.members[role], self.desk.clock())

    @contextmanager
    def served(self):
        """Serve the console to the end of the block; yields its address."""
        server = make_server("127.0.0.1", 0, self.app, threaded=True)
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class OverDays(Served):
    """Calls on most of the last days, all looked through: always the same ones."""

    DAYS = 21
    QUIET = 9
    """So many days ago nobody called."""
    CALLS = (
        [YES, YES],
        [YES, NO, NO, NO, YES],
        [NO, NO, NO],
        [YES, NO, MUMBLED, MUMBLED, MUMBLED],
        [YES, NO, None],
        [("person", Meaning.OPERATOR, 0.9)],
    )

    def __init__(self, ruleset, data_dir):
        super().__init__(ruleset, data_dir)
        self._chance = random.Random(7)
        midnight = self.desk.clock().replace(hour=0, minute=0, second=0, microsecond=0)
        for ago in range(self.DAYS, 0, -1):
            for hour in range(0 if ago == self.QUIET else self._chance.randint(1, 5)):
                began = midnight - timedelta(days=ago) + timedelta(hours=8 + hour)
                self.place(self._chance.choice(self.CALLS), started_at=began)
        look_through(self.store, self.engine, self.desk.clock(), 1000)

    def _event(self, answer, now_ms):
        event = super()._event(answer, now_ms)
        if not isinstance(event, Heard):
            return event
        gap_ms = 400 + round(self._chance.expovariate(1 / 120))
        return replace(event, ended_ms=now_ms - gap_ms)
