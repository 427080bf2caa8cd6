from __future__ import annotations

from voicebot.cli import run


def test_no_console_is_opened_where_the_line_has_a_public_url(monkeypatch, capsys, tmp_path):
    monkeypatch.setenv("VOICEBOT_PUBLIC_URL", "https://line.clinic.example")
    assert run(["demo", "--keep", "--data", str(tmp_path / "data")]) == 2
    assert "public URL" in capsys.readouterr().err
    assert not (tmp_path / "data").exists()
