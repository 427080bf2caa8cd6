import click
import pytest

from benchmarks.hearing_parts import page
from benchmarks.hearing_parts.engines import Maker, Spec
from benchmarks.hearing_parts.rows import Answer, StretchRow
from benchmarks.hearing_parts.runs import Run
from tests.benchmarks.given import row
from voicebot.dialog.answers import Action
from voicebot.dialog.meaning import Meaning

YES, NO = Meaning.YES, Meaning.NO
ABOUT = {"date": "2026-11-26", "machine": "2 cores", "load_s": 0.21, "megabytes": 5.5}


@pytest.fixture
def runs():
    """Ours with something of everything, and another that heard less."""
    rows = [
        *[row("yes", YES), row("no", NO, Action.CONFIRM), row("yes"), row("left", YES), row("bed")],
        *[row("yes", YES, condition="10 dB SNR", variant=kind) for kind in ("white", "hum")],
        row("no", YES, condition="5% lost frames", variant="silence"),
        row("emergency", Meaning.EMERGENCY, corpus="synthetic", truth=Meaning.EMERGENCY, condition="synthetic"),
        row("yes and no", corpus="synthetic", truth=Meaning.MIXED, condition="synthetic"),
        row("no, yes", NO, corpus="synthetic", truth=Meaning.MIXED, condition="synthetic"),
    ]
    answer = Answer(3.0, "no", NO, Action.ACCEPT, 0.9)
    stretches = [
        StretchRow("noise: hum", "noise", 60.0, (answer, answer)),
        StretchRow("tones: busy", "tones", 60.0, ()),
    ]
    other = Run(Spec("pocketsphinx", Maker.SPHINX), {**ABOUT, "megabytes": None}, rows[:1], [])
    return [Run(Spec("ours", Maker.VOSK), ABOUT, rows, stretches), other]


def test_only_what_is_between_the_marks_is_replaced(tmp_path):
    readme = tmp_path / "README.md"
    readme.write_text(f"before\n{page.BEGIN}\nold\n{page.END}\nafter\n")
    page.fill(readme, "new")
    page.fill(readme, "newer")
    assert readme.read_text() == f"before\n{page.BEGIN}\nnewer\n{page.END}\nafter\n"


def test_a_page_that_is_not_there_is_made(tmp_path):
    page.fill(tmp_path / "new.md", "text")
    assert (tmp_path / "new.md").read_text() == f"{page.BEGIN}\ntext\n{page.END}\n"


@pytest.mark.parametrize("text", ["", page.BEGIN, page.END, f"{page.END}{page.BEGIN}"])
def test_a_page_without_marks_is_left_alone(tmp_path, text):
    readme = tmp_path / "README.md"
    readme.write_text(text)
    with pytest.raises(click.ClickException, match="lacks the lines"):
        page.fill(readme, "new")
    assert readme.read_text() == text


def test_the_summary_tells_when_where_and_how_sure(runs):
    told = page.summary(runs)
    assert told.startswith("ours: 2026-11-26, 2 cores; model 5.5 MB, loaded in 210 ms; 0.020 s of CPU per s of audio.")
    assert (
        "| as recorded | ours | 66.7% (2 of 3; 20.8 to 93.9) | 1 | 0.0% (0 of 3; 0.0 to 56.2) | 0 | 50.0% (1 of 2;"
        in told
    )
    assert "| as recorded | pocketsphinx | 100.0% (1 of 1; 20.7 to 100.0) |" in told
    assert "Of 22 figures 13 are reached, 5 of them by too few clips" in told
    assert "Missed: as recorded, yes/no right; as recorded, other words taken; " in told
    assert "; noise, answers." in told


def test_the_report_tells_everything(runs):
    told = page.report(runs, ["noise", "speakers"], "hearing")
    assert "![noise](hearing/noise.png)" in told
    assert "loss.png" not in told
    assert "| 5% lost frames | swapped | at most 0.3% | 100.0% (1 of 1; 20.7 to 100.0) | missed |" in told
    assert "| left | yes | accept | 1 of 1 |" in told
    assert '| noise | 1.0 | 2 (2.00) | 0 (0.00) | hum: "no" x2 |' in told
    assert "| emergency | 1 | 100.0% (1 of 1; 20.7 to 100.0) | 1 | none |" in told
    assert '| mixed | 2 | 50.0% (1 of 2; 9.5 to 90.5) asked again | 0 | no 1 ("no, yes" 1) |' in told
    assert "| as recorded | suicide | 0.0% (0 of 5; 0.0 to 43.4) | 0 |" in told
    assert all(line.count("|") == 0 or line.startswith("| ") for line in told.splitlines())


def test_the_model_card_tells_of_one_model(runs):
    told = page.card(runs[0])
    assert "pocketsphinx" not in told
    assert '| "yes" | 50.0% (1 of 2;' in told


def test_pictures_are_drawn_and_small(runs, tmp_path):
    plots = pytest.importorskip("benchmarks.hearing_parts.plots", reason="the extra benchmarks is not installed")
    names = plots.draw(runs, tmp_path)
    sizes = [(tmp_path / f"{name}.png").stat().st_size for name in names]
    assert len(sizes) == 5
    assert 2_000 < min(sizes) <= max(sizes) < 100_000
