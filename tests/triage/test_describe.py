from voicebot.triage.describe import to_json, to_mermaid, to_text


def test_json_lists_everything_that_the_file_says(ruleset):
    shown = to_json(ruleset)
    assert (shown["id"], shown["version"], shown["sha256"]) == (ruleset.id, ruleset.version, ruleset.sha256)
    assert (shown["approver"], shown["approved_on"]) == (None, None)
    assert [question["id"] for question in shown["questions"]] == list(ruleset.questions)
    assert [rule["id"] for rule in shown["rules"]] == [rule.id for rule in ruleset.rules]
    saddle = next(question for question in shown["questions"] if question["id"] == "saddle")
    assert set(saddle) == {
        "id", "text", "reprompt", "help", "patient", "why", "level", "unknown_level", "screen", "asked_if", "asked_by",
    }  # fmt: skip
    assert (saddle["level"], saddle["unknown_level"], saddle["screen"]) == (4, 3, "saddle")
    rule = next(rule for rule in shown["rules"] if rule["id"] == "cauda-saddle")
    assert (rule["level"], rule["all_of"], rule["destinations"]) == (4, ["saddle"], ["er"])
    assert rule["if_unknown"] == {"level": 3, "destinations": ["nurse"]}
    assert rule["approver"] is None
    assert {"spoken", "seed_cause", "source", "icd10", "author", "approved_on", "review_by", "version"} <= set(rule)


def test_text_names_every_question_and_rule_and_says_that_nobody_approved_them(ruleset):
    text = "\n".join(to_text(ruleset))
    assert "No clinician has approved these rules." in text
    assert "not approved by anyone" in text
    for question in ruleset.questions.values():
        assert question.text in text
    for rule in ruleset.rules:
        assert f"  {rule.id}: when " in text


def test_the_diagram_holds_every_screen_and_ends_at_the_levels(ruleset):
    lines = list(to_mermaid(ruleset))
    assert lines[0] == "flowchart TD"
    for screen in ruleset.screens.values():
        assert sum(line.startswith(f'  {screen.id}["') for line in lines) == 1
        assert f"  {screen.id} -.->|yes| level{int(screen.level)}" in lines
    assert any("only after sudden_pain" in line for line in lines)
