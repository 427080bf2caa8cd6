"""The report: both files say what failed."""

from __future__ import annotations

from xml.etree import ElementTree as ET

from voicebot.simulate.report import HTML, JUNIT, write_report
from voicebot.simulate.text_calls import TextCalls


def test_html_and_junit_tell_what_failed(clinic, make_scenario, tmp_path):
    calls = TextCalls(clinic)
    good = calls.place(make_scenario(name="good"), 0)
    bad = calls.place(make_scenario(name="<bad>", expect={"urgency": 5}), 0)
    write_report(tmp_path / "out", [good, bad])
    page = (tmp_path / "out" / HTML).read_text()
    assert "1 of 2 ended as they should" in page
    assert "&lt;bad&gt;" in page
    assert "urgency: expected 5, got 0" in page
    suite = ET.fromstring((tmp_path / "out" / JUNIT).read_bytes())  # noqa: S314 - our own file
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [failure.get("message") for failure in suite.iter("failure")] == ["urgency: expected 5, got 0"]
