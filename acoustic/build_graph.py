"""Rebuilds the decoding graph of a model from its phones and a lexicon: new words without training.

    python -m acoustic.build_graph voicebot/speech/model

Writes graph/HCLr.fst, Gr.fst, words.txt and disambig_tid.int for the network in the same folder, which must be a
one-state "chain" monophone network as described in acoustic/README.md. Needs the `acoustic` extra and OpenFST's
programs (Debian: libfst-tools, libfst22-plugins-base). Never trains anything.
"""

from __future__ import annotations

import math
import os
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path

import click

from acoustic.lexicon import Lexicon, Pronunciation, common_words, dictionary, pronounce
from acoustic.phones import PHONES, SILENCE
from voicebot.assets import GRAMMARS
from voicebot.speech.grammars import UNKNOWN, Grammars, compound

HALF = math.log(2)
"""Cost in nats of one of two equal ways."""
UNKNOWN_PHONE_COST = -1.0
"""Nats a phone of [unk]; negative favors [unk]. Below -1.0 lattices explode (16 s of CPU for one clip were seen)."""
PLUGIN = "usr/lib/*/fst/*/olabel_lookahead-fst.so"
"""Where Debian keeps the kind of transducer that HCLr.fst is."""

PhoneCost = Callable[[str, str], float]


@dataclass
class Graph:
    """A transducer from transition-ids to word ids, in OpenFST's text form.

    Each phone is its forward transition once, then its self-loop any number of times: the self-loop sits on the
    destination state, so a state is entered through one phone only. Transition probabilities are constant and left out.
    """

    phone_ids: dict[str, int]
    lines: list[str] = field(default_factory=list)
    states: int = 0
    _leaves: dict[str, int] = field(default_factory=dict)
    _branches: dict[tuple[int, str], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        start, self.loop, self.silence = self.state(), self.state(), self.state()
        self.arc(start, self.loop, cost=HALF)
        self.enter(start, self.silence, SILENCE, cost=HALF)
        self.stay(self.silence, SILENCE)
        self.arc(self.silence, self.loop)

    def state(self) -> int:
        """Add a state; returns its number."""
        self.states += 1
        return self.states - 1

    def arc(self, source: int, target: int, transition: int = 0, word: int = 0, cost: float = 0.0) -> None:
        """Add an arc from transition-id to word id, 0 for neither, with its cost in nats."""
        self.lines.append(f"{source} {target} {transition} {word} {cost:.6g}")

    def enter(self, source: int, target: int, phone: str, word: int = 0, cost: float = 0.0) -> None:
        """Add the forward transition of a phone: transition-id 2p for phone id p."""
        self.arc(source, target, 2 * self.phone_ids[phone], word, cost)

    def stay(self, state: int, phone: str) -> None:
        """Add the self-loop of a phone: transition-id 2p - 1."""
        self.arc(state, state, 2 * self.phone_ids[phone] - 1)

    def leaf(self, phone: str) -> int:
        """Return the shared end-of-word state of a phone; silence may follow it."""
        if phone not in self._leaves:
            state = self._leaves[phone] = self.state()
            self.stay(state, phone)
            self.arc(state, self.loop, cost=HALF)
            self.enter(state, self.silence, SILENCE, cost=HALF)
        return self._leaves[phone]

    def add_word(self, word: int, pronunciation: Pronunciation) -> None:
        """Add one word to the prefix tree of all words; its label stands on its last phone."""
        if len(pronunciation) == 1:
            phone = f"{pronunciation[0]}_S"
            self.enter(self.loop, self.leaf(phone), phone, word)
            return
        state = self.loop
        for i, base in enumerate(pronunciation[:-1]):
            phone = f"{base}_{'I' if i else 'B'}"
            if (state, phone) not in self._branches:
                branch = self._branches[state, phone] = self.state()
                self.enter(state, branch, phone)
                self.stay(branch, phone)
            state = self._branches[state, phone]
        phone = f"{pronunciation[-1]}_E"
        self.enter(state, self.leaf(phone), phone, word)

    def add_unknown(self, word: int, cost: PhoneCost) -> None:
        """Add [unk]: any sequence of phones, weighted by the phone bigram `cost` (nats)."""
        first = {phone: self.state() for phone in PHONES}
        inner = {phone: self.state() for phone in PHONES}
        for phone in PHONES:
            self.stay(first[phone], f"{phone}_B")
            self.stay(inner[phone], f"{phone}_I")
            begin = cost("<s>", phone) + UNKNOWN_PHONE_COST
            self.enter(self.loop, first[phone], f"{phone}_B", word, begin)
            self.enter(self.loop, self.leaf(f"{phone}_S"), f"{phone}_S", word, begin + cost(phone, "</s>"))
            for following in PHONES:
                step = cost(phone, following) + UNKNOWN_PHONE_COST
                end = self.leaf(f"{following}_E")
                for source in (first[phone], inner[phone]):
                    self.enter(source, inner[following], f"{following}_I", cost=step)
                    self.enter(source, end, f"{following}_E", cost=step + cost(following, "</s>"))

    def text(self) -> str:
        """Return the transducer in OpenFST's text form; a sentence may end wherever a word may begin."""
        return "\n".join([*self.lines, f"{self.loop} 0", ""])


def phone_bigram(pronunciations: Iterable[Pronunciation]) -> PhoneCost:
    """Return the cost in nats of one phone after another within words, smoothed by adding a half."""
    counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(lambda: 0.5))
    for pronunciation in pronunciations:
        for a, b in zip(("<s>", *pronunciation), (*pronunciation, "</s>"), strict=True):
            counts[a][b] += 1
    followers = [*PHONES, "</s>"]
    totals = {a: sum(counts[a][b] for b in followers) for a in ["<s>", *PHONES]}
    return lambda a, b: -math.log(counts[a][b] / totals[a])


