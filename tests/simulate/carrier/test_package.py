"""The example in the package's own description works."""

import doctest

from voicebot.simulate import carrier


def test_the_example_of_the_package_works():
    results = doctest.testmod(carrier)
    assert results.attempted > 5
    assert results.failed == 0
