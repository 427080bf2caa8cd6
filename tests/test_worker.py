"""How the server's worker sets its interpreter up, in a process of its own: it would change this one for good."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

BEGIN = """
import gc, json, sys
from gunicorn.workers.gthread import ThreadWorker
from voicebot.duty import Duty
from voicebot.worker import draining_worker

def tell(_worker):
    held = {"loaded": gc.get_freeze_count(), "young": gc.get_count()[0], "switch_s": sys.getswitchinterval()}
    cycles = []
    gc.callbacks.append(lambda phase, info: cycles.append(phase))
    kept = [[] for _ in range(9_000)]
    print(json.dumps(held | {"rounds": len(cycles)}))

ThreadWorker.init_process = tell
worker = draining_worker(Duty(), 0)
worker.init_process(object.__new__(worker))
"""


@pytest.fixture(scope="module")
def begun():
    told = subprocess.run([sys.executable, "-c", BEGIN], capture_output=True, text=True, check=True)
    return json.loads(told.stdout)


def test_what_was_loaded_before_the_first_call_is_never_looked_through_for_garbage(begun):
    assert begun["loaded"] > 10_000


def test_garbage_is_looked_for_seldom(begun):
    assert begun["rounds"] == 0, "nine thousand new objects, of which Python's own setting looks through each 700"


def test_a_thread_that_waits_for_the_interpreter_gets_it_within_a_millisecond(begun):
    assert begun["switch_s"] <= 0.001
