"""Whose recordings and voices are in here is told in NOTICE, and what the model card links to is there."""

import csv
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
NOTICE = (ROOT / "NOTICE").read_text("utf-8")


def test_every_corpus_of_the_recordings_that_are_shipped_is_named():
    with (ROOT / "tests" / "audio" / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        corpora = {row["path"].split("/")[0] for row in csv.DictReader(file, delimiter="\t")}
    assert {corpus for corpus in corpora if f"- {corpus}/: " not in NOTICE} == set()


def test_every_voice_that_the_model_learns_from_is_named():
    synthesis = pytest.importorskip("acoustic.synthesis", reason="the extra acoustic is not installed")
    voices = {*synthesis.FLITE, *synthesis.FESTIVAL}
    assert {voice for voice in voices if not re.search(rf"\b{voice}\b", NOTICE)} == set()


def test_what_the_model_card_links_to_is_there():
    card = ROOT / "docs" / "model-card.md"
    links = re.findall(r"\]\(([^)#]+)\)", card.read_text("utf-8"))
    assert links
    assert [link for link in links if "://" not in link and not (card.parent / link).exists()] == []
