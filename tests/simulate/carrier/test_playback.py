"""Source: twilio.com/docs/voice/media-streams/websocket-messages (mark, clear), error 31931."""

from hypothesis import given, settings
from hypothesis import strategies as st

from voicebot.simulate.carrier.audio import SILENCE
from voicebot.simulate.carrier.playback import LARGEST, Playback

AUDIO = st.binary(max_size=700).map(lambda audio: audio.replace(SILENCE, b"\0"))
STEPS = st.lists(
    st.one_of(
        AUDIO.map(lambda audio: ("add", audio)),
        st.just(("mark", b"")),
        st.just(("clear", b"")),
        st.integers(0, 400).map(lambda count: ("play", bytes(count))),
    )
)


@settings(deadline=None)
@given(STEPS)
def test_every_mark_comes_back_once_in_order_and_never_before_its_audio_was_heard(steps):
    playback = Playback()
    heard, added, names = b"", b"", 0
    needs: dict[str, int] = {}
    returned: list[str] = []
    for step, data in steps:
        if step == "add":
            playback.add(data)
            added += data
        elif step == "mark":
            names += 1
            needs[str(names)] = len(added)
            playback.mark(str(names))
        elif step == "clear":
            returned += playback.clear()
            added = heard
            needs = {name: min(need, len(added)) for name, need in needs.items()}
        else:
            played = playback.play(len(data))
            assert len(played.audio) == len(data)
            heard += played.audio.replace(SILENCE, b"")
            assert all(len(heard) >= needs[name] for name in played.marks)
            returned += played.marks
        assert added.startswith(heard)
        assert playback.queued == len(added) - len(heard)
    returned += playback.play(playback.queued).marks
    assert returned == [str(name + 1) for name in range(names)]


def test_silence_is_heard_where_nothing_was_queued():
    playback = Playback()
    playback.add(b"\1\2\3")
    assert playback.play(5).audio == b"\1\2\3" + SILENCE * 2


def test_a_mark_is_reached_when_the_last_byte_before_it_was_heard():
    playback = Playback()
    playback.add(b"\1" * 320)
    playback.mark("done")
    assert playback.play(319).marks == ()
    assert playback.play(1).marks == ("done",)


def test_a_mark_with_nothing_before_it_is_reached_at_once():
    playback = Playback()
    playback.mark("first")
    playback.mark("second")
    assert playback.play(160).marks == ("first", "second")


def test_what_has_no_room_is_thrown_away():
    playback = Playback()
    assert playback.add(bytes(LARGEST - 10)) == 0
    assert playback.add(bytes(30)) == 20
    assert playback.queued == LARGEST
    playback.play(5)
    assert playback.add(bytes(5)) == 0
