"""What may be trained on: speakers never in both parts, nothing share-alike, and every fault told by name at once."""

import click
import numpy as np
import pytest
import soundfile

from acoustic.corpus import Kind, Recording, Split, check, load, read_corpus, summary

COLUMNS = "path\ttranscript\tspeaker\tsplit\tseconds\tsource\tlicence"
TONE = (8000 * np.sin(np.arange(4000) / 5)).astype(np.int16)


def sound(path, samples=TONE):
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, 8000)


@pytest.fixture
def manifest(tmp_path):
    """Return a function that writes rows "path, transcript, speaker, split, licence", and their sounds."""

    def write(*rows, sounds=True):
        lines = [COLUMNS]
        for row in rows:
            path, transcript, speaker, split, licence = row.split(", ")
            lines.append(f"{path}\t{transcript}\t{speaker}\t{split}\t0.5\tsomewhere\t{licence}")
            if sounds:
                sound(tmp_path / path)
        (tmp_path / "manifest.tsv").write_text("\n".join(lines) + "\n", "utf-8")
        return tmp_path

    return write


@pytest.fixture
def speech_commands(tmp_path):
    """The layout of the original data: two speakers to train on, one each in the official validation and test part."""
    for name in ("yes/aa_nohash_0", "no/aa_nohash_0", "yes/bb_nohash_1", "no/cc_nohash_0", "yes/dd_nohash_0"):
        sound(tmp_path / f"{name}.wav")
    sound(tmp_path / "_background_noise_" / "running_tap.wav")
    (tmp_path / "validation_list.txt").write_text("no/cc_nohash_0.wav\n")
    (tmp_path / "testing_list.txt").write_text("yes/dd_nohash_0.wav\n")
    return tmp_path


def test_a_manifest_is_read_row_by_row(manifest):
    folder = manifest(
        "gsc/yes/a.wav, Yes!, a, train, CC-BY-4.0",
        "gsc/no/b.wav, no, b, dev, CC-BY-4.0",
        "noise/tap.wav, (noise) tap, , train, CC-BY-4.0",
        "noise/rir1.wav, (noise) rir1, , train, Apache-2.0",
        "an4/c.wav, (laughter) no, c, train, any use",
    )
    yes, no, noise, room, laughter = read_corpus(folder)
    assert yes == Recording(folder / "gsc/yes/a.wav", "yes", "a", Split.TRAIN, "gsc", "CC-BY-4.0", Kind.SPEECH)
    assert (no.text, no.split) == ("no", Split.DEV)
    assert [(row.kind, row.text) for row in (noise, room)] == [(Kind.NOISE, ""), (Kind.ROOM, "")]
    assert laughter.text == ""


def test_a_speaker_of_both_parts_is_named(manifest):
    folder = manifest("gsc/yes/a.wav, yes, ann, train, CC-BY-4.0", "gsc/no/a.wav, no, ann, dev, CC-BY-4.0")
    with pytest.raises(click.ClickException, match="Speaker ann of gsc is in train and dev"):
        read_corpus(folder)


def test_the_same_name_in_two_corpora_is_two_speakers(manifest):
    folder = manifest("gsc/yes/a.wav, yes, ann, train, CC-BY-4.0", "an4/a.wav, no, ann, dev, any use")
    assert len(read_corpus(folder)) == 2


@pytest.mark.parametrize(
    "licence", ["CC-BY-SA-4.0", "CC BY-SA 3.0", "CC BY SA 4.0", "cc-by-sa", "Attribution-ShareAlike", "GPL-3.0", "LGPL"]
)
def test_share_alike_speech_is_scored_on_and_never_trained_on(manifest, licence):
    (row,) = read_corpus(manifest(f"fsdd/one.wav, one, george, dev, {licence}"))
    assert row.split is Split.DEV
    with pytest.raises(click.ClickException, match=r"one\.wav is share-alike .* not trained on"):
        read_corpus(manifest(f"fsdd/one.wav, one, george, train, {licence}"))


@pytest.mark.parametrize("licence", ["CC-BY-4.0", "Apache-2.0", "MIT", "public domain (LibriVox)", "CC0"])
def test_other_licences_are_trained_on(manifest, licence):
    assert read_corpus(manifest(f"gsc/yes/a.wav, yes, a, train, {licence}"))


