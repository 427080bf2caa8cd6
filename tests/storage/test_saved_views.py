from __future__ import annotations

import pytest

from voicebot.errors import VoicebotError
from voicebot.storage.saved_views import MAX_VIEWS, SavedView, SavedViews


@pytest.fixture(params=["sqlite", "postgresql"])
def views(request):
    return SavedViews(request.getfixturevalue(f"{request.param}_store").engine)


def test_everybody_has_views_of_their_own(views):
    views.keep("jo", SavedView("strokes", "rule=stroke-face"))
    views.keep("al", SavedView("mine", "live=1"))
    assert views.all("jo") == [SavedView("strokes", "rule=stroke-face")]
    assert views.all("al") == [SavedView("mine", "live=1")]


def test_a_view_of_the_same_name_gives_way(views):
    views.keep("jo", SavedView("  my   view ", "live=1"))
    views.keep("jo", SavedView("my view", "urgency=5"))
    assert views.all("jo") == [SavedView("my view", "urgency=5")]


def test_a_view_can_be_forgotten_once_or_twice(views):
    views.keep("jo", SavedView("mine", "live=1"))
    views.forget("jo", "mine")
    views.forget("jo", "mine")
    assert views.all("jo") == []


@pytest.mark.parametrize("view", [SavedView(" ", "live=1"), SavedView("n" * 61, ""), SavedView("n", "q" * 2001)])
def test_what_cannot_be_kept_is_refused(views, view):
    with pytest.raises(VoicebotError) as raised:
        views.keep("jo", view)
    assert raised.value.code == "view_unusable"


def test_there_is_an_end_to_how_many_are_kept(views):
    for number in range(MAX_VIEWS):
        views.keep("jo", SavedView(f"view {number}", "live=1"))
    with pytest.raises(VoicebotError):
        views.keep("jo", SavedView("one more", "live=1"))
    views.keep("jo", SavedView("view 3", "live="))
    assert len(views.all("jo")) == MAX_VIEWS
