"""What is asked of the list of calls: one query string for each kind of filter, and such together by chance."""

from __future__ import annotations

import random
from urllib.parse import parse_qsl, urlencode

ALONE = {
    "all calls": "",
    "emergencies": "urgency=5&urgency=4",
    "not decided": "urgency=none",
    "one outcome": "outcome=nurse",
    "to be reviewed": "review=waiting&review=second_reader",
    "lowest confidence below 0.3": "confidence=0.3",
    "no such confidence": "confidence=0",
    "asked again 5 times": "reprompts=5",
    "any fault": "fault=any",
    "one fault": "fault=ears_failed",
    "live": "live=1",
    "one day, long ago": "from=2026-03-01&to=2026-03-01",
    "a rule": "rule=rule-3",
    "the commonest rule": "rule=base",
    "a common word": "q=yes",
    "a rare word": "q=word3",
    "a common and a rare word": "q=yes+no+word3",
    "a word nobody said": "q=yes+zebra",
    "last four digits": "q=0199",
    "how a call id begins": "q=abcdef",
    "put through": "transfer=answered",
    "long calls": "minutes=14",
    "another version of the rules": "version=abcdef",
    "by the web form": "channel=web",
    "every column": "column=rules&column=version&column=answers&column=gap&column=transfer&column=number",
}
"""In words -> query string."""


def together(number: int, seed: int = 7) -> dict[str, str]:
    """Return so many queries of two to five filters each, none of them with two values for one name."""
    chance, found = random.Random(seed), {}
    filters = {name: parse_qsl(query) for name, query in ALONE.items() if query}
    while len(found) < number:
        asked: dict[str, list[tuple[str, str]]] = {}
        for name in chance.sample(sorted(filters), chance.randint(2, 5)):
            if not {part for part, _ in filters[name]} & {part for parts in asked.values() for part, _ in parts}:
                asked[name] = filters[name]
        found[", ".join(asked)] = urlencode([part for parts in asked.values() for part in parts])
    return found
