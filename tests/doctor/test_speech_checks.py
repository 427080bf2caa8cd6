"""Model, grammars, prompts and rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from voicebot import assets
from voicebot.config import Settings
from voicebot.doctor import speech
from voicebot.doctor.findings import Status
from voicebot.errors import VoicebotError
from voicebot.speech.prompt_cache import PromptCache
from voicebot.wiring import load_prompts

TODAY = date(2026, 11, 22)


def test_the_bundled_model_hears_and_knows_every_word():
    assert speech.check_model(Settings()).status is Status.OK
    assert "8 kHz" in speech.check_model(Settings()).what
    assert speech.check_vocabulary(Settings()).status is Status.OK


@pytest.mark.parametrize("check", [speech.check_model, speech.check_vocabulary])
def test_a_model_that_is_not_there_is_told(check, tmp_path):
    with pytest.raises(VoicebotError) as raised:
        check(Settings(model=tmp_path / "none"))
    assert raised.value.code == "model_missing"


def test_a_word_the_model_lacks_is_told(tmp_path, monkeypatch):
    (tmp_path / "odd.yaml").write_text('intents:\n  "yes":\n    data:\n      - sentences: ["xyzzy"]\n')
    monkeypatch.setattr(assets, "GRAMMARS", tmp_path)
    with pytest.raises(VoicebotError, match="xyzzy") as raised:
        speech.check_vocabulary(Settings())
    assert raised.value.code == "word_not_in_model"


def test_prompts_that_are_not_rendered_are_counted(tmp_path, ruleset):
    settings = Settings(data_dir=tmp_path)
    everything = dict(load_prompts(ruleset).wordings())
    assert f"{len(everything)} of {len(everything)}" in speech.check_prompts(settings).what
    assert speech.check_prompts(settings).status is Status.WARNING


def test_prompts_that_are_rendered_are_ready(tmp_path, ruleset, monkeypatch):
    monkeypatch.setattr(PromptCache, "find", lambda _cache, _text: b"\xff" * 160)
    verdict = speech.check_prompts(Settings(data_dir=tmp_path))
    assert verdict.status is Status.OK
    assert "are ready" in verdict.what


def test_a_rule_set_that_is_broken_is_told(tmp_path):
    rules = tmp_path / "rules.yaml"
    rules.write_text("id: x\n")
    with pytest.raises(VoicebotError) as raised:
        speech.check_rules(Settings(rules=rules))
    assert raised.value.code == "ruleset_broken"


def approved(ruleset, review_by):
    approval = ruleset.approval.model_copy(
        update={"approver": "A. Clinician", "approved_on": TODAY, "review_by": review_by}
    )
    rules = tuple(rule.model_copy(update={"approval": approval}) for rule in ruleset.rules)
    return replace(ruleset, approval=approval, rules=rules)


def test_rules_nobody_approved_are_an_error_unless_allowed(ruleset):
    draft = replace(ruleset, approval=ruleset.approval.model_copy(update={"approver": None, "approved_on": None}))
    assert speech.judge_rules(draft, TODAY, allow_unapproved=False).status is Status.ERROR
    assert speech.judge_rules(draft, TODAY, allow_unapproved=True).status is Status.WARNING


@pytest.mark.parametrize(
    ("review_by", "status"), [(date(2026, 11, 21), Status.WARNING), (TODAY, Status.OK), (date(2027, 5, 1), Status.OK)]
)
def test_rules_are_to_be_reviewed_in_time(ruleset, review_by, status):
    assert speech.judge_rules(approved(ruleset, review_by), TODAY, allow_unapproved=False).status is status


def test_one_rule_that_is_overdue_is_found(ruleset):
    rules = approved(ruleset, date(2027, 5, 1))
    overdue = rules.approval.model_copy(update={"review_by": date(2026, 1, 1)})
    rules = replace(rules, rules=(rules.rules[0].model_copy(update={"approval": overdue}), *rules.rules[1:]))
    assert "(1 of its dates" in speech.judge_rules(rules, TODAY, allow_unapproved=False).what
