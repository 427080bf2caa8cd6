"""Triage: questions and rules as data, and the pure engine that turns answers into an urgency and destinations.

Pure: no clock, random, environment, file or socket. What the line says or does about a decision never belongs here.

    ruleset = parse_ruleset(text, name)
    answers = parse_answers({"saddle": "yes"}, ruleset)
    decide(ruleset, answers)        # urgency, destinations, the rules that fired
    next_screen(ruleset, answers)   # what to ask next, or None
"""

from voicebot.triage.answers import Answer, parse_answers
from voicebot.triage.asking import answer_screen, left_for_staff, next_question, next_screen
from voicebot.triage.engine import Decision, decide
from voicebot.triage.file_format import Rule
from voicebot.triage.levels import AskedBy, Destination, Urgency
from voicebot.triage.ruleset import Question, RuleSet, Screen, parse_ruleset

__all__ = [
    "Answer",
    "AskedBy",
    "Decision",
    "Destination",
    "Question",
    "Rule",
    "RuleSet",
    "Screen",
    "Urgency",
    "answer_screen",
    "decide",
    "left_for_staff",
    "next_question",
    "next_screen",
    "parse_answers",
    "parse_ruleset",
]
