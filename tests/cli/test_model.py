import json
import shutil

from voicebot import assets
from voicebot.cli import run


def test_info_tells_of_the_bundled_model(capsys):
    assert run(["model", "info", "--json"]) == 0
    info = json.loads(capsys.readouterr().out)
    assert (info["path"], info["sample_rate"], info["bundled"]) == (str(assets.MODEL), 8000, True)
    assert run(["model", "info"]) == 0
    assert "sample_rate: 8000" in capsys.readouterr().out


def test_the_bundled_model_verifies(capsys):
    assert run(["model", "verify"]) == 0
    assert "hears" in capsys.readouterr().out


def test_a_broken_model_is_refused_before_it_can_abort_the_process(capsys, monkeypatch, tmp_path):
    model = shutil.copytree(assets.MODEL, tmp_path / "model")
    (model / "conf" / "model.conf").write_text("--beam=13.0\n")
    monkeypatch.setenv("VOICEBOT_MODEL", str(model))
    assert run(["model", "verify"]) == 3
    assert "--endpoint.silence-phones" in capsys.readouterr().err


def test_offline_a_fetch_is_one_clear_error(capsys, monkeypatch, tmp_path):
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:1")
    monkeypatch.setenv("VOICEBOT_DATA_DIR", str(tmp_path))
    assert run(["model", "fetch"]) == 3
    assert "could not be downloaded" in capsys.readouterr().err