def lookahead_graph(words: dict[str, int], known: Lexicon, phone_ids: dict[str, int], cost: PhoneCost) -> str:
    """Return the text form of HCLr.fst: words (token -> id) and [unk] over transition-ids."""
    graph = Graph(phone_ids)
    for token, number in words.items():
        if token == UNKNOWN:
            graph.add_unknown(number, cost)
        else:
            for pronunciation in pronounce(token, known):
                graph.add_word(number, pronunciation)
    return graph.text()


def any_words(words: dict[str, int]) -> str:
    """Return the text form of Gr.fst: any words in any order, for recognizers without a grammar of their own."""
    cost = math.log(len(words) + 1)
    return "".join(f"0 0 {i} {i} {cost:.6g}\n" for i in sorted(words.values())) + f"0 {cost:.6g}\n"


def openfst(text: str, pipeline: str, folder: Path) -> None:
    """Compile the text form of a transducer with a pipeline of OpenFST programs, run in `folder`."""
    plugins = (str(plugin.parent) for plugin in Path("/").glob(PLUGIN))
    paths = ":".join([*plugins, os.environ.get("LD_LIBRARY_PATH", "")])
    command = ["/bin/bash", "-o", "pipefail", "-c", f"fstcompile | {pipeline}"]
    subprocess.run(  # noqa: S603 - our own pipelines
        command, input=text, text=True, cwd=folder, env={**os.environ, "LD_LIBRARY_PATH": paths}, check=True
    )


def build(model: Path, tokens: Iterable[str], known: Lexicon, common: Iterable[str]) -> dict[str, int]:
    """Write the graph of a model for `tokens`; returns the words and their ids as written to words.txt."""
    folder = model / "graph"
    phone_ids = {name: int(number) for name, number in map(str.split, (folder / "phones.txt").read_text().splitlines())}
    words = {token: i for i, token in enumerate([UNKNOWN, *sorted(set(tokens))], start=1)}
    cost = phone_bigram(pronunciation for word in common for pronunciation in known[word])
    to_lookahead = "fstconvert --fst_type=olabel_lookahead --save_relabel_opairs=relabel.txt > HCLr.fst"
    openfst(lookahead_graph(words, known, phone_ids, cost), f"fstarcsort --sort_type=olabel | {to_lookahead}", folder)
    relabel = dict(tuple(map(int, line.split())) for line in (folder / "relabel.txt").read_text().splitlines())
    (folder / "relabel.txt").unlink()
    # fstconvert renumbers the words so that look-ahead sets are intervals: with the old numbers vosk hears wrong words.
    words = {token: relabel[i] for token, i in words.items()}
    listed = sorted(words.items(), key=lambda item: item[1])
    (folder / "words.txt").write_text("<eps> 0\n" + "".join(f"{token} {i}\n" for token, i in listed), "utf-8")
    openfst(any_words(words), "fstarcsort --sort_type=ilabel | fstconvert --fst_type=const > Gr.fst", folder)
    (folder / "disambig_tid.int").write_text("")  # must exist; this graph has no disambiguation symbols
    return words


@click.command()
@click.argument("model", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--grammars", type=click.Path(path_type=Path, exists=True, file_okay=False), default=GRAMMARS)
@click.option("--common", default=5000, show_default=True, help="How many of the commonest English words to add.")
def main(model: Path, grammars: Path, common: int) -> None:
    """Build the decoding graph of MODEL with all words of the grammars and the commonest English words."""
    known = dictionary()
    frequent = common_words(known, common)
    spoken = Grammars.load(grammars)
    phrases = {phrase for name in spoken.names() for phrase in spoken.phrases(name)} - {UNKNOWN}
    tokens = {compound(phrase) for phrase in phrases} | {word for phrase in phrases for word in phrase.split()}
    words = build(model, tokens | set(frequent), known, frequent)
    click.echo(f"{len(words)} words and compounds in {model / 'graph'}")


if __name__ == "__main__":
    main()
