"""The scenario files: complete, documented, and wrong ones told so that they can be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from voicebot.errors import VoicebotError
from voicebot.simulate import scenario as scenario_module
from voicebot.simulate.scenario import find_scenarios, read_scenario

SCENARIOS = Path(__file__).parent.parent / "scenarios"
DOCS = Path(__file__).parent.parent.parent / "docs" / "scenarios.md"


@pytest.fixture
def broken(tmp_path, ruleset):
    """The message for a scenario file of this text."""

    def read(text):
        path = tmp_path / "wrong.toml"
        path.write_text(text)
        with pytest.raises(VoicebotError) as told:
            read_scenario(path, ruleset)
        assert told.value.code == "scenario_broken"
        assert told.value.exit_code == 2
        return str(told.value)

    return read


def test_every_cause_and_symptom_of_the_rules_has_a_scenario(ruleset):
    told = {scenario.cause for scenario in find_scenarios([SCENARIOS], ruleset)}
    assert {rule.seed_cause for rule in ruleset.rules} <= told | {None}


def test_the_documented_example_is_a_valid_scenario(ruleset, tmp_path):
    lines = (scenario_module.__doc__ or "").splitlines()
    example = "\n".join(line.removeprefix("    ") for line in lines if line.startswith("    "))
    path = tmp_path / "example.toml"
    path.write_text(example)
    assert read_scenario(path, ruleset).on["saddle"][1].key == "2"


def test_the_docs_are_the_docstring():
    _, _, body = (scenario_module.__doc__ or "").partition("\n\n")
    assert DOCS.read_text() == f"# Scenarios\n\n{body}"


def test_broken_toml_is_told_with_its_line(broken):
    assert "wrong.toml:2: " in broken('about = "x"\nanswers = }\n[on]')


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('default = "no"', "about: Field required"),
        ('about = "x"\nabuot = "y"', "abuot: "),
        ('about = "x"\n[answers]\nnosuch = "yes"', "answers: the rule set knows no 'nosuch'"),
        ('about = "x"\n[answers]\nsit = "maybe"', "answers.sit: "),
        ('about = "x"\n[on]\nsit = [{ say = "no", key = "2" }]', "exactly one of say, key, keys, silence, hang_up"),
        ('about = "x"\n[on]\nsit = [{ say = "no", into_ms = 1, after_ms = 1 }]', "not both"),
        ('about = "x"\n[on]\nsit = [{ key = "1", then = "no" }]', "says nothing before it"),
        ('about = "x"\n[on]\n"no.such" = ["no"]', "on: the rule set knows no 'no.such'"),
        ('about = "x"\n[expect]\noutcome = "heaven"', "expect.outcome: "),
        ('about = "x"\n[expect]\nrules = ["nosuch"]', "expect.rules: the rule set knows no 'nosuch'"),
        ('about = "x"\ncause = "bad luck"', "cause: the rule set knows no 'bad luck'"),
    ],
)
def test_a_mistake_names_its_key(broken, text, told):
    assert told in broken(text)


def test_a_folder_without_scenarios_is_told(tmp_path, ruleset):
    with pytest.raises(VoicebotError, match="no scenario"):
        find_scenarios([tmp_path], ruleset)
