"""Reviews on disk, on every database."""

from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from tests.storage.given import NOON, start
from voicebot.calls.entries import Entry
from voicebot.calls.review_reasons import ReviewReason
from voicebot.dialog.events import Heard
from voicebot.dialog.meaning import Meaning
from voicebot.errors import VoicebotError
from voicebot.staff.review import LEASE, Reader, ReviewState, Verdict
from voicebot.storage.review_store import Correction, ReviewStore, review_values
from voicebot.storage.tables import CALL_INDEX
from voicebot.storage.tally_store import keep

ANN, BOB, CAT = (Reader(name, name.title()) for name in ("ann", "bob", "cat"))
LATER = NOON + timedelta(minutes=1)


@pytest.fixture(params=["sqlite", "postgresql"])
def calls(request):
    return request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def reviews(calls):
    return ReviewStore(calls.engine)


def put_up(calls, *, urgency=3, line_level=3, reasons=(ReviewReason.FAULT,), ended_at=NOON):
    call_id = start(calls).call_id
    calls.append(call_id, [Entry(0, Heard(1, Meaning.NO, 0.99, "no"))])
    assert keep(calls.engine, review_values(call_id, urgency, line_level, reasons, ended_at), {})
    return call_id


def agrees(by, level=3, at=LATER):
    return Verdict(by, at, agrees=True, level=level)


def disagrees(by, level, at=LATER):
    return Verdict(by, at, agrees=False, level=level, reason="It was worse.")


def levels(reviews, days=1):
    return reviews.levels(NOON, NOON + timedelta(days=days))


def index_state(calls, call_id):
    with calls.engine.connect() as connection:
        return connection.scalar(select(CALL_INDEX.c.review_state).where(CALL_INDEX.c.call_id == call_id))


def test_the_queue_has_the_most_urgent_first_then_the_oldest(calls, reviews):
    late = put_up(calls, urgency=5, ended_at=NOON + timedelta(hours=1))
    mild = put_up(calls, urgency=1)
    early = put_up(calls, urgency=5)
    put_up(calls, urgency=5, reasons=())
    assert [review.call_id for review in reviews.queue()] == [early, late, mild]
    assert reviews.queue_length() == 3
    assert reviews.queue(limit=1)[0].reasons == (ReviewReason.FAULT,)


def test_a_call_is_looked_through_once(calls):
    call_id = put_up(calls)
    assert not keep(calls.engine, review_values(call_id, 5, 5, (), NOON), {})


def test_a_claim_keeps_others_out_until_it_runs_out(calls, reviews):
    call_id = put_up(calls)
    assert reviews.claim(call_id, ANN, NOON).until == NOON + LEASE
    with pytest.raises(VoicebotError, match="Ann is working") as refused:
        reviews.claim(call_id, BOB, NOON + LEASE - timedelta(seconds=1))
    assert refused.value.code == "review_taken"
    assert reviews.claim(call_id, ANN, LATER).until == LATER + LEASE
    assert reviews.claim(call_id, BOB, LATER + LEASE).by == BOB


def test_a_claim_is_renewed_until_somebody_else_has_the_call(calls, reviews):
    call_id = put_up(calls)
    reviews.claim(call_id, ANN, NOON)
    assert reviews.renew(call_id, ANN, LATER).until == LATER + LEASE
    too_late = LATER + 2 * LEASE
    assert reviews.renew(call_id, ANN, too_late).until == too_late + LEASE
    assert reviews.review(call_id).claim.until == too_late + LEASE
    reviews.claim(call_id, BOB, too_late + LEASE)
    with pytest.raises(VoicebotError, match="Bob is working") as refused:
        reviews.renew(call_id, ANN, too_late + LEASE)
    assert refused.value.code == "review_taken"
    assert reviews.review(call_id).claim.by == BOB


def test_what_was_never_taken_or_was_given_back_is_not_renewed(calls, reviews):
    call_id = put_up(calls)
    for _ in range(2):
        with pytest.raises(VoicebotError, match="no longer") as refused:
            reviews.renew(call_id, ANN, NOON)
        assert refused.value.code == "review_not_held"
        assert reviews.review(call_id).claim is None
        reviews.claim(call_id, ANN, NOON)
        reviews.release(call_id, ANN)


def test_a_claim_given_back_is_free(calls, reviews):
    call_id = put_up(calls)
    reviews.claim(call_id, ANN, NOON)
    reviews.release(call_id, BOB)
    assert reviews.review(call_id).claim.by == ANN
    reviews.release(call_id, ANN)
    assert reviews.review(call_id).claim is None


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(attempts=st.lists(st.tuples(st.sampled_from([ANN, BOB, CAT]), st.integers(0, 20)), max_size=12))
def test_no_two_nurses_ever_work_one_call(sql_store, attempts):
    reviews, call_id, now = ReviewStore(sql_store.engine), put_up(sql_store), NOON
    held = None
    for reader, minutes in attempts:
        now += timedelta(minutes=minutes)
        try:
            claim = reviews.claim(call_id, reader, now)
        except VoicebotError:
            assert held.by != reader
            assert now < held.until
        else:
            assert held is None or held.by == reader or held.until <= now
            held = claim


