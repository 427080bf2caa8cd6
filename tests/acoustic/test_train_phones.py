"""Training learns, and one that was broken off goes on to the same network."""

import json
import random
from dataclasses import asdict

import click
import numpy as np
import pytest

pytest.importorskip("torch", reason="the extra acoustic is not installed")
pytest.importorskip("pocketsphinx", reason="the extra acoustic is not installed")
pytest.importorskip("kaldi_native_fbank", reason="the extra acoustic is not installed")

import torch
from rich.console import Console

from acoustic import train_phones
from acoustic.network import Design, load
from acoustic.phones import BASE_PHONES

LEXICON = {"yes": (("Y", "EH", "S"),), "no": (("N", "OW"),), "a": (("AH",), ("EY",))}


@pytest.fixture
def folder(tmp_path):
    """Phones that each sound like nothing else, and one utterance with an unknown word."""
    rng, chance = np.random.default_rng(0), random.Random(0)
    sounds = {phone: rng.normal(0, 8, 32) for phone in BASE_PHONES}
    for copy in range(2):
        texts = [chance.choice(["yes", "no", "no a", ""]) for _ in range(40)] + ["unheard of"]
        utterances = []
        for text in texts:
            phones = ["SIL", *(p for word in text.split() if word in LEXICON for p in LEXICON[word][0]), "SIL"]
            frames = np.concatenate([[sounds[phone]] * chance.randint(6, 12) for phone in phones])
            utterances.append((frames + rng.normal(0, 2, frames.shape)).astype(np.float16))
        offsets = np.cumsum([0, *map(len, utterances)])
        np.savez(tmp_path / f"recorded.{copy}.npz", feats=np.concatenate(utterances), offs=offsets)
        (tmp_path / f"recorded.{copy}.jsonl").write_text("".join(json.dumps({"text": t}) + "\n" for t in texts))
    return tmp_path


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """A network that is trained within a second."""
    monkeypatch.setattr(train_phones, "Design", lambda: Design(hidden=16, offsets=((-3, 0, 3), (-6, -3, 0))))
    monkeypatch.setattr(train_phones, "WARM_UP", 5)
    torch.set_num_threads(1)


def training(folder, out, epochs=3):
    plan = train_phones.Plan(str(folder), epochs, 1e-2, 200, bfloat16=False, seed=0)
    return train_phones.Training(plan, out, Console(quiet=True), LEXICON)


def numbers(path):
    return torch.cat([tensor.flatten().double() for tensor in load(path).state_dict().values()])


def test_what_was_said_becomes_likelier(folder, tmp_path):
    begun = training(folder, tmp_path / "phones.pt")
    utterances = begun._epoch(0)
    first = begun._learn(utterances, list(range(20)))
    begun.run()
    last = begun._learn(utterances, list(range(20)))
    assert last.objective / last.frames > first.objective / first.frames / 5
    assert first.hopeless == 0


def test_a_training_that_was_broken_off_ends_as_an_unbroken_one(folder, tmp_path):
    whole, broken = tmp_path / "whole.pt", tmp_path / "broken.pt"
    training(folder, whole).run()
    first = training(folder, broken)
    again = first._train

    def power_cut(epoch):
        if epoch == 2:
            raise KeyboardInterrupt
        again(epoch)

    first._train = power_cut
    with pytest.raises(KeyboardInterrupt):
        first.run()
    assert not broken.exists()
    second = training(folder, broken)
    second.resume()
    assert second.done == 2
    second.run()
    torch.testing.assert_close(numbers(broken), numbers(whole), rtol=0, atol=0)
    assert not list(tmp_path.glob("*.unfinished.pt"))


def test_another_plan_does_not_go_on(folder, tmp_path):
    begun = training(folder, tmp_path / "phones.pt", epochs=3)
    train_phones.save(begun.network, begun._unfinished, plan=asdict(begun.plan))
    with pytest.raises(click.ClickException, match="other settings"):
        training(folder, tmp_path / "phones.pt", epochs=2).resume()


def test_utterances_with_unknown_words_are_left_out(folder, tmp_path):
    assert "unheard of" not in training(folder, tmp_path / "phones.pt")._epoch(0).texts


def test_the_rate_rises_then_falls():
    plan = train_phones.Plan("", 1, 1.0, 1, bfloat16=False, seed=0)
    rates = [plan.rate(step, 1000) for step in range(1000)]
    assert rates[0] < 0.25
    assert max(rates) > 0.98
    assert rates[-1] < 0.03
