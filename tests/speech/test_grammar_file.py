import re

import pytest

from voicebot.errors import VoicebotError
from voicebot.speech.grammar_file import read_grammar

BROKEN = {
    "not YAML": ('intents:\n  "yes": [', 2, "this is not YAML"),
    "nothing": ("", 1, "no grammar in here"),
    "a list": ("- yes", 1, "no grammar in here"),
    "unknown key": ("intents: {}\nwords: []", 2, "unknown key 'words'; use one of: expansion_rules, intents"),
    "no intents": ("language: en", 1, '"intents" is missing'),
    "unknown meaning": ('intents:\n  "yess":\n    data: []', 2, "unknown meaning 'yess'; use one of: back,"),
    "no data": ('intents:\n  "yes":\n    sentences: ["yes"]', 2, "'yes' has no sentences"),
    "no sentences": ('intents:\n  "yes":\n    data:\n      - metadata: {weight: 2}', 4, '"sentences" is no list'),
    "empty sentences": ('intents:\n  "yes":\n    data:\n      - sentences: []', 4, '"sentences" is no list'),
    "no text": (
        'intents:\n  "yes":\n    data:\n      - sentences:\n          - "yes"\n          - 1',
        6,
        "1 is not text",
    ),
    "open bracket": (
        'intents:\n  "yes":\n    data:\n      - sentences:\n          - "yes"\n          - "(yeah"',
        6,
        "template '(yeah' cannot be parsed",
    ),
    "unknown rule": ('intents:\n  "yes":\n    data:\n      - sentences: ["yes <polite>"]', 4, "something unknown"),
    "a list of slots": ('intents:\n  "yes":\n    data:\n      - sentences: ["yes {name}"]', 4, "something unknown"),
    "digits": (
        'intents:\n  emergency:\n    data:\n      - sentences: ["call 911"]',
        4,
        "gives 'call 911', which nobody",
    ),
    "only options": ('intents:\n  "yes":\n    data:\n      - sentences: ["[yes]"]', 4, "gives '', which nobody"),
    "weight": (
        'intents:\n  "yes":\n    data:\n      - sentences: ["yes"]\n        metadata: {weight: 0}',
        5,
        "no weight: 0",
    ),
    "weight no number": (
        'intents:\n  "yes":\n    data:\n      - sentences: ["yes"]\n        metadata:\n          weight: much',
        6,
        "no weight: 'much'",
    ),
    "surest": (
        'intents:\n  "yes":\n    data:\n      - sentences: ["yes"]\n        metadata: {surest: 1.5}',
        5,
        "no confidence: 1.5",
    ),
    "surest no number": (
        'intents:\n  "yes":\n    data:\n      - sentences: ["yes"]\n        metadata:\n          surest: hardly',
        6,
        "no confidence: 'hardly'",
    ),
    "two meanings": (
        'intents:\n  "yes":\n    data: [sentences: ["ok"]]\n  unsure:\n    data:\n      - sentences: ["(maybe|ok)"]',
        6,
        "'ok' means unsure here and yes in line 3; leave one of them out",
    ),
    "too many": (
        'intents:\n  "yes":\n    data:\n      - sentences: ["' + "[a|b|c|d|e|f|g|h|i] " * 5 + 'yes"]',
        4,
        "more than 5000 sentences",
    ),
    "bare yes twice": ('intents:\n  "yes": {data: []}\n  "yes": {data: []}', 3, "this is not YAML"),
}


@pytest.mark.parametrize(("text", "line", "what"), BROKEN.values(), ids=BROKEN.keys())
def test_every_mistake_is_told_with_its_line_and_how_to_mend_it(tmp_path, text, line, what):
    path = tmp_path / "yes_no.yaml"
    path.write_text(text)
    with pytest.raises(VoicebotError, match=rf"^{re.escape(str(path))}:{line}: .*{re.escape(what)}") as caught:
        read_grammar(path)
    assert (caught.value.code, caught.value.exit_code) == ("grammar_broken", 2)
    assert caught.value.remedy


def test_bare_yes_and_no_are_words(tmp_path):
    (tmp_path / "g.yaml").write_text("intents:\n  yes:\n    data:\n      - sentences: [yes, yeah]\n")
    assert [sentence.text for sentence in read_grammar(tmp_path / "g.yaml").sentences] == ["yes", "yeah"]


def test_rules_are_expanded(tmp_path):
    rules = 'expansion_rules:\n  polite: "(sir|thank you)"\n'
    (tmp_path / "g.yaml").write_text(rules + 'intents:\n  "no":\n    data:\n      - sentences: ["no[, <polite>]"]\n')
    sentences = read_grammar(tmp_path / "g.yaml").sentences
    assert [sentence.text for sentence in sentences] == ["no, sir", "no, thank you", "no"]
    assert {sentence.line for sentence in sentences} == {6}


def test_a_binary_file_is_no_grammar(tmp_path):
    (tmp_path / "g.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(VoicebotError, match=r"g\.yaml:1: this cannot be read"):
        read_grammar(tmp_path / "g.yaml")
