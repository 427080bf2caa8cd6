import pytest

from tests.triage.caller_answers import UNKNOWN, YES
from voicebot import assets
from voicebot.triage import parse_ruleset
from voicebot.triage.compare import compare
from voicebot.triage.diff import differences

BUNDLED = assets.RULESET.read_text(encoding="utf-8")


def changed(*edits):
    text = BUNDLED
    for before, after in edits:
        assert text.count(before) == 1, before
        text = text.replace(before, after)
    return parse_ruleset(text, "new.yaml")


@pytest.fixture
def quinolones_same_day():
    return changed(
        (
            "    all_of: [nerve_antibiotic]\n    level: 2\n    destinations: [primary_care, pharmacist]\n",
            """\
    all_of: [nerve_antibiotic]
    level: 3
    destinations: [nurse, pharmacist]
    if_unknown: {level: 3, destinations: [nurse]}
""",
        ),
        ("known to hurt nerves.\n    asked_by: staff\n  - id: diabetes", "known to hurt nerves.\n  - id: diabetes"),
        ("    questions: [chemo_med, nerve_antibiotic]\n", "    questions: [chemo_med, diabetes]\n"),
        ("    questions: [night_pain, diabetes, walk_cramp]\n", "    questions: [night_pain, walk_cramp]\n"),
        ("  - germs\n  # primary care\n", "  - germs\n  - nerve_antibiotic\n"),
    )


def test_the_same_rules_say_the_same(ruleset):
    result = compare(ruleset, changed(), {"saddle": YES})
    assert result.same_outcome
    assert list(result.sentences()) == []
    assert list(differences(ruleset, changed())) == []


def test_a_changed_outcome_is_told_in_words(ruleset, quinolones_same_day):
    result = compare(ruleset, quinolones_same_day, {"nerve_antibiotic": YES})
    assert not result.same_outcome
    assert list(result.sentences()) == [
        "Urgency goes from 2 (primary care) to 3 (same day).",
        "Destinations go from pharmacist, primary_care to nurse, pharmacist.",
        "With no person there, urgency goes from 2 to 3.",
    ]


def test_an_unknown_that_now_counts_brings_a_person(ruleset, quinolones_same_day):
    sentences = list(compare(ruleset, quinolones_same_day, {"nerve_antibiotic": UNKNOWN}).sentences())
    assert "A person must now talk with the caller." in sentences
    assert "The rule nerve-antibiotic fires now." in sentences
    assert "The rule numb-leg fires no longer." in sentences


def test_an_answer_to_a_question_that_is_gone_is_told(ruleset):
    lean = BUNDLED[BUNDLED.index("  - id: lean\n") : BUNDLED.index("  - id: shoot\n")]
    rule = BUNDLED[BUNDLED.index("  - id: spinal-stenosis\n") : BUNDLED.index("  - id: sciatica\n")]
    result = compare(ruleset, changed((lean, ""), (rule, ""), ("  - lean\n", "")), {"stand": YES, "lean": YES})
    assert result.dropped == ("lean",)
    assert "The question lean exists no longer; its answer counts for nothing." in list(result.sentences())


def test_differences_are_told_in_words(ruleset, quinolones_same_day):
    told = list(differences(ruleset, quinolones_same_day))
    assert "The rule nerve-antibiotic rises from level 2 to level 3." in told
    assert "The rule nerve-antibiotic now leads to nurse, pharmacist, before to primary_care, pharmacist." in told
    assert "The rule nerve-antibiotic gives level 3 to nurse while unknown, before nothing." in told
    assert "The group nerve_drugs now asks chemo_med, diabetes, before chemo_med, nerve_antibiotic." in told
    assert "The screen nerve_antibiotic is new." in told
    assert "The question nerve_antibiotic is now asked by line." in told


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        ("text: Do you have back pain?", "text: Does your back ache?", 'The question back_pain now asks "Does your'),
        ("    asked_if: [stand]\n", "", "The question lean is now asked of everyone."),
        ("spoken: Fainting needs help", "spoken: To faint needs help", "The rule fainted now says"),
        ("source: NICE NG156\n", "source: NICE NG157\n", "The rule aneurysm has changed in source."),
        ("  - saddle\n  - toilet_control\n", "  - toilet_control\n  - saddle\n", "The order of asking is now"),
        ("    all_of: [stand, lean]\n", "    all_of: [stand, lean, cough]\n", "now fires on stand and lean and cough"),
        ("why: Pain that runs down", "why: A pain that runs down", "shoot gives another reason for being asked"),
        (
            "did they faint, today or yesterday?\n    read_back: I heard no to all of those. Is that right?",
            "did they faint, today or yesterday?\n    read_back: I heard no to each. Is that right?",
            "The group heart_and_breath reads back",
        ),
    ],
)
def test_every_kind_of_change_has_its_sentence(ruleset, before, after, told):
    sentences = list(differences(ruleset, changed((before, after))))
    assert len(sentences) == 1
    assert told in sentences[0]
