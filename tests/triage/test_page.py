"""The page that a nurse reads says what the rules do, today."""

from pathlib import Path

from voicebot.triage.page import to_markdown

PAGE = Path(__file__).parents[2] / "docs" / "triage.md"


def test_the_page_in_the_docs_is_that_of_the_bundled_rules(ruleset):
    made = "\n".join(to_markdown(ruleset)) + "\n"
    assert PAGE.read_text(encoding="utf-8") == made, "run `voicebot rules page > docs/triage.md`"


def test_the_page_says_first_that_nobody_approved_the_rules(ruleset):
    lines = list(to_markdown(ruleset))
    assert "No clinician has approved these rules." in lines[2]
    assert "not approved by anyone" in lines[2]


def test_every_question_rule_and_open_point_is_on_the_page(ruleset):
    page = "\n".join(to_markdown(ruleset))
    for question in ruleset.questions.values():
        assert f"| `{question.id}` | {question.text} |" in page
    for rule in ruleset.rules:
        assert f"| `{rule.id}` | " in page
    for point in ruleset.for_clinician:
        assert f"- {point}" in page
    for old in ruleset.former:
        assert f"| `{old}` | " in page


def test_every_row_of_a_table_has_as_many_cells_as_its_head(ruleset):
    width = 0
    for line in to_markdown(ruleset):
        cells = line.count("|")
        assert not line.startswith("|") or width in {0, cells}
        width = cells if line.startswith("|") else 0
