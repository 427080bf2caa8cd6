import pytest

from voicebot import assets
from voicebot.dialog.spoken import required_prompts, spoken_texts
from voicebot.errors import Exit, VoicebotError
from voicebot.speech.prompts import Prompts


@pytest.fixture
def load(tmp_path):
    def load_files(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.yaml").write_text(text)
        return Prompts.load(tmp_path)

    return load_files


def refused(call):
    with pytest.raises(VoicebotError) as caught:
        call()
    assert caught.value.code == "prompts_broken"
    assert caught.value.exit_code == Exit.BAD_INPUT
    return str(caught.value)


def test_reads_every_file_of_the_folder(load):
    assert set(load(call="a: Hi.", other="b: Ho.").by_id) == {"a", "b"}


def test_an_id_in_two_files_is_refused_with_both_places(load):
    said = refused(lambda: load(call="x: Hi.\na: Hi.", other="a: Ho."))
    assert "other.yaml:1: prompt a is at" in said
    assert "call.yaml:2 too" in said


def test_the_mistakes_of_all_files_are_told_together(load):
    assert refused(lambda: load(call="a: ''", other="b: Call 911.")).count("\n") == 1


def test_a_folder_without_prompts_is_refused(tmp_path):
    assert "no prompts are here" in refused(lambda: Prompts.load(tmp_path))


def test_the_rule_set_adds_its_texts(load):
    prompts = load(call="a: Hi.").extended_with({"q.sit": "Does your leg\n fall asleep?"})
    assert prompts.by_id["q.sit"].text == "Does your leg fall asleep?"


@pytest.mark.parametrize(
    ("texts", "expected"),
    [
        ({"q.sit": "Call 911."}, "rule set: q.sit holds digits (911)"),
        ({"q.sit": " "}, "rule set: q.sit has no text"),
        ({"a": "Hi."}, "call.yaml:1: prompt a comes from the rule set too"),
    ],
)
def test_a_text_of_the_rule_set_that_cannot_be_said_is_refused(load, texts, expected):
    prompts = load(call="a: Hi.")
    assert expected in refused(lambda: prompts.extended_with(texts))


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ({"a": frozenset(), "confirm": frozenset({"answer"}), "b": frozenset()}, "prompts: b is missing"),
        (
            {"a": frozenset({"name"}), "confirm": frozenset({"answer"})},
            "call.yaml:1: a takes no slot where a call gives",
        ),
        (
            {"a": frozenset(), "confirm": frozenset()},
            "call.yaml:2: confirm takes slots answer where a call gives no slot",
        ),
        ({"a": frozenset()}, "call.yaml:2: confirm is never said"),
    ],
)
def test_what_a_call_needs_and_what_is_written_must_agree(load, required, expected):
    prompts = load(call="a: Hi.\nconfirm: {text: 'I heard {answer}.', slots: {answer: [yes, no]}}")
    prompts.check({"a": frozenset(), "confirm": frozenset({"answer"})})
    assert expected in refused(lambda: prompts.check(required))


def test_every_value_of_every_slot_is_a_wording(load):
    prompts = load(call="go: {text: '{who} to {where}.', slots: {who: [You, We], where: [us, them]}}")
    spoken = {text: dict(slots) for (_, slots), text in prompts.wordings()}
    assert set(spoken) == {"You to us.", "You to them.", "We to us.", "We to them."}
    assert spoken["We to us."] == {"who": "We", "where": "us"}


def test_the_line_has_exactly_the_prompts_its_calls_need(ruleset):
    prompts = Prompts.load(assets.PROMPTS).extended_with(spoken_texts(ruleset))
    prompts.check({prompt: frozenset() for prompt in required_prompts(ruleset)})


def test_the_greeting_tells_of_emergencies_first_then_what_it_is_and_how_to_reach_a_person():
    greeting = Prompts.load(assets.PROMPTS).by_id["greeting"].text
    told = ["hang up and call nine one one", "automated assistant", "not a nurse or doctor", "operator", "zero"]
    assert all(words in greeting for words in told)
    assert [greeting.index(words) for words in told] == sorted(greeting.index(words) for words in told)


@pytest.mark.parametrize("prompt", ["emergency.heard", "advice.call_911", "advice.call_911_if", "suicide.heard"])
def test_what_is_said_in_danger_names_the_number_to_call(prompt):
    assert "nine one one" in Prompts.load(assets.PROMPTS).by_id[prompt].text


def test_talk_of_suicide_is_answered_with_the_crisis_line():
    assert "call or text nine eight eight" in Prompts.load(assets.PROMPTS).by_id["suicide.heard"].text


def test_no_prompt_claims_to_be_or_to_reach_a_nurse_for_certain():
    """The nurse's number may be the front desk's; the line itself is never one."""
    for prompt in Prompts.load(assets.PROMPTS).by_id.values():
        assert "I am a nurse" not in prompt.text
        assert "with a nurse" not in prompt.text
