"""Settings: read once, every mistake told, no secret shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.config import load_settings, serving_faults
from voicebot.errors import VoicebotError

NUMBER = "+16515550100"


@pytest.fixture(autouse=True)
def no_settings_of_this_machine(monkeypatch):
    for name in ("PORT", "PUBLIC_URL", "TWILIO_AUTH_TOKEN", "LINE_NUMBER", "SCHEDULING_NUMBER", "FRONT_DESK_NUMBER"):
        monkeypatch.delenv(f"VOICEBOT_{name}", raising=False)


def test_the_environment_is_read(monkeypatch):
    monkeypatch.setenv("VOICEBOT_MAX_CALLS", "7")
    assert load_settings().max_calls == 7


def test_a_relative_data_folder_is_the_one_the_command_was_run_in(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = load_settings(data_dir="var/demo")
    assert settings.audio_dir == tmp_path / "var" / "demo" / "audio"
    assert settings.sqlalchemy_url() == f"sqlite:///{tmp_path / 'var' / 'demo' / 'voicebot.db'}"


def test_every_wrong_setting_is_named_and_none_of_their_values():
    with pytest.raises(VoicebotError) as error:
        load_settings(port="ninety", line_number="canary", max_calls=0)
    told = str(error.value)
    assert all(name in told for name in ("VOICEBOT_PORT", "VOICEBOT_LINE_NUMBER", "VOICEBOT_MAX_CALLS"))
    assert "canary" not in told
    assert "ninety" not in told


@pytest.mark.parametrize("target", ["scheduling_number", "front_desk_number", "nurse_number", "after_hours_number"])
def test_the_line_never_rings_itself(target):
    with pytest.raises(VoicebotError, match="ring itself"):
        load_settings(**{"line_number": NUMBER, target: NUMBER})


@pytest.mark.parametrize(
    ("url", "taken"),
    [
        ("https://line.example.org", True),
        ("https://line.example.org/", True),
        ("http://127.0.0.1:8080", True),
        ("http://localhost", True),
        ("http://line.example.org", False),
        ("http://127.0.0.1.evil.example", False),
        ("line.example.org", False),
    ],
)
def test_a_public_url_is_encrypted_unless_it_is_this_machine(url, taken):
    if taken:
        assert load_settings(public_url=url).public_url == url.rstrip("/")
    else:
        with pytest.raises(VoicebotError, match="https"):
            load_settings(public_url=url)


def test_secrets_are_never_shown():
    settings = load_settings(twilio_auth_token="canary", twilio_auth_token_next="canary2")
    assert "canary" not in repr(settings)
    assert settings.auth_tokens == ("canary", "canary2")


def test_what_a_live_service_lacks_is_told():
    assert len(serving_faults(load_settings())) == 4
    complete = load_settings(
        twilio_auth_token="t", front_desk_number=NUMBER, scheduling_number=NUMBER, public_url="https://line.example.org"
    )
    assert serving_faults(complete) == []
    assert len(serving_faults(complete.model_copy(update={"text_messages": True}))) == 2


def test_the_default_data_folder_is_the_users_own(monkeypatch, tmp_path):
    monkeypatch.delenv("VOICEBOT_DATA_DIR", raising=False)
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert load_settings().data_dir == Path(tmp_path, "voicebot")
