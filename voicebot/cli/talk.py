"""`voicebot talk`: the dialog by keyboard, for people who write prompts and rules. Nothing is kept."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

import click

from voicebot import assets
from voicebot.calls.record import read_record
from voicebot.config import load_settings
from voicebot.dialog.digits import Digits
from voicebot.dialog.effects import Effect, HangUp, Listen, PageStaff, RecordPlace, Say, Transfer
from voicebot.dialog.events import (
    Channel,
    Connected,
    Event,
    Heard,
    HungUp,
    KeyPressed,
    NoInput,
    PlaceRecorded,
    Played,
)
from voicebot.simulate.in_process import Clinic, after_last_words
from voicebot.simulate.scenario import LineConditions
from voicebot.speech.grammars import Grammars
from voicebot.storage.memory_store import MemoryStore
from voicebot.wiring import load_prompts, load_ruleset, read_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from voicebot.session import Session
    from voicebot.speech.prompts import Prompts

TELEPHONE_KEYS = frozenset("0123456789*#")


@click.command()
def talk() -> None:
    """Answer the line's questions by typing: words, a telephone key (1 yes, 2 no, 3 not sure, 0 a person), or nothing.

    An empty line is silence; the end of the input hangs up.
    """
    settings = load_settings()
    ruleset = load_ruleset(settings)
    rules_text = read_text(settings.rules or assets.RULESET)
    clinic = Clinic(ruleset, rules_text, Grammars.load(assets.GRAMMARS), MemoryStore())
    session = clinic.new_call(Channel.TEXT)
    _Conversation(clinic, session, load_prompts(ruleset)).run()
    _print_decision(clinic, session)


class _Conversation:
    """One call at the keyboard."""

    def __init__(self, clinic: Clinic, session: Session, prompts: Prompts) -> None:
        self._clinic = clinic
        self._session = session
        self._prompts = prompts
        self._began = time.monotonic()

    def run(self) -> None:
        effects = self._session.handle(Connected(0, Channel.TEXT))
        while effects and (event := self._perform(effects)):
            effects = self._session.handle(event)

    @property
    def _now_ms(self) -> int:
        return int((time.monotonic() - self._began) * 1000)

    def _perform(self, effects: Iterable[Effect]) -> Event | None:
        for effect in effects:
            match effect:
                case Say(prompts):
                    for prompt in prompts:
                        click.echo(f"line: {self._prompts.by_id[prompt].text}")
                case Listen():
                    return self._answer(effect)
                case PageStaff(reason):
                    click.echo(f"      (pages staff: {reason.replace('_', ' ')})")
                case RecordPlace():
                    return self._place()
                case Transfer() | HangUp():
                    target = effect.target.replace("_", " ") if isinstance(effect, Transfer) else None
                    click.echo(f"      (rings {target})" if target else "      (hangs up)")
                    self._session.handle(Played(self._now_ms))
                    following = after_last_words(self._session, effect, LineConditions(), self._now_ms)
                    return self._perform(following) if following else None
                case _:
                    pass
        return None

    def _place(self) -> Event:
        """Take any words as where the caller is; they are recorded, never understood."""
        click.echo("you (recorded):  ", nl=False)
        began_ms, typed = self._now_ms, sys.stdin.readline()
        if not sys.stdin.isatty():
            click.echo(typed.strip())
        if not typed:
            return HungUp(self._now_ms)
        return PlaceRecorded(self._now_ms, max(1, self._now_ms - began_ms) if typed.strip() else 0)

    def _answer(self, listen: Listen) -> Event:
        click.echo("you:  ", nl=False)
        typed = sys.stdin.readline()
        words = typed.strip().lower()
        if not sys.stdin.isatty():
            click.echo(words)
        if not typed:
            return HungUp(self._now_ms)
        if not words:
            return NoInput(self._now_ms)
        if listen.digits and words.isdigit() and len(words) > 1:
            return Digits(listen.digits, words).event(self._now_ms)
        if words in TELEPHONE_KEYS:
            return KeyPressed(self._now_ms, words)
        return Heard(self._now_ms, self._clinic.grammars.understand(listen.grammar, words), 1.0, words)


def _print_decision(clinic: Clinic, session: Session) -> None:
    record = read_record(clinic.store.load(session.call_id))
    click.echo(f"\noutcome: {record.outcome}")
    if record.decision is None:
        click.echo("The rules were not asked to decide.")
        return
    click.echo(f"urgency: {record.urgency} ({record.decision['level']})")
    click.echo(f"destinations: {', '.join(record.decision['destinations'])}")
    for rule in record.decision["rules"]:
        because = ", ".join(f"{question}={answer}" for question, answer in rule["because"].items())
        click.echo(f"rule: {rule['id']} (level {rule['level']}){' because ' + because if because else ''}")
