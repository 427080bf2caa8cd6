"""What the composition root finds out before it puts anything together."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from voicebot.config import Settings
from voicebot.errors import VoicebotError
from voicebot.staff.review import Reader
from voicebot.storage.replay_store import Approval, Chosen, ReplayStore
from voicebot.wiring import check_ready_to_serve, load_ruleset, load_ruleset_in_force, load_snapshot, open_store

NOW = datetime(2026, 11, 26, 12, 0, tzinfo=UTC)
ANN = Reader("ann", "Ann")


@pytest.fixture
def settings(tmp_path):
    return Settings(
        data_dir=tmp_path / "data",
        twilio_auth_token="0" * 32,
        front_desk_number="+16515550101",
        scheduling_number="+16515550102",
        public_url="https://line.example",
    )


def test_rules_are_in_force_as_their_file_says_and_no_database_is_made(settings):
    assert not load_ruleset_in_force(settings).approved
    assert not settings.data_dir.exists()


def test_a_service_starts_with_rules_nobody_approved_but_not_without_a_person_to_ring(settings):
    check_ready_to_serve(settings)
    with pytest.raises(VoicebotError, match="VOICEBOT_FRONT_DESK_NUMBER is not set"):
        check_ready_to_serve(settings.model_copy(update={"front_desk_number": None}))


def test_rules_approved_in_the_console_are_approved_at_the_next_start(settings):
    store = open_store(settings)
    replays, ruleset = ReplayStore(store.engine), load_ruleset(settings)
    replays.keep_ruleset(load_snapshot(settings, ruleset))
    assert not load_ruleset_in_force(settings).approved
    replay_id = replays.begin(ruleset.sha256, Chosen(), ANN, NOW)
    replays.approve(Approval(ruleset.sha256, "Jane Doe, RN", ANN, NOW, replay_id))
    store.close()
    approved = load_ruleset_in_force(settings)
    assert (approved.approval.approver, approved.approval.approved_on) == ("Jane Doe, RN", NOW.date())
