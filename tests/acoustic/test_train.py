"""The recipe runs its stages in order, leaves out what is done, and goes on where it stopped."""

import os

import click
import pytest

pytest.importorskip("torch", reason="the extra acoustic is not installed")
pytest.importorskip("pocketsphinx", reason="the extra acoustic is not installed")
pytest.importorskip("kaldi_native_fbank", reason="the extra acoustic is not installed")

from acoustic.train import NEEDED, Stage, begin, missing, run, stages


def writing(path, *also):
    """A stage that really runs: Python's own JSON tool writes a file."""
    source = path.parent / "source.json"
    source.write_text("[1]")
    return Stage(f"write {path.name}", ("json.tool", str(source), str(path)), (path, *also))


def test_a_stage_is_run_once(tmp_path, capsys):
    stage = writing(tmp_path / "a.json")
    run([stage])
    assert (tmp_path / "a.json").exists()
    (tmp_path / "a.json").write_text("kept")
    run([stage])
    assert (tmp_path / "a.json").read_text() == "kept"
    assert "1/1 write a.json: done before" in capsys.readouterr().out


def test_a_stage_is_run_again_when_what_it_was_made_from_has_changed(tmp_path):
    given, made = tmp_path / "given", tmp_path / "made"
    stage = Stage("make", ("json.tool",), (made,), (given,))
    assert not stage.done
    given.touch()
    made.touch()
    os.utime(given, (100, 100))
    os.utime(made, (200, 200))
    assert stage.done
    os.utime(given, (300, 300))
    assert not stage.done


def test_a_stage_without_outputs_is_never_done():
    assert not Stage("score", ("json.tool",)).done


def test_a_failed_stage_stops_the_recipe(tmp_path):
    with pytest.raises(click.ClickException, match=r"1/2 fail failed"):
        run([Stage("fail", ("json.tool", "/nonexistent")), writing(tmp_path / "never.json")])
    assert not (tmp_path / "never.json").exists()


def test_a_stage_that_leaves_nothing_behind_stops_the_recipe(tmp_path):
    with pytest.raises(click.ClickException, match=r"ended without .*b\.json"):
        run([writing(tmp_path / "a.json", tmp_path / "b.json")])


def test_every_stage_reads_what_an_earlier_one_made(tmp_path):
    recipe = stages(tmp_path / "speech", tmp_path / "work")
    made = set()
    for stage in recipe:
        assert {given for given in stage.inputs if (tmp_path / "work") in given.parents} <= made
        assert not made & set(stage.outputs)
        made |= set(stage.outputs)
    assert tmp_path / "work" / "model" / "am" / "final.mdl" in made


def test_a_folder_is_for_one_set_of_recordings(tmp_path):
    begin(tmp_path / "speech", tmp_path / "work")
    begin(tmp_path / "speech", tmp_path / "work")
    with pytest.raises(click.ClickException, match="other recordings"):
        begin(tmp_path / "other", tmp_path / "work")


def test_packages_that_are_missing_are_named(tmp_path):
    assert missing(tmp_path) == list(NEEDED.values())
    (tmp_path / "usr" / "bin").mkdir(parents=True)
    (tmp_path / "usr" / "bin" / "flite").touch()
    assert "flite" not in missing(tmp_path)
    assert "espeak-ng" in missing(tmp_path)


def test_stages_beside_each_other_tell_whose_line_it_is(tmp_path, capsys):
    (tmp_path / "one.json").write_text("[1]")
    both = [Stage(f"show {n}", ("json.tool", str(tmp_path / "one.json")), beside=True) for n in (1, 2)]
    run([*both, writing(tmp_path / "after.json")], jobs=2)
    printed = capsys.readouterr().out.splitlines()
    assert "  show 1: [" in printed
    assert "  show 2: [" in printed
    assert printed.index(
        "3/3 write after.json: python -m json.tool "
        + str(tmp_path / "source.json")
        + " "
        + str(tmp_path / "after.json")
    ) > printed.index("  show 2: ]")
