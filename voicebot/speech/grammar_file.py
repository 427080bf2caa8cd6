"""Reads one grammar file (hassil templates, YAML) into sentences and meanings, with the line of every mistake.

Only the file format belongs here; what the words are used for is in `grammars.py`. YAML 1.2 is read, where `yes` and
`no` are words and not booleans.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from hassil.errors import HassilError
from hassil.parse_expression import parse_sentence
from hassil.parser import ParseError
from hassil.sample import sample_sentence
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from hassil.expression import Sentence as Template

MOST_SENTENCES = 5000
"""A grammar that allows more sentences than this is a slip of the pen, and too slow to listen for."""
MOST_WEIGHT = 1000
"""Vosk is told of weights by repeating the phrase."""
_SENTENCE = re.compile(r"[a-z']+(,? [a-z']+)*")
_TOP = {"language", "intents", "expansion_rules", "skip_words"}


@dataclass(frozen=True)
class Sentence:
    """One sentence a caller may say. A comma in `text` is a place to pause."""

    text: str
    meaning: Meaning
    line: int
    weight: int = 1
    """How many times likelier than others."""
    surest: float = 1.0
    """However well it was heard, the confidence that it was meant is no more than this."""


@dataclass(frozen=True)
class GrammarFile:
    """What a file holds: its sentences, and the words that are heard and dropped."""

    sentences: tuple[Sentence, ...]
    skip_words: tuple[str, ...]


def words_of(text: str) -> str:
    """Return the words of a sentence alone: lower case, no punctuation, single spaces."""
    return " ".join(re.findall(r"\[unk\]|[\w']+", text.lower()))


def read_grammar(path: Path) -> GrammarFile:
    """Read and check one grammar file. Raises VoicebotError `grammar_broken` naming `file:line` and the remedy."""
    return _Reader(path).read()


class _Reader:
    """One reading of one file: every check knows the line it is at."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def broken(self, line: int, what: str, mend: str) -> VoicebotError:
        return VoicebotError("grammar_broken", f"{self.path}:{line}: {what};", f"{mend}.")

    def read(self) -> GrammarFile:
        root = self.parse()
        for key in root:
            if key not in _TOP:
                known = ", ".join(sorted(_TOP))
                raise self.broken(_key_line(root, key), f"unknown key {key!r}", f"use one of: {known}")
        rules = {
            str(name): self.template(str(body), _key_line(root["expansion_rules"], name))
            for name, body in self.mapping(root, "expansion_rules", required=False).items()
        }
        sentences = tuple(self.unambiguous(self.sentences(self.mapping(root, "intents"), rules)))
        skip = tuple(self.checked(text, line) for text, line in self.strings(root, "skip_words", required=False))
        return GrammarFile(sentences, skip)

    def parse(self) -> CommentedMap:
        try:
            root = YAML(typ="rt", pure=True).load(self.path.read_text("utf-8"))
        except MarkedYAMLError as error:
            line = error.problem_mark.line + 1 if error.problem_mark else 1
            problem = (error.problem or "not YAML").splitlines()[0]
            raise self.broken(line, f"this is not YAML: {problem}", "mend the indentation or the quotes") from error
        except (YAMLError, UnicodeDecodeError, OSError) as error:
            raise self.broken(1, "this cannot be read", "save it as YAML text in UTF-8") from error
        if not isinstance(root, CommentedMap):
            raise self.broken(1, "no grammar in here", 'begin with "intents:"')
        return root

    def sentences(self, intents: CommentedMap, rules: dict[str, Template]) -> Iterator[Sentence]:
        count = 0
        for name in intents:
            line = _key_line(intents, name)
            if name not in set(Meaning):
                known = ", ".join(sorted(Meaning))
                raise self.broken(line, f"unknown meaning {str(name)!r}", f"use one of: {known}")
            for block in self.blocks(intents, name):
                weight, surest = self.weight(block), self.surest(block)
                for template, at in self.strings(block, "sentences"):
                    for text in self.samples(template, at, rules):
                        count += 1
                        if count > MOST_SENTENCES:
                            raise self.broken(at, f"more than {MOST_SENTENCES} sentences", "use fewer optional parts")
                        yield Sentence(text, Meaning(name), at, weight, surest)

    def blocks(self, intents: CommentedMap, name: str) -> list[CommentedMap]:
        body = intents[name]
        data = body.get("data") if isinstance(body, CommentedMap) else None
        if not isinstance(data, CommentedSeq) or not all(isinstance(block, CommentedMap) for block in data):
            line = _key_line(intents, name)
            raise self.broken(line, f"{name!r} has no sentences", 'write "data:" and below it "- sentences:"')
        return list(data)

    def weight(self, block: CommentedMap) -> int:
        metadata = self.mapping(block, "metadata", required=False)
        weight = metadata.get("weight", 1)
        if not isinstance(weight, int) or not 1 <= weight <= MOST_WEIGHT:
            mend = f"write a whole number from 1 to {MOST_WEIGHT}"
            raise self.broken(_key_line(metadata, "weight"), f"no weight: {weight!r}", mend)
        return weight

    def surest(self, block: CommentedMap) -> float:
        metadata = self.mapping(block, "metadata", required=False)
        surest = metadata.get("surest", 1.0)
        if not isinstance(surest, int | float) or not 0 < surest <= 1:
            mend = "write a number above 0, up to 1"
            raise self.broken(_key_line(metadata, "surest"), f"no confidence: {surest!r}", mend)
        return float(surest)

    def samples(self, template: str, line: int, rules: dict[str, Template]) -> Iterator[str]:
        parsed = self.template(template, line)
        try:
            for sample in sample_sentence(parsed, slot_lists={}, expansion_rules=rules):
                yield self.checked(" ".join(sample.replace(" ,", ",").split()), line)
        except HassilError as error:
            missing = str(error).removeprefix("Missing ")
            raise self.broken(line, f"template names something unknown: {missing}", "define it or spell it") from error

    def template(self, text: str, line: int) -> Template:
        try:
            return parse_sentence(text)
        except ParseError as error:
            raise self.broken(line, f"template {text!r} cannot be parsed", "close every ( and [") from error

    def checked(self, text: str, line: int) -> str:
        if not _SENTENCE.fullmatch(text):
            mend = "write lower-case words, apostrophes and commas only, and numbers as words"
            raise self.broken(line, f"template gives {text!r}, which nobody can say", mend)
        return text

    def unambiguous(self, sentences: Iterator[Sentence]) -> Iterator[Sentence]:
        """Pass each sentence on once; one that already has another meaning is a mistake."""
        seen: dict[str, Sentence] = {}
        for sentence in sentences:
            first = seen.setdefault(words_of(sentence.text), sentence)
            if first.meaning is not sentence.meaning:
                what = f"{sentence.text!r} means {sentence.meaning} here and {first.meaning} in line {first.line}"
                raise self.broken(sentence.line, what, "leave one of them out")
            if first is sentence or first.text != sentence.text:
                yield sentence

    def mapping(self, root: CommentedMap, key: str, *, required: bool = True) -> CommentedMap:
        value = root.get(key, None if required else CommentedMap())
        if not isinstance(value, CommentedMap):
            line = _key_line(root, key) if key in root else 1
            raise self.broken(line, f'"{key}" is missing or empty', f'write "{key}:" and names below it')
        return value

    def strings(self, block: CommentedMap, key: str, *, required: bool = True) -> list[tuple[str, int]]:
        items: Any = block.get(key, None if required else CommentedSeq())
        line = _key_line(block, key) if key in block else block.lc.line + 1
        if not isinstance(items, CommentedSeq) or (required and not items):
            raise self.broken(line, f'"{key}" is no list', f'write "{key}:" and below it "- ..." lines')
        for i, item in enumerate(items):
            if not isinstance(item, str):
                raise self.broken(items.lc.item(i)[0] + 1, f"{item!r} is not text", "put it in quotes")
        return [(str(item), items.lc.item(i)[0] + 1) for i, item in enumerate(items)]


def _key_line(node: CommentedMap, key: object) -> int:
    return int(node.lc.key(key)[0]) + 1
