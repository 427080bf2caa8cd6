"""The console over a database of its own, with somebody of every role; calls are placed as in an Office."""

from __future__ import annotations

import itertools
from datetime import timedelta
from functools import cache
from hashlib import sha256
from types import SimpleNamespace

from flask import Flask

from tests.web.office import NOON, Office, ReadingClient, voice_of
from voicebot import assets
from voicebot.calls.snapshot import RuleSetSnapshot
from voicebot.config import Settings
from voicebot.dialog.spoken import spoken_texts
from voicebot.parts import Parts
from voicebot.speech.grammars import Grammars
from voicebot.speech.scripted import ScriptedEars
from voicebot.staff.passwords import hash_password
from voicebot.storage.engine import open_engine
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.tables import METADATA
from voicebot.web.console import add_console
from voicebot.web.security import secure

PASSWORD = "correct horse battery staple"  # noqa: S105 - of accounts that are made for tests


@cache
def kept_password():
    return hash_password(PASSWORD)


@cache
def grammars():
    return Grammars.load(assets.GRAMMARS)


class Staffed(Office):
    """An office with a console; `desk` is the console's own, its clock `now` is moved by hand."""

    def __init__(self, ruleset, data_dir, **settings):
        self.ruleset = ruleset
        self.settings = Settings(data_dir=data_dir, **settings)
        self.settings.audio_dir.mkdir()
        text = assets.RULESET.read_text()
        self.snapshot = RuleSetSnapshot(sha256(text.encode()).hexdigest(), ruleset.id, ruleset.version, text)
        self.engine = open_engine(f"sqlite:///{data_dir / 'voicebot.db'}")
        METADATA.create_all(self.engine)
        self.store = SqlStore(self.engine)
        self.now = NOON
        self._names = itertools.count(1)
        self.parts = Parts(
            settings=self.settings,
            ruleset=ruleset,
            snapshot=self.snapshot,
            grammars=grammars(),
            ears=ScriptedEars([]),
            voice=voice_of(frozenset(spoken_texts(ruleset).items())),
            store=self.store,
            engine=self.engine,
        )
        self.app = Flask(__name__)
        self.app.test_client_class = ReadingClient
        secure(self.app)
        add_console(self.app, self.parts)
        self.app.extensions["voicebot_worker"] = SimpleNamespace(wake=lambda: None)  # no thread may outlive a test
        self.desk = self.app.extensions["voicebot_console"]
        self.desk.clock = lambda: self.now

    def close(self):
        self.engine.dispose()

    def later(self, **how_long):
        self.now += timedelta(**how_long)

    def add(self, role, name=None, password=None):
        """Add an account and return its member."""
        name = name or f"{role.value}{next(self._names)}"
        return self.desk.staff.add(name, role, password and kept_password(), self.now)

    def stranger(self):
        """Return a browser that is not signed in; what it posts comes from our own pages."""
        client = self.app.test_client()
        client.environ_base["HTTP_SEC_FETCH_SITE"] = "same-origin"
        return client

    def client_of(self, member):
        """Return the browser of a member who is signed in."""
        client = self.stranger()
        client.set_cookie("console", self.desk.staff.begin_session(member, self.now))
        return client

    def client_for(self, role):
        """Return the browser of a new member with this role, signed in."""
        return self.client_of(self.add(role))

    def audit(self):
        """Return the audit, the first entry first, as (who, what, subject)."""
        return [(entry.who, entry.what, entry.subject) for entry in self.desk.audit.all()]