def test_of_many_who_claim_at_once_one_gets_the_call(calls, reviews):
    call_id, got = put_up(calls), []

    def try_it(number):
        try:
            got.append(reviews.claim(call_id, Reader(f"r{number}", "Someone"), NOON))
        except VoicebotError as error:
            assert error.code == "review_taken"  # noqa: PT017 - in a thread

    threads = [threading.Thread(target=try_it, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(got) == 1


def test_a_reader_who_agrees_settles_the_call(calls, reviews):
    call_id = put_up(calls)
    reviews.claim(call_id, ANN, NOON)
    review = reviews.judge(call_id, agrees(ANN))
    assert (review.state, review.level, review.claim, review.verdicts) == (ReviewState.SETTLED, 3, None, (agrees(ANN),))
    assert reviews.queue() == []
    assert levels(reviews) == {(3, 3): 1}
    assert levels(reviews, days=0) == {}
    assert index_state(calls, call_id) == "settled"


def test_a_disagreement_waits_for_somebody_else(calls, reviews):
    call_id = put_up(calls)
    reviews.claim(call_id, ANN, NOON)
    assert reviews.judge(call_id, disagrees(ANN, 5)).state is ReviewState.SECOND_READER
    assert index_state(calls, call_id) == "second_reader"
    assert [review.call_id for review in reviews.queue()] == [call_id]
    reviews.claim(call_id, ANN, LATER)
    with pytest.raises(VoicebotError) as refused:
        reviews.judge(call_id, agrees(ANN))
    assert refused.value.code == "review_not_wanted"
    reviews.release(call_id, ANN)
    reviews.claim(call_id, BOB, LATER)
    assert reviews.judge(call_id, disagrees(BOB, 4)).level == 5
    assert levels(reviews) == {(3, 5): 1}


def test_only_who_holds_the_call_may_judge_or_correct(calls, reviews):
    call_id = put_up(calls)
    for late in (False, True):
        with pytest.raises(VoicebotError) as refused:
            reviews.judge(call_id, agrees(ANN, at=NOON + LEASE if late else LATER))
        assert refused.value.code == "review_not_held"
        reviews.claim(call_id, ANN, NOON)
    with pytest.raises(VoicebotError) as refused:
        reviews.correct(Correction(call_id, 0, "yes", False, BOB, LATER))
    assert refused.value.code == "review_not_held"


def test_corrected_words_stand_beside_the_record_and_go_with_the_words_of_the_call(calls, reviews):
    call_id = put_up(calls)
    reviews.claim(call_id, ANN, NOON)
    for words in ("yes", "yes please"):
        reviews.correct(Correction(call_id, 0, words, True, ANN, LATER))
    assert (
        reviews.corrections(call_id)
        == reviews.corrections()
        == [Correction(call_id, 0, "yes please", True, ANN, LATER)]
    )
    assert calls.load(call_id)[0].message.words == "no"
    calls.delete_words(call_id)
    assert reviews.corrections() == []


def test_flags_come_and_go(calls, reviews):
    call_id = put_up(calls)
    reviews.flag(call_id, ANN, NOON)
    assert reviews.review(call_id).flagged_by == "Ann"
    reviews.flag(call_id, None, NOON)
    assert reviews.review(call_id).flagged_by is None


def test_reviewed_emergencies_and_how_low_new_rules_may_bring_them(calls, reviews):
    kept, open_one, mild = (put_up(calls, line_level=level) for level in (5, 5, 2))
    put_up(calls, line_level=5)
    for call_id, verdict in ((kept, agrees(ANN, 5)), (open_one, disagrees(ANN, 3)), (mild, agrees(ANN, 2))):
        reviews.claim(call_id, ANN, NOON)
        reviews.judge(call_id, verdict)
    assert reviews.floors() == {kept: 5, open_one: 5}


@pytest.mark.parametrize("what", ["claim", "review", "flag", "judge"])
def test_a_call_that_was_not_looked_through_has_no_review(calls, reviews, what):
    call_id = start(calls).call_id
    assert reviews.find(call_id) is None
    tries = {
        "claim": lambda: reviews.claim(call_id, ANN, NOON),
        "review": lambda: reviews.review(call_id),
        "flag": lambda: reviews.flag(call_id, ANN, NOON),
        "judge": lambda: reviews.judge(call_id, agrees(ANN)),
    }
    with pytest.raises(VoicebotError) as refused:
        tries[what]()
    assert refused.value.code == "unknown_review"


def test_readings_are_counted_by_who_read(reviews, calls):
    for first, second in ((4, 4), (4, 5), (5, 5)):
        call_id = put_up(calls)
        reviews.claim(call_id, ANN, LATER)
        reviews.judge(call_id, disagrees(ANN, first))
        reviews.claim(call_id, BOB, LATER)
        reviews.judge(call_id, disagrees(BOB, second))
    call_id = put_up(calls)
    reviews.claim(call_id, ANN, LATER)
    reviews.judge(call_id, agrees(ANN))
    never_decided = put_up(calls, line_level=None)
    reviews.claim(never_decided, ANN, LATER)
    reviews.judge(never_decided, agrees(ANN, level=None))
    assert reviews.first_and_second() == {(4, 4): 1, (4, 5): 1, (5, 5): 1}
    assert reviews.line_and_first() == {(3, 4): 2, (3, 5): 1, (3, 3): 1}
