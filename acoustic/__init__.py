"""How the bundled speech model is made: from recordings to a folder that Vosk loads. voicebot never imports it."""

import os

# Read by OpenMP when PyTorch loads it. Threads that spin while they wait are ten times slower on a shared machine.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
