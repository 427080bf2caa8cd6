"""The table of checks, and what becomes of a check that cannot be made."""

from __future__ import annotations

from voicebot.config import Settings
from voicebot.doctor import CHECKS, Finding, Status, examine
from voicebot.doctor.findings import Verdict, ok
from voicebot.errors import VoicebotError


def broken_data(_settings):
    raise VoicebotError("model_missing", "There is no speech model.", "Install the package again.")


def broken_program(_settings):
    raise ZeroDivisionError("+16515550100")


def test_checks_are_told_in_the_order_of_the_table():
    checks = {"first": lambda _: ok("fine"), "second": broken_data}
    assert list(examine(Settings(), checks)) == [
        Finding("first", Verdict(Status.OK, "fine")),
        Finding("second", Verdict(Status.ERROR, "There is no speech model.", "Install the package again.")),
    ]


def test_a_check_that_breaks_hides_no_other_and_tells_no_content():
    first, second = examine(Settings(), {"first": broken_program, "second": lambda _: ok("fine")})
    assert first.verdict.status is Status.ERROR
    assert "ZeroDivisionError" in first.verdict.what
    assert "555" not in first.verdict.what
    assert second.verdict.status is Status.OK


def test_a_finding_is_told_as_json():
    finding = Finding("disk", Verdict(Status.WARNING, "Little room.", "Make room."))
    assert finding.to_json() == {"name": "disk", "status": "warning", "what": "Little room.", "remedy": "Make room."}


def test_whatever_is_wrong_has_a_remedy_and_no_secret(tmp_path):
    settings = Settings(
        data_dir=tmp_path / "data",
        port=0,
        twilio_auth_token="canary-token",
        front_desk_number="+16515550100",
        database_url="sqlite:////nowhere/at/all.db",
    )
    found = list(examine(settings))
    assert [finding.name for finding in found] == list(CHECKS)
    for finding in found:
        told = finding.to_json()
        assert told["what"]
        assert bool(told["remedy"]) == (finding.verdict.status is not Status.OK)
        assert "canary" not in str(told)
        assert "555" not in str(told).replace("+16515550100.", "")
