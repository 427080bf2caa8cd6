"""Effects and answers as TwiML, the carrier's markup. Pure: addresses and numbers come in, a document goes out.

Every document ends in something that happens (a transfer, a hang-up, a redirect to us): the end of a TwiML document
hangs up, and a caller must never be left in silence. Prompts are played from our own rendering, so the voice is the
same as on the media stream. Whoever is rung is asked first (offer); only a document that ends without a Hangup on their
leg joins them to the caller.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol
from urllib.parse import urlencode

from twilio.twiml.voice_response import Connect, Dial, Gather, VoiceResponse

from voicebot.dialog.effects import (
    Brief,
    CallBack,
    Decided,
    Effect,
    HangUp,
    KeepAudio,
    Listen,
    PageStaff,
    RecordPlace,
    Refused911,
    Say,
    Target,
    Transfer,
)
from voicebot.speech.place import DONE_AFTER_MS
from voicebot.telephony.address import socket_url
from voicebot.telephony.transfer import RING_S

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

ANSWER_END_S = 2
"""Silence that ends a recorded answer, in seconds. The carrier counts the silence before the answer too."""
ANSWER_MAX_S = 10
"""The longest recorded answer, in seconds."""
ACCEPT_S = 6
"""How long whoever was rung may think about taking the call after they heard the offer twice, in seconds."""
PATIENT_FROM_MS, PATIENT_END_S = 20_000, 6
"""An answer to a question that bears silence for so long may pause for longer, in seconds."""
UNHURRIED_END_S = 15
"""The same where somebody types for the caller: they begin late, and pause."""
UNHURRIED_MAX_S = 60
"""The longest recorded answer of theirs, in seconds."""
TRY_AGAIN = "#rc=4&rp=all"
"""Connection overrides behind the address of a webhook that may be sent again without harm: on any failure the carrier
tries so many times more (twilio.com/docs/usage/webhooks/webhooks-connection-overrides). By default it gives up when a
server that is being restarted breaks a connection off, and the caller is lost."""
OFFER = "whisper.offer"
CALLER_GONE = "whisper.caller_gone"


class PromptPath(Protocol):
    """Where a prompt can be fetched."""

    def __call__(self, prompt_id: str, *, slow: bool = False) -> str:
        """Return the path that plays a prompt, spoken slower if so."""


Spoken = tuple[str, bool]
"""A prompt id, and whether it is spoken slower."""


@dataclass(frozen=True, slots=True)
class Links:
    """Where documents point to."""

    base: str
    """Base URL of this service as the carrier calls it."""
    numbers: Mapping[Target, str]
    """Telephone number of every target."""
    prompt: PromptPath
    """The path that plays a prompt id."""
    text: Callable[[str], str]
    """The words of a prompt id, for the carrier's own voice."""
    closed: tuple[Target, ...] = ()
    """Whom it makes no sense to ring now."""
    call_id: str = ""
    """Whose call it is; empty for one we know nothing about."""

    def turn(self, seq: int, more: str = "") -> str:
        """Return where the answer goes that becomes entry `seq` of the record; `more` is what follows in the query."""
        return f"{self.base}/voice/turn?n={seq}{more}{TRY_AGAIN}"

    def staff(self, what: str, seq: int) -> str:
        """Return what is asked for (`offer` or `key`) on the leg of whoever is rung by the transfer before `seq`."""
        return f"{self.base}/voice/staff/{what}?{urlencode({'call': self.call_id, 'n': seq})}{TRY_AGAIN}"


def answer(links: Links, token: str) -> str:
    """Return the document that joins the caller to the media stream; whatever ends the stream leads to resume."""
    resume = f"{links.base}/voice/resume{TRY_AGAIN}"
    response = VoiceResponse()
    connect: Connect = response.connect(action=resume)
    connect.stream(url=f"{socket_url(links.base)}/media").parameter(name="token", value=token)
    response.redirect(resume)
    return str(response)


def render(effects: Iterable[Effect], *, seq: int, links: Links) -> str:
    """Return the document that performs `effects`; `seq` is the place in the record of the event that answers it.

    Effects that neither ask nor end anything are followed by a transfer to the front desk.
    """
    response = VoiceResponse()
    prompts: list[Spoken] = []
    for effect in effects:
        match effect:
            case Say():
                prompts += [(prompt, effect.slow) for prompt in effect.prompts]
            case Listen():
                _listen(response, prompts, effect, seq, links)
                return str(response)
            case RecordPlace():
                _record_place(response, prompts, effect, seq, links)
                return str(response)
            case Transfer():
                _play_until_key(response, prompts, seq, links)
                _transfer(response, links, effect.target, seq)
                return str(response)
            case HangUp():
                _play_until_key(response, prompts, seq, links)
                response.hangup()
                return str(response)
            case Decided() | KeepAudio() | Brief() | CallBack() | Refused911() | PageStaff():
                pass
    _play(response, prompts, links)
    response.dial(timeout=RING_S).number(links.numbers[Target.FRONT_DESK])
    return str(response)


