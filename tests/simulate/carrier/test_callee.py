"""Who picks up: the scripts. Nothing of Twilio's is in here."""

from voicebot.simulate.carrier import HangUp, Party, Pickup, Press, Said, SaidKind, Speak


def live(party, says=(), connected_ms=None, until_ms=10_000):
    """Let a party live through a call that says something at some times; return what they do when."""
    person = party.person(0)
    done = []
    for now_ms in range(0, until_ms, 20):
        for at_ms in says:
            if now_ms == at_ms:
                person.on_said(Said("?", SaidKind.SAY, at_ms, at_ms + 1000, b""))
        if now_ms == connected_ms:
            person.connected(now_ms)
        done += [(now_ms, action) for action in person.next_actions(now_ms)]
        if done and isinstance(done[-1][1], HangUp):
            break
    return done


def test_a_person_presses_one_once_after_the_first_thing_said():
    assert live(Party.answers(), says=(1000, 5000)) == [(2500, Press("1"))]


def test_keys_follow_what_is_said_one_by_one():
    assert live(Party(keys="21"), says=(1000, 5000)) == [(2500, Press("2")), (6500, Press("1"))]


def test_a_person_hangs_up_when_the_talk_is_over():
    assert live(Party.answers(talk_s=2), connected_ms=3000) == [(5000, HangUp())]


def test_a_voicemail_greets_presses_nothing_and_hangs_up_after_its_message():
    assert live(Party.voicemail(b"\x10" * 800, message_s=6), says=(1000,)) == [
        (0, Speak(b"\x10" * 800)),
        (6000, HangUp()),
    ]


def test_who_ignores_declines_or_hangs_up():
    assert live(Party.ignores(), says=(1000,)) == []
    assert live(Party.declines("7"), says=(1000,)) == [(2500, Press("7"))]
    assert live(Party.hangs_up(after_s=2), says=(1000,)) == [(2000, HangUp())]


def test_who_does_not_pick_up():
    pickups = [party.pickup for party in (Party.busy(), Party.no_answer(), Party.unreachable(), Party())]
    assert pickups == [Pickup.BUSY, Pickup.NO_ANSWER, Pickup.FAILED, Pickup.ANSWERED]
