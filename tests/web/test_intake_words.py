"""The words of the form are whole, plain, and dial where they name a number."""

from __future__ import annotations

import re

import pytest

from voicebot import assets
from voicebot.dialog.effects import Target
from voicebot.dialog.spoken import required_prompts
from voicebot.dialog.state import Step
from voicebot.speech.prompts import Prompts
from voicebot.triage.levels import LEVEL_NAMES
from voicebot.web.intake import STATUS
from voicebot.web.intake_page import choices_at
from voicebot.web.intake_words import dialable, load_words, on_the_page, readable_number

WORDS = load_words()


def test_every_number_of_help_dials_and_nothing_else_is_let_through():
    assert dialable("Call nine one one <now> & wait.") == 'Call <a href="tel:911">911</a> &lt;now&gt; &amp; wait.'
    assert dialable("Text 988 or Nine eight eight.").count('href="tel:988"') == 2
    assert dialable("Room 9112") == "Room 9112"


@pytest.mark.parametrize(
    ("number", "written"), [("+16515550100", "(651) 555-0100"), ("+442079460000", "+442079460000")]
)
def test_numbers_are_written_as_people_write_them(number, written):
    assert readable_number(number) == written


def test_no_words_are_for_prompts_there_are_not(ruleset):
    assert set(WORDS.instead) <= required_prompts(ruleset)


TELEPHONE_ONLY = (
    *("about_leg.again", "consent", "no_input", "no_match", "keys_", "confirm.", "resumed", "emergency.heard"),
    *("suicide.heard", "transfer.failed", "transfer.nobody", "to_person.not_understood", "to_person.unclear_red_flag"),
    *("for_self.again", "about_patient.again", "adult.again", "patient.adult.again", "number", "other_number", "left."),
    *("no_room", "relay.", "to_person.spanish", "to_person.interpreter", "to_person.staff", "patient.transfer.nobody"),
    *("still_here", "staying", "welcome_back", "will_call", "with_patient", "call_now.elsewhere"),
    *("place", "patient.place", "patient.call_"),
    *("transfer.after_hours", "transfer.try_front_desk", "transfer.voicemail", "call_", "whisper."),
)
"""Said after a misheard answer, a lost line or a transfer, while nobody is there, to staff, or about a recording."""


def test_nothing_on_a_page_speaks_of_a_call():
    spoken = {prompt.id: prompt.text for prompt in Prompts.load(assets.PROMPTS).by_id.values()}
    for prompt, text in on_the_page(spoken, WORDS).items():
        if not prompt.startswith(TELEPHONE_ONLY):
            assert not re.search("hang up|stay on the line|press|say yes|connect you|calling", text.lower()), prompt


def test_whatever_a_page_looks_up_has_words():
    assert {*LEVEL_NAMES} - {"self_care"} <= set(WORDS.results)
    assert set(WORDS.contacts) == set(Target)
    assert set(WORDS.choices) == {meaning for step in Step for meaning in choices_at(step)}
    assert {*STATUS, "too_many_requests"} <= set(WORDS.trouble)
    assert set(WORDS.check_no) == {"question", *choices_at(Step.READ_BACK)} - {"back", "operator"}