def test_missing_files_are_told_together(manifest):
    rows = [f"gsc/yes/{number}.wav, yes, s{number}, train, CC-BY-4.0" for number in range(7)]
    with pytest.raises(click.ClickException) as caught:
        read_corpus(manifest(*rows, sounds=False))
    assert caught.value.message.count("is missing") == 5
    assert "(and 2 more)" in caught.value.message


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("path\ttranscript\na\tb\n", "lacks the columns licence, speaker, split"),
        (f"{COLUMNS}\na.wav\tyes\tann\ttrain\n", "line 2: not a whole row"),
        (f"{COLUMNS}\na.wav\tyes\tann\ttest\t1\tx\tMIT\n", "line 2: not a whole row with split train or dev"),
    ],
    ids=["columns", "short row", "split"],
)
def test_a_broken_manifest_is_told_with_its_line(tmp_path, text, told):
    (tmp_path / "manifest.tsv").write_text(text)
    with pytest.raises(click.ClickException) as caught:
        read_corpus(tmp_path)
    assert told in caught.value.message


def test_a_folder_without_a_list_of_recordings_is_told(tmp_path):
    with pytest.raises(click.ClickException, match=r"neither a manifest\.tsv nor validation_list\.txt and"):
        read_corpus(tmp_path)


def test_the_official_parts_of_speech_commands_are_kept(speech_commands):
    recordings = read_corpus(speech_commands)
    spoken = {(row.speaker, row.text, row.split) for row in recordings if row.kind is Kind.SPEECH}
    assert spoken == {
        ("aa", "yes", Split.TRAIN),
        ("aa", "no", Split.TRAIN),
        ("bb", "yes", Split.TRAIN),
        ("cc", "no", Split.DEV),
    }
    assert [row.path.name for row in recordings if row.kind is Kind.NOISE] == ["running_tap.wav"]


def test_a_speaker_whose_other_word_is_in_the_validation_list_is_named(speech_commands):
    (speech_commands / "validation_list.txt").write_text("yes/aa_nohash_0.wav\n")
    with pytest.raises(click.ClickException, match="Speaker aa of gsc is in train and dev"):
        read_corpus(speech_commands)


def test_a_folder_that_lacks_the_list_of_the_test_part_is_not_trained_on(speech_commands):
    (speech_commands / "testing_list.txt").unlink()
    with pytest.raises(click.ClickException, match=r"testing_list\.txt"):
        read_corpus(speech_commands)


def test_a_recording_is_checked_wherever_it_comes_from(tmp_path):
    gone = Recording(tmp_path / "gone.wav", "yes", "a", Split.TRAIN, "own", "CC-BY-SA-4.0")
    with pytest.raises(click.ClickException, match=r"gone\.wav is missing\. .*gone\.wav is share-alike"):
        check([gone])


def test_what_teaches_nothing_is_left_out_and_told(manifest, capsys):
    names = ("good", "silent", "empty", "long", "broken")
    folder = manifest(*(f"gsc/yes/{name}.wav, yes, {name}, train, CC-BY-4.0" for name in names))
    sound(folder / "gsc/yes/silent.wav", np.zeros(4000, np.int16))
    sound(folder / "gsc/yes/empty.wav", TONE[:0])
    sound(folder / "gsc/yes/long.wav", np.tile(TONE, 31))
    (folder / "gsc/yes/broken.wav").write_bytes(b"no sound")
    (clip,) = load(read_corpus(folder))
    assert (clip.text, clip.speaker, clip.corpus, len(clip.samples)) == ("yes", "good", "gsc", len(TONE))
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 4
    assert all(line.startswith("Left out: ") for line in told)
    assert [name for name in names if any(name in line for line in told)] == ["silent", "empty", "long", "broken"]


def test_a_summary_counts_recordings_and_speakers(manifest):
    folder = manifest(
        "gsc/yes/a.wav, yes, a, train, CC-BY-4.0",
        "gsc/no/a.wav, no, a, train, CC-BY-4.0",
        "gsc/no/b.wav, no, b, dev, CC-BY-4.0",
    )
    assert [line.split() for line in summary(read_corpus(folder)).splitlines()] == [
        ["gsc", "dev", "1", "by", "1"],
        ["gsc", "train", "2", "by", "1"],
    ]