def offer(links: Links, seq: int) -> str:
    """Return the document that asks whoever was rung to take the call, by key. A machine hears nothing else."""
    response = VoiceResponse()
    gather = Gather(
        input="dtmf",
        num_digits=1,
        finish_on_key="",
        timeout=ACCEPT_S,
        action=links.staff("key", seq),
        action_on_empty_result=True,
    )
    _play(gather, [(OFFER, False)], links)
    gather.pause(length=1)
    _play(gather, [(OFFER, False)], links)
    response.append(gather)
    response.hangup()  # not reached; an end without it would join the caller to a machine
    return str(response)


def join(links: Links, briefing: str | None) -> str:
    """Return the document that tells the prompt `briefing` to whoever took the call and joins them to the caller."""
    response = VoiceResponse()
    _play(response, [(briefing, False)] if briefing else [], links)
    return str(response)


def dismiss(links: Links, prompt: str | None = None) -> str:
    """Return the document that hangs up on whoever was rung, after a prompt or none."""
    response = VoiceResponse()
    _play(response, [(prompt, False)] if prompt else [], links)
    response.hangup()
    return str(response)


def _listen(response: VoiceResponse, prompts: list[Spoken], listen: Listen, seq: int, links: Links) -> None:
    """Ask by key, and by recorded speech where the caller agreed to be recorded.

    With speech, Gather is there for a key during the prompt only: its timeout of 0 lets Record start at once after it,
    so that no word is lost (a whole second is the shortest documented time). A recording that stays empty skips its
    action and falls through to the redirect. A number is keyed in, whole, and nothing else is listened for; it may have
    the country's 1 before it, so the carrier waits for one key more, a pause, or #.
    """
    by_voice = listen.keep_audio and not listen.digits
    if by_voice:
        gather = _for_a_key(links.turn(seq))
    else:
        gather = Gather(
            input="dtmf",
            num_digits=listen.digits + 1,
            finish_on_key="#" if listen.digits else "",
            timeout=-(-listen.no_input_ms // 1000),
            action=links.turn(seq),
            action_on_empty_result=True,
        )
    _play(gather, prompts, links)
    response.append(gather)
    for end_s in _ends_s(listen) if by_voice else ():
        response.record(
            action=links.turn(seq),
            play_beep=False,
            trim="do-not-trim",
            finish_on_key="1234567890*#",
            timeout=end_s,
            max_length=UNHURRIED_MAX_S if listen.unhurried else ANSWER_MAX_S,
        )
    response.redirect(links.turn(seq, "&silent=1"))


def _ends_s(listen: Listen) -> tuple[int, int]:
    """Return the silences, in seconds, that end the recordings of an answer, which follow one another.

    The carrier counts the silence before an answer too, and goes on to what follows when nothing was said. So whoever
    needs a moment is heard by the second one; together they last for what the question calls no answer, or longer.
    """
    usual = PATIENT_END_S if listen.no_input_ms >= PATIENT_FROM_MS else ANSWER_END_S
    first = UNHURRIED_END_S if listen.unhurried else usual
    return first, max(first, -(-listen.no_input_ms // 1000) - first)


def _record_place(response: VoiceResponse, prompts: list[Spoken], place: RecordPlace, seq: int, links: Links) -> None:
    """Record where the caller is after a tone, until they are quiet or press a key.

    A key before the tone is not taken: whoever presses a second time for "yes" would lose what they came to say.
    """
    _play(response, prompts, links)
    response.record(
        action=links.turn(seq),
        play_beep=True,
        trim="do-not-trim",
        finish_on_key="1234567890*#",
        timeout=DONE_AFTER_MS // 1000,
        max_length=place.max_ms // 1000,
    )
    response.redirect(links.turn(seq, "&silent=1"))


def _play(parent: VoiceResponse | Gather, prompts: list[Spoken], links: Links) -> None:
    for prompt_id, slow in prompts:
        parent.play(links.base + (links.prompt(prompt_id, slow=True) if slow else links.prompt(prompt_id)))


def _play_until_key(response: VoiceResponse, prompts: list[Spoken], seq: int, links: Links) -> None:
    """Play last words; a key during them is for us at once, and without one the document goes on."""
    if not prompts:
        return
    gather = _for_a_key(links.turn(seq))
    _play(gather, prompts, links)
    response.append(gather)


def _for_a_key(action: str) -> Gather:
    """Return what takes one key while something plays in it, and not a moment longer."""
    return Gather(input="dtmf", num_digits=1, finish_on_key="", timeout=0, action=action, action_on_empty_result=False)


def _transfer(response: VoiceResponse, links: Links, target: Target, seq: int) -> None:
    """Ring `target`; the caller hears it ring until they are joined."""
    dial: Dial = response.dial(
        action=f"{links.base}/voice/transfer-result?n={seq}{TRY_AGAIN}", timeout=RING_S, answer_on_bridge=True
    )
    dial.number(links.numbers[target], url=links.staff("offer", seq))
