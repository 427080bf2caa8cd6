from __future__ import annotations

from types import SimpleNamespace

import pytest

from voicebot.simulate.demo_account import DEMO_NAME, demo_account
from voicebot.staff.passwords import is_right
from voicebot.storage.engine import open_engine
from voicebot.storage.migrate import upgrade
from voicebot.storage.sql_store import SqlStore
from voicebot.storage.staff_store import StaffStore


@pytest.fixture
def server(tmp_path):
    engine = open_engine(f"sqlite:///{tmp_path / 'voicebot.db'}")
    upgrade(engine)
    yield SimpleNamespace(store=SqlStore(engine))
    engine.dispose()


def test_each_run_has_a_password_of_its_own_and_leaves_the_account_closed(server):
    staff, passwords = StaffStore(server.store.engine), []
    for _ in range(2):
        with demo_account(server) as password:
            kept = staff.kept(DEMO_NAME)
            assert is_right(password, kept.password_hash)
            assert kept.member.for_demo
            passwords.append(password)
        assert staff.kept(DEMO_NAME) is None
        assert not staff.account(DEMO_NAME).has_password
    assert len(set(passwords)) == 2
