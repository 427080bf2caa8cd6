from benchmarks.hearing_parts.rows import Answer, StretchRow, read_rows, read_stretches, to_json
from tests.benchmarks.given import row
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning


def test_rows_are_read_back_as_they_were(tmp_path):
    rows = [row("yes", Meaning.YES), row("left", Meaning.NO, Action.CONFIRM), row("up")]
    (tmp_path / "clips").write_text("".join(map(to_json, rows)))
    assert read_rows(tmp_path / "clips") == rows


def test_stretches_are_read_back_as_they_were(tmp_path):
    answer = Answer(3.0, "no", Meaning.NO, Action.CONFIRM, 0.5)
    rows = [StretchRow("noise: hum", "noise", 60.0, (answer,)), StretchRow("silence: none", "silence", 60.0, ())]
    (tmp_path / "stretches").write_text("".join(map(to_json, rows)))
    assert read_stretches(tmp_path / "stretches") == rows


def test_a_line_that_was_cut_off_is_left_out(tmp_path):
    (tmp_path / "clips").write_text(to_json(row("yes", Meaning.YES)) + to_json(row("no"))[:40])
    assert len(read_rows(tmp_path / "clips")) == 1


def test_no_file_no_rows(tmp_path):
    assert read_rows(tmp_path / "clips") == []
