"""The example callers of a change: found, smallest first, and only where the outcome changes."""

import pytest

from tests.triage.caller_answers import UNKNOWN, YES, otherwise_no
from tests.triage.test_compare import changed
from voicebot.triage import decide
from voicebot.triage.examples import example_callers, example_sentences

SADDLE = "    all_of: [saddle]\n    level: 4\n    destinations: [er]\n"
NOBODY = "With no person there, urgency goes from 4 to 3."


def said(old, new):
    return [answers for answers, _ in example_callers(old, new)]


def test_a_lowered_rule_is_shown_by_the_caller_who_pays_for_it(ruleset):
    new = changed((SADDLE, SADDLE.replace("level: 4", "level: 3").replace("[er]", "[nurse]")))
    assert said(ruleset, new) == [{"saddle": YES}, {"saddle": UNKNOWN}]
    assert list(example_sentences(ruleset, new)) == [
        "saddle yes: Urgency goes from 4 (emergency room) to 3 (same day). Destinations go from er to nurse. " + NOBODY,
        "saddle unknown: " + NOBODY,
    ]


@pytest.mark.parametrize(
    ("edit", "callers"),
    [
        (
            ("    all_of: [procedure, weak]\n", "    all_of: [procedure, weak, thinner]\n"),
            [{"procedure": YES, "weak": YES}],
        ),
        (("    all_of: [cold_pale, severe_pain]\n", "    all_of: [cold_pale]\n"), [{"cold_pale": YES}]),
    ],
)
def test_patterns_of_several_answers_are_found(ruleset, edit, callers):
    found = said(ruleset, changed(edit))
    assert found[: len(callers)] == callers


def test_no_caller_is_shown_twice_with_more_answers(ruleset):
    found = said(ruleset, changed((SADDLE, SADDLE.replace("[er]", "[er, nurse]"))))
    assert not any(one.items() < other.items() for one in found for other in found)


def test_every_example_changes_its_outcome(ruleset):
    new = changed(("    all_of: [fever, back_pain]\n    level: 4\n", "    all_of: [fever, back_pain]\n    level: 3\n"))
    found = said(ruleset, new)
    assert found
    for answers in found:
        full = otherwise_no(ruleset, answers)
        assert decide(ruleset, full).to_json() != decide(new, full).to_json()


def test_changed_words_have_no_example(ruleset):
    assert said(ruleset, changed(("text: Do you have back pain?", "text: Does your back ache?"))) == []


RENAMED = (
    ("  - id: saddle\n", "  - id: saddle_skin\n"),
    ("  - saddle\n", "  - saddle_skin\n"),
    ("    all_of: [saddle]\n", "    all_of: [saddle_skin]\n"),
)


def test_a_question_under_another_name_changes_nothing_where_the_former_one_is_known(ruleset):
    known = changed(("former:\n", "former:\n  saddle: [saddle_skin]\n"), *RENAMED)
    assert said(ruleset, known) == []
    assert said(known, ruleset) == []
    assert {"saddle_skin": YES} in said(ruleset, changed(*RENAMED))
