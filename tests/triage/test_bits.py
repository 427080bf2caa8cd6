from hypothesis import given
from hypothesis import strategies as st

from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.bits import read_sheet


@given(st.data())
def test_a_sheet_holds_what_the_gate_lets_in(ruleset, data):
    """Former ids, answers left out and answers that meet are read as `parse_answers` reads them."""
    names = [*ruleset.questions, *ruleset.former]
    told = data.draw(st.dictionaries(st.sampled_from(names), st.sampled_from([*Answer, *map(str, Answer)])))
    sheet = read_sheet(ruleset, told)
    assert {name: sheet.answer(name) for name in ruleset.questions} == parse_answers(told, ruleset)


@given(st.data())
def test_every_question_is_in_one_set(ruleset, data):
    told = data.draw(st.dictionaries(st.sampled_from(list(ruleset.questions)), st.sampled_from(list(Answer))))
    sheet = read_sheet(ruleset, told)
    sets = [sheet.yes, sheet.no, sheet.unknown, sheet.declined, sheet.not_asked]
    assert sum(sets) == (1 << len(ruleset.questions)) - 1
    named = [name for questions in sets for name in sheet.named(questions)]
    assert sorted(named) == sorted(ruleset.questions)
    assert sheet.named(sum(sets)) == tuple(ruleset.questions)
