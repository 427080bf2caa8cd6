from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.calls.given import held
from voicebot.calls.entries import Entry
from voicebot.calls.timeline import Kind, spread, timeline
from voicebot.dialog.effects import Say
from voicebot.dialog.events import Fault, Heard, HungUp, KeyPressed, NoInput, SecondThought
from voicebot.dialog.meaning import Meaning

TEXTS = {"one": "This is one.", "two": "And two.", "again": "Again."}
PROMPT_MS = {"one": 3000, "two": 2000, "again": 1000}


def say_ms(say):
    return sum(PROMPT_MS[prompt] for prompt in say.prompts)


def moments_of(*messages):
    return list(timeline([Entry(seq, message) for seq, message in enumerate(messages)], TEXTS, say_ms))


def spans(moments):
    return [(moment.kind, moment.from_ms, moment.to_ms) for moment in moments]


def test_prompts_that_follow_one_event_are_said_one_after_another():
    moments = moments_of(NoInput(1000), Say(("one",)), Say(("two", "again")))
    assert spans(moments) == [(Kind.SIGN, 1000, 1000), (Kind.PROMPT, 1000, 4000), (Kind.PROMPT, 4000, 7000)]
    assert moments[1].text == "This is one."


def test_a_prompt_ends_where_the_line_speaks_again():
    heard = Heard(2500, Meaning.YES, 0.99, "yes", 1800, 2300, over_prompt=True)
    moments = moments_of(NoInput(0), Say(("one",)), Say(("two",)), heard, Say(("again",)))
    assert spans(moments)[1:] == [
        (Kind.PROMPT, 0, 2500),
        (Kind.PROMPT, 2500, 2500),
        (Kind.SPEECH, 1800, 2300),
        (Kind.PROMPT, 2500, 3500),
    ]
    assert moments[3].over_prompt


def test_an_event_that_changes_nothing_lets_the_prompt_go_on():
    assert spans(moments_of(NoInput(0), Say(("one",)), KeyPressed(500, "#"), NoInput(9000), Say(("again",))))[1] == (
        Kind.PROMPT,
        0,
        3000,
    )


def test_nobody_hears_a_prompt_after_the_call():
    assert spans(moments_of(NoInput(0), Say(("one",)), HungUp(1200)))[1] == (Kind.PROMPT, 0, 1200)


def test_what_took_no_time_or_whose_time_is_unknown_lies_at_its_event():
    moments = moments_of(Heard(700, None, 0.0), SecondThought(900, Meaning.NO, key="2"), Fault(1000, "ears_failed"))
    assert spans(moments) == [(Kind.SPEECH, 700, 700), (Kind.SIGN, 900, 900), (Kind.FAULT, 1000, 1000)]


def test_every_moment_of_a_call_lies_within_it(ruleset):
    entries = held(ruleset, "q.saddle").entries
    last = max(getattr(entry.message, "at_ms", 0) for entry in entries)
    for moment in timeline(entries, {}, lambda _: 2500):
        assert 0 <= moment.from_ms <= moment.to_ms <= last


@given(
    st.lists(st.text("abcdefg", min_size=1, max_size=12), max_size=20),
    st.integers(0, 1_000_000),
    st.integers(0, 60_000),
)
def test_words_fill_their_time_in_order(words, from_ms, lasting_ms):
    found = spread(" ".join(words), from_ms, from_ms + lasting_ms)
    assert [word.text for word in found] == words
    edges = [edge for word in found for edge in (word.from_ms, word.to_ms)]
    assert edges == sorted(edges)
    if words:
        assert (edges[0], edges[-1]) == (from_ms, from_ms + lasting_ms)
